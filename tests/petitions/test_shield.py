"""A report of misconduct, asked for by everything that reads: the unit reported learns nothing.

A new query over cases has to be entered in ``READERS``; ``test_every_query_is_asked`` fails else.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from petitions import closing_signs, exclusions, hot_watch, queries
from petitions.actors import Actor
from petitions.errors import CaseNotFound
from petitions.exclusions import ask_exclusion
from petitions.queries import QueueFilter
from tests.petitions.conftest import MONDAY_NINE, World

PERIOD = {"since": MONDAY_NINE - timedelta(days=1), "until": MONDAY_NINE + timedelta(days=60)}
MATTER = "举报锦程物业的工作人员收了钱不办事"
ALL = QueueFilter(open_only=False)
Reader = Callable[[World, Actor, int, str], Any]


def found(result: Any) -> bool:
    return bool(result)


READERS: dict[str, Reader] = {
    "queue": lambda w, a, _i, _n: w.look(queries.queue, actor=a, now=w.now, filters=ALL).rows,
    "board_counts": lambda w, a, _i, _n: (
        w.look(queries.board_counts, actor=a, now=w.now, filters=ALL).total
    ),
    "case_by_number": lambda w, a, _i, n: w.look(queries.case_by_number, n, actor=a),
    "case_page": lambda w, a, i, _n: w.look(queries.case_page, i, actor=a, now=w.now),
    "odd_closings": lambda w, a, _i, _n: w.look(closing_signs.odd_closings, actor=a, **PERIOD),
    "calls_to_make": lambda w, a, _i, _n: w.look(closing_signs.calls_to_make, actor=a, now=w.now),
    "exclusion_of": lambda w, a, i, _n: w.look(exclusions.exclusion_of, i, actor=a),
    "rates_both_ways": lambda w, a, _i, _n: (
        w.look(exclusions.rates_both_ways, actor=a, **PERIOD).waiting
    ),
    "hot_issues_for": lambda w, a, _i, _n: w.look(hot_watch.hot_issues_for, actor=a),
    "messages_behind": lambda w, a, _i, n: w.look(
        hot_watch.messages_behind, [issue_about(n)], actor=a
    )["one"],
}


def issue_about(number: str) -> hot_watch.SeenIssue:
    """A hot issue that was found before its case became a report."""
    return hot_watch.SeenIssue(
        event_id="one",
        name="收钱不办事",
        place="锦绣家园",
        case_numbers=(number,),
        first_at=MONDAY_NINE,
        last_at=MONDAY_NINE,
        heat=1.0,
    )


@pytest.mark.parametrize("name", sorted(READERS))
def test_the_unit_reported_finds_opens_and_counts_nothing(world: World, name: str) -> None:
    receipt = world.file(kind="report_misconduct", matter=MATTER, resident="one")
    world.do(ask_exclusion, receipt.case_id, actor=world.discipline, reason="不属于本机关管辖")
    for actor in (world.property, world.committee, world.elevator, world.grid_worker):
        try:
            assert not found(READERS[name](world, actor, receipt.case_id, receipt.number))
        except CaseNotFound:
            continue


def test_the_unit_that_got_it_sees_it(world: World) -> None:
    receipt = world.file(kind="report_misconduct", matter=MATTER, resident="one")
    for name in ("queue", "board_counts", "case_by_number", "case_page"):
        assert found(READERS[name](world, world.discipline, receipt.case_id, receipt.number))


def test_every_query_is_asked() -> None:
    """Every public function of these modules that takes an actor and reads stands above."""
    writes = {"ask_exclusion", "settle_exclusion"}
    after_finding = {"page_of_case"}  # takes a row that case_by_number found for the actor
    asked = {
        name
        for module in (queries, closing_signs, exclusions, hot_watch)
        for name, function in vars(module).items()
        if getattr(function, "__module__", "") == module.__name__
        and not name.startswith("_")
        and "actor" in getattr(function, "__annotations__", {})
    }
    assert asked - writes - after_finding == set(READERS)


def test_no_notice_reaches_the_unit_reported(world: World) -> None:
    world.file(kind="report_misconduct", matter=MATTER, resident="one")
    assert world.notices(unit_id="jincheng-property") == []
