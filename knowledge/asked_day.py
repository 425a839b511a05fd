"""The day a question is about, where it names one in the past or to come.

«2019年的时候狗证多少钱» asks for the rule of 2019; «我2019年买的房子» tells a story and asks for
the rule of today.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from knowledge.numerals import read_numeral

DIGITS = r"[0-9〇零一二三四五六七八九]"
NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
NAMED = re.compile(
    rf"(?P<year>{DIGITS}{{4}})年度?(?:(?P<month>{NUMBER})月(?:份|(?P<day>{NUMBER})[日号])?)?"
)
SHORT = re.compile(r"(?<![\d第])(?P<year>[012]\d)年(?=的?时候|那会|那时|那阵)")
SPOKEN = re.compile(rf"(?P<word>大前年|前年|去年|上一?年|明年|后年)(?:(?P<month>{NUMBER})月份?)?")
YEARS_AWAY = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "上一年": -1, "明年": 1, "后年": 2}
TAIL = re.compile(
    r"(?:[底末初中]|年底|上半年|下半年|春天|夏天|秋天|冬天)?(?:的?(?:时候|那会儿?|那阵子?|当时)|那?时)?"
    r"[，,、的]?"
)
THEN = re.compile(r"的?时候|那会|那阵|那?时")
OF_RULE = re.compile(
    r"规定|标准|政策|办法|条例|费|价|钱|多少|几[元块天只条]|补贴|津贴|允许|要求|可以|能不能|可不可以|"
    r"要不要|用不用|[吗嘛]"
)
"""Words of a question about a rule; others tell what happened then."""
STORY = re.compile(
    r"(?:就|才|刚|已经?)?(?:买|生|出生|结婚|离婚|搬|入职|退休|毕业|装修?|租|盖|建|交|签|参加|来|住|开始|"
    r"到期|办的|领的|起(?:就|一直)|以来|至今|到现在)"
)
TELLER = re.compile(r"(?:我们?家?|他们?|她们?|俺|孩子|老人|房子|小区|是|从|自)$")
QUOTED = re.compile(r"[《〈][^》〉]*$")
OF_NOW = re.compile(r"现在|如今|目前|眼下|今天|还能|还有效|还算")
EARLIEST_YEAR = 1949
LATEST_AHEAD = 20
CENTURY, CENTURY_YEARS = 2000, 100


@dataclass(frozen=True, kw_only=True)
class AskedDay:
    """The day a question is about, and the question without it."""

    day: date
    rest: str


def read_asked_day(question: str, today: date) -> AskedDay | None:
    """The day that ``question`` asks about; None if it is about today.

    A year or a month that is over counts by its last day, one to come by its first, the
    running one by today.
    """
    found = NAMED.search(question) or SHORT.search(question) or SPOKEN.search(question)
    if found is None or not _asks_for_it(question, found):
        return None
    day = _day_of(found, today)
    if day is None or day == today:
        return None
    tail = TAIL.match(question, found.end())
    end = tail.end() if tail else found.end()
    rest = (question[: found.start()] + question[end:]).strip("，,、 ")
    return AskedDay(day=day, rest=rest or question)


def _asks_for_it(question: str, found: re.Match[str]) -> bool:
    """Whether the rule of that time is meant, and not a story that began then."""
    before, after = question[: found.start()], question[found.end() :]
    if OF_NOW.search(question) or QUOTED.search(before) or STORY.match(after):
        return False
    if THEN.search(after[:6]):
        return True
    exact = bool(found.groupdict().get("day"))
    return TELLER.search(before) is None and (exact or OF_RULE.search(after) is not None)


def _day_of(found: re.Match[str], today: date) -> date | None:
    parts = found.groupdict()
    year = _year(parts, today)
    if year is None or not EARLIEST_YEAR <= year <= today.year + LATEST_AHEAD:
        return None
    month = _number(parts.get("month"))
    day = _number(parts.get("day"))
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    except ValueError:
        return None
    return first if first > today else min(last, today)


def _year(parts: dict[str, str | None], today: date) -> int | None:
    if word := parts.get("word"):
        return today.year + YEARS_AWAY[word]
    year = read_numeral(parts["year"] or "")
    return year + CENTURY if year < CENTURY_YEARS else year


def _number(words: str | None) -> int | None:
    return read_numeral(words) if words else None
