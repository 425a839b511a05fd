"""The curator's API: from a file to an answer and back, the gate, the bank, recall."""

from dataclasses import replace

import pytest

from console.auth import FORGERY_HEADER
from knowledge.answering import NoAnswer, NoAnswerReason
from knowledge.curation import record_question
from tests.console.desk_world import Browser, Desk

RULE = """---
title: 养犬办法
effective_from: 2020-01-01
---
# 养犬办法

第一条 养犬登记费每年一百元。

第二条 不得携犬进入儿童游乐区。
"""
FEE = "养犬登记费每年多少"
API = "/api/v1/knowledge"


class Api:
    """A curator's program."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.headers = {FORGERY_HEADER: browser.csrf}

    def get(self, path: str, status: int = 200, **query: str):
        answer = self.browser.client.get(f"{API}/{path}", params=query)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path: str, status: int = 200, body=None):
        answer = self.browser.client.post(f"{API}/{path}", json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    def bring(self, text: str = RULE, name: str = "dogs.md"):
        files = [("files", (name, text.encode(), "text/markdown"))]
        answer = self.browser.client.post(f"{API}/import", files=files, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def api(desk: Desk) -> Api:
    return Api(desk.signed_in("curator"))


@pytest.fixture
def published(api: Api) -> int:
    (draft,) = api.bring()["drafts"]
    api.post("publish", body={"version_ids": [draft["id"]]})
    return draft["id"]


def test_from_a_file_to_an_answer_and_back(api: Api) -> None:
    brought = api.bring()
    (draft,) = brought["drafts"]
    assert (draft["state"], brought["refused"]) == ("draft", [])
    assert api.bring("  ", "empty.txt")["refused"][0]["source"] == "empty.txt"
    passages = api.get(f"versions/{draft['id']}/passages")
    assert [one["article"] for one in passages] == ["第一条", "第二条"]
    assert api.get("try", q=FEE)["outcome"] == "empty_index"
    assert api.post(f"versions/{draft['id']}/submit")["state"] == "review"
    assert api.post(f"versions/{draft['id']}/hand-back")["state"] == "draft"
    assert api.post("publish", body={"version_ids": [draft["id"]]})["passes"]
    tried = api.get("try", q=FEE)
    assert "一百元" in tried["quote"]
    assert set(tried["hits"][0]["reasons"]) >= {"whole", "part", "lexical"}
    (change,) = api.get("changes")
    undone = api.post("rollback", body={"change_id": change["id"], "reason": "发错了"})
    assert (undone["action"], undone["actor"]) == ("rollback", "curator")
    assert api.get("try", q=FEE)["outcome"] == "empty_index"
    assert api.get("documents")[0]["versions"][0]["state"] == "draft"


def test_the_gate_refuses_and_a_curator_alone_cannot_force_it(
    desk: Desk, published: int, api: Api
) -> None:
    golden = {"question": FEE, "kind": "answer", "title": "养犬办法", "phrase": "一百元"}
    assert api.post("trials", body=[golden])["ids"] == [1]
    dearer = RULE.replace("2020", "2025").replace("一百元", "三百元")
    (draft,) = api.bring(dearer, "dearer.md")["drafts"]
    wish = {"version_ids": [draft["id"]]}
    report = api.post("gate", body=wish)
    assert not report["passes"]
    assert report["changes"][0]["before"]["quote"] != report["changes"][0]["after"]["quote"]
    refused = api.post("publish", 409, wish)
    assert (refused["key"], refused["facts"]["questions"]) == ("gate_refused", [FEE])
    assert "1 个把关问题" in refused["sentence"]
    forced = wish | {"force": True, "reason": "涨价"}
    assert api.post("publish", 403, forced)["key"] == "permission_missing"
    assert "一百元" in api.get("try", q=FEE)["quote"]
    api.post("trials/1/remove")
    assert api.get("trials") == []
    assert api.post("publish", body=wish)["passes"]
    assert "三百元" in api.get("try", q=FEE)["quote"]
    assert "一百元" in api.get("try", q=FEE, on="2021-01-01")["quote"]


def test_facts_are_stated_anew(published: int, api: Api) -> None:
    path = f"versions/{published}/facts"
    facts = api.post(path, body={"number": "云发〔2025〕3号", "effective_to": "2025-12-31"})
    assert (facts["number"], facts["answers_today"]) == ("云发〔2025〕3号", False)
    assert facts["effective_from"] == "2020-01-01"
    assert api.post(path, 422, {"effective_to": "2019-01-01"})["key"] == "invalid_facts"
    assert api.post(path, 409, {"title": "别的"})["key"] == "version_not_allowed"


def test_the_bank_gives_a_reply_word_for_word(published: int, api: Api) -> None:
    passage = api.get(f"versions/{published}/passages")[0]["id"]
    entry = {"question": "给狗上户口贵不贵", "passage_id": passage, "reply": "一年一百元，老人免。"}
    assert api.post("bank", body=entry)["ids"] == [1]
    tried = api.get("try", q="给狗上户口贵不贵？")
    assert (tried["quote"], tried["own_words"]) == (entry["reply"], True)
    assert "第一条" in tried["citation"]
    assert api.get("bank")[0]["owner"] == "curator"
    api.post("bank/1/remove")
    assert api.get("bank") == []
    assert api.post("bank/1/remove", 404)["key"] == "unknown_entry"


def test_questions_in_vain_become_a_draft(desk: Desk, published: int, api: Api) -> None:
    for resident in ("a", "b"):
        nothing = NoAnswer(reason=NoAnswerReason.NOTHING_NEAR)
        record_question(desk.session, "护照怎么办", nothing, resident=resident)
    (cluster,) = api.get("clusters")
    assert (cluster["residents"], cluster["draft_id"]) == (2, None)
    draft = api.post("faq", body={"question": "护照怎么办", "question_ids": cluster["ids"]})
    assert (draft["state"], draft["owner"]) == ("draft", "curator")
    assert api.get("clusters")[0]["draft_id"] == draft["id"]
    wish = {"version_ids": [draft["id"]]}
    assert api.post("publish", 409, wish)["key"] == "unfinished_draft"
    api.post(f"versions/{draft['id']}/text", body={"text": "问：护照怎么办\n答：到出入境大厅。"})
    api.post("publish", body=wish)
    assert "出入境大厅" in api.get("try", q="护照怎么办")["quote"]


def test_use_is_shown_and_recall_needs_a_way_to_tell(desk: Desk, published: int, api: Api) -> None:
    assert desk.services.texts is not None
    reply = desk.services.texts.base.answer(FEE)
    record_question(desk.session, FEE, reply, resident="a")
    assert api.get("uses")[0]["times"] == 1
    assert [one["times"] for one in api.get("uses", never="1")] == [0]
    recall = api.get(f"versions/{published}/recall")
    assert (recall["ended"], recall["residents"]) == (False, 1)
    assert api.post(f"versions/{published}/recall", 404)["key"] == "feature_missing"
    desk.app.state.services = replace(desk.services, tell_recall=lambda version: version + 1)
    assert api.post(f"versions/{published}/recall")["done"] == published + 1
    log = desk.signed_in("admin").get("/desk/audit").text
    assert "通知已答复的居民" in log


def test_an_end_is_looked_at_and_set(published: int, api: Api) -> None:
    wish = {"last_day": "2025-12-31"}
    assert api.post(f"versions/{published}/lapse/preview", body=wish)["passes"]
    assert api.post(f"versions/{published}/lapse", body=wish)["state"] == "lapsed"
    assert api.get(f"versions/{published}")["effective_to"] == "2025-12-31"
