"""三率 by unit, grid, category and week, and the whistle seen from both sides.

Two light queries for all dimensions together: a supervisor's page must stay quick with a
hundred thousand cases in the house.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from petitions.deadlines import ClockName, local_day
from petitions.facets import Whistle
from petitions.ports import UnitOfWork
from petitions.statistics import Rate, counted_cases
from petitions.tables import Case, CaseClock
from petitions.words import Satisfaction

_COLUMNS: tuple[Any, ...] = (
    Case.id,
    Case.lead_unit,
    Case.grid_id,
    Case.category_first,
    Case.opened_at,
    Case.resolved,
    Case.satisfaction,
    Case.replied_at,
)
"""What the figures are counted from: single columns, as whole rows cost ten times as much."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The figures of one group of cases; each rate carries its n.

    Attributes:
        replied: Cases that got a reply; ``unrated`` is measured among them.
    """

    cases: int
    response: Rate
    resolution: Rate
    satisfaction: Rate
    unrated: Rate


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """A period from several sides; keys are ids, weeks are named by their Monday.

    Attributes:
        cells: How many cases of each first-level category each grid has.
    """

    total: Tally
    by_unit: Mapping[str, Tally]
    by_grid: Mapping[str, Tally]
    by_category: Mapping[str, Tally]
    by_week: Mapping[str, Tally]
    cells: Mapping[tuple[str, str], int]


@dataclass
class _Sum:
    cases: int = 0
    pairs: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def answer(self, name: str, met: bool) -> None:
        self.pairs[name][0] += met
        self.pairs[name][1] += 1

    def tally(self) -> Tally:
        rates = {
            name: Rate(met=self.pairs[name][0], n=self.pairs[name][1])
            for name in ("response", "resolution", "satisfaction", "unrated")
        }
        return Tally(cases=self.cases, **rates)


def break_down(
    work: UnitOfWork, *, since: datetime, until: datetime, community_id: str | None = None
) -> Breakdown:
    """Count the cases opened from ``since`` up to, not with, ``until``; see :class:`ThreeRates`."""
    counted = counted_cases(since, until, community_id, None)
    query = select(*_COLUMNS).where(*counted)
    rows = work.session.exec(query).all()
    contacts = _contacts(work, counted, until)
    return Breakdown(
        total=_sum_up(rows, contacts, lambda row: "all").get("all", _Sum().tally()),
        by_unit=_sum_up(rows, contacts, lambda row: row.lead_unit),
        by_grid=_sum_up(rows, contacts, lambda row: row.grid_id),
        by_category=_sum_up(rows, contacts, lambda row: row.category_first),
        by_week=_sum_up(rows, contacts, _monday),
        cells=_cells(rows),
    )


def _contacts(
    work: UnitOfWork, counted: Sequence[Any], until: datetime
) -> Mapping[int, Sequence[bool]]:
    """Whether each contact clock that ran out or stopped was kept, by case."""
    query = (
        select(CaseClock.case_id, CaseClock.due_at, CaseClock.stopped_at)
        .join(Case, col(Case.id) == col(CaseClock.case_id))
        .where(CaseClock.clock == ClockName.CONTACT.value, *counted)
    )
    kept: dict[int, list[bool]] = defaultdict(list)
    for case_id, due_at, stopped_at in work.session.exec(query):
        if stopped_at or due_at < until:
            kept[case_id].append(stopped_at is not None and stopped_at <= due_at)
    return kept


def _sum_up(
    rows: Iterable[Any],
    contacts: Mapping[int, Sequence[bool]],
    key_of: Callable[[Any], str | None],
) -> dict[str, Tally]:
    sums: dict[str, _Sum] = defaultdict(_Sum)
    for row in rows:
        key = key_of(row)
        if key:
            _count(sums[key], row, contacts.get(row.id, ()))
    ordered = sorted(sums.items(), key=lambda item: (-item[1].cases, item[0]))
    return {key: one.tally() for key, one in ordered}


def _count(one: _Sum, row: Any, kept: Sequence[bool]) -> None:
    one.cases += 1
    for met in kept:
        one.answer("response", met)
    if row.resolved is not None:
        one.answer("resolution", row.resolved)
    if row.satisfaction is not None:
        one.answer("satisfaction", row.satisfaction >= Satisfaction.SATISFIED)
    if row.replied_at:
        one.answer("unrated", row.satisfaction is None)


def _monday(row: Any) -> str:
    day = local_day(row.opened_at)
    return (day - timedelta(days=day.weekday())).isoformat()


def _cells(rows: Iterable[Any]) -> dict[tuple[str, str], int]:
    cells: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        if row.grid_id and row.category_first:
            cells[row.grid_id, row.category_first] += 1
    return dict(cells)


@dataclass(frozen=True, kw_only=True)
class Whistled:
    """How one unit answered the whistle.

    Attributes:
        in_time: Reported in within the deadline, of those whose deadline is over or who came.
        waiting: Called, not there yet, still in time.
    """

    unit_id: str
    called: int
    in_time: Rate
    waiting: int


@dataclass(frozen=True, kw_only=True)
class Whistler:
    """How one community whistled: whom it called to how many cases, and what came of them.

    Attributes:
        resolved: Residents who say it is resolved, of the whistled cases they spoke about.
        cases: Cases whistled for, of all its cases of the period.
    """

    community_id: str
    whistles: int
    cases: Rate
    resolved: Rate


@dataclass(frozen=True, kw_only=True)
class WhistleAssessment:
    """Both sides of the whistle (双向评价): 北京市接诉即办工作条例 art. 32–33."""

    called: Sequence[Whistled]
    callers: Sequence[Whistler]


def assess_whistles(
    work: UnitOfWork,
    *,
    since: datetime,
    until: datetime,
    now: datetime,
    community_id: str | None = None,
) -> WhistleAssessment:
    """Measure those who were called and those who called, in the cases of a period."""
    counted = counted_cases(since, until, community_id, None)
    query = (
        select(Whistle, Case.community_id, Case.resolved)
        .join(Case, col(Case.id) == col(Whistle.case_id))
        .where(*counted)
    )
    rows = work.session.exec(query).all()
    opened = select(Case.community_id).where(*counted)
    everything = [community for community in work.session.exec(opened) if community]
    by_unit: dict[str, list[Whistle]] = defaultdict(list)
    by_community: dict[str, list[tuple[Whistle, bool | None]]] = defaultdict(list)
    for whistle, community, resolved in rows:
        by_unit[whistle.unit_id].append(whistle)
        by_community[community or ""].append((whistle, resolved))
    return WhistleAssessment(
        called=[_whistled(unit, calls, now) for unit, calls in sorted(by_unit.items())],
        callers=[
            _whistler(community, calls, everything.count(community))
            for community, calls in sorted(by_community.items())
        ],
    )


def _whistled(unit_id: str, calls: Sequence[Whistle], now: datetime) -> Whistled:
    settled = [call for call in calls if call.reported_in_at or call.due_at < now]
    kept = [call for call in settled if call.reported_in_at and call.reported_in_at <= call.due_at]
    return Whistled(
        unit_id=unit_id,
        called=len(calls),
        in_time=Rate(met=len(kept), n=len(settled)),
        waiting=len(calls) - len(settled),
    )


def _whistler(
    community_id: str, calls: Sequence[tuple[Whistle, bool | None]], opened: int
) -> Whistler:
    outcomes = {call.case_id: resolved for call, resolved in calls}
    heard = [resolved for resolved in outcomes.values() if resolved is not None]
    return Whistler(
        community_id=community_id,
        whistles=len(calls),
        cases=Rate(met=len(outcomes), n=opened),
        resolved=Rate(met=sum(heard), n=len(heard)),
    )
