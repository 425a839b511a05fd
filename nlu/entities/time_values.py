"""From the components of a time expression to the dates it means."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from nlu.entities.calendar_words import (
    DAY_WORDS,
    PARTS_OF_DAY,
    holiday_range,
    month_range,
    shift_month,
)
from nlu.entities.numerals import parse_number

NOON = 12
WEEKDAYS = {character: index for index, character in enumerate("一二三四五六日")} | {"天": 6}
MINUTES = {"半": 30, "一刻": 15, "三刻": 45}
SHIFTS = {"上上": -2, "上": -1, "下": 1, "下下": 2}
YEAR_WORDS = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
YEAR_PARTS = {"初": (1, 2), "上半年": (1, 6), "春天": (3, 5), "夏天": (6, 8), "秋天": (9, 11)}
YEAR_PARTS |= {"下半年": (7, 12), "底": (12, 12), "末": (12, 12), "冬天": (12, 12)}


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What is known so far while the components of one expression are read in turn."""

    first: date | None = None
    last: date | None = None
    later: bool = False
    hour: int | None = None
    minute: int = 0

    def iso(self) -> str | None:
        """A date, a date with a time, a range, a bare time, or None."""
        clock = "" if self.hour is None else f"T{self.hour:02d}:{self.minute:02d}"
        if self.first is None:
            return clock or None
        if self.last in (None, self.first):
            return self.first.isoformat() + clock
        return f"{self.first.isoformat()}/{self.last}"


def add_component(moment: Moment, match: re.Match[str], today: date) -> Moment:
    """``moment`` narrowed by one more component; unchanged where the calendar has no such day."""
    for group, narrow in NARROWERS:
        if match[group]:
            try:
                return narrow(moment, match, today)
            except (ValueError, OverflowError):
                return moment
    return moment


def _days(moment: Moment, first: date, last: date | None = None) -> Moment:
    return replace(moment, first=first, last=last or first)


def _iso(moment: Moment, match: re.Match[str], _: date) -> Moment:
    return _days(moment, date(*(int(part) for part in re.split(r"[-/.]", match["iso"]))))


def _day_word(moment: Moment, match: re.Match[str], today: date) -> Moment:
    return _days(moment, today + timedelta(days=DAY_WORDS[match["dayword"]]))


def _weeks_away(words: str) -> int:
    return SHIFTS.get(re.split("个|周|星期|礼拜", words)[0], 0)


def _week(moment: Moment, match: re.Match[str], today: date) -> Moment:
    if match["week"].startswith("每"):
        return moment
    monday = today + timedelta(weeks=_weeks_away(match["week"]), days=-today.weekday())
    if not match["weekday"]:
        return _days(moment, monday + timedelta(days=5), monday + timedelta(days=6))
    index = WEEKDAYS.get(match["weekday"])
    return _days(
        moment, monday + timedelta(days=int(match["weekday"]) - 1 if index is None else index)
    )


def _bare_week(moment: Moment, match: re.Match[str], today: date) -> Moment:
    monday = today + timedelta(weeks=_weeks_away(match["bareweek"]), days=-today.weekday())
    return _days(moment, monday, monday + timedelta(days=6))


def _relative_month(moment: Moment, match: re.Match[str], today: date) -> Moment:
    away = SHIFTS.get(re.split("个|月", match["relmonth"])[0], 0)
    return _days(moment, *month_range(*shift_month(today, away), match["relpart"]))


def _year(moment: Moment, match: re.Match[str], today: date) -> Moment:
    words = match["year"]
    if words in YEAR_WORDS:
        year = today.year + YEAR_WORDS[words]
    else:
        year = parse_number(words.removesuffix("年")) or today.year
    first, last = YEAR_PARTS.get(match["yearpart"] or "", (1, 12))
    return _days(moment, month_range(year, first)[0], month_range(year, last)[1])


def _month(moment: Moment, match: re.Match[str], today: date) -> Moment:
    month = parse_number(match["month"])
    if month is None:
        return moment
    year = moment.first.year if moment.first else _latest_year(month, today)
    return _days(moment, *month_range(year, month, match["monthpart"]))


def _latest_year(month: int, today: date) -> int:
    # Residents tell what has happened: «11月» said in March is that of last year.
    return today.year if month <= today.month + 1 else today.year - 1


def _slash(moment: Moment, match: re.Match[str], today: date) -> Moment:
    month, day = (int(part) for part in match["slash"].split("/"))
    return _days(moment, date(_latest_year(month, today), month, day))


def _holiday(moment: Moment, match: re.Match[str], today: date) -> Moment:
    found = holiday_range(match["holiday"], moment.first or today)
    return _days(moment, *found) if found else moment


def _part(moment: Moment, match: re.Match[str], _: date) -> Moment:
    return replace(moment, later=PARTS_OF_DAY[match["part"]])


def _hour(moment: Moment, match: re.Match[str], _: date) -> Moment:
    hour = parse_number(match["hour"])
    if hour is None or moment.hour is not None:
        return moment
    if moment.later and hour < NOON:
        hour += NOON
    minute = match["minute"] or "0"
    return replace(moment, hour=hour % 24, minute=MINUTES.get(minute) or _minutes(minute))


def _minutes(words: str) -> int:
    return parse_number(words.removesuffix("分").removeprefix("零")) or 0


def _day(moment: Moment, match: re.Match[str], today: date) -> Moment:
    day = parse_number(match["day"][:-1])
    if day is None:
        return moment
    anchor = moment.first or today
    return _days(moment, anchor.replace(day=day))


Narrow = Callable[[Moment, re.Match[str], date], Moment]
NARROWERS: tuple[tuple[str, Narrow], ...] = (
    ("iso", _iso),
    ("dayword", _day_word),
    ("week", _week),
    ("bareweek", _bare_week),
    ("relmonth", _relative_month),
    ("year", _year),
    ("month", _month),
    ("slash", _slash),
    ("holiday", _holiday),
    ("part", _part),
    ("hour", _hour),
    ("day", _day),
)
