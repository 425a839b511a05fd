"""Reads the names of places and bodies out of what residents write, without any gazetteer. Pure.

A name ends in what such names end in (小区, 公园, 学校, 路 …) and begins after an administrative
unit or after the words that lead up to it (投诉, 我是, 附近 …). What is found is good enough to
tell «the same estate» from «another estate»; where the organisation knows the place, that is
used instead.
"""

import re
from collections.abc import Iterable

NAME_CHARACTERS = 8
SHORTEST_NAME = 2
READ_OF_BODY = 200
"""Where it is stands in the first sentences; later ones name laws, offices and other estates."""

ADMINISTRATIVE = r"[A-Z]\d*(?:市|区|县)|[^\W\d_]{2}省|[^\W\d_]{2,3}(?:街道|镇|乡)"
_LEADING = (
    "再次|紧急|实名|强烈|恳请|请求|请问|请|希望|建议|关于|反映|反应|举报|投诉|咨询|询问|质疑|关注|解决|反对|坚决|"
    "对于|针对|位于|座落在?|坐落在?|居住在|住在|家住|我是|我们是|本人是|我们|我|本人|一名|一个|这个|住户|业主|居民|"
    "附近|旁边|周边|关闭|取缔|说说|严查|查处|要求|要|对|向|在|于|是|的|和|与|及|从|到|由|至|让|给|把|被|为|就|了|"
    "有|说|问|到底|为何|为什么|怎么|何时|能否|可否|能"
)
_BOUNDARY = re.compile(rf"[^\w]+|_|{ADMINISTRATIVE}|{_LEADING}")
_ENDING = re.compile(
    "小区|社区|居民区|公寓|花园|花苑|家园|[佳嘉名雅华新]苑|华府|新城|新村|之城|国际城|广场|大厦|商城|市场|公园|"
    "幼儿园|小学|中学|学校|学院|医院|路|大道|苑|园|府|湾|郡|轩|邸|城|(?:汇|派)(?=小区|社区|\\d|$)"
)
_PLAIN_ENDING = re.compile("(?:小区|社区|居民区)$")
_COMMON_ENDING = re.compile(
    "(?:小区|社区|公寓|花园|花苑|家园|[佳嘉名雅华新]苑|华府|新城|新村|之城|国际城|广场|大厦|商城|市场|公园|"
    "幼儿园|小学|中学|学校|学院|医院)+$"
)
_ROAD = re.compile("(?:路|大道)$")
# Words that end like a name and are none: the government, a railway line, «this road».
_NO_NAME = re.compile(
    "政府$|公司$|^.{0,2}路$|号线|高铁|线路$|道路$|马路$|"
    "^(?:本|该|整|全|各|某|此|其|他|老|多|几|两|三|一|个|每|道|公|铁|高|学|医|城|市|区|新|物业|相关|有限|开发|幼儿|"
    "地产|置业|房地产)*(?:小区|社区|路|公司|学校|医院|市场|道路|城|园|院|府|派)?$"
)
_ANCHORED = re.compile(rf"(?:{ADMINISTRATIVE}|街道|镇)+([一-龥A-Za-z0-9]{{3,6}})")


def names_in(text: str) -> tuple[str, ...]:
    """The names in ``text`` in their order, without the plain ending 小区 or 社区."""
    return tuple(
        name for part in _BOUNDARY.split(text) if part for name in _names_of_part(part) if name
    )


def _names_of_part(part: str) -> Iterable[str]:
    start = 0
    for ending in _ENDING.finditer(part):
        if _ENDING.match(part, ending.end()):
            continue  # «国际城小区»: the name goes on
        name = part[max(start, ending.end() - NAME_CHARACTERS) : ending.end()]
        core = _PLAIN_ENDING.sub("", name)
        if len(core) >= SHORTEST_NAME and not _NO_NAME.search(core):
            yield core
        start = ending.end()


def is_road(name: str) -> bool:
    """Tell whether a name is a road's: many estates lie on one."""
    return bool(_ROAD.search(name))


def estates_of(title: str, body: str) -> tuple[str, ...]:
    """The places a message is about, roads left out: those of its title, else two of its body."""
    in_title = tuple(name for name in names_in(title) if not is_road(name))
    return in_title or tuple(n for n in names_in(body[:READ_OF_BODY]) if not is_road(n))[:2]


def words_after_units(title: str) -> tuple[str, ...]:
    """What follows an administrative unit in a title: most often the beginning of a name."""
    return tuple(match[1] for match in _ANCHORED.finditer(title))


def alike(one: str, other: str) -> bool:
    """Tell whether two names may mean one place: they share a good third of their pairs.

    What many names end in (花园, 国际城 …) is left out: it makes no two of them alike.
    """
    first, second = _pairs(_distinctive(one)), _pairs(_distinctive(other))
    return 3 * len(first & second) >= min(len(first), len(second)) > 0


def _distinctive(name: str) -> str:
    core = _COMMON_ENDING.sub("", name)
    return core if len(core) >= SHORTEST_NAME else name


def mentions(text: str, name: str) -> bool:
    """Tell whether ``text`` says ``name``, or nearly: two thirds of its pairs stand there."""
    pairs = _pairs(_distinctive(name))
    return name in text or 3 * sum(pair in text for pair in pairs) >= 2 * len(pairs) > 2


def _pairs(name: str) -> set[str]:
    return {name[start : start + 2] for start in range(len(name) - 1)}
