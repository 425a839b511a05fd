"""Working days over holidays and 调休, and clocks as people read them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from petitions.clock_view import ClockReading, ClockRun, ClockWord, Extension, clock_state
from petitions.deadlines import (
    AmountUnit,
    ClockName,
    DeadlineRule,
    RunsOn,
    WorkingCalendar,
    choose_rule,
    due_at,
    rival_of,
    shift_for_pause,
    warning_at,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def rule(amount: int, unit: AmountUnit, **values: object) -> DeadlineRule:
    usual = {"id": "r", "clock": ClockName.SIGN_FOR, "amount": amount, "unit": unit}
    return DeadlineRule(**{**usual, **values})  # type: ignore[arg-type]


def working_days(amount: int) -> DeadlineRule:
    return rule(amount, AmountUnit.WORKING_DAYS, calendar=RunsOn.WORKING_DAYS)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        pytest.param("2026-03-02 09:00", 1, "2026-03-03", id="monday to tuesday"),
        pytest.param("2026-03-06 17:00", 1, "2026-03-09", id="friday to monday"),
        pytest.param("2026-03-07 10:00", 1, "2026-03-09", id="saturday counts from monday"),
        pytest.param("2026-09-30 16:00", 1, "2026-10-08", id="国庆 2026: 1 to 7 October off"),
        pytest.param("2026-09-30 16:00", 3, "2026-10-10", id="Saturday 10 October is worked"),
        pytest.param("2026-10-09 09:00", 1, "2026-10-10", id="调休 Saturday is a working day"),
        pytest.param("2026-02-13 09:00", 1, "2026-02-14", id="春节 2026: Saturday 14 is worked"),
        pytest.param("2026-02-14 09:00", 1, "2026-02-24", id="春节 2026: 15 to 23 off"),
        pytest.param("2025-09-30 09:00", 1, "2025-10-09", id="国庆 and 中秋 2025: 1 to 8 off"),
        pytest.param("2025-01-27 09:00", 1, "2025-02-05", id="春节 2025: 28 January to 4 February"),
    ],
)
def test_working_days_over_holidays(start: str, amount: int, due: str) -> None:
    assert due_at(working_days(amount), at(start), CALENDAR) == at(f"{due} 23:59:59")


def test_the_day_is_the_one_in_shanghai() -> None:
    late_sunday_utc = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)  # Monday 01:00 there
    assert due_at(working_days(1), late_sunday_utc, CALENDAR) == at("2026-03-03 23:59:59")


def test_danger_runs_day_and_night() -> None:
    danger = rule(15, AmountUnit.MINUTES)
    start = at("2026-10-01 23:55")
    assert due_at(danger, start, CALENDAR) == start + timedelta(minutes=15)


def test_hours_on_working_days_stand_still_at_the_weekend() -> None:
    hours = rule(24, AmountUnit.HOURS, calendar=RunsOn.WORKING_DAYS)
    assert due_at(hours, at("2026-03-06 18:00"), CALENDAR) == at("2026-03-09 18:00")


def test_days_end_with_the_last_day_also_on_a_holiday_unless_the_rule_says_otherwise() -> None:
    week = rule(7, AmountUnit.DAYS)
    legal = rule(7, AmountUnit.DAYS, calendar=RunsOn.WORKING_DAYS)
    start = at("2026-09-25 10:00")
    assert due_at(week, start, CALENDAR) == at("2026-10-02 23:59:59")
    assert due_at(legal, start, CALENDAR) == at("2026-10-08 23:59:59")


def test_the_table_overrides_the_published_calendar() -> None:
    calendar = WorkingCalendar(overrides={date(2026, 3, 3): False})
    assert due_at(working_days(1), at("2026-03-02 09:00"), calendar) == at("2026-03-04 23:59:59")


def test_a_year_that_nobody_knows_yet_counts_weekdays() -> None:
    assert CALENDAR.is_working_day(date(2031, 10, 1))
    assert not CALENDAR.is_working_day(date(2031, 10, 4))


def test_the_rule_with_most_conditions_wins() -> None:
    general = rule(24, AmountUnit.HOURS, id="general")
    urgent = rule(15, AmountUnit.MINUTES, id="urgent", urgency=frozenset({"emergency"}))
    both = rule(
        5,
        AmountUnit.MINUTES,
        id="both",
        urgency=frozenset({"emergency"}),
        regime=frozenset({"petition"}),
    )
    rules = (general, urgent, both)

    def chosen(urgency: str, regime: str) -> str | None:
        found = choose_rule(rules, ClockName.SIGN_FOR, urgency=urgency, regime=regime)
        return found.id if found else None

    assert chosen("ordinary", "service") == "general"
    assert chosen("emergency", "service") == "urgent"
    assert chosen("emergency", "petition") == "both"
    assert choose_rule(rules, ClockName.REVIEW, urgency="ordinary", regime="service") is None


def test_a_pause_gives_back_what_the_rule_counts() -> None:
    due = at("2026-03-10 23:59:59")
    pause = {"paused_at": at("2026-03-06 10:00"), "resumed_at": at("2026-03-09 10:00")}
    by_working_days = shift_for_pause(working_days(5), due, **pause, calendar=CALENDAR)
    by_days = shift_for_pause(rule(7, AmountUnit.DAYS), due, **pause, calendar=CALENDAR)
    assert by_working_days == at("2026-03-11 23:59:59")
    assert by_days == at("2026-03-13 23:59:59")


def test_the_warning_does_not_come_on_a_sunday() -> None:
    one_day = working_days(1)
    start = at("2026-03-06 17:00")
    warning = warning_at(one_day, start, due_at(one_day, start, CALENDAR), CALENDAR)
    assert warning.astimezone(SHANGHAI).date() == date(2026, 3, 9)


def left(amount: int, unit: AmountUnit) -> ClockReading:
    return ClockReading(word=ClockWord.LEFT, amount=amount, unit=unit)


def over(amount: int, unit: AmountUnit) -> ClockReading:
    return ClockReading(word=ClockWord.OVER, amount=amount, unit=unit)


@pytest.mark.parametrize(
    ("amount", "unit", "now", "reading", "overdue", "warn"),
    [
        (
            5,
            AmountUnit.WORKING_DAYS,
            "2026-03-03 10:00",
            left(4, AmountUnit.WORKING_DAYS),
            False,
            False,
        ),
        (
            5,
            AmountUnit.WORKING_DAYS,
            "2026-03-09 10:00",
            left(13, AmountUnit.HOURS),
            False,
            True,
        ),
        (
            1,
            AmountUnit.WORKING_DAYS,
            "2026-03-06 10:00",
            over(3, AmountUnit.WORKING_DAYS),
            True,
            True,
        ),
        (
            15,
            AmountUnit.MINUTES,
            "2026-03-02 09:12",
            left(3, AmountUnit.MINUTES),
            False,
            True,
        ),
        (
            2,
            AmountUnit.HOURS,
            "2026-03-02 13:30",
            over(2, AmountUnit.HOURS),
            True,
            True,
        ),
        (
            7,
            AmountUnit.DAYS,
            "2026-03-03 09:00",
            left(6, AmountUnit.DAYS),
            False,
            False,
        ),
    ],
)
def test_readings(
    amount: int,
    unit: AmountUnit,
    now: str,
    reading: ClockReading,
    overdue: bool,
    warn: bool,
) -> None:
    clock = rule(amount, unit)
    start = at("2026-03-02 09:00")
    run = ClockRun(started_at=start, due_at=due_at(clock, start, CALENDAR))
    state = clock_state(clock, run, at(now), CALENDAR)
    assert (state.reading, state.overdue, state.warn) == (reading, overdue, warn)


def test_a_stopped_clock_says_whether_it_was_in_time() -> None:
    clock = rule(2, AmountUnit.HOURS)
    start = at("2026-03-02 09:00")
    due = due_at(clock, start, CALENDAR)
    kept = ClockRun(started_at=start, due_at=due, stopped_at=at("2026-03-02 10:00"))
    missed = ClockRun(started_at=start, due_at=due, stopped_at=at("2026-03-02 12:00"))
    much_later = at("2026-05-01 09:00")
    assert clock_state(clock, kept, much_later, CALENDAR).reading.word is ClockWord.IN_TIME
    assert clock_state(clock, missed, much_later, CALENDAR).reading == ClockReading(
        word=ClockWord.LATE, amount=1, unit=AmountUnit.HOURS
    )


def test_the_facts_explain_it_all() -> None:
    clock = rule(
        60, AmountUnit.DAYS, source="信访工作条例", article="第三十四条", sentence="应当60日内办结"
    )
    run = ClockRun(
        started_at=at("2026-03-02 09:00"),
        due_at=at("2026-06-10 23:59"),
        pauses=[
            {
                "from": at("2026-03-05 09:00").isoformat(),
                "to": at("2026-03-07 09:00").isoformat(),
                "reason": "等待补充材料",
            }
        ],
        extensions=[{"at": "", "days": 30, "reason": "情况复杂"}],
    )
    facts = clock_state(clock, run, at("2026-03-10 09:00"), CALENDAR).facts
    assert (facts.rule, facts.started_at, facts.due_at) == (clock, run.started_at, run.due_at)
    (pause,) = facts.pauses
    assert (pause.reason, pause.days) == ("等待补充材料", 2)
    assert facts.extensions == (Extension(reason="情况复杂", days=30),)


@pytest.mark.parametrize(
    ("urgency", "regime", "is_rival"),
    [
        ({"utility"}, set(), True),
        ({"ordinary", "utility"}, set(), True),
        ({"ordinary"}, set(), False),
        ({"utility"}, {"service"}, False),
        (set(), {"service"}, False),
        (set(), set(), False),
    ],
)
def test_two_rules_are_rivals_when_only_their_order_would_decide(
    urgency: set[str], regime: set[str], is_rival: bool
) -> None:
    one = replace(rule(1, AmountUnit.DAYS), id="one", urgency=frozenset({"utility"}))
    other = replace(one, id="other", urgency=frozenset(urgency), regime=frozenset(regime))
    assert (rival_of(other, (one, other)) is one) is is_rival
    assert rival_of(other, (replace(one, retired=True), other)) is None


def test_a_retired_rule_is_not_chosen() -> None:
    one = rule(1, AmountUnit.DAYS)
    assert choose_rule([one], one.clock, urgency="ordinary", regime="service") is one
    gone = replace(one, retired=True)
    assert choose_rule([gone], one.clock, urgency="ordinary", regime="service") is None
