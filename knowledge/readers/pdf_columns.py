"""The columns in which the lines of a PDF file stand, and their margins."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from knowledge.readers.pdf_content import PageContent
from knowledge.readers.pdf_lines import Line

INDENT = (1.2, 3.2)
"""Ems by which the first line of a paragraph is set in."""
HIGHER = 0.6
"""Ems by which the first line of a column stands above the last one of the column before."""
LEAST_PITCH = 0.8
"""Ems between two lines below which one of them is a small addition to the other."""
SHORT_LINES = 6.0
"""Ems by which all lines end before the margin of a page, when none of them fills its line."""
SAME_SIZE = 0.1


@dataclass(frozen=True, kw_only=True)
class Margins:
    """Between which places the lines of a column stand, and how far apart, in points.

    ``is_short`` when the column is much narrower than the page and nothing stands beside it:
    its lines may all end of their own accord, as in a list of names.
    """

    left: float
    right: float
    pitch: float
    is_short: bool = False


@dataclass(frozen=True, kw_only=True)
class Column:
    """So many lines, one below the other."""

    page: int
    lines: int
    margins: Margins


def columns_of(
    lines: Sequence[Line], pages: Sequence[PageContent], body_size: float
) -> list[Column]:
    """The lines in their order as columns; columns that begin at one place share margins."""
    own = [_measured(column, body_size) for column in _split(lines)]
    pitch = min((column.margins.pitch for column in own), default=0.0)
    places = {(round(c.margins.left), round(c.margins.right)): c.margins for c in own}
    shared = [_sharing(column, list(places.values()), body_size, pitch) for column in own]
    return [
        replace(column, margins=replace(column.margins, is_short=short))
        for column, short in zip(shared, _are_short(shared, pages, body_size), strict=True)
    ]


def _split(lines: Sequence[Line]) -> list[list[Line]]:
    columns: list[list[Line]] = []
    for line in lines:
        before = columns[-1][-1] if columns else None
        if before is None or before.page != line.page or line.y - before.y > HIGHER * line.size:
            columns.append([])
        columns[-1].append(line)
    return columns


def _measured(lines: Sequence[Line], body_size: float) -> Column:
    text = [line for line in lines if abs(line.size - body_size) < SAME_SIZE * body_size]
    text = text or list(lines)
    steps = [above.y - below.y for above, below in pairwise(text)]
    steps = sorted(step for step in steps if step > LEAST_PITCH * body_size)
    margins = Margins(
        left=min(line.x0 for line in text),
        right=max(line.x1 for line in text),
        pitch=steps[len(steps) // 10] if steps else 2 * body_size,
    )
    return Column(page=lines[0].page, lines=len(lines), margins=margins)


def _sharing(column: Column, known: Sequence[Margins], body_size: float, pitch: float) -> Column:
    """The column with the margins of all those that begin where it does."""
    own = column.margins
    alike = [margins for margins in known if abs(margins.left - own.left) <= INDENT[1] * body_size]
    margins = Margins(
        left=min(own.left, *(margins.left for margins in alike)),
        right=max(own.right, *(margins.right for margins in alike)),
        pitch=min(own.pitch, pitch),
    )
    return replace(column, margins=margins)


def _are_short(
    columns: Sequence[Column], pages: Sequence[PageContent], body_size: float
) -> list[bool]:
    """Whether each column ends far before the margin with nothing beside it on its page."""
    left = min((column.margins.left for column in columns), default=0.0)
    rightmost: dict[int, float] = {}
    for column in columns:
        begun = max(rightmost.get(column.page, left), column.margins.left)
        rightmost[column.page] = begun
    short = []
    for column in columns:
        page, right = pages[column.page], column.margins.right
        margin = page.right - (left - page.left)
        alone = rightmost[column.page] < right
        short.append(alone and right < margin - SHORT_LINES * body_size)
    return short
