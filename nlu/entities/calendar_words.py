"""Words for days, parts of the day and holidays, and what they mean in the calendar."""

from calendar import monthrange
from datetime import date, timedelta

DAY_WORDS = {
    "大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "昨": -1,
    "今天": 0, "今日": 0, "今儿": 0, "今": 0, "当天": 0,
    "明天": 1, "明日": 1, "明儿": 1, "明": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
"""Days from today. 昨, 今 and 明 count only before a part of the day («昨晚»)."""

MORNING, LATER = False, True
PARTS_OF_DAY = {
    "凌晨": MORNING, "清晨": MORNING, "清早": MORNING, "大清早": MORNING, "一大早": MORNING, "早上": MORNING, "早晨": MORNING,
    "早": MORNING, "上午": MORNING, "中午": LATER, "正午": LATER, "下午": LATER, "傍晚": LATER,
    "晚上": LATER, "晚间": LATER, "夜间": LATER, "晚": LATER, "深夜": LATER, "半夜": MORNING,
    "深更半夜": MORNING, "大半夜": MORNING, "后半夜": MORNING, "夜里": LATER, "午夜": MORNING,
    "每晚": LATER, "天没亮": MORNING,
}  # fmt: skip
"""Whether «八点» after the word is in the second half of the day."""

FIXED_HOLIDAYS = {"元旦": (1, 1, 1), "五一": (5, 1, 5), "劳动节": (5, 1, 5), "清明": (4, 4, 3)}
FIXED_HOLIDAYS |= {"国庆": (10, 1, 7), "十一": (10, 1, 7)}
"""Month, first day, days."""

LUNAR_HOLIDAYS = {
    "春节": {2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26)},
    "端午": {2024: (6, 10), 2025: (5, 31), 2026: (6, 19), 2027: (6, 9), 2028: (5, 28)},
    "中秋": {2024: (9, 17), 2025: (10, 6), 2026: (9, 25), 2027: (9, 15), 2028: (10, 3)},
}
"""First day by year, from the Purple Mountain Observatory's calendar."""

LUNAR_DAYS = {"春节": 8, "端午": 1, "中秋": 1}
MONTH_PARTS = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
MONTH_PARTS |= {"末": (21, 31), "底": (21, 31)}


def holiday_range(word: str, today: date) -> tuple[date, date] | None:
    """First and last day of the holiday nearest to ``today``; None where no year is known."""
    name = word.rstrip("节") if word not in ("春节", "劳动节") else word
    years = (today.year - 1, today.year, today.year + 1)
    ranges = [found for year in years if (found := _holiday_of(name, year))]
    return min(ranges, key=lambda days: abs(days[0] - today), default=None)


def _holiday_of(name: str, year: int) -> tuple[date, date] | None:
    if name in FIXED_HOLIDAYS:
        month, day, days = FIXED_HOLIDAYS[name]
    elif year in LUNAR_HOLIDAYS.get(name, {}):
        (month, day), days = LUNAR_HOLIDAYS[name][year], LUNAR_DAYS[name]
    else:
        return None
    first = date(year, month, day)
    return first, first + timedelta(days=days - 1)


def month_range(year: int, month: int, part: str | None = None) -> tuple[date, date]:
    """The days of a month, or of its beginning, middle or end."""
    last = monthrange(year, month)[1]
    first_day, last_day = MONTH_PARTS.get(part or "", (1, last))
    return date(year, month, first_day), date(year, month, min(last, last_day))


def shift_month(day: date, months: int) -> tuple[int, int]:
    """Year and month that lie ``months`` away from ``day``."""
    index = day.year * 12 + day.month - 1 + months
    return index // 12, index % 12 + 1
