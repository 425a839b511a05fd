"""The queue: order, filters, pages, counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from petitions import handling, queries
from petitions.beside import case_beside
from petitions.model import Outcome
from petitions.queries import QueueFilter, board_counts, case_page, queue


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of the database meanwhile, with the values."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _u: Any, statement: str, values: Any, _x: Any, _m: bool) -> None:
        asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def ids(world: Any, page: int = 1, page_size: int = 50, **filters: Any) -> list[int]:
    found = world.look(
        queue,
        actor=world.supervisor,
        now=world.now,
        filters=QueueFilter(**filters),
        page=page,
        page_size=page_size,
    )
    return [row.case.id for row in found.rows]


def test_dangers_first_then_what_ends_first(world: Any) -> None:
    ordinary = world.in_handling()
    utility = world.in_handling(urgency="utility")
    danger = world.in_handling(urgency="emergency")
    replied = world.replied()
    assert ids(world) == [danger, utility, ordinary, replied]


def test_each_row_carries_the_clock_that_ends_first(world: Any) -> None:
    world.dispatched(urgency="emergency")
    world.later(minutes=10)
    found = world.look(queue, actor=world.committee, now=world.now)
    (row,) = found.rows
    assert row.clock.clock == "sign_for"
    assert (row.clock.state.reading.word, row.clock.state.reading.amount) == ("left", 5)
    assert row.unit_name == "安达电梯维保公司"
    assert row.grid_name


def test_filters(world: Any) -> None:
    lift = world.dispatched()
    power = world.file(matter="书院南里3号楼停电了", estate=None, building=None).case_id
    closed = world.replied()
    world.do(handling.close_case, closed, actor=world.committee, outcome=Outcome.RESOLVED)
    assert ids(world, statuses=("dispatched",)) == [lift]
    assert ids(world, statuses=("closed",)) == [closed]
    assert sorted(ids(world, open_only=False)) == [lift, power, closed]
    assert ids(world, community_id="shuyuan") == [power]
    assert ids(world, unit_id="anda-elevator") == [lift]
    assert ids(world, text="停电") == [power]
    assert ids(world, text=world.case(lift).number) == [lift]
    assert ids(world, text="100%_") == []
    assert ids(world, kind="complaint") == []
    assert ids(world, overdue=True) == []
    world.later(days=2)
    assert sorted(ids(world, overdue=True)) == [lift, power]
    assert ids(world, overdue=False) == []


def test_pages(world: Any) -> None:
    made = [world.file(resident=f"r{index}").case_id for index in range(5)]
    assert ids(world, page=1, page_size=2) == made[:2]
    assert ids(world, page=3, page_size=2) == made[4:]
    assert ids(world, page=4, page_size=2) == []
    assert ids(world, page=0, page_size=0) == made[:1]


def test_board_counts(world: Any) -> None:
    world.dispatched(urgency="emergency")
    world.file()
    world.later(hours=3)
    counts = world.look(board_counts, actor=world.committee, now=world.now)
    assert counts.by_status == {"dispatched": 1, "registered": 1}
    assert counts.by_urgency == {"emergency": 1, "ordinary": 1}
    assert (counts.overdue, counts.total) == (2, 2)


def test_the_case_page_has_it_all(world: Any) -> None:
    case_id = world.replied()
    page = world.look(case_page, case_id, actor=world.committee, now=world.now)
    assert [entry.action for entry in page.timeline][-1] == "reply"
    assert page.unit_name == "安达电梯维保公司"
    assert page.community_name == "槐荫社区"
    assert [one.number for one in page.petitions] == [page.case.number]
    assert {one.clock.value for one in page.clocks} >= {"feedback", "sign_for", "contact"}
    assert all(one.state.facts.rule.source for one in page.clocks)


@pytest.mark.parametrize("size", [1, 10_000])
def test_a_page_is_never_without_measure(world: Any, size: int) -> None:
    found = world.look(queue, actor=world.committee, now=world.now, page_size=size)
    assert 1 <= found.page_size <= 200


def test_counting_stops_among_years_of_closed_cases_only(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "COUNTED_AT_MOST", 3)
    made = [world.file(resident=f"r{index}").case_id for index in range(4)]

    def page(**filters: Any) -> Any:
        wanted = QueueFilter(**filters)
        return world.look(
            queue, actor=world.supervisor, now=world.now, filters=wanted, page_size=2, page=2
        )

    among_all, among_open = page(open_only=False), page()
    assert (among_all.total, among_all.more) == (3, True)
    assert (among_open.total, among_open.more) == (4, False)
    # What was not counted can be read all the same.
    assert [row.case.id for row in among_all.rows] == [made[1], made[0]]
    few = page(open_only=False, text="没有这样的事")
    assert (few.total, few.more) == (0, False)


def test_closed_ones_are_listed_newest_first(world: Any) -> None:
    first, second = world.replied(), world.replied()
    for case_id in (second, first):
        world.do(handling.close_case, case_id, actor=world.committee, outcome=Outcome.RESOLVED)
    assert ids(world, statuses=("closed",)) == [second, first]


NARROWED = (
    ({}, "petition_case"),
    ({"urgency": "emergency"}, "ix_petition_case_urgency"),
    ({"regime": "petition"}, "ix_petition_case_regime"),
    ({"kind": "suggest"}, "ix_petition_case_kind"),
    ({"grid_id": "huaiyin-1"}, "ix_petition_case_grid_id"),
    ({"unit_id": "anda-elevator"}, "ix_petition_case_lead_status"),
)


@pytest.mark.parametrize(("filters", "index"), NARROWED)
def test_a_page_among_closed_ones_is_found_by_an_index(
    world: Any, filters: dict[str, Any], index: str
) -> None:
    """Neither a page nor the next case may sort or read what years have left behind."""
    case = world.case(world.file().case_id)
    wanted = QueueFilter(open_only=False, **filters)
    with statements_of(world.engine) as asked:
        world.look(queue, actor=world.supervisor, now=world.now, filters=wanted)
        world.look(case_beside, case, actor=world.supervisor, now=world.now, filters=wanted)
    ordered = [one for one in asked if "ORDER BY petition_case.id" in one[0]]
    assert len(ordered) == 2
    with world.engine.connect() as connection:
        for statement, values in ordered:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            steps = [row[-1] for row in plan]
            assert any(index in step for step in steps), steps
            if index not in ("ix_petition_case_grid_id", "ix_petition_case_lead_status"):
                assert not any("TEMP B-TREE" in step for step in steps), steps


def test_the_queue_is_sorted_and_counted_from_one_index(world: Any) -> None:
    """Reading the rows of all open cases for each page would grow with their number."""
    with statements_of(world.engine) as asked:
        world.look(queue, actor=world.committee, now=world.now)
        world.look(board_counts, actor=world.committee, now=world.now)
    over_cases = [one for one in asked if "petition_case.status NOT IN" in one[0]]
    assert len(over_cases) == 3
    with world.engine.connect() as connection:
        for statement, values in over_cases:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            assert any("COVERING INDEX ix_petition_case_open" in row[-1] for row in plan), plan
