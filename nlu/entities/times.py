"""Time expressions: the span as written, and the dates it means seen from a given day.

Neighbouring components make one span: «上周三» + «晚上» + «八点半». Durations («三天了») are
not times. Values are ISO 8601: a date, a date with a time, a range "start/end", or "T20:30".
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from nlu.entities.calendar_words import DAY_WORDS, PARTS_OF_DAY
from nlu.entities.time_values import Moment, add_component
from nlu.understanding import Entity, EntityType

HAN = "[一二三四五六七八九十]"
DAYS = "|".join(sorted((word for word in DAY_WORDS if len(word) > 1), key=len, reverse=True))
PARTS = "|".join(sorted((word for word in PARTS_OF_DAY if len(word) > 1), key=len, reverse=True))
HOLIDAYS = (
    "春节|元旦|清明节?|端午节?|中秋节?|国庆节?|五一|十一(?=假|期间|长假|那)|元宵节?|除夕|劳动节"
)
NOT_A_DATE = "楼栋幢院线路座桌窗口房机库井车厅门地块单元店铺床#"
WEEK = "周|星期|礼拜"
WHICH = "上上个?|上个?|下下个?|下个?|这个?|本|每个?"
THIRD = "初|底|末|中旬|上旬|下旬"

COMPONENT = re.compile(
    r"(?P<iso>(?<!\d)(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d))"
    rf"|(?P<dayword>{DAYS}|[昨今明](?=[早晚]))"
    rf"|(?P<week>(?:{WHICH})?(?:{WEEK})(?:(?P<weekday>[一二三四五六日天1-7])(?![个位次年期岁])|末))"
    rf"|(?P<bareweek>(?:上上个?|上个?|下个?|本)(?:{WEEK})(?![年边围]))"
    rf"|(?P<relmonth>(?:上上个?|上个?|下个?|这个|本|当)月)(?P<relpart>{THIRD})?"
    r"|(?P<year>(?<!\d)(?:19|20)\d{2}年|二[零〇][一二三四五六七八九零〇]{2}年|[去今明前]年|大前年)"
    r"(?P<yearpart>初|底|末|春天|夏天|秋天|冬天|上半年|下半年)?"
    rf"|(?<![\d.个])(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|腊|正)月(?![租薪费嫂子卡])份?"
    rf"(?P<monthpart>{THIRD})?"
    r"|(?P<slash>(?<![\d/])(?:1[0-2]|0?[1-9])/(?:[12]\d|3[01]|0?[1-9])(?![\d/]))"
    rf"|(?P<holiday>{HOLIDAYS})(?:期间|假期|长假|放假|当天|那天|前后|[前后])?"
    rf"|(?P<part>{PARTS}|(?<=[昨今明天])[早晚](?!点|餐|饭)|[早晚](?={HAN}点|\d{{1,2}}点))"
    rf"|(?<![\d.第差])(?P<hour>2[0-4]|1\d|0?\d|{HAN}{{1,3}}|两)(?:点钟?(?!\d?[个位名万块米倍])|[:](?=[0-5]\d))"
    rf"(?P<minute>半|[一三]刻|[0-5]\d分?|[二三四五]?十{HAN}?分?)?"
    r"|(?<![\d\-.A-Za-z路街巷道弄园苑里])(?P<day>(?:[12]\d|3[01]|[1-9])[号日]"
    rf"|(?:二?十{HAN}?|三十一?|{HAN})号)"
    rf"(?![{NOT_A_DATE}])"
    r"|(?P<vague>前几天|前两天|前些天|前阵子|前段时间|前几个月|月底|月初|月中|年底|年初|下半年|上半年|下学期|上学期|"
    r"[五六七八九]十年代)"
)
JOINT = re.compile(r"[的 ]|到|至|[-~—]|")
ENGLISH = re.compile(
    r"\b(?:yesterday|today|tomorrow|tonight|last (?:night|week|month|year)|this (?:morning|week|month)"
    r"|next (?:week|month)|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?"
    r"|\d{1,2}(?::\d\d)?\s?[ap]\.?m\b)",
    re.IGNORECASE,
)
ENGLISH_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1, "tonight": 0, "last night": -1}


def find_times(text: str, today: date) -> Iterator[Entity]:
    """Time expressions in ``text``; ``today`` is the day it was written on."""
    group: list[re.Match[str]] = []
    for match in COMPONENT.finditer(text):
        if group and not JOINT.fullmatch(text, group[-1].end(), match.start()):
            yield _chinese(text, group, today)
            group = []
        group.append(match)
    if group:
        yield _chinese(text, group, today)
    yield from _english(text, today)


def _chinese(text: str, group: list[re.Match[str]], today: date) -> Entity:
    moment = Moment()
    for match in group:
        moment = add_component(moment, match, today)
    return _entity(text, group[0].start(), group[-1].end(), moment.iso())


def _english(text: str, today: date) -> Iterator[Entity]:
    for match in ENGLISH.finditer(text):
        shift = ENGLISH_DAYS.get(match[0].lower())
        value = None if shift is None else (today + timedelta(days=shift)).isoformat()
        yield _entity(text, match.start(), match.end(), value)


def _entity(text: str, start: int, end: int, value: str | None) -> Entity:
    return Entity(type=EntityType.TIME, text=text[start:end], start=start, end=end, value=value)
