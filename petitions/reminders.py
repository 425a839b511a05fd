"""Warnings: a clock that has used three quarters of its time, and one that has run out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col, select

from petitions.clocks import WINDOWS
from petitions.deadlines import ClockName
from petitions.facets import Notification
from petitions.notifications import committees_of, shielded_units, store, unit_notification
from petitions.ports import UnitOfWork
from petitions.tables import Case, CaseClock

WARNING_KEY = "unit_deadline_near"
OVERDUE_KEY = "unit_deadline_missed"
CLOCKS_AT_A_TIME = 500

_OF_COMMITTEE = frozenset({ClockName.REGISTER, ClockName.NOTICE})
_OF_SUBDISTRICT = frozenset({ClockName.REVIEW, ClockName.REREVIEW})


def remind_of_deadlines(work: UnitOfWork, *, now: datetime) -> int:
    """Warn whoever a clock is running for, once when it is near and once when it is missed.

    A repeat finds nothing new to tell. Each call takes at most ``CLOCKS_AT_A_TIME`` clocks.

    Returns:
        How many clocks were told of.
    """
    clocks = _to_tell(work, now)
    for clock in clocks:
        _tell(work, clock, now)
    work.session.flush()
    return len(clocks)


def _to_tell(work: UnitOfWork, now: datetime) -> Sequence[CaseClock]:
    near = and_(col(CaseClock.warn_at) <= now, col(CaseClock.warned_at).is_(None))
    missed = and_(col(CaseClock.due_at) < now, col(CaseClock.overdue_told_at).is_(None))
    query = (
        select(CaseClock)
        .where(col(CaseClock.stopped_at).is_(None), col(CaseClock.paused_at).is_(None))
        .where(col(CaseClock.clock).not_in([name.value for name in WINDOWS]))
        .where(or_(near, missed))
        .order_by(col(CaseClock.due_at))
        .limit(CLOCKS_AT_A_TIME)
        .with_for_update(skip_locked=True)
    )
    return work.session.exec(query).all()


def _tell(work: UnitOfWork, clock: CaseClock, now: datetime) -> None:
    missed = clock.due_at < now
    clock.warned_at = clock.warned_at or now
    if missed:
        clock.overdue_told_at = now
    case = work.session.get_one(Case, clock.case_id)
    silent = shielded_units(work, case)
    fields = _fields(work, case, clock, now)
    key = OVERDUE_KEY if missed else WARNING_KEY
    rows: list[Notification] = [
        unit_notification(case, unit, key, fields, now)
        for unit in dict.fromkeys(_responsible(work, case, clock))
        if unit not in silent
    ]
    store(work, rows)


def _responsible(work: UnitOfWork, case: Case, clock: CaseClock) -> tuple[str, ...]:
    name = ClockName(clock.clock)
    if clock.unit_id:
        return (clock.unit_id,)
    if name in _OF_SUBDISTRICT:
        return work.organisation.overseers("subdistrict")
    if name in _OF_COMMITTEE or case.lead_unit is None:
        return committees_of(work, case)
    return (case.lead_unit,)


def _fields(work: UnitOfWork, case: Case, clock: CaseClock, now: datetime) -> dict[str, Any]:
    return {
        "number": case.number,
        "case_number": case.number,
        "title": case.title,
        "clock": clock.clock,
        "due_at": clock.due_at.isoformat(),
    }
