"""Numbers that Word counts by itself: «第三条» often stands in no paragraph, only in a list."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from docx.oxml.ns import qn

from knowledge.numerals import write_numeral
from knowledge.readers.word_xml import Element, child, value, whole

DEEPEST_LEVEL = 8
FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
PLAIN_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"))
ROMAN_BELOW = ((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
COUNTED = re.compile(r"%([1-9])")
BULLET = "- "


@dataclass(frozen=True, kw_only=True)
class _Level:
    """How one level of a list counts: ``pattern`` is «第%1条»; ``legal`` has digits alone."""

    start: int
    format: str
    pattern: str
    legal: bool


@dataclass(frozen=True, kw_only=True)
class _List:
    """One use of a definition; ``restarts`` tells at which number a level begins anew."""

    definition: str
    restarts: Mapping[int, int]


class Numbering:
    """Counts the numbered paragraphs of one document, in their order."""

    def __init__(self, root: Element | None) -> None:
        """``root`` is the numbering part of the document, if it has one."""
        elements = [] if root is None else list(root)
        self._definitions = _definitions(elements)
        self._lists = _lists(elements)
        self._counts: dict[str, dict[int, int]] = {}
        self._restarted: set[tuple[str, int]] = set()

    def label(self, list_id: str, level: int) -> str:
        """The number of the next paragraph of a list, with the space that follows; "" if none."""
        used = self._lists.get(list_id)
        levels = self._definitions.get(used.definition, {}) if used else {}
        if used is None or level not in levels:
            return ""
        self._count(list_id, used, level, levels)
        return _spaced(self._written(used.definition, level, levels))

    def _count(self, list_id: str, used: _List, level: int, levels: Mapping[int, _Level]) -> None:
        counts = self._counts.setdefault(used.definition, {})
        if level in used.restarts and (list_id, level) not in self._restarted:
            self._restarted.add((list_id, level))
            counts[level] = used.restarts[level]
        else:
            counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in range(level + 1, DEEPEST_LEVEL + 1):
            counts.pop(deeper, None)

    def _written(self, definition: str, level: int, levels: Mapping[int, _Level]) -> str:
        counts = self._counts[definition]
        if levels[level].format == "bullet":
            return BULLET

        def number(found: re.Match[str]) -> str:
            above = int(found[1]) - 1
            if above not in levels:
                return ""
            format_name = "decimal" if levels[level].legal else levels[above].format
            return _number(counts.get(above, levels[above].start), format_name)

        return COUNTED.sub(number, levels[level].pattern)


def _definitions(elements: list[Element]) -> dict[str, dict[int, _Level]]:
    """The levels of each definition; one may only name the style that another is kept under."""
    found: dict[str, dict[int, _Level]] = {}
    links: dict[str, str] = {}
    styles: dict[str, str] = {}
    for element in elements:
        if element.tag != qn("w:abstractNum"):
            continue
        name = element.get(qn("w:abstractNumId")) or ""
        found[name] = dict(_levels(element))
        if style := value(element, "w:styleLink"):
            styles[style] = name
        if link := value(element, "w:numStyleLink"):
            links[name] = link
    return found | {name: found.get(styles.get(link, ""), {}) for name, link in links.items()}


def _levels(definition: Element) -> Iterator[tuple[int, _Level]]:
    for level in definition.findall(qn("w:lvl")):
        yield (
            whole(level.get(qn("w:ilvl"))),
            _Level(
                start=whole(value(level, "w:start"), 1),
                format=value(level, "w:numFmt") or "decimal",
                pattern=value(level, "w:lvlText") or "",
                legal=child(level, "w:isLgl") is not None,
            ),
        )


def _lists(elements: list[Element]) -> dict[str, _List]:
    return {
        element.get(qn("w:numId")) or "": _List(
            definition=value(element, "w:abstractNumId") or "",
            restarts=dict(_restarts(element)),
        )
        for element in elements
        if element.tag == qn("w:num")
    }


def _restarts(element: Element) -> Iterator[tuple[int, int]]:
    for override in element.findall(qn("w:lvlOverride")):
        if child(override, "w:startOverride") is not None:
            level = whole(override.get(qn("w:ilvl")))
            yield level, whole(value(override, "w:startOverride"), 1)


def _spaced(label: str) -> str:
    """The label as it is typed: «一、» and «（一）» are followed by the words at once."""
    if not label or label == BULLET or label.endswith(("、", "）", ")", " ", "　")):
        return label
    return f"{label} "


def _number(number: int, format_name: str) -> str:
    write = FORMATS.get(format_name, str)
    return write(number) if 0 < number < 10_000 else str(number)


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    written = ""
    for unit, signs in ROMAN + ROMAN_BELOW:
        count, number = divmod(number, unit)
        written += signs * count
    return written


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if number <= 20 else f"({number})"


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if number <= len(signs) else str(number)


FORMATS: Mapping[str, Callable[[int], str]] = {
    "none": lambda number: "",
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: str(number).translate(WIDE_DIGITS),
    "decimalFullWidth2": lambda number: str(number).translate(WIDE_DIGITS),
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "japaneseCounting",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
        ),
        write_numeral,
    ),
    "chineseLegalSimplified": lambda number: write_numeral(number).translate(FORMAL),
    "ideographLegalTraditional": lambda number: write_numeral(number).translate(FORMAL),
    "ideographDigital": lambda number: str(number).translate(PLAIN_DIGITS),
    "japaneseDigitalTenThousand": lambda number: str(number).translate(PLAIN_DIGITS),
    "taiwaneseDigital": lambda number: str(number).translate(PLAIN_DIGITS),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "ideographTraditional": _one_of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _one_of("子丑寅卯辰巳午未申酉戌亥"),
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}
"""Number formats by their names in ECMA-376, part 1, 17.18.59; any other counts in digits."""
