"""The curator's commands with an idempotency key: once, however often they are sent."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import col, select

from console.auth import FORGERY_HEADER
from petitions.facets import IdempotencyKey
from petitions.history import history_of
from petitions.once import Command, begin_once
from tests.console.desk_world import Browser, Desk
from tests.console.test_api import bearer
from tests.console.test_knowledge_api import API, RULE

KEY = {"Idempotency-Key": "a-key-of-this-test"}
TRIAL = {"question": "养犬登记费每年多少", "kind": "answer", "title": "养犬办法", "phrase": "一百"}


@pytest.fixture
def curator(desk: Desk) -> Browser:
    return desk.signed_in("curator")


def send(browser: Browser, path: str, **content: Any) -> Any:
    headers = {FORGERY_HEADER: browser.csrf} | content.pop("key", KEY)
    return browser.client.post(f"{API}/{path}", headers=headers, **content)


def bring(browser: Browser, text: str = RULE) -> Any:
    return send(browser, "import", files=[("files", ("dogs.md", text.encode(), "text/markdown"))])


def test_the_same_key_again_gives_the_first_answer(curator: Browser) -> None:
    first, again = (send(curator, "trials", json=[TRIAL]) for _ in range(2))
    assert (first.status_code, again.json()) == (200, first.json())
    send(curator, "trials/1/remove", key={"Idempotency-Key": "to remove it"})
    assert send(curator, "trials", json=[TRIAL]).json() == first.json()
    assert curator.get(f"{API}/trials").json() == []


def test_a_form_with_files_is_known_by_what_is_in_it(curator: Browser) -> None:
    first, again = bring(curator), bring(curator)
    assert first.json()["drafts"]
    assert again.json() == first.json()
    other = bring(curator, RULE + "\n第三条 其他。\n")
    assert (other.status_code, other.json()["key"]) == (422, "key_reused")


def test_a_key_does_not_fit_another_wish_or_another_address(curator: Browser) -> None:
    send(curator, "trials", json=[TRIAL])
    for path, body in (("trials", [TRIAL | {"phrase": "三百"}]), ("trials/1/remove", None)):
        answer = send(curator, path, json=body)
        assert (answer.status_code, answer.json()["key"]) == (422, "key_reused")
    assert len(curator.get(f"{API}/trials").json()) == 1


def test_a_key_is_nobody_elses(desk: Desk, curator: Browser) -> None:
    send(curator, "trials", json=[TRIAL])
    refused = send(desk.signed_in("committee"), "trials", json=[TRIAL])
    assert refused.status_code == 403


def test_a_refused_wish_may_be_sent_again(curator: Browser) -> None:
    path = "versions/1/submit"
    assert send(curator, path).json()["key"] == "unknown_version"
    bring_key = {"Idempotency-Key": "to bring a file"}
    files = [("files", ("dogs.md", RULE.encode(), "text/markdown"))]
    send(curator, "import", files=files, key=bring_key)
    assert send(curator, path).json()["state"] == "review"
    assert send(curator, path).json()["state"] == "review"
    assert send(curator, path, key={}).status_code == 409


def test_what_was_begun_and_never_ended_is_not_begun_again(desk: Desk, curator: Browser) -> None:
    send(curator, "trials", json=[TRIAL])
    with desk.work() as work:
        row = work.session.exec(select(IdempotencyKey)).one()
        row.result = None  # as if the process had died before it could keep the result
        work.commit()
    again = send(curator, "trials", json=[TRIAL])
    assert (again.status_code, again.json()["key"]) == (409, "command_unfinished")
    assert "新的键" in again.json()["sentence"]


def test_eight_at_once_with_one_key_do_it_once(desk: Desk, curator: Browser) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(curator, "trials", json=[TRIAL]), range(8)))
    statuses = {answer.status_code for answer in answers}
    assert 200 in statuses
    assert statuses <= {200, 409}
    assert len(curator.get(f"{API}/trials").json()) == 1


@pytest.mark.parametrize("key", ["short", "k" * 201])
def test_a_key_of_the_wrong_length_is_refused(curator: Browser, key: str) -> None:
    answer = send(curator, "trials", json=[TRIAL], key={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert curator.get(f"{API}/trials").json() == []


def test_a_look_at_the_contact_is_written_down_once(desk: Desk) -> None:
    receipt = desk.file()
    headers = bearer(desk, "committee") | KEY
    address = f"/api/v1/cases/{receipt.number}/contact"
    program = desk.browser().client
    first, again = (
        program.post(address, headers=headers, json={"reason": "上门前联系"}) for _ in range(2)
    )
    assert first.json()[0]["phone"] == "13800001234"
    assert again.json() == first.json()
    with desk.work(read_only=True) as work:
        steps = [entry.action for entry in history_of(work, receipt.case_id)]
        kept = work.session.exec(
            select(IdempotencyKey.result).where(col(IdempotencyKey.result).is_not(None))
        ).all()
    assert steps == ["register", "reveal_contact"]
    assert "13800001234" not in str(kept)
    other = program.post(address, headers=headers, json={"reason": "别的事"})
    assert (other.status_code, other.json()["key"]) == (422, "key_reused")


def test_a_begun_command_is_known_by_its_key(desk: Desk) -> None:
    command = Command(key="a-key-of-some-kind", by="li", name="publish", content={"ids": [1]})
    with desk.work() as work:
        assert begin_once(work, command, now=desk.now()) is None
        work.rollback()
        assert begin_once(work, command, now=desk.now()) is None
