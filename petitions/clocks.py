"""Starts, stops, pauses and extends the clocks of a case as its actions say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from petitions.clock_view import ClockRun, ClockState, clock_state
from petitions.deadlines import (
    ClockName,
    DeadlineRule,
    choose_rule,
    due_at,
    later_by,
    shift_for_pause,
    warning_at,
)
from petitions.organisation import Organisation
from petitions.ports import UnitOfWork
from petitions.tables import Case, CaseClock
from petitions.workflow import CaseAction

_A, _C = CaseAction, ClockName

_WORK_CLOCKS = (
    _C.REGISTER,
    _C.NOTICE,
    _C.SIGN_FOR,
    _C.OBJECT,
    _C.CONTACT,
    _C.FEEDBACK,
    _C.HANDLE,
    _C.REPORT_IN,
)
_ON_DISPATCH = (_C.SIGN_FOR, _C.OBJECT, _C.CONTACT)

STARTS: dict[CaseAction, tuple[ClockName, ...]] = {
    _A.REGISTER: (_C.REGISTER, _C.NOTICE, _C.FEEDBACK),
    _A.SCREEN: (_C.HANDLE,),
    _A.DISPATCH: _ON_DISPATCH,
    _A.REASSIGN: _ON_DISPATCH,
    _A.OVERRULE_OBJECTION: (_C.SIGN_FOR,),
    _A.WHISTLE: (_C.REPORT_IN,),
    _A.REPLY: (_C.RATING,),
    _A.CLOSE: (_C.REVIEW_ASK,),
    _A.REOPEN: (_C.FEEDBACK, _C.CONTACT),
    _A.SPLIT: (_C.FEEDBACK, _C.CONTACT),
    _A.ASK_REVIEW: (_C.REVIEW,),
    _A.DECIDE_REVIEW: (_C.REREVIEW_ASK,),
    _A.ASK_REREVIEW: (_C.REREVIEW,),
}
STOPS: dict[CaseAction, tuple[ClockName, ...]] = {
    _A.SCREEN: (_C.REGISTER, _C.NOTICE),
    _A.SIGN_FOR: (_C.SIGN_FOR,),
    _A.OBJECT: (_C.SIGN_FOR, _C.OBJECT),
    _A.UPHOLD_OBJECTION: (_C.CONTACT,),
    _A.REASSIGN: _ON_DISPATCH,
    _A.START: (_C.OBJECT,),
    _A.CONTACT: (_C.CONTACT,),
    _A.REPORT_IN: (_C.REPORT_IN,),
    _A.REPLY: (_C.FEEDBACK, _C.HANDLE, _C.CONTACT, _C.OBJECT),
    _A.SEND_BACK: (_C.OBJECT, _C.CONTACT, _C.RATING),
    _A.RATE: (_C.RATING,),
    _A.REOPEN: (_C.RATING, _C.REVIEW_ASK),
    _A.REROUTE: _ON_DISPATCH,
    _A.CLOSE: _WORK_CLOCKS,
    _A.WITHDRAW: (*_WORK_CLOCKS, _C.RATING),
    _A.MERGE: (*_WORK_CLOCKS, _C.RATING),
    _A.ASK_REVIEW: (_C.REVIEW_ASK,),
    _A.DECIDE_REVIEW: (_C.REVIEW,),
    _A.ASK_REREVIEW: (_C.REREVIEW_ASK,),
    _A.DECIDE_REREVIEW: (_C.REREVIEW,),
}
PROMISES = (_C.FEEDBACK, _C.HANDLE)
"""What was promised to the resident: paused with the case, extended, run on when sent back."""
WINDOWS = frozenset({_C.OBJECT, _C.REVIEW_ASK, _C.REREVIEW_ASK, _C.RATING})
"""Times in which somebody may act; when they end nobody is late."""


@dataclass(frozen=True, kw_only=True)
class CaseTerms:
    """What the clocks of a case are measured by."""

    id: int
    urgency: str
    regime: str


def terms_of(case: Case, changes: Mapping[str, Any] | None = None) -> CaseTerms:
    """The terms of a case, after ``changes`` to its columns."""
    new = changes or {}
    return CaseTerms(
        id=case.id or 0,
        urgency=new.get("urgency", case.urgency),
        regime=new.get("regime", case.regime),
    )


@dataclass(frozen=True, kw_only=True)
class ClockView:
    """A clock of a case with how it stands."""

    clock: ClockName
    unit_id: str | None
    state: ClockState


def clocks_of(work: UnitOfWork, case_id: int) -> Sequence[CaseClock]:
    """All clocks of a case, oldest first."""
    query = select(CaseClock).where(CaseClock.case_id == case_id).order_by(col(CaseClock.id))
    return work.session.exec(query).all()


def turn_clocks(
    work: UnitOfWork, case: CaseTerms, action: CaseAction, now: datetime, units: Iterable[str] = ()
) -> Sequence[CaseClock]:
    """Stop, then start, what ``action`` stops and starts; ``units`` for whistles only.

    Returns:
        All clocks of the case, oldest first.
    """
    clocks = clocks_of(work, case.id) if action is not _A.REGISTER else ()
    owners = tuple(units) or (None,)
    for clock in clocks:
        if _stops(clock, action, owners):
            clock.stopped_at = now
    started = [
        start_clock(work, case, name, now, owner)
        for name in STARTS.get(action, ())
        for owner in (owners if name is _C.REPORT_IN else (None,))
    ]
    if action is _A.SEND_BACK:
        _run_on(clocks)
    return (*clocks, *filter(None, started))


def _stops(clock: CaseClock, action: CaseAction, owners: Sequence[str | None]) -> bool:
    if clock.stopped_at is not None or ClockName(clock.clock) not in STOPS.get(action, ()):
        return False
    return action is not _A.REPORT_IN or clock.unit_id in owners


def _run_on(clocks: Iterable[CaseClock]) -> None:
    """A reply that was sent back has not kept the promise: the latest promise runs on."""
    latest = {clock.clock: clock for clock in clocks if ClockName(clock.clock) in PROMISES}
    for clock in latest.values():
        clock.stopped_at = None


def start_clock(
    work: UnitOfWork, case: CaseTerms, name: ClockName, now: datetime, unit_id: str | None = None
) -> CaseClock | None:
    """Start one clock, or none when no rule fits the case."""
    rule = rule_of_case(work.organisation, case, name)
    if rule is None:
        return None
    calendar = work.organisation.calendar
    due = due_at(rule, now, calendar)
    clock = CaseClock(
        case_id=case.id,
        clock=name.value,
        rule_id=rule.id,
        unit_id=unit_id,
        started_at=now,
        due_at=due,
        warn_at=warning_at(rule, now, due, calendar),
        pauses=[],
        extensions=[],
    )
    work.session.add(clock)
    return clock


def rule_of_case(
    organisation: Organisation, case: CaseTerms, name: ClockName
) -> DeadlineRule | None:
    """The rule of one clock that fits the case, or None."""
    return choose_rule(organisation.deadline_rules, name, urgency=case.urgency, regime=case.regime)


def rule_of_clock(organisation: Organisation, clock: CaseClock) -> DeadlineRule | None:
    """The rule a clock was started by, or None when it is gone from the files."""
    return next((r for r in organisation.deadline_rules if r.id == clock.rule_id), None)


def running(clocks: Iterable[CaseClock], *names: ClockName) -> list[CaseClock]:
    """The clocks of these names that have not stopped."""
    return [clock for clock in clocks if clock.stopped_at is None and clock.clock in names]


def pause_clocks(work: UnitOfWork, case: CaseTerms, now: datetime, reason: str) -> None:
    """Pause what was promised, as far as its rule bears a pause; a danger never waits."""
    for clock in running(clocks_of(work, case.id), *PROMISES):
        rule = rule_of_clock(work.organisation, clock)
        if rule and rule.pausable:
            clock.paused_at = now
            clock.pauses = [
                *clock.pauses,
                {"from": now.isoformat(), "to": None, "reason": reason},
            ]


def resume_clocks(work: UnitOfWork, case: CaseTerms, now: datetime) -> None:
    """Let paused clocks run again and give back the time of the pause."""
    for clock in clocks_of(work, case.id):
        rule = rule_of_clock(work.organisation, clock)
        if clock.paused_at is None or clock.stopped_at is not None or rule is None:
            continue
        due = shift_for_pause(
            rule,
            clock.due_at,
            paused_at=clock.paused_at,
            resumed_at=now,
            calendar=work.organisation.calendar,
        )
        clock.pauses = [*clock.pauses[:-1], {**clock.pauses[-1], "to": now.isoformat()}]
        clock.paused_at = None
        _move(work, clock, rule, due)


def extend_clocks(
    work: UnitOfWork, case: CaseTerms, now: datetime, *, days: int, reason: str
) -> None:
    """Give what was promised ``days`` more, counted from its end."""
    for clock in running(clocks_of(work, case.id), *PROMISES):
        rule = rule_of_clock(work.organisation, clock)
        if rule and rule.pausable:
            extension = {"at": now.isoformat(), "days": days, "reason": reason}
            clock.extensions = [*clock.extensions, extension]
            due = later_by(rule, clock.due_at, days, work.organisation.calendar)
            _move(work, clock, rule, due)


def refit_clocks(work: UnitOfWork, case: CaseTerms) -> None:
    """Measure running clocks by the rules that fit the case after a correction."""
    for clock in clocks_of(work, case.id):
        rule = rule_of_case(work.organisation, case, ClockName(clock.clock))
        if clock.stopped_at is None and rule and rule.id != clock.rule_id:
            clock.rule_id = rule.id
            due = due_at(rule, clock.started_at, work.organisation.calendar)
            _move(work, clock, rule, due)


def _move(work: UnitOfWork, clock: CaseClock, rule: DeadlineRule, due: datetime) -> None:
    clock.due_at = due
    clock.warn_at = warning_at(rule, clock.started_at, due, work.organisation.calendar)
    clock.warned_at = clock.overdue_told_at = None


def promised_end(clocks: Sequence[CaseClock]) -> datetime | None:
    """The end on the ticket: of the feedback clock that started last, else of handling."""
    for name in PROMISES:
        ends = [clock.due_at for clock in clocks if clock.clock == name]
        if ends:
            return ends[-1]
    return None


def next_end(clocks: Sequence[CaseClock]) -> datetime | None:
    """The first end among running clocks that somebody can be late for."""
    ends = [
        clock.due_at
        for clock in clocks
        if clock.stopped_at is None
        and clock.paused_at is None
        and ClockName(clock.clock) not in WINDOWS
    ]
    return min(ends, default=None)


def window_open(work: UnitOfWork, case: Case, name: ClockName, now: datetime) -> bool:
    """Tell whether a window is open; where no rule sets one it never closes."""
    if rule_of_case(work.organisation, terms_of(case), name) is None:
        return True
    windows = [clock for clock in clocks_of(work, case.id or 0) if clock.clock == name]
    return bool(windows) and windows[-1].due_at >= now


def view_clock(organisation: Organisation, clock: CaseClock, now: datetime) -> ClockView | None:
    """Read one clock, or None when its rule is gone."""
    rule = rule_of_clock(organisation, clock)
    if rule is None:
        return None
    run = ClockRun(
        started_at=clock.started_at,
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        paused_at=clock.paused_at,
        pauses=clock.pauses,
        extensions=clock.extensions,
    )
    state = clock_state(rule, run, now, organisation.calendar)
    return ClockView(clock=ClockName(clock.clock), unit_id=clock.unit_id, state=state)
