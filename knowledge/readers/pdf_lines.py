"""The lines of a PDF page, and which of them stand on every page and say nothing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from statistics import median

from knowledge.readers.markdown import one_line
from knowledge.readers.pdf_content import Run

SAME_LINE = 0.5
"""Part of the height up to which words may stand higher or lower and be on one line."""
BACKWARDS = 1.0
"""Ems that words may begin before the end of the ones before them, on one line."""
LATIN_GAP, CHINESE_GAP, COLUMN_GAP = 0.2, 0.75, 2.0
"""Ems of a gap that is a space between Latin words, between ideographs, between columns."""
EDGE_LINES = 3
"""Lines that a header or footer has at most."""
GAP, SAME_SIZE = 1.25, 0.08
"""Times the usual distance of lines, and part of the height, by which it stands apart."""
REPEATED_SHARE = 0.4
SAME_PLACE_POINTS = 6.0
PAGE_NUMBER = re.compile(
    r"[-—–－·•\s]*(?:第\s*)?\d{1,4}(?:\s*页)?[-—–－·•\s]*(?:[/／,，]?\s*(?:共\s*)?\d{1,4}(?:\s*页)?)?"
    r"|page\s+\d+(?:\s+of\s+\d+)?",
    re.IGNORECASE,
)
OWN_SIGNS = re.compile("[\ue000-\uf8ff]")
"""Signs that only a font of symbols knows, as Word puts them before the items of a list."""
CONTENTS = re.compile(r".*[.．…·]{4,}[\s.．…·]*\d{1,4}")
"""A line of a table of contents: dots and the number of a page."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of text; ``columns`` when its words stand in several columns."""

    text: str
    page: int
    x0: float
    x1: float
    y: float
    size: float
    columns: bool = False


def lines_of_runs(runs: Iterable[Run], page: int) -> list[Line]:
    """The runs of a page, in the order in which they are drawn, as lines."""
    lines: list[Line] = []
    held: list[Run] = []
    for run in runs:
        if held and not _goes_on(held, run):
            lines.append(_line(held, page))
            held = []
        if not _is_shadow(held, run):
            held.append(run)
    if held:
        lines.append(_line(held, page))
    return [line for line in lines if line.text]


def without_furniture(pages: Sequence[Sequence[Line]]) -> list[set[int]]:
    """The numbers of the lines of each page that are headers, footers, or lines of contents."""
    seen: dict[tuple[bool, str], list[tuple[int, int, float]]] = defaultdict(list)
    dropped = [_numbers_and_contents(lines) for lines in pages]
    for page, lines in enumerate(pages):
        for number, at_top in _edges(lines):
            key = re.sub(r"\d+", "#", lines[number].text)
            seen[at_top, key].append((page, number, lines[number].y))
    least = max(2, ceil(len(pages) * REPEATED_SHARE))
    for places in seen.values():
        height = median(y for _, _, y in places)
        kept = [place for place in places if abs(place[2] - height) <= SAME_PLACE_POINTS]
        if len({page for page, _, _ in kept}) >= least:
            for page, number, _ in kept:
                dropped[page].add(number)
    return dropped


def _goes_on(held: Sequence[Run], run: Run) -> bool:
    last = held[-1]
    height = max(last.size, run.size)
    if abs(run.y - held[0].y) > SAME_LINE * height and abs(run.y - last.y) > SAME_LINE * height:
        return False
    return run.x0 >= last.x1 - BACKWARDS * height or _is_shadow(held, run)


def _is_shadow(held: Sequence[Run], run: Run) -> bool:
    """Whether ``run`` is drawn a second time beside itself, to look bold."""
    if not held or run.x0 > held[-1].x1 - 0.2 * run.size:
        return False
    return any(
        other.text == run.text
        and abs(other.x0 - run.x0) < 0.2 * run.size
        and abs(other.y - run.y) < 0.2 * run.size
        for other in held[-8:]
    )


def _line(held: Sequence[Run], page: int) -> Line:
    words = [held[0].text]
    columns = False
    for before, run in pairwise(held):
        gap = (run.x0 - before.x1) / (run.size or 1)
        columns = columns or gap > COLUMN_GAP
        words.append(_space(before.text, run.text, gap) + run.text)
    said = [run for run in held if run.text.strip()] or list(held)
    return Line(
        text=one_line(OWN_SIGNS.sub("•", "".join(words))),
        page=page,
        x0=said[0].x0,
        x1=max(run.x1 for run in said),
        y=held[0].y,
        size=max(said, key=lambda run: len(run.text)).size,
        columns=columns,
    )


def _space(before: str, after: str, gap: float) -> str:
    if before[-1:].isspace() or after[:1].isspace():
        return ""
    latin = before[-1:].isascii() or after[:1].isascii()
    return " " if gap > (LATIN_GAP if latin else CHINESE_GAP) else ""


def _edges(lines: Sequence[Line]) -> list[tuple[int, bool]]:
    """The lines at the top and at the bottom that stand apart; True tells those at the top."""
    order = sorted(range(len(lines)), key=lambda number: -lines[number].y)
    pitch = _pitch([lines[number] for number in order])
    top = _apart(lines, order, pitch)
    bottom = _apart(lines, order[::-1], pitch)
    return [(number, True) for number in top] + [(number, False) for number in bottom]


def _pitch(ordered: Sequence[Line]) -> float:
    steps = [above.y - below.y for above, below in pairwise(ordered)]
    return median(steps) if steps else 0.0


def _apart(lines: Sequence[Line], order: Sequence[int], pitch: float) -> list[int]:
    """The first lines in ``order``, up to the gap or the other height of letters behind them."""
    for count, (number, following) in enumerate(pairwise(order[: EDGE_LINES + 1]), 1):
        line, other = lines[number], lines[following]
        alike = abs(line.size - other.size) <= SAME_SIZE * other.size
        if not alike or abs(line.y - other.y) > GAP * pitch:
            return list(order[:count])
    return []


def _numbers_and_contents(lines: Sequence[Line]) -> set[int]:
    contents = {n for n, line in enumerate(lines) if CONTENTS.fullmatch(line.text)}
    order = sorted(range(len(lines)), key=lambda number: -lines[number].y)
    edges = {order[0], order[-1]} if len(order) > 1 else set()
    return contents | {n for n in edges if PAGE_NUMBER.fullmatch(lines[n].text)}
