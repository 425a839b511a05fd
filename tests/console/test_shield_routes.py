"""A report of misconduct over every route that reads cases: the unit reported learns nothing."""

from datetime import timedelta

import pytest

from petitions import handling
from petitions.hot_watch import find_live_issues, replace_hot_issues
from petitions.words import LegalRegime
from tests.console.desk_world import Desk

TITLE = "反映收钱不办事"
MATTER = "锦程物业的经理收了住户的钱却不办事"
LISTS = (
    "/desk?closed=1",
    "/desk/rail?closed=1",
    "/api/v1/cases?closed=1",
    "/api/v1/board",
    "/api/v1/oversight/hot-issues",
    "/desk/export.csv?closed=1",
    "/desk/report",
    "/desk/agenda",
)
ONE = (
    "/desk/cases/{}",
    "/desk/cases/{}/print",
    "/desk/cases/{}/letters",
    "/api/v1/cases/{}",
    "/api/v1/cases/{}/letters",
)


def report_on(desk: Desk) -> str:
    receipt = desk.file(matter=MATTER, title=TITLE, kind="report_misconduct")
    with desk.work() as work:
        replace_hot_issues(work, find_live_issues(work, now=desk.now() + timedelta(hours=1)))
        work.commit()
    return receipt.number


@pytest.mark.parametrize("username", ["jincheng", "committee"])
def test_no_list_no_figure_and_no_export_holds_it(desk: Desk, username: str) -> None:
    number = report_on(desk)
    browser = desk.signed_in(username)
    for address in LISTS:
        answer = browser.get(address)
        assert answer.status_code in (200, 403)
        assert number not in answer.text, address
        assert TITLE not in answer.text, address
    assert browser.get("/api/v1/board").json()["total"] == 0


@pytest.mark.parametrize("username", ["jincheng", "committee"])
def test_its_number_opens_nothing_and_moves_nothing(desk: Desk, username: str) -> None:
    number = report_on(desk)
    browser = desk.signed_in(username)
    for address in ONE:
        assert browser.get(address.format(number)).status_code == 404, address
    for verb in ("note", "recuse", "supervise", "escalate"):
        assert browser.act(number, verb, text="x", reason="x").status_code == 404


def test_whom_a_case_recuses_finds_it_over_no_route(desk: Desk) -> None:
    receipt = desk.file(title="电梯困人之后没有人管")
    browser = desk.signed_in("committee")
    assert receipt.number in browser.get("/desk/export.csv").text
    answer = browser.act(receipt.number, "recuse", reason="投诉人是我家人")
    assert answer.status_code in (200, 303)
    for address in (*LISTS, "/desk/export.csv"):
        assert receipt.number not in browser.get(address).text, address
    for address in ONE:
        assert browser.get(address.format(receipt.number)).status_code == 404, address


def test_the_export_of_a_supervisor_has_it(desk: Desk) -> None:
    number = report_on(desk)
    assert number in desk.signed_in("supervisor").get("/desk/export.csv?closed=1").text


def test_letters_over_the_api(desk: Desk) -> None:
    receipt = desk.file()
    desk.do(handling.screen_case, receipt.case_id, "committee", regime=LegalRegime.PETITION)
    letters = desk.signed_in("committee").get(f"/api/v1/cases/{receipt.number}/letters").json()
    assert [one["title"] for one in letters] == ["信访事项受理告知书"]
