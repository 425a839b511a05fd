"""A clock as people read it: how much is left, and the facts that explain it. No words.

Whoever shows it says it in the reader's language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from petitions.deadlines import (
    AmountUnit,
    DeadlineRule,
    WorkingCalendar,
    local_day,
)


@dataclass(frozen=True, kw_only=True)
class ClockRun:
    """What has happened to one clock; ``due_at`` already holds pauses and extensions."""

    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None = None
    paused_at: datetime | None = None
    pauses: Sequence[Mapping[str, Any]] = ()
    extensions: Sequence[Mapping[str, Any]] = ()


class ClockWord(StrEnum):
    """How a clock stands."""

    LEFT = "left"
    OVER = "over"
    PAUSED = "paused"
    IN_TIME = "in_time"
    LATE = "late"


@dataclass(frozen=True, kw_only=True)
class ClockReading:
    """How a clock stands, and by how much: ``amount`` of ``unit``; 0 where there is none."""

    word: ClockWord
    amount: int = 0
    unit: AmountUnit = AmountUnit.MINUTES


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A time in which a clock stood still: whole ``days``, None while it still stands."""

    reason: str
    started_at: datetime
    days: int | None


@dataclass(frozen=True, kw_only=True)
class Extension:
    """Days that were added with approval."""

    reason: str
    days: int


@dataclass(frozen=True, kw_only=True)
class ClockFacts:
    """Why a clock ends when it does: the rule, the start, what moved the end, the end."""

    rule: DeadlineRule
    started_at: datetime
    due_at: datetime
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ClockState:
    """One clock at one moment.

    Attributes:
        reading: How much is left or over.
        fraction: Share of the time used, 0 or more; above 1 it is overdue.
        overdue: Whether the deadline was missed, also when it is done by now.
        warn: Running and past the share at which to warn.
        facts: What explains the end.
    """

    reading: ClockReading
    fraction: float
    overdue: bool
    warn: bool
    paused: bool
    stopped: bool
    due_at: datetime
    facts: ClockFacts


def clock_state(
    rule: DeadlineRule, run: ClockRun, now: datetime, calendar: WorkingCalendar
) -> ClockState:
    """Read a clock at ``now``; one that is paused or stopped is read at that moment."""
    moment = run.stopped_at or run.paused_at or now
    overdue = moment > run.due_at
    running = run.stopped_at is None and run.paused_at is None
    fraction = _fraction(rule, run, moment, calendar)
    return ClockState(
        reading=_reading(rule, run, moment, calendar),
        fraction=fraction,
        overdue=overdue,
        warn=running and fraction >= rule.warn_at,
        paused=run.paused_at is not None and run.stopped_at is None,
        stopped=run.stopped_at is not None,
        due_at=run.due_at,
        facts=facts_of(rule, run),
    )


def _fraction(
    rule: DeadlineRule, run: ClockRun, moment: datetime, calendar: WorkingCalendar
) -> float:
    measure = calendar.working_time if rule.counts_working_days else _wall_time
    whole = measure(run.started_at, run.due_at) or timedelta(seconds=1)
    if moment >= run.due_at:
        return 1 + measure(run.due_at, moment) / whole
    return measure(run.started_at, moment) / whole


def _wall_time(start: datetime, end: datetime) -> timedelta:
    return max(end - start, timedelta())


def _reading(
    rule: DeadlineRule, run: ClockRun, moment: datetime, calendar: WorkingCalendar
) -> ClockReading:
    late = moment > run.due_at
    if run.stopped_at is not None and not late:
        return ClockReading(word=ClockWord.IN_TIME)
    if run.stopped_at is not None:
        return _measured(ClockWord.LATE, rule, run.due_at, moment, calendar)
    if run.paused_at is not None:
        return ClockReading(word=ClockWord.PAUSED)
    if late:
        return _measured(ClockWord.OVER, rule, run.due_at, moment, calendar)
    return _measured(ClockWord.LEFT, rule, moment, run.due_at, calendar)


def _measured(
    word: ClockWord,
    rule: DeadlineRule,
    start: datetime,
    end: datetime,
    calendar: WorkingCalendar,
) -> ClockReading:
    if rule.unit is AmountUnit.WORKING_DAYS:
        days = calendar.working_days_between(local_day(start), local_day(end))
        if days:
            return ClockReading(word=word, amount=days, unit=AmountUnit.WORKING_DAYS)
    return _in_round_numbers(word, end - start)


def _in_round_numbers(word: ClockWord, span: timedelta) -> ClockReading:
    minutes = int(span.total_seconds() // 60)
    if minutes >= 48 * 60:
        return ClockReading(word=word, amount=minutes // (24 * 60), unit=AmountUnit.DAYS)
    if minutes >= 60:
        return ClockReading(word=word, amount=minutes // 60, unit=AmountUnit.HOURS)
    return ClockReading(word=word, amount=max(minutes, 1))


def facts_of(rule: DeadlineRule, run: ClockRun) -> ClockFacts:
    """What explains the end of a clock."""
    return ClockFacts(
        rule=rule,
        started_at=run.started_at,
        due_at=run.due_at,
        pauses=tuple(_pause(one) for one in run.pauses),
        extensions=tuple(Extension(reason=e["reason"], days=e["days"]) for e in run.extensions),
    )


def _pause(kept: Mapping[str, Any]) -> Pause:
    start = datetime.fromisoformat(kept["from"])
    until = kept.get("to")
    days = (local_day(datetime.fromisoformat(until)) - local_day(start)).days if until else None
    return Pause(reason=kept["reason"], started_at=start, days=days)
