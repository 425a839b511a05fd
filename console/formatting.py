"""Values as people read them: local times, shares, names. Pure."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

from console.language import Words, translate
from console.wording.cases import CLOCK_AMOUNT, CLOCK_LABEL
from petitions.clock_view import ClockReading
from petitions.deadlines import LOCAL_ZONE

TABLE_RULE = re.compile(r"\|[\s:|-]+\|")
"""The line below a table's heads in Markdown."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""For languages that write the month as a word."""


def local_time(moment: datetime | None) -> str:
    """«11月22日 09:05», with the year when it is another one than now."""
    if moment is None:
        return ""
    local = moment.astimezone(LOCAL_ZONE)
    this_year = local.year == datetime.now(LOCAL_ZONE).year
    day = _day_of_year(local) if this_year else local_day(moment)
    return f"{day} {local:%H:%M}"


def _day_of_year(day: datetime) -> str:
    return translate("{month}月{day}日").format(
        month=day.month, day=day.day, month_name=MONTHS[day.month - 1]
    )


def local_day(moment: datetime | None) -> str:
    """«2026年11月22日»."""
    if moment is None:
        return ""
    local = moment.astimezone(LOCAL_ZONE)
    return translate("{year}年{month}月{day}日").format(
        year=local.year, month=local.month, day=local.day, month_name=MONTHS[local.month - 1]
    )


def machine_time(moment: datetime | None) -> str:
    """For the ``datetime`` attribute."""
    return moment.astimezone(LOCAL_ZONE).isoformat(timespec="seconds") if moment else ""


def duration(span: timedelta) -> str:
    """«3 天», «5 小时», «12 分钟»."""
    minutes = int(span.total_seconds() // 60)
    if minutes >= 48 * 60:
        return translate("{days} 天").format(days=minutes // (24 * 60))
    if minutes >= 60:
        return translate("{hours} 小时").format(hours=minutes // 60)
    return translate("{minutes} 分钟").format(minutes=max(minutes, 1))


def excerpt(words: str, length: int) -> str:
    """The beginning of a passage on one line; of a table only what stands in its cells."""
    lines = (line.strip() for line in words.splitlines())
    plain = " ".join(_cells(line) for line in lines if line and not TABLE_RULE.fullmatch(line))
    return plain if len(plain) <= length else plain[:length].rstrip() + "……"


def _cells(line: str) -> str:
    if not line.startswith("|"):
        return line
    return " · ".join(cell.strip() for cell in line.strip("|").split("|")) + translate("；")


def counted(table: Words, unit: str, n: int) -> str:
    """«3 天» by a table of units; some languages have a word of their own for one of them."""
    one = f"one_{unit}"
    return table[one if n == 1 and one in table else unit].format(n=n)


def clock_label(reading: ClockReading) -> str:
    """«剩 3 个工作日», «已超 2 小时»."""
    amount = counted(CLOCK_AMOUNT, reading.unit.value, reading.amount)
    return CLOCK_LABEL[reading.word.value].format(amount=amount)


def percent(share: float | None) -> str:
    """«87.5%», or a dash where there is nothing to share."""
    return "—" if share is None else f"{share * 100:.1f}%"


def file_size(size_bytes: int | None) -> str:
    """«120 KB», «3.4 MB»."""
    if size_bytes is None:
        return ""
    if size_bytes < 1024 * 1024:
        return f"{max(1, size_bytes // 1024)} KB"
    return f"{size_bytes / (1024 * 1024):.1f} MB"


def query_string(words: dict[str, str | None]) -> str:
    """«?state=handling&page=2» from what is set, or nothing."""
    chosen = {name: value for name, value in words.items() if value}
    return f"?{urlencode(chosen)}" if chosen else ""
