"""Kept lists, and one verb for several cases that can still be taken back."""

from collections.abc import Callable

import pytest

from console.bulk import BULK_VERBS, CARRY_OUT_BULK, carry_out_bulk
from console.verbs import find_verb
from petitions import handling
from tests.console.desk_world import Browser, Desk, QueryCount


def choose(desk: Desk, browser: Browser, verb: str, *numbers: str) -> int:
    """Tick cases in the list and press a button; the id of what is held."""
    ticked = [f"{number}:{desk.case(number).version}" for number in numbers]
    answer = browser.post("/desk/bulk", verb=verb, case=ticked)
    assert answer.status_code == 200, answer.text[:400]
    return int(answer.url.path.rsplit("/", 1)[1])


def test_a_bulk_waits_then_does_every_case(desk: Desk) -> None:
    numbers = [desk.file().number for _ in range(3)]
    browser = desk.signed_in("committee")
    bulk_id = choose(desk, browser, "screen_and_dispatch", *numbers)
    page = browser.get(f"/desk/bulk/{bulk_id}").text
    assert "约 15 秒后开始" in page
    assert {desk.case(number).status for number in numbers} == {"registered"}
    carry_out_bulk(desk.services, bulk_id)
    assert {desk.case(number).status for number in numbers} == {"dispatched"}
    assert {desk.case(number).lead_unit for number in numbers} == {"anda-elevator"}
    assert "办好 3 件" in browser.get(f"/desk/bulk/{bulk_id}").text


def test_the_job_is_asked_for(desk: Desk) -> None:
    bulk_id = choose(desk, desk.signed_in("committee"), "screen", desk.file().number)
    assert (CARRY_OUT_BULK, str(bulk_id)) in desk.jobs.ready()


def test_what_is_taken_back_never_happens(desk: Desk) -> None:
    number = desk.file().number
    browser = desk.signed_in("committee")
    bulk_id = choose(desk, browser, "screen", number)
    browser.post(f"/desk/bulk/{bulk_id}/undo")
    carry_out_bulk(desk.services, bulk_id)
    assert desk.case(number).status == "registered"
    assert "已撤销" in browser.get(f"/desk/bulk/{bulk_id}").text


def test_running_the_job_again_does_nothing_again(desk: Desk) -> None:
    number = desk.file().number
    bulk_id = choose(desk, desk.signed_in("committee"), "screen", number)
    carry_out_bulk(desk.services, bulk_id)
    version = desk.case(number).version
    carry_out_bulk(desk.services, bulk_id)
    assert desk.case(number).version == version


def test_one_refused_case_does_not_stop_the_others(desk: Desk) -> None:
    first, second = desk.file(), desk.file()
    browser = desk.signed_in("committee")
    bulk_id = choose(desk, browser, "screen", first.number, second.number)
    desk.do(handling.screen_case, first.case_id, "committee")
    carry_out_bulk(desk.services, bulk_id)
    page = browser.get(f"/desk/bulk/{bulk_id}").text
    assert "办好 1 件，另外 1 件没有办成" in page
    assert desk.case(second.number).status == "screened"


def test_somebody_s_bulk_is_nobody_else_s(desk: Desk) -> None:
    bulk_id = choose(desk, desk.signed_in("committee"), "screen", desk.file().number)
    other = desk.signed_in("supervisor")
    assert other.get(f"/desk/bulk/{bulk_id}").status_code == 404
    assert other.get(f"/desk/bulk/{bulk_id}/version").status_code == 404
    assert other.post(f"/desk/bulk/{bulk_id}/undo").status_code == 404


def test_an_account_closed_meanwhile_does_nothing(desk: Desk) -> None:
    number = desk.file().number
    bulk_id = choose(desk, desk.signed_in("committee"), "screen", number)
    admin = desk.signed_in("admin")
    staff = {one.username: one.id for one in desk.people()}
    admin.post(f"/desk/staff/{staff['committee']}/deactivate")
    carry_out_bulk(desk.services, bulk_id)
    assert desk.case(number).status == "registered"


@pytest.mark.parametrize(
    ("verb", "ticked"),
    [("screen", []), ("reply", ["HY1:1"]), ("screen", ["HY1"]), ("screen", ["HY1:x"])],
)
def test_a_wrong_bulk_is_refused_in_words(desk: Desk, verb: str, ticked: list[str]) -> None:
    answer = desk.signed_in("committee").post("/desk/bulk", verb=verb, case=ticked)
    assert answer.status_code == 422


def test_a_bulk_verb_is_a_verb_of_the_desk() -> None:
    assert all(find_verb(name) for name in BULK_VERBS)


def test_a_list_is_kept_and_dropped(desk: Desk) -> None:
    browser = desk.signed_in("committee")
    browser.post("/desk/views?grid=huaiyin-2&overdue=1", name="二网格超时")
    page = browser.get("/desk").text
    assert 'href="/desk?overdue=1&amp;grid=huaiyin-2"' in page
    assert "二网格超时" in page
    assert "二网格超时" not in desk.signed_in("supervisor").get("/desk").text
    desk.signed_in("supervisor").post("/desk/views/1/forget")
    assert "二网格超时" in browser.get("/desk").text
    browser.post("/desk/views/1/forget")
    assert "二网格超时" not in browser.get("/desk").text


def test_an_open_page_learns_of_a_change_by_its_tag(
    desk: Desk, count_queries: Callable[[], QueryCount]
) -> None:
    receipt = desk.file()
    browser = desk.signed_in("committee")
    for address in ("/desk/version", f"/desk/cases/{receipt.number}/version"):
        tag = browser.get(address).headers["etag"]
        same = browser.client.get(address, headers={"If-None-Match": tag})
        assert same.status_code == 304
    desk.later(minutes=1)
    desk.do(handling.screen_case, receipt.case_id, "committee")
    for address in ("/desk/version", f"/desk/cases/{receipt.number}/version"):
        assert browser.client.get(address, headers={"If-None-Match": '"1"'}).status_code == 200
    with count_queries() as asked:
        browser.get("/desk/version")
    assert len(asked) <= 3
