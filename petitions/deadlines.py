"""Deadlines as data, and the one place that counts working days.

Days are days of Asia/Shanghai. A period in days starts on the day after and ends with the
last minute of its last day (民法典 art. 201–203); hours and minutes run from the moment itself.
Holidays and 调休 come from the kept library chinesecalendar, which knows a year once the State
Council has published it; a table can override it, and a year nobody knows yet counts weekdays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import chinese_calendar

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")
LAST_MOMENT = time(23, 59, 59)
LAW_ENDINGS = ("条例", "法", "办法", "规定")
"""How titles of laws and regulations end."""
NO_LAW_ENDINGS = ("做法", "方法")


class ClockName(StrEnum):
    """What a deadline is for."""

    REGISTER = "register"
    NOTICE = "notice"
    SIGN_FOR = "sign_for"
    OBJECT = "object"
    CONTACT = "contact"
    FEEDBACK = "feedback"
    HANDLE = "handle"
    EXTEND = "extend"
    REVIEW_ASK = "review_ask"
    REVIEW = "review"
    REREVIEW_ASK = "rereview_ask"
    REREVIEW = "rereview"
    RATING = "rating"
    REPORT_IN = "report_in"


class AmountUnit(StrEnum):
    """What the amount of a rule is counted in."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"


class RunsOn(StrEnum):
    """Whether a clock runs day and night, or rests when offices do.

    For ``days`` it says whether a last day that is a holiday moves to the next working day
    (民法典 art. 203).
    """

    ALWAYS = "always"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, kw_only=True)
class DeadlineRule:
    """One deadline: how long, from which text, and for what.

    Attributes:
        urgency: Urgencies it holds for; empty is all.
        regime: Legal regimes it holds for; empty is all.
        warn_at: Share of the time used when a warning is due, above 0 and up to 1.
        sentence: The rule in one Chinese sentence, without a full stop.
        retired: No clock starts by it any more; those that run are read by it to their end.
    """

    id: str
    clock: ClockName
    amount: int
    unit: AmountUnit
    calendar: RunsOn = RunsOn.ALWAYS
    warn_at: float = 0.75
    urgency: frozenset[str] = frozenset()
    regime: frozenset[str] = frozenset()
    source: str = ""
    article: str | None = None
    sentence: str = ""
    retired: bool = False

    @property
    def counts_working_days(self) -> bool:
        """Whether its time stands still on days of rest."""
        return self.unit is AmountUnit.WORKING_DAYS or (
            self.calendar is RunsOn.WORKING_DAYS and self.unit is not AmountUnit.DAYS
        )

    @property
    def is_law(self) -> bool:
        """Whether it stands in a law or a regulation, and not in a standard or in practice."""
        return self.source.endswith(LAW_ENDINGS) and not self.source.endswith(NO_LAW_ENDINGS)

    @property
    def pausable(self) -> bool:
        """Whether a suspended case stops it: what is counted in days, never a danger."""
        return self.unit in (AmountUnit.DAYS, AmountUnit.WORKING_DAYS)


def choose_rule(
    rules: Iterable[DeadlineRule], clock: ClockName, *, urgency: str, regime: str
) -> DeadlineRule | None:
    """Pick the rule of a clock with most conditions among those that all hold, or None."""
    fitting = [
        rule
        for rule in rules
        if rule.clock is clock
        and not rule.retired
        and (not rule.urgency or urgency in rule.urgency)
        and (not rule.regime or regime in rule.regime)
    ]
    return max(fitting, key=_conditions, default=None)


def rival_of(rule: DeadlineRule, rules: Iterable[DeadlineRule]) -> DeadlineRule | None:
    """Another rule that fits some of the same cases with as many conditions, or None.

    Between the two only their order would decide.
    """
    for other in rules:
        is_other = other.id != rule.id and other.clock is rule.clock and not other.retired
        if is_other and _meet(rule.urgency, other.urgency) and _meet(rule.regime, other.regime):
            return other
    return None


def _meet(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(ours & theirs) or not (ours or theirs)


def _conditions(rule: DeadlineRule) -> int:
    return bool(rule.urgency) + bool(rule.regime)


@dataclass(frozen=True, kw_only=True)
class WorkingCalendar:
    """Which days are worked.

    Attributes:
        overrides: Days whose nature was announced otherwise: True is worked.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on ``day``."""
        if day in self.overrides:
            return self.overrides[day]
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < 5

    def add_working_days(self, day: date, amount: int) -> date:
        """The ``amount``-th working day after ``day``; with 0 the next one that is worked."""
        left = amount
        while left > 0 or not self.is_working_day(day):
            day += timedelta(days=1)
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after ``start`` up to and with ``end``."""
        days = (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """Measure the part of ``start``–``end`` that lies on working days."""
        total, moment = timedelta(), start
        while moment < end:
            next_day = min(_midnight_after(moment), end)
            if self.is_working_day(local_day(moment)):
                total += next_day - moment
            moment = next_day
        return total

    def after_working_time(self, start: datetime, amount: timedelta) -> datetime:
        """The moment when ``amount`` of working-day time has passed since ``start``."""
        moment, left = start, amount
        while True:
            day_ends = _midnight_after(moment)
            if self.is_working_day(local_day(moment)):
                if left <= day_ends - moment:
                    return moment + left
                left -= day_ends - moment
            moment = day_ends


def local_day(moment: datetime) -> date:
    """The day in Asia/Shanghai."""
    return moment.astimezone(LOCAL_ZONE).date()


def end_of_day(day: date) -> datetime:
    """The last second of a day in Asia/Shanghai, in UTC."""
    return datetime.combine(day, LAST_MOMENT, LOCAL_ZONE).astimezone(UTC)


def _midnight_after(moment: datetime) -> datetime:
    tomorrow = local_day(moment) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), LOCAL_ZONE).astimezone(UTC)


def due_at(rule: DeadlineRule, start: datetime, calendar: WorkingCalendar) -> datetime:
    """Work out when ``rule`` ends if its clock starts at ``start`` (UTC)."""
    return later_by(rule, start, rule.amount, calendar)


def later_by(
    rule: DeadlineRule, moment: datetime, amount: int, calendar: WorkingCalendar
) -> datetime:
    """Move ``moment`` on by ``amount`` of the rule's own unit."""
    if rule.unit is AmountUnit.WORKING_DAYS:
        return end_of_day(calendar.add_working_days(local_day(moment), amount))
    if rule.unit is AmountUnit.DAYS:
        return end_of_day(_last_day(rule, local_day(moment) + timedelta(days=amount), calendar))
    span = _span(rule.unit, amount)
    if rule.counts_working_days:
        return calendar.after_working_time(moment, span)
    return moment + span


def _last_day(rule: DeadlineRule, day: date, calendar: WorkingCalendar) -> date:
    if rule.calendar is RunsOn.WORKING_DAYS:
        return calendar.add_working_days(day, 0)
    return day


def _span(unit: AmountUnit, amount: int) -> timedelta:
    return timedelta(minutes=amount) if unit is AmountUnit.MINUTES else timedelta(hours=amount)


def warning_at(
    rule: DeadlineRule, start: datetime, due: datetime, calendar: WorkingCalendar
) -> datetime:
    """The moment when the rule's share of the time is used up."""
    if rule.counts_working_days:
        used = calendar.working_time(start, due) * rule.warn_at
        return calendar.after_working_time(start, used)
    return start + (due - start) * rule.warn_at


def shift_for_pause(
    rule: DeadlineRule,
    due: datetime,
    *,
    paused_at: datetime,
    resumed_at: datetime,
    calendar: WorkingCalendar,
) -> datetime:
    """Give back the time of a pause, counted as the rule counts.

    Days count by calendar day: a pause within one day gives back nothing.
    """
    first, last = local_day(paused_at), local_day(resumed_at)
    if rule.unit is AmountUnit.WORKING_DAYS:
        return later_by(rule, due, calendar.working_days_between(first, last), calendar)
    if rule.unit is AmountUnit.DAYS:
        return later_by(rule, due, (last - first).days, calendar)
    return due + (resumed_at - paused_at)
