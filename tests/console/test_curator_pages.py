"""The curator's pages beyond files: the gate, rollback, questions kept and asked, use, recall."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from knowledge.answering import NoAnswer, NoAnswerReason
from knowledge.changes import Author
from knowledge.curation import record_question
from tests.console.desk_world import Browser, Desk
from tests.console.test_curation import bring

ASKED = "电动自行车可以进电梯轿厢吗"
NO_ANSWER = NoAnswer(reason=NoAnswerReason.NOTHING_NEAR)
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def curator(desk: Desk) -> Browser:
    return desk.signed_in("curator")


@pytest.fixture
def published(curator: Browser) -> Browser:
    """A curator, and one text that answers."""
    bring(curator)
    curator.post("/desk/knowledge/publish", version_id="1")
    return curator


def keep_trial(curator: Browser, **words: str) -> str:
    usual = {"question": ASKED, "kind": "answer", "title": "锦绣家园电动自行车停放规定"}
    return curator.post("/desk/knowledge/trials", **{**usual, **words}).text


def test_the_gate_shows_old_and_new_answers_before_anything_is_published(curator: Browser) -> None:
    bring(curator)
    keep_trial(curator)
    page = curator.get("/desk/knowledge/gate?version_id=1").text
    assert "1 个把关问题都过了关" in page
    assert "没有查到（还没有文件）" in page
    assert "禁止携带电动自行车进入电梯轿厢" in page
    assert "还没有发布的文件" in curator.get(f"/desk/knowledge/try?q={ASKED}").text


def test_a_question_that_would_fail_stops_it_and_says_what_is_wrong(curator: Browser) -> None:
    bring(curator)
    keep_trial(curator, kind="refuse", title="")
    answer = curator.post("/desk/knowledge/publish", version_id="1")
    assert answer.status_code == 409
    assert "没有发布" in answer.text
    assert "不该答的答了" in answer.text
    assert "强制发布" not in answer.text
    assert "草稿" in curator.get("/desk/knowledge/versions/1").text
    forced = curator.post("/desk/knowledge/publish", version_id="1", force="1", reason="先用着")
    assert forced.status_code == 403


def test_who_may_force_the_gate_gives_a_reason_that_is_kept(desk: Desk) -> None:
    admin = desk.signed_in("admin")
    curator_id = next(one.id for one in desk.people() if one.username == "curator")
    person = admin.get(f"/desk/staff/{curator_id}").text
    assert person
    admin.post(f"/desk/staff/{curator_id}", name="韩雪", roles=["curator", "committee"], unit_id="")
    both = desk.signed_in("curator")
    bring(both)
    keep_trial(both, kind="refuse", title="")
    answer = both.post("/desk/knowledge/publish", version_id="1", force="1")
    assert answer.status_code == 422
    assert "这一项需要填写" in answer.text
    done = both.post("/desk/knowledge/publish", version_id="1", force="1", reason="先用着")
    assert "已发布" in done.text
    changes = both.get("/desk/knowledge/changes").text
    assert "先用着" in changes
    assert "强制" in changes
    assert "强制发布" in admin.get("/desk/audit").text


def test_ending_a_version_is_looked_at_first(published: Browser) -> None:
    keep_trial(published)
    page = published.get("/desk/knowledge/versions/1/lapse?last_day=2025-12-31").text
    assert "1 个把关问题会答不对" in page
    assert "居民可查到" in published.get("/desk/knowledge/versions/1").text
    wrong = published.get("/desk/knowledge/versions/1/lapse?last_day=soon")
    assert wrong.status_code == 422
    assert "请填写一个日期" in wrong.text


def test_the_newest_step_is_taken_back_with_a_reason(desk: Desk, published: Browser) -> None:
    page = published.get("/desk/knowledge/changes").text
    found = re.search(r'name="change_id" value="(\d+)"', page)
    assert found
    refused = published.post("/desk/knowledge/rollback", change_id=found[1])
    assert refused.status_code == 422
    done = published.post("/desk/knowledge/rollback", change_id=found[1], reason="发错了")
    assert "已撤回" in done.text
    assert "发错了" in done.text
    assert "草稿" in published.get("/desk/knowledge/versions/1").text
    again = published.post("/desk/knowledge/rollback", change_id=found[1], reason="再来")
    assert again.status_code == 409
    assert "撤回发布" in desk.signed_in("admin").get("/desk/audit").text


def test_trials_are_kept_and_removed(curator: Browser) -> None:
    assert "已保存" in keep_trial(curator, article="第二条", on_day="2026-01-01")
    page = curator.get("/desk/knowledge/trials").text
    assert ASKED in page
    assert "第二条" in page
    assert "按 2026-01-01 的规定" in page
    assert ASKED not in curator.post("/desk/knowledge/trials/1/remove").text
    assert curator.post("/desk/knowledge/trials/1/remove").status_code == 404


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"question": ""}, "question"),
        ({"title": ""}, "title"),
        ({"kind": "perhaps"}, "kind"),
        ({"on_day": "soon"}, "on_day"),
    ],
)
def test_a_trial_that_cannot_be_is_told_beside_its_field(
    curator: Browser, words: dict[str, str], field: str
) -> None:
    page = keep_trial(curator, **words)
    assert f'id="{field}-error"' in page
    assert "没有把关问题" in page


def test_a_question_is_tied_to_a_passage_and_its_reply_is_given_as_it_stands(
    desk: Desk, published: Browser
) -> None:
    tried = published.get("/desk/knowledge/try?q=电瓶车停哪儿").text
    found = re.search(r'href="(/desk/knowledge/versions/1/bank/\d+)\?q=[^"]+"', tried)
    assert found
    form = published.get(found[1] + "?q=电瓶车停哪儿").text
    assert 'value="电瓶车停哪儿"' in form
    bad = published.post(found[1], question="电瓶车停哪儿", valid_from="2026-02-01", valid_to="x")
    assert 'id="valid_to-error"' in bad.text
    done = published.post(found[1], question="电瓶车停哪儿", reply="停到东门车棚，不收费。")
    assert "停到东门车棚" in done.text
    assert "停到东门车棚" in published.get("/desk/knowledge/try?q=电瓶车停哪儿").text
    assert "问题库还是空的" in published.post("/desk/knowledge/bank/1/remove").text
    assert "修改问题库" in desk.signed_in("admin").get("/desk/audit").text
    assert published.get("/desk/knowledge/versions/1/bank/999").status_code == 404


def ask_in_vain(desk: Desk) -> None:
    for resident, words in (("a", "护照怎么办理"), ("b", "护照怎么办理"), ("c", "电表跳闸")):
        record_question(desk.session, words, NO_ANSWER, resident=resident)


def test_questions_in_vain_become_a_draft_that_is_finished_first(
    desk: Desk, curator: Browser
) -> None:
    ask_in_vain(desk)
    page = curator.get("/desk/questions").text
    assert page.index("护照怎么办理") < page.index("电表跳闸")
    assert "2 位居民" in page
    found = re.search(r'name="question_ids" value="([\d,]+)"', page)
    assert found
    draft = curator.post("/desk/questions/drafts", question="护照怎么办理", question_ids=found[1])
    assert "补全以后才能发布" in draft.text
    assert "由谁完成" in draft.text
    assert "看已起草的答案" in curator.get("/desk/questions").text
    text = curator.get("/desk/knowledge/versions/1/text").text
    assert "【待补充】" in text
    curator.post(
        "/desk/knowledge/versions/1/text",
        text="# 常见问题：护照怎么办理\n\n问：护照怎么办理\n答：到区出入境大厅办理。\n",
    )
    assert "【待补充】" not in curator.get("/desk/knowledge/versions/1").text
    done = curator.post("/desk/knowledge/publish", version_id="1")
    assert "已发布" in done.text
    assert "出入境大厅" in curator.get("/desk/knowledge/try?q=护照怎么办理").text


@pytest.mark.parametrize("ids", ["", "x", "1,", "1," * 2_001, "99"])
def test_ids_that_are_none_draft_nothing(desk: Desk, curator: Browser, ids: str) -> None:
    ask_in_vain(desk)
    answer = curator.post("/desk/questions/drafts", question="护照", question_ids=ids)
    assert answer.status_code in (404, 422)
    assert "没有存下来" in answer.text


def test_facts_are_corrected_and_only_what_changed_is_a_step(published: Browser) -> None:
    form = published.get("/desk/knowledge/versions/1/facts").text
    assert 'name="title"' not in form
    assert 'value="锦办〔2025〕1号"' in form
    words = {"number": "锦办〔2025〕1号", "effective_from": "2025-01-01"}
    published.post("/desk/knowledge/versions/1/facts", **words)
    assert "修改信息" not in published.get("/desk/knowledge/changes").text
    done = published.post(
        "/desk/knowledge/versions/1/facts", **{**words, "number": "锦办〔2025〕2号"}
    )
    assert "文件信息已修改" in done.text
    assert "锦办〔2025〕2号" in done.text
    assert "修改信息" in published.get("/desk/knowledge/changes").text


def test_facts_that_cannot_be_are_told_beside_their_field(published: Browser) -> None:
    words = {"number": "新文号", "effective_from": "2025-01-01", "effective_to": "2024-01-01"}
    answer = published.post("/desk/knowledge/versions/1/facts", **words)
    assert answer.status_code == 422
    assert 'id="effective_to-error"' in answer.text
    assert 'value="新文号"' in answer.text
    assert "锦办〔2025〕1号" in published.get("/desk/knowledge/versions/1").text


def test_only_drafts_take_other_words(published: Browser) -> None:
    answer = published.post("/desk/knowledge/versions/1/text", text="别的话")
    assert answer.status_code == 409
    assert "别的话" in answer.text


def test_a_draft_goes_to_review_and_back(curator: Browser) -> None:
    bring(curator)
    assert "待审核" in curator.post("/desk/knowledge/versions/1/submit").text
    assert "草稿" in curator.post("/desk/knowledge/versions/1/hand-back").text


def test_use_shows_what_answers_and_what_never_did(desk: Desk, published: Browser) -> None:
    texts = desk.services.texts
    assert texts
    reply, _ = texts.try_question(ASKED)
    record_question(desk.session, ASKED, reply, resident="a")
    used = published.get("/desk/knowledge/uses").text
    never = published.get("/desk/knowledge/uses?never=1").text
    assert "》第二条" in used
    assert "》第一条" not in used
    assert "》第一条" in never
    assert "》第二条" not in never


def test_who_was_told_what_and_telling_them_once(desk: Desk, published: Browser) -> None:
    texts = desk.services.texts
    assert texts
    reply, _ = texts.try_question(ASKED)
    asked_at = desk.now() - timedelta(days=5)
    record_question(desk.session, ASKED, reply, resident="a", asked_at=asked_at)
    page = published.get("/desk/knowledge/versions/1/recall").text
    assert ASKED in page
    assert "仍然有效" in page
    texts.lapse(1, date(2026, 3, 1), Author(name="curator"))
    told: list[int] = []

    def tell(version_id: int) -> int:
        told.append(version_id)
        return 1

    assert "没有接通居民的渠道" in published.get("/desk/knowledge/versions/1/recall").text
    assert published.post("/desk/knowledge/versions/1/recall").status_code == 404
    desk.app.state.services = replace(desk.services, tell_recall=tell)
    assert "通知这 1 位居民" in published.get("/desk/knowledge/versions/1/recall").text
    assert "发出了 1 条通知" in published.post("/desk/knowledge/versions/1/recall").text
    assert told == [1]


def test_the_day_of_a_tried_question_counts(published: Browser) -> None:
    then = published.get(f"/desk/knowledge/try?q={ASKED}&on=2024-06-01").text
    assert "不在有效期内" in then
    assert "第二条" in published.get(f"/desk/knowledge/try?q={ASKED}&on=2025-06-01").text


def test_nothing_of_it_is_shown_as_it_was_typed(desk: Desk, published: Browser) -> None:
    record_question(desk.session, EVIL, NO_ANSWER, resident="a")
    published.post("/desk/knowledge/trials", question=EVIL, kind="answer", title=EVIL, phrase=EVIL)
    published.post("/desk/knowledge/versions/1/bank/1", question=EVIL, reply=EVIL)
    published.post("/desk/knowledge/versions/1/facts", number="x", owner=EVIL, reason=EVIL)
    for address in (
        "trials",
        "bank",
        "changes",
        "uses?since=" + EVIL,
        "versions/1",
        "versions/1/facts",
        "versions/1/recall?told=" + EVIL,
        "versions/1/bank/1?q=" + EVIL,
    ):
        page = published.get(f"/desk/knowledge/{address}").text
        assert "<img" not in page.split("<main")[1], address
        assert "<script>" not in page, address
    page = published.get("/desk/questions").text
    assert "<img" not in page.split("<main")[1]


def test_every_form_that_changes_something_carries_the_token(
    desk: Desk, published: Browser
) -> None:
    ask_in_vain(desk)
    keep_trial(published)
    for address in (
        "trials",
        "changes",
        "versions/1/facts",
        "versions/1/bank/1",
        "versions/1/text",
    ):
        page = published.get(f"/desk/knowledge/{address}").text
        forms = re.findall(r'<form method="post".*?</form>', page, re.S)
        assert len(forms) > 1, address
        assert all(f'name="csrf" value="{published.csrf}"' in form for form in forms)
