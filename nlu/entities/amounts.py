"""Sums of money, written with a unit or made clear by the words around them."""

import re
from collections.abc import Iterator

from nlu.entities.numerals import parse_amount
from nlu.understanding import Entity, EntityType

HAN = "[零一二两三四五六七八九十百千万]"
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}(?:\.\d{{1,2}})?|{HAN}{{1,8}})"
MORE = "[多几来余]"
PIECES = "地砖|瓷砖|砖|玻璃|石|木板|广告牌|牌子|空地|菜地|田"
"""What is counted with 块 too: «三十块地砖» is no sum."""

WITH_UNIT = re.compile(
    rf"(?<![\d.a-zA-Z])(?P<number>{NUMBER}{MORE}?[万千]?{MORE}?[0-9一二三四五六七八九]?千?)"
    rf"(?P<unit>块钱|元钱|块(?!{PIECES})|元|毛钱|毛|分钱|蚊)(?P<tail>[一二三四五六七八九半](?![个十百千万天年月人]))?"
)
MYRIADS = re.compile(
    rf"(?<![\d.a-zA-Z第])(?P<number>\d{{1,5}}(?:\.\d+)?[万](?:\d千?)?|{HAN}{{0,12}}[一二两三四五六七八九十百千]{MORE}?"
    r"[万千百](?:[一二三四五六七八九]千?)?)"
    r"(?!\d|[个人户名字次年天平亩斤吨米公里瓦步度起条件只台辆棵套件多几余位家号度分]|多[个人户名次年天平亩斤米公台辆平])"
)
IN_CONTEXT = re.compile(
    r"(?:工资|退休金|养老金|押金|罚款?|罚了|收|交了?|扣了?|要价?|涨到|降到|定金|房租|租金|月租|退了?|欠|补贴|补助|"
    r"低保|花了?|花费|付了?|赔了?|报销|费用?是?|价格?|只有|才|一个月|每个?月|给了?|从)"
    r"(?P<number>\d{2,6}(?:\.\d{1,2})?)"
    r"(?!\d|[.:点年月日号天个人户次栋楼单室平度米斤公分岁多几名位条件台级路万元块毛%-]|小时)"
)
ENGLISH = re.compile(
    r"(?:(?:RMB|¥|\$)\s?(?P<a>\d[\d,]{0,14}(?:\.\d+)?)|(?<![\d,])(?P<b>\d[\d,]{0,14})\s?(?:yuan|RMB))",
    re.I,
)
FACTORS = {"毛": 0.1, "毛钱": 0.1, "分钱": 0.01}


def find_amounts(text: str) -> Iterator[Entity]:
    """Sums in ``text``; the value is in yuan ("3600", "2.5"), None for «二十多万»."""
    for match in WITH_UNIT.finditer(text):
        yield _amount(match.start(), match.end(), match[0], _value_with_unit(match))
    for pattern in (MYRIADS, IN_CONTEXT):
        for match in pattern.finditer(text):
            start, end = match.span("number")
            yield _amount(start, end, match["number"], _yuan(match["number"]))
    for match in ENGLISH.finditer(text):
        value = (match["a"] or match["b"]).replace(",", "")
        yield _amount(match.start(), match.end(), match[0], _yuan(value))


def _value_with_unit(match: re.Match[str]) -> str | None:
    whole = parse_amount(match["number"].replace(",", ""))
    if whole is None:
        return None
    tail = match["tail"]
    part = 0.5 if tail == "半" else (parse_amount(tail) or 0) / 10 if tail else 0.0
    return _written((whole + part) * FACTORS.get(match["unit"], 1.0))


def _yuan(number: str) -> str | None:
    value = parse_amount(number)
    return None if value is None else _written(value)


def _written(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _amount(start: int, end: int, text: str, value: str | None) -> Entity:
    return Entity(type=EntityType.AMOUNT, text=text, start=start, end=end, value=value)
