"""Walking through a list case by case, and lists page by page, without JavaScript."""

from collections.abc import Callable

import pytest

from console.paging import page_of
from petitions import handling
from tests.console.desk_world import Browser, Desk, QueryCount

URGENCIES = ("ordinary", "emergency", "utility", "ordinary", "emergency")


@pytest.fixture
def numbers(desk: Desk) -> list[str]:
    """Cases of several urgencies, in the order of the queue."""
    for at, urgency in enumerate(URGENCIES):
        desk.file(urgency=urgency, matter=f"第{at}件事，路灯不亮", title=f"第{at}件")
        desk.later(minutes=1)
    page = desk.signed_in("committee").get("/desk").text
    found = page.split('class="case-number">')[1:]
    return [piece.split("<")[0] for piece in found]


def walk(browser: Browser, start: str, way: str, query: str = "") -> list[str]:
    """Numbers met from ``start`` on until the list ends."""
    met, number = [], start
    while len(met) < 10:
        answer = browser.client.get(
            f"/desk/cases/{number}/{way}{query}", follow_redirects=False
        ).headers["location"]
        if "edge=" in answer:
            return [*met, answer]
        number = answer.removeprefix("/desk/cases/").partition("?")[0]
        met.append(number)
    return met


def test_next_and_previous_follow_the_order_of_the_queue(desk: Desk, numbers: list[str]) -> None:
    assert len(numbers) == len(URGENCIES)
    browser = desk.signed_in("committee")
    assert walk(browser, numbers[0], "next") == [*numbers[1:], "/desk?edge=last"]
    assert walk(browser, numbers[-1], "previous") == [*numbers[-2::-1], "/desk?edge=first"]


def test_the_list_of_the_address_is_walked(desk: Desk, numbers: list[str]) -> None:
    browser = desk.signed_in("committee")
    met = walk(browser, numbers[0], "next", "?urgency=emergency")
    assert met == [numbers[1], "/desk?urgency=emergency&edge=last"]
    newest_first = walk(browser, max(numbers), "next", "?closed=1")
    assert newest_first[:-1] == sorted(numbers, reverse=True)[1:]


def test_a_case_that_left_the_list_still_has_a_next_one(desk: Desk, numbers: list[str]) -> None:
    case = desk.case(numbers[0])
    desk.do(handling.screen_case, case.id or 0, "committee")
    browser = desk.signed_in("committee")
    assert walk(browser, numbers[0], "next", "?state=registered")[-1].endswith("edge=last")


def test_the_end_of_the_list_is_told(
    desk: Desk, numbers: list[str], count_queries: Callable[[], QueryCount]
) -> None:
    browser = desk.signed_in("committee")
    with count_queries() as asked:
        page = browser.get(f"/desk/cases/{numbers[-1]}/next").text
    assert "那已经是这个列表的最后一件" in page
    assert len(asked) <= 12
    case = browser.get(f"/desk/cases/{numbers[0]}?urgency=emergency").text
    assert f'href="/desk/cases/{numbers[0]}/next?urgency=emergency"' in case


@pytest.mark.parametrize(
    ("asked", "page", "rows"),
    [("", 1, [0, 1]), ("2", 2, [2, 3]), ("3", 3, [4]), ("99", 3, [4]), ("x", 1, [0, 1])],
)
def test_a_list_is_cut_into_pages(asked: str, page: int, rows: list[int]) -> None:
    found = page_of(range(5), {"page": asked}, 2)
    assert (found.page, list(found.rows), found.total) == (page, rows, 5)


def test_an_empty_list_has_one_empty_page() -> None:
    assert page_of((), {}, 2).rows == ()
