"""Board and queue: filters in the address, dangers first, few questions to the database."""

from collections.abc import Callable
from urllib.parse import parse_qsl

import pytest

from console.desk.queue_query import QueueQuery, read_query
from petitions import handling
from petitions.workflow import Outcome
from tests.console.desk_world import Desk, QueryCount


@pytest.fixture
def busy(desk: Desk) -> dict[str, str]:
    """A few cases of all sorts; numbers by name."""
    danger = desk.file(urgency="emergency", title="燃气泄漏", matter="楼道里有很重的煤气味")
    lift = desk.file()
    lamp = desk.file(
        urgency="ordinary", title="路灯不亮", matter="路灯坏了", estate="槐荫里小区", building="1"
    )
    done = desk.file(urgency="ordinary", title="已经办完的事", matter="垃圾没人收")
    desk.do(handling.screen_case, done.case_id, "committee")
    desk.do(
        handling.close_case,
        done.case_id,
        "committee",
        outcome=Outcome.EXPLAINED,
        text="已说明。",
    )
    desk.do(handling.screen_and_dispatch, lift.case_id, "committee", unit_id="anda-elevator")
    desk.later(hours=3)
    return {
        "danger": danger.number,
        "lift": lift.number,
        "lamp": lamp.number,
        "done": done.number,
    }


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", {"danger", "lift", "lamp"}),
        ("?closed=1", {"danger", "lift", "lamp", "done"}),
        ("?state=dispatched", {"lift"}),
        ("?state=closed", {"done"}),
        ("?urgency=emergency", {"danger"}),
        ("?unit=anda-elevator", {"lift"}),
        ("?grid=huaiyin-1", {"lamp"}),
        ("?overdue=1", {"danger", "lift", "lamp"}),
        ("?q=路灯", {"lamp"}),
        ("?q=%25", set()),
        ("?state=nonsense&urgency=&page=abc", {"danger", "lift", "lamp"}),
        ("?state=dispatched&urgency=emergency", set()),
        ("?page=99", set()),
    ],
)
def test_a_filter_in_the_address_narrows_the_list(
    desk: Desk, busy: dict[str, str], address: str, expected: set[str]
) -> None:
    page = desk.signed_in("committee").get(f"/desk{address}").text
    listed = page.split('class="notices"')[0]
    assert {name for name, number in busy.items() if number in listed} == expected


def test_a_number_searched_for_opens_its_case(desk: Desk, busy: dict[str, str]) -> None:
    answer = desk.signed_in("committee").get(f"/desk?q={busy['lift'].lower()}")
    assert answer.url.path == f"/desk/cases/{busy['lift']}"


def test_dangers_come_first_with_a_word(desk: Desk, busy: dict[str, str]) -> None:
    page = desk.signed_in("committee").get("/desk").text
    assert page.index(busy["danger"]) < page.index(busy["lift"])
    assert "危急" in page


def test_a_row_tells_clock_number_what_where_who_and_state(
    desk: Desk, busy: dict[str, str]
) -> None:
    page = desk.signed_in("committee").get("/desk?unit=anda-elevator").text
    row = page.split('class="case-clock"')[1]
    order = ["已超 2 小时", busy["lift"], "电梯停用三天", "锦绣家园 3号楼", "安达电梯", "待签收"]
    places = [row.index(words) for words in order]
    assert places == sorted(places)


def test_the_board_counts_and_links(desk: Desk, busy: dict[str, str]) -> None:
    page = desk.signed_in("committee").get("/desk").text
    assert 'href="/desk?overdue=1"' in page
    assert 'href="/desk?state=dispatched"' in page
    assert "已超时" in page


def test_an_empty_queue_has_a_sentence(desk: Desk) -> None:
    page = desk.signed_in("committee").get("/desk").text
    assert "现在没有要办的工单" in page


def test_pages_follow_each_other(desk: Desk) -> None:
    for number in range(60):
        desk.file(title=f"第{number}件", matter=f"第{number}件事", urgency="ordinary")
    browser = desk.signed_in("committee")
    first, second = browser.get("/desk").text, browser.get("/desk?page=2").text
    assert first.count('class="case-row') == 50
    assert second.count('class="case-row') == 10
    assert "第 1 页，共 2 页" in first
    assert 'href="/desk?page=2"' in first


def test_units_see_what_they_were_told(desk: Desk, busy: dict[str, str]) -> None:
    page = desk.signed_in("elevator").get("/desk").text
    assert "工单已分拨到本单位，请签收" in page


def test_the_queue_asks_the_database_a_bounded_number_of_times(
    desk: Desk, count_queries: Callable[[], QueryCount]
) -> None:
    browser = desk.signed_in("committee")
    with count_queries() as few:
        browser.get("/desk")
    for _ in range(30):
        desk.file()
    with count_queries() as many:
        browser.get("/desk")
    # With no case at all there are no clocks to look up.
    assert len(many) <= len(few) + 1 <= 12, "\n".join(many.statements)


@pytest.mark.parametrize(
    "query",
    [
        QueueQuery(),
        QueueQuery(state="handling", urgency="utility", overdue=True, page=3),
        QueueQuery(grid="huaiyin-1", unit="anda-elevator", text="电梯 & 灯", closed=True),
    ],
)
def test_an_address_brings_the_same_list_back(query: QueueQuery) -> None:
    words = dict(parse_qsl(query.here.removeprefix("?")))
    assert read_query(words) == query


def test_a_text_in_the_address_loses_what_no_database_takes() -> None:
    assert read_query({"q": "\x00电\x1b梯\n"}).text == "电梯"
    assert len(read_query({"q": "长" * 5000}).text) == 100
    assert read_query({"page": "-5"}).page == 1
    assert read_query({"page": "9" * 30}).page == 1
