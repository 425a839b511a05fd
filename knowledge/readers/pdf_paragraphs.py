"""Paragraphs out of the lines of PDF pages: what the layout broke is put together again."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.readers.markdown import IDEOGRAPH
from knowledge.readers.pdf_columns import INDENT, Margins, columns_of
from knowledge.readers.pdf_content import PageContent
from knowledge.readers.pdf_lines import Line

HEADING_SIZE = 1.15
"""How many times as high as the text a line must be to be a heading."""
LONGEST_HEADING = 60
SAME_SIZE = 0.12
"""Part of the height by which the lines of one paragraph may differ."""
INDENTED_SHARE = 0.08
PARAGRAPH_GAP = 1.25
"""Times the usual distance of lines that separates paragraphs."""
ROOM = 1.0
"""Ems that a line may end before the margin although the next word did not fit."""
DEEPEST_HEADING = 4
NUMERAL = r"[一二三四五六七八九十百千零〇○\d]"
OPENS = re.compile(
    rf"第\s*{NUMERAL}+\s*[编章节条步]|{NUMERAL}+[、．]|\d{{1,3}}[.](?!\d)|[（(]{NUMERAL}+[）)]"
    r"|[①-⑳•●■◆○▪·\-—]\s?|附\s*[件则]|[问答]\s*[：:]|[QA]\s*[：:]|注\s*[：:]|[Ll]\s"
)
"""What stands at the start of an article, a paragraph that is counted, a question."""
LABEL = re.compile(rf"第\s*{NUMERAL}+\s*条|{NUMERAL}+[、．.]|[（(]{NUMERAL}+[）)]|[•●■◆]")
ENDS = tuple("。；：！？.;:!?…”）》")
SENTENCE_ENDS = tuple("。！？!?")
WORD = re.compile(rf"[{IDEOGRAPH}][，。、；：！？）》”]*|[^\s{IDEOGRAPH}]+[，。、；：！？）》”]*")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What the lines of a file have in common."""

    body_size: float
    indented: bool
    heading_sizes: tuple[float, ...]
    margins: tuple[Margins, ...]
    """The margins of each line, in their order."""

    def heading_level(self, line: Line) -> int | None:
        """The level of a heading told by the height of its letters; None for text."""
        if line.columns or len(line.text) > LONGEST_HEADING:
            return None
        size = round(line.size, 0)
        if line.size < self.body_size * HEADING_SIZE or size not in self.heading_sizes:
            return None
        return min(self.heading_sizes.index(size) + 1, DEEPEST_HEADING)


def layout_of(lines: Sequence[Line], pages: Sequence[PageContent]) -> Layout:
    """Measure the lines of a file, headers and footers taken out."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    columns = columns_of(lines, pages, body)
    margins = [column.margins for column in columns for _ in range(column.lines)]
    return Layout(
        body_size=body,
        indented=_is_indented(lines, margins),
        heading_sizes=_heading_sizes(lines, body),
        margins=tuple(margins),
    )


def goes_on(layout: Layout, lines: Sequence[Line], start: int, number: int) -> bool:
    """Whether line ``number`` goes on with the paragraph that opened at line ``start``."""
    before, line = lines[number - 1], lines[number]
    level = layout.heading_level(line)
    if level is not None or layout.heading_level(before) is not None:
        return level == layout.heading_level(before) and _one_heading(before, line)
    if _is_label(before.text) and not _is_apart(layout, lines, number):
        return True
    alike = abs(before.size - line.size) <= SAME_SIZE * line.size
    if not alike or before.columns or line.columns or not _is_full(layout, lines, number - 1):
        return False
    if _is_apart(layout, lines, number) or _is_set_in(layout, lines, start, number):
        return False
    return layout.indented or not _may_begin(before, line)


def glue(before: str, after: str) -> str:
    """What stands between two parts of a paragraph: a space only between Latin words."""
    if _is_label(before):
        return " "
    latin = before[-1:].isascii() and after[:1].isascii()
    return " " if latin and before[-1:].isalnum() and after[:1].isalnum() else ""


def _is_label(words: str) -> bool:
    """Whether a line says which article or item follows, and nothing else."""
    return LABEL.fullmatch(words) is not None


def _may_begin(before: Line, line: Line) -> bool:
    """Whether the words allow a paragraph to begin, where no place on the page tells it."""
    if before.page != line.page and before.text.endswith(SENTENCE_ENDS):
        return True
    return OPENS.match(line.text) is not None and before.text.endswith(ENDS)


def _one_heading(before: Line, line: Line) -> bool:
    """Whether a heading goes on in the next line."""
    near = before.page == line.page and 0 < before.y - line.y < 2.2 * line.size
    counted = OPENS.match(line.text) is not None
    return near and not counted and len(before.text + line.text) <= 2 * LONGEST_HEADING


def _is_full(layout: Layout, lines: Sequence[Line], number: int) -> bool:
    """Whether a line is as long as it can be: the next word would not have fitted."""
    line, word = lines[number], WORD.match(lines[number + 1].text)
    margins = layout.margins[number]
    if margins.is_short and not layout.indented:
        return False
    room = margins.right - line.x1
    return room < _width(word[0] if word else "") * line.size + ROOM * line.size


def _width(words: str) -> float:
    return sum(0.5 if sign.isascii() else 1.0 for sign in words)


def _is_apart(layout: Layout, lines: Sequence[Line], number: int) -> bool:
    before, line = lines[number - 1], lines[number]
    distance = before.y - line.y
    same_column = before.page == line.page and distance > 0
    return same_column and distance > PARAGRAPH_GAP * layout.margins[number].pitch


def _is_set_in(layout: Layout, lines: Sequence[Line], start: int, number: int) -> bool:
    """Whether a line is set in as the first line of a paragraph is."""
    line, margins = lines[number], layout.margins[number]
    if not layout.indented:
        return False
    first = lines[start]
    hanging = OPENS.match(first.text) and line.x0 - first.x0 > 0.3 * line.size
    return not hanging and line.x0 - margins.left >= INDENT[0] * line.size


def _is_indented(lines: Sequence[Line], margins: Sequence[Margins]) -> bool:
    """Whether the paragraphs of the file begin with a line that is set in."""
    low, high = INDENT
    inset = [
        number
        for number, line in enumerate(lines)
        if low <= (line.x0 - margins[number].left) / (line.size or 1) <= high
    ]
    return len(inset) > INDENTED_SHARE * len(lines)


def _heading_sizes(lines: Sequence[Line], body: float) -> tuple[float, ...]:
    sizes = {
        round(line.size, 0)
        for line in lines
        if line.size >= body * HEADING_SIZE and len(line.text) <= LONGEST_HEADING
    }
    return tuple(sorted(sizes, reverse=True))
