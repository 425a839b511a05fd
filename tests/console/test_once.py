"""A wish that is sent again is carried out once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from petitions.history import history_of
from tests.console.desk_world import Browser, Desk
from tests.console.test_api import bearer

KEY = {"Idempotency-Key": "a-key-of-this-test"}


@pytest.fixture
def program(desk: Desk) -> Browser:
    return desk.browser()


def actions(desk: Desk, case_id: int) -> list[str]:
    with desk.work(read_only=True) as work:
        return [entry.action for entry in history_of(work, case_id)]


def note(program: Browser, number: str, headers: dict[str, str], text: str = "已电话联系") -> Any:
    return program.client.post(
        f"/api/v1/cases/{number}/actions/note", headers=headers, json={"inputs": {"text": text}}
    )


def test_the_same_key_again_gives_the_first_answer(desk: Desk, program: Browser) -> None:
    receipt = desk.file()
    headers = bearer(desk, "committee") | KEY
    first = note(program, receipt.number, headers)
    again = note(program, receipt.number, headers)
    assert first.status_code == 200
    assert again.json() == first.json()
    assert actions(desk, receipt.case_id) == ["register", "note"]


def test_eight_at_once_with_one_key_do_it_once(desk: Desk, program: Browser) -> None:
    receipt = desk.file()
    headers = bearer(desk, "committee") | KEY
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: note(program, receipt.number, headers), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert actions(desk, receipt.case_id) == ["register", "note"]


def test_a_key_does_not_fit_another_wish(desk: Desk, program: Browser) -> None:
    receipt = desk.file()
    headers = bearer(desk, "committee") | KEY
    note(program, receipt.number, headers)
    other = note(program, receipt.number, headers, "另一句话")
    assert (other.status_code, other.json()["key"]) == (422, "key_reused")
    assert "幂等键" in other.json()["sentence"]


def test_a_key_is_nobody_elses(desk: Desk, program: Browser) -> None:
    receipt = desk.file()
    note(program, receipt.number, bearer(desk, "committee") | KEY)
    note(program, receipt.number, bearer(desk, "supervisor") | KEY)
    assert actions(desk, receipt.case_id).count("note") == 2


def test_a_refused_wish_may_be_sent_again(desk: Desk, program: Browser) -> None:
    receipt = desk.file()
    headers = bearer(desk, "committee") | KEY
    assert note(program, receipt.number, headers, " ").status_code == 422
    assert note(program, receipt.number, headers).status_code == 200


def test_a_form_sent_twice_is_one_wish(desk: Desk) -> None:
    receipt = desk.file()
    browser = desk.signed_in("committee")
    page = browser.get(f"/desk/cases/{receipt.number}").text
    form_key = page.split('name="form_key" value="')[1].split('"')[0]
    for _ in range(2):
        answer = browser.act(receipt.number, "note", text="已电话联系", form_key=form_key)
        assert answer.status_code == 200
    assert actions(desk, receipt.case_id) == ["register", "note"]
