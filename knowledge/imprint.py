"""What a text says about itself: title, number, issuer, dates, and what it repeals.

A front matter block in YAML is believed first; what it leaves open is read from the words, as
statutes and official notices write them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

import yaml

from knowledge.errors import UnreadableFile

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
PREAMBLE_END = re.compile(r"^<!-- INFO END -->[ \t]*\n?", re.MULTILINE)
TITLE_LINE = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)
DAY = r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
DAY_IN_NAME = re.compile(r"[(（](\d{4})-(\d{2})-(\d{2})[)）]")
ADOPTED = re.compile(rf"{DAY}\s*(.*?(?:通过|批准|发布|公布|修正|修订|修改|印发))")
IN_FORCE = re.compile(rf"{DAY}\s*起?(?:施行|实施|执行)")
COMMENCES = re.compile(rf"本.{{1,12}}?自\s*{DAY}\s*起(?:施行|实施|执行|生效)")
AT_ONCE = re.compile(r"自(?:公布|发布|通过|印发)之日起(?:施行|实施|执行|生效)")
LAPSES = re.compile(rf"(?:有效期至|有效期限至|至)\s*{DAY}\s*(?:止|废止|失效|[。，])")
NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,12}[〔\[［]\d{4}[〕\]］]\s*第?\d+\s*号|\S{2,12}令\s*第\s*\d+\s*号"
)
TITLES = r"(?:《[^》]+》(?:[（(][^）)]*[）)])?[、和及与]?(?:[^《》。；\n]{0,60}的(?=《))?)+"
REPEALED = re.compile(
    rf"({TITLES})，?(?:自本.{{1,6}}(?:施行|实施|公布)之日起)?(?:同时|即行|予以|一并)?(?:废止|停止执行|失效)"
)
AMENDING = re.compile(r"^关于修改|修正案$")
REPEALS = re.compile(r"(?:^|[、，。：])\s*废止(《[^》]+》)", re.MULTILINE)
QUOTED_TITLE = re.compile(r"《([^》]+)》")
ISSUER_NOISE = re.compile(r"第[一二三四五六七八九十百]+届|第.{1,6}次.*$|《.*$")
ISSUER = re.compile(r"(.{2,40}(?:委员会|代表大会|国务院|政府|办公厅|中央|部|局))(?=.{0,8}$)")
PLACE = re.compile(r"[\u4e00-\u9fff]{2,7}?(?:省|自治区|特别行政区|市|自治州|街道|社区|镇|乡|区|县)")
NATIONAL = ("中华人民共和国", "国务院", "全国人民代表大会", "中共中央")
KINDS = "条例|办法|规定|细则|规则|指南|通知|公约|决定|法|制度|方案|须知"
TOPIC_NOISE = re.compile(r"管理|若干|暂行|办事|办理|服务|处理|申请|使用|工作|的|[（(].*[）)]|试行")
TOPIC_START = re.compile(
    rf"(?:关于)?(?:\d{{4}}年度?)?(?:{PLACE.pattern})?(?:关于)?(?:实施|《|〈|中华人民共和国)*"
)
LONGEST_TITLE = 80


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """The facts about one version. What neither the front matter nor the text tells is None.

    ``commencement`` is the day the text names for itself. ``effective_from`` is the first day
    of this wording: the day of the last amendment, where that is later.
    """

    title: str
    number: str | None
    issuer: str | None
    kind: str | None
    scope: str | None
    topics: tuple[str, ...]
    commencement: date | None
    effective_from: date | None
    effective_to: date | None
    supersedes: tuple[str, ...]


def read_imprint(
    source: str, text: str, details: Mapping[str, Any] | None = None
) -> tuple[Imprint, int]:
    """The imprint of the text of file ``source``, and where its text proper begins.

    Args:
        source: file name.
        text: with front matter, if it has any.
        details: what the file tells beside its words; front matter is believed before it.

    Raises:
        UnreadableFile: the front matter is there but is not YAML, or a date in it is wrong.
    """
    facts, start = _take_front_matter(source, text)
    facts = {**(details or {}), **facts}
    if end := PREAMBLE_END.search(text, start):
        preamble, start = text[start : end.start()], end.end()
    else:
        preamble = ""
    title = str(facts.get("title") or _find_title(source, preamble, text[start:]))
    read = _read_words(source, title, preamble, text[start:])
    return _believe(source, facts, read), start


def topic_of(title: str) -> str:
    """The matter a title is about: «上海市养犬管理条例» → «养犬», for a choice of topics."""
    words = TOPIC_START.sub("", title, count=1)
    words = re.sub(rf"(?:法?[》〉])?(?:若干|实施|暂行)*(?:{KINDS})$", "", words)
    return TOPIC_NOISE.sub("", words).strip("和及与《》〈〉 ") or title


def _take_front_matter(source: str, text: str) -> tuple[dict[str, Any], int]:
    """What the front matter states, and where it ends."""
    found = FRONT_MATTER.match(text)
    if found is None:
        return {}, 0
    try:
        facts = yaml.safe_load(found[1])
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableFile(source, "文件开头的说明部分（---）不是有效的 YAML") from error
    return (facts if isinstance(facts, dict) else {}), found.end()


def _find_title(source: str, preamble: str, body: str) -> str:
    if titles := TITLE_LINE.findall(preamble):
        return "·".join(titles)
    if first := TITLE_LINE.search(body):
        return first[1]
    opening = next((line.strip() for line in body.splitlines() if line.strip()), "")
    if opening and len(opening) <= LONGEST_TITLE and opening[-1] not in "。；，：？！":
        return opening.lstrip("# ")
    return DAY_IN_NAME.sub("", PurePath(source).stem).strip()


def _read_words(source: str, title: str, preamble: str, body: str) -> Imprint:
    """The imprint as the words give it, with the front matter left aside."""
    adopted = [(_day(found.groups()[:3]), found[4]) for found in ADOPTED.finditer(preamble)]
    days = [day for day, _ in adopted] + [_day(d) for d in DAY_IN_NAME.findall(source)]
    revised = max((day for day in days if day), default=None)
    commencement = _commencement(preamble, body, adopted)
    number = NUMBER.search(preamble or body[:200])
    return Imprint(
        title=title,
        number=re.sub(r"\s", "", number[0]) if number else None,
        issuer=_issuer([words for _, words in adopted]),
        kind=(found[0] if (found := re.search(rf"(?:{KINDS})$", title)) else None),
        scope=_scope(title, preamble),
        topics=(),
        commencement=commencement,
        effective_from=max((d for d in (commencement, revised) if d), default=None),
        effective_to=_last_day(body),
        supersedes=_repealed_titles(body),
    )


def _commencement(preamble: str, body: str, adopted: list[tuple[date | None, str]]) -> date | None:
    if found := list(COMMENCES.finditer(body)):
        return _day(found[-1].groups())
    if stated := IN_FORCE.search(preamble):
        return _day(stated.groups())
    if not adopted or not AT_ONCE.search(body):
        return None
    announced = (day for day, words in adopted if words.endswith(("公布", "发布", "印发")))
    return next(announced, adopted[0][0])


def _last_day(body: str) -> date | None:
    """The last day that the closing words name for the text itself."""
    sentence = next((s for s in re.split(r"(?<=。)", body) if COMMENCES.search(s)), "")
    found = LAPSES.search(sentence[sentence.find("起") :])
    return _day(found.groups()) if found else None


def _repealed_titles(body: str) -> tuple[str, ...]:
    """The titles that the text puts out of force.

    «根据《关于修改…的决定》修正的《…规定》同时废止» repeals the second only.
    """
    named = [titles for titles in REPEALED.findall(body)] + REPEALS.findall(body)
    titles = dict.fromkeys(title for one in named for title in QUOTED_TITLE.findall(one))
    return tuple(title for title in titles if not AMENDING.search(title))


def _issuer(adoptions: list[str]) -> str | None:
    for words in adoptions:
        body = ISSUER_NOISE.sub("", re.sub(r"(?:审议)?(?:通过|批准|发布|公布|印发)$", "", words))
        if found := ISSUER.match(body.strip()):
            return found[1]
    return None


def _scope(title: str, preamble: str) -> str | None:
    if title.startswith(NATIONAL) or any(name in preamble for name in NATIONAL):
        place = PLACE.match(title)
        return place[0] if place else "全国"
    # «关于市人民政府…» names an office and no place.
    place = PLACE.match(title) if not title.startswith("关于") else None
    return place[0] if place else None


def _believe(source: str, facts: Mapping[str, Any], read: Imprint) -> Imprint:
    """``read`` with everything that the front matter states in its place."""
    stated_from = _stated_day(source, facts, "effective_from")
    return Imprint(
        title=read.title,
        number=_stated(facts, "number", read.number),
        issuer=_stated(facts, "issuer", read.issuer),
        kind=_stated(facts, "kind", read.kind),
        scope=_stated(facts, "scope", read.scope),
        topics=_stated_list(facts.get("topics")),
        commencement=stated_from or read.commencement,
        effective_from=stated_from or read.effective_from,
        effective_to=(
            _stated_day(source, facts, "effective_to")
            if "effective_to" in facts
            else read.effective_to
        ),
        supersedes=tuple(dict.fromkeys(_stated_list(facts.get("supersedes")) + read.supersedes)),
    )


def _stated(facts: Mapping[str, Any], name: str, otherwise: str | None) -> str | None:
    value = facts.get(name)
    return str(value) if value is not None else otherwise


def _stated_list(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _stated_day(source: str, facts: Mapping[str, Any], name: str) -> date | None:
    value = facts.get(name)
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise UnreadableFile(source, f"{name} 不是日期：{value}") from error


def _day(parts: tuple[str | Any, ...]) -> date | None:
    try:
        year, month, day = map(int, parts)
        return date(year, month, day)
    except ValueError:
        # A misprinted day ("2月30日") is as good as none.
        return None
