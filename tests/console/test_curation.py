"""The curator's pages: a file in, its passages looked at, published, tried, ended."""

from dataclasses import replace

import pytest

from knowledge.answering import NoAnswer, NoAnswerReason
from knowledge.curation import record_question
from petitions import handling
from tests.console.desk_world import Browser, Desk

RULE = """---
title: 锦绣家园电动自行车停放规定
number: 锦办〔2025〕1号
issuer: 锦绣家园业主委员会
effective_from: 2025-01-01
---

# 锦绣家园电动自行车停放规定

第一条 电动自行车应当停放在东门车棚，不得停放在楼道。

第二条 禁止携带电动自行车进入电梯轿厢。
"""


@pytest.fixture
def curator(desk: Desk) -> Browser:
    return desk.signed_in("curator")


def bring(curator: Browser, content: bytes | str = RULE, name: str = "ebike.md") -> str:
    data = content.encode() if isinstance(content, str) else content
    files = {"files": (name, data, "text/markdown")}
    return curator.post("/desk/knowledge/import", files=files).text


def test_a_file_comes_in_as_a_draft_and_answers_only_once_published(
    desk: Desk, curator: Browser
) -> None:
    report = bring(curator)
    assert "1 份文件已存为草稿" in report
    assert "锦绣家园电动自行车停放规定" in report
    question = "/desk/knowledge/try?q=电动自行车可以进电梯轿厢吗"
    assert "还没有发布的文件" in curator.get(question).text
    done = curator.post("/desk/knowledge/publish", version_id="1")
    assert "已发布" in done.text
    tried = curator.get(question).text
    assert "第二条" in tried
    assert "锦办〔2025〕1号" in tried
    for reason in ("相同字词", "通用意思", "有所问的内容"):
        assert f"<dt>{reason}</dt>" in tried
    log = desk.signed_in("admin").get("/desk/audit").text
    assert "导入文件" in log
    assert "发布版本" in log


def test_the_passages_of_a_version_are_shown(curator: Browser) -> None:
    bring(curator)
    page = curator.get("/desk/knowledge/versions/1").text
    assert "第一条" in page
    assert "东门车棚" in page
    assert "草稿" in page
    assert "2025-01-01" in page


def test_a_version_that_lapsed_no_longer_answers(desk: Desk, curator: Browser) -> None:
    bring(curator)
    curator.post("/desk/knowledge/publish", version_id="1")
    done = curator.post("/desk/knowledge/versions/1/lapse", last_day="2025-12-31")
    assert "已废止" in done.text
    assert "已失效" in curator.get("/desk/knowledge").text
    assert "第二条" not in curator.get("/desk/knowledge/try?q=电动自行车进电梯").text


def test_the_same_file_again_is_told(curator: Browser) -> None:
    bring(curator)
    curator.post("/desk/knowledge/publish", version_id="1")
    assert "已经导入过" in bring(curator)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "photo.png"),
        (b"   \n", "empty.md"),
        (b"\xff\xfe\x00", "x.txt"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_by_name(
    curator: Browser, content: bytes, name: str
) -> None:
    report = bring(curator, content, name)
    assert "没有导入" in report
    assert name in report


def test_a_path_in_a_file_name_is_cut_off(curator: Browser) -> None:
    report = bring(curator, RULE, "..\\..\\etc/ebike.md")
    assert "锦绣家园电动自行车停放规定" in report
    assert "ebike.md" in curator.get("/desk/knowledge/versions/1").text
    assert "etc" not in curator.get("/desk/knowledge/versions/1").text.split("<main")[1]


def test_no_file_is_told_beside_the_field(curator: Browser) -> None:
    answer = curator.post("/desk/knowledge/import")
    assert answer.status_code == 422
    assert "请选择 1 至 20 个文件" in answer.text


def test_a_file_beyond_the_limit_is_refused(curator: Browser) -> None:
    assert "文件太大" in bring(curator, b"x" * 250_000, "big.txt")


@pytest.mark.parametrize(
    ("address", "words", "status"),
    [
        ("publish", {"version_id": "99"}, 404),
        ("publish", {"version_id": "x"}, 422),
        ("versions/99/lapse", {"last_day": "2026-01-01"}, 404),
        ("versions/1/lapse", {"last_day": "soon"}, 422),
        ("versions/1/lapse", {"last_day": "2026-01-01"}, 409),
    ],
)
def test_what_cannot_be_done_is_told(
    curator: Browser, address: str, words: dict[str, str], status: int
) -> None:
    bring(curator)
    assert curator.post(f"/desk/knowledge/{address}", **words).status_code == status


def test_the_list_is_narrowed_by_the_address(curator: Browser) -> None:
    bring(curator)
    title = "锦绣家园电动自行车停放规定</a></th>"
    assert title in curator.get("/desk/knowledge?q=锦办").text
    assert title not in curator.get("/desk/knowledge?q=没有的字").text
    assert title not in curator.get("/desk/knowledge?standing=answering").text


def test_questions_in_vain_are_listed(desk: Desk, curator: Browser) -> None:
    assert "都答上来了" in curator.get("/desk/questions").text
    reply = NoAnswer(reason=NoAnswerReason.NOTHING_NEAR)
    for resident in ("a", "b"):
        record_question(desk.session, "护照怎么办，我的电话13800001234", reply, resident=resident)
    page = curator.get("/desk/questions").text
    assert "护照怎么办" in page
    assert "13800001234" not in page
    assert "没有查到" in page


def test_a_reply_is_offered_the_texts_it_may_rest_on(desk: Desk, curator: Browser) -> None:
    bring(curator)
    curator.post("/desk/knowledge/publish", version_id="1")
    receipt = desk.file(matter="有人把电动自行车推进电梯轿厢", title="电动自行车进电梯")
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee", unit_id="anda-elevator")
    desk.do(handling.sign_for, receipt.case_id, "elevator", start=True)
    unit = desk.signed_in("elevator")
    page = unit.get(f"/desk/cases/{receipt.number}").text
    line = "《锦绣家园电动自行车停放规定》（锦办〔2025〕1号）第二条"
    assert line in page
    done = unit.act(receipt.number, "reply", text="已劝阻。", citations=[line])
    assert line in done.text


def test_a_desk_without_texts_says_so(desk: Desk) -> None:
    browser = desk.signed_in("curator")
    desk.app.state.services = replace(desk.services, texts=None)
    answer = browser.get("/desk/knowledge")
    assert answer.status_code == 404
    assert "还没有启用" in answer.text
