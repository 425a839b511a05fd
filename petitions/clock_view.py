"""A clock as people read it: how much is left, and one sentence that explains it.

The words are Chinese because staff and residents both see them; they are data of the rule
(its source, article and sentence) put together with dates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from petitions.deadlines import (
    LOCAL_ZONE,
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
class ClockState:
    """One clock at one moment.

    Attributes:
        reading: What the label says, for those who say it in other words.
        label: «剩 3 个工作日», «已超 2 小时», «已暂停», «按时完成».
        fraction: Share of the time used, 0 or more; above 1 it is overdue.
        overdue: Whether the deadline was missed, also when it is done by now.
        warn: Running and past the share at which to warn.
        sentence: Source, article, start, end, pauses and extensions in one sentence.
    """

    reading: ClockReading
    label: str
    fraction: float
    overdue: bool
    warn: bool
    paused: bool
    stopped: bool
    due_at: datetime
    sentence: str


def clock_state(
    rule: DeadlineRule, run: ClockRun, now: datetime, calendar: WorkingCalendar
) -> ClockState:
    """Read a clock at ``now``; one that is paused or stopped is read at that moment."""
    moment = run.stopped_at or run.paused_at or now
    overdue = moment > run.due_at
    running = run.stopped_at is None and run.paused_at is None
    fraction = _fraction(rule, run, moment, calendar)
    reading = _reading(rule, run, moment, calendar)
    return ClockState(
        reading=reading,
        label=_LABELS[reading.word].format(f"{reading.amount} {_SHORT_UNITS[reading.unit]}"),
        fraction=fraction,
        overdue=overdue,
        warn=running and fraction >= rule.warn_at,
        paused=run.paused_at is not None and run.stopped_at is None,
        stopped=run.stopped_at is not None,
        due_at=run.due_at,
        sentence=explain(rule, run),
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


_LABELS = {
    ClockWord.LEFT: "剩 {}",
    ClockWord.OVER: "已超 {}",
    ClockWord.PAUSED: "已暂停",
    ClockWord.IN_TIME: "按时完成",
    ClockWord.LATE: "超时 {}完成",
}
_SHORT_UNITS = {
    AmountUnit.MINUTES: "分钟",
    AmountUnit.HOURS: "小时",
    AmountUnit.DAYS: "天",
    AmountUnit.WORKING_DAYS: "个工作日",
}


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


_UNIT_WORDS = {
    AmountUnit.MINUTES: "分钟",
    AmountUnit.HOURS: "小时",
    AmountUnit.DAYS: "日",
    AmountUnit.WORKING_DAYS: "个工作日",
}


def explain(rule: DeadlineRule, run: ClockRun) -> str:
    """Say in one sentence why the deadline is what it is."""
    source = f"依据{_titled(rule.source)}{rule.article or ''}"
    period = f"自{_written(run.started_at)}起{rule.amount}{_UNIT_WORDS[rule.unit]}"
    parts = [f"{source}（{rule.sentence}）" if rule.sentence else source, period]
    parts += [_pause_words(pause) for pause in run.pauses]
    parts += [_extension_words(extension) for extension in run.extensions]
    return "，".join((*parts, f"至{_written(run.due_at)}止")) + "。"


def _titled(source: str) -> str:
    # Laws and regulations stand in book-title marks; practice and standards don't.
    return f"《{source}》" if source.endswith(("条例", "法", "办法", "规定")) else source


def _written(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y年%m月%d日%H:%M")


def _pause_words(pause: Mapping[str, Any]) -> str:
    start = datetime.fromisoformat(pause["from"])
    if pause.get("to") is None:
        return f"因{pause['reason']}自{_written(start)}起暂停"
    days = (local_day(datetime.fromisoformat(pause["to"])) - local_day(start)).days
    length = f"{days}天" if days else "不足1天"
    return f"因{pause['reason']}暂停{length}"


def _extension_words(extension: Mapping[str, Any]) -> str:
    return f"因{extension['reason']}经批准延长{extension['days']}日"
