"""What another set of deadlines would have meant for past cases. Nothing is changed.

Every clock of the cases opened in a period is measured again by the new rules: from its own
start, with its own pauses and extensions, against the moment it really stopped.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from petitions.deadlines import (
    ClockName,
    DeadlineRule,
    WorkingCalendar,
    choose_rule,
    due_at,
    later_by,
    shift_for_pause,
)
from petitions.ports import UnitOfWork
from petitions.tables import Case, CaseClock


@dataclass(frozen=True, kw_only=True)
class SimulatedClock:
    """One kind of clock, as it was and as it would have been.

    Attributes:
        measured: Clocks that have stopped or run out by now, under either set of rules.
        late_then: Late by the rules that held.
        late_now: Late by the new rules; a clock that no new rule fits is never late.
        no_longer: Clocks for which no new rule is there.
        newly_late: Case numbers that were in time and would have been late, at most twenty.
    """

    clock: ClockName
    measured: int
    late_then: int
    late_now: int
    no_longer: int
    newly_late: tuple[str, ...]


NUMBERS_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class _Measured:
    number: str
    late_then: bool
    late_now: bool | None


def simulate_deadlines(
    work: UnitOfWork,
    rules: Sequence[DeadlineRule],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
    calendar: WorkingCalendar | None = None,
    clock: ClockName | None = None,
) -> tuple[SimulatedClock, ...]:
    """Measure the clocks of cases opened from ``since`` up to, not with, ``until`` by ``rules``.

    With ``clock`` only clocks of that name.
    """
    query = (
        select(CaseClock, Case)
        .join(Case, col(Case.id) == col(CaseClock.case_id))
        .where(col(Case.opened_at) >= since, col(Case.opened_at) < until)
        .order_by(col(CaseClock.id))
    )
    if clock is not None:
        query = query.where(col(CaseClock.clock) == clock.value)
    days = calendar or work.organisation.calendar
    found: defaultdict[str, list[_Measured]] = defaultdict(list)
    for row, case in work.session.exec(query):
        measured = _measure(row, case, rules, days, now)
        if measured:
            found[row.clock].append(measured)
    return tuple(_summary(ClockName(name), rows) for name, rows in sorted(found.items()))


def _measure(
    clock: CaseClock,
    case: Case,
    rules: Sequence[DeadlineRule],
    calendar: WorkingCalendar,
    now: datetime,
) -> _Measured | None:
    rule = choose_rule(rules, ClockName(clock.clock), urgency=case.urgency, regime=case.regime)
    due = end_by(rule, clock, calendar) if rule else None
    ended = clock.stopped_at or clock.paused_at or now
    still_open = clock.stopped_at is None
    if still_open and ended <= clock.due_at and (due is None or ended <= due):
        return None  # nobody knows yet
    late_now = None if due is None else ended > due
    return _Measured(number=case.number, late_then=ended > clock.due_at, late_now=late_now)


def end_by(rule: DeadlineRule, clock: CaseClock, calendar: WorkingCalendar) -> datetime:
    """When ``clock`` would end by ``rule``, with the pauses and extensions it really had."""
    due = due_at(rule, clock.started_at, calendar)
    if not rule.pausable:
        return due
    for pause in clock.pauses:
        if pause.get("to"):
            due = shift_for_pause(
                rule,
                due,
                paused_at=datetime.fromisoformat(pause["from"]),
                resumed_at=datetime.fromisoformat(pause["to"]),
                calendar=calendar,
            )
    for extension in clock.extensions:
        due = later_by(rule, due, int(extension["days"]), calendar)
    return due


def _summary(name: ClockName, rows: Sequence[_Measured]) -> SimulatedClock:
    newly = [row.number for row in rows if row.late_now and not row.late_then]
    return SimulatedClock(
        clock=name,
        measured=len(rows),
        late_then=sum(row.late_then for row in rows),
        late_now=sum(bool(row.late_now) for row in rows),
        no_longer=sum(row.late_now is None for row in rows),
        newly_late=tuple(newly[:NUMBERS_SHOWN]),
    )
