"""Names of places that no gazetteer lists, found by what they end in.

A suffix («家园», «路», «医院») ends a name; its beginning is looked for to the left, word by
word, up to a word that no name contains («我住在», «反映»). A suffix alone is no name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from nlu.entities.place_words import (
    GENERIC_CORES,
    RISKY_SUFFIXES,
    SUFFIXES,
    WORDS_WITH_SUFFIX,
)
from nlu.entities.tokens import NAME_FLAGS, Token, Tokens, is_common_word


class NameKind(StrEnum):
    """Which part of a PlaceParts a name fills."""

    ESTATE = "estate"
    ROAD = "road"
    LANDMARK = "landmark"
    REGION = "region"


@dataclass(frozen=True, kw_only=True)
class FoundName:
    """A name in the text; ``official`` is as written unless a gazetteer corrects it."""

    kind: NameKind
    start: int
    end: int
    official: str


HAN_NUMBER = "[一二三四五六七八九十]"
ADDRESS_AHEAD = rf"(?=[东南西北一二三四五]区|\d{{1,3}}号院|{HAN_NUMBER}期|\d期|\d{{1,3}}(?:号楼|栋|幢|座|#|-\d)|{HAN_NUMBER}{{1,3}}(?:号楼|栋|幢)|[东南西北]门)"
NAME_ENDS_HERE = r"(?=$|[,。.!?;、\s]|的|物业|业主|小区|门口|附近|旁边|这边|那边|对面|和|与|到|有|里面|电梯|地下|天台|渗|漏)"
SUFFIX = re.compile(
    "|".join(f"(?P<{kind}>{'|'.join(words.split())})" for kind, words in SUFFIXES.items())
    + rf"|(?P<risky>[{RISKY_SUFFIXES}])(?:(?P<ahead>{ADDRESS_AHEAD})|{NAME_ENDS_HERE})"
)
LONGEST_CORE = {NameKind.ESTATE: 6, NameKind.ROAD: 4, NameKind.LANDMARK: 8, NameKind.REGION: 3}
BEFORE_ADDRESS = re.compile(
    rf"(?<![\d\-#])(?:(?:[东南西北]区)?(?:\d{{1,3}}(?:号楼|栋|幢|座|#|-\d)|[A-Z]座)|(?:\d|{HAN_NUMBER})期(?!工程|间|末|中|待|房))"
)
NUMBERED = re.compile(
    rf"第{HAN_NUMBER}{{1,2}}(?:人民医院|医院|中学|小学|幼儿园)|[市县区]{HAN_NUMBER}(?:中|小|院)(?![学区心])"
    r"|(?:市|县|区)?(?:人民|妇幼保健|中心|中)医?院(?!长|的院长)"
)
"""Schools and hospitals that a number or their rank names."""
LONGEST_BARE_NAME = 5

RUN_TOGETHER = ("关于", "位于", "由于", "对于")
"""Where the dictionary took 于 for a surname."""

PROPER = ("ns", "nz", "nr", "nt", "ng", "j", "a", "zg")
NEVER = ("v", "l", "i", "z", "k", "g")


def find_names(text: str, tokens: Tokens) -> Iterator[FoundName]:
    """Names of places in ``text`` by their ends, from left to right."""
    for match in SUFFIX.finditer(text):
        kind = NameKind.ESTATE if match["risky"] else NameKind(str(match.lastgroup))
        start = _beginning(text, tokens, match, kind)
        if start is not None and not (match["risky"] and _is_doubtful(text, tokens, match, start)):
            yield _name(text, kind, start, match.end())
    for match in NUMBERED.finditer(text):
        yield _name(text, NameKind.LANDMARK, match.start(), match.end())
    yield from _bare_names(text, tokens)


def _name(text: str, kind: NameKind, start: int, end: int) -> FoundName:
    return FoundName(kind=kind, start=start, end=end, official=text[start:end])


def _bare_names(text: str, tokens: Tokens) -> Iterator[FoundName]:
    # «春江花月11栋»: whatever noun stands right before a building is the estate.
    for match in BEFORE_ADDRESS.finditer(text):
        end = match.start()
        start = _grow_left(tokens, end, max(0, end - LONGEST_BARE_NAME))
        name = text[start:end]
        if end - start >= 3 and name not in GENERIC_CORES and not name.endswith(GENERIC_ENDS):
            yield _name(text, NameKind.ESTATE, start, end)


GENERIC_ENDS = ("小区", "社区", "路", "街", "楼", "区", "号", "期", "公司")


def _beginning(text: str, tokens: Tokens, suffix: re.Match[str], kind: NameKind) -> int | None:
    if _goes_on(text, suffix):
        return None
    start = _grow_left(tokens, suffix.start(), max(0, suffix.start() - LONGEST_CORE[kind]))
    if text[start - 1 : start + 1] in RUN_TOGETHER:
        start += 1
    core, name = text[start : suffix.start()], text[start : suffix.end()]
    return None if _is_generic(core, name, kind) else start


def _goes_on(text: str, suffix: re.Match[str]) -> bool:
    # «路» of «路灯», «街» of «街坊»: the suffix belongs to the next word.
    return text[suffix.end() - 1 : suffix.end() + 1] in WORDS_WITH_SUFFIX


def _grow_left(tokens: Tokens, end: int, earliest: int) -> int:
    start = end
    index = tokens.at(end - 1) if end else -1
    if index >= 0 and tokens[index].end > end and not _is_one_name(tokens[index]):
        return end
    while index >= 0 and start > earliest:
        token = tokens[index]
        if token.start < earliest or not _belongs(token, tokens, index, end - start):
            break
        start = token.start
        index -= 1
    return start


def _is_one_name(word: Token) -> bool:
    # The suffix ends a word of the dictionary: «和平路» is a name, «绕路» and «菜市场» are not.
    return word.flag.startswith(NAME_FLAGS) or (word.text[-1] in "路街" and len(word.text) > 2)


def _belongs(token: Token, tokens: Tokens, index: int, grown: int) -> bool:
    if not token.text.isalnum() or not token.may_be_in_a_name:
        return False
    if token.flag.startswith(("m", "eng")):
        return not token.text.isdigit() and len(token.text) == 1
    if token.flag.startswith("v") and token.flag != "vn":
        return len(token.text) == 1 and _is_named_with_a_verb(tokens, index, grown)
    if token.text == "里":
        return index > 0 and tokens[index - 1].flag.startswith((*PROPER, "v"))
    return not token.flag.startswith(NEVER) or token.flag in ("vn", "zg")


def _is_named_with_a_verb(tokens: Tokens, index: int, grown: int) -> bool:
    # «望岳小区» begins with a verb, «槐安路» ends its core with one.
    if grown:
        return grown == 1
    before = tokens[index - 1] if index else None
    return before is not None and len(before.text) == 1 and before.flag.startswith(("n", "j"))


def _is_generic(core: str, name: str, kind: NameKind) -> bool:
    if not core or core in GENERIC_CORES or core.isdigit():
        return True
    if kind is NameKind.REGION:
        return len(core) == 1 or (is_common_word(core) and name[-1] not in "镇村道区")
    return len(name) <= 3 and is_common_word(name) and kind is not NameKind.ROAD


def _is_doubtful(text: str, tokens: Tokens, suffix: re.Match[str], start: int) -> bool:
    # «小区里», «进城», «政府»: without an address behind it the name must be a proper one.
    core, name = text[start : suffix.start()], text[start : suffix.end()]
    if len(core) < 2 or is_common_word(name):
        return True
    return suffix["ahead"] is None and not tokens[tokens.at(start)].flag.startswith(PROPER)
