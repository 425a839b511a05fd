"""Tables of a Word document as rows of cells."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from docx.oxml.ns import qn

from knowledge.readers.markdown import WIDEST_TABLE, Cell
from knowledge.readers.word_xml import Element, child, unwrapped, value, whole

ROW, CELL = qn("w:tr"), qn("w:tc")
RESTART = "restart"


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """A cell as it is written; one that ``continues`` is a lower part of the one above it."""

    column: int
    width: int
    text: str
    continues: bool


def table_rows(table: Element, words: Callable[[Element], str]) -> list[list[Cell]]:
    """The rows of ``table``; ``words`` tells what a cell says."""
    rows = [list(_pieces(row, words)) for row in unwrapped(table) if row.tag == ROW]
    return [
        [_cell(rows, number, piece) for piece in row if not _is_covered(rows, number, piece)]
        for number, row in enumerate(rows)
    ]


def _pieces(row: Element, words: Callable[[Element], str]) -> Iterator[_Piece]:
    column = min(whole(value(row, "w:trPr/w:gridBefore")), WIDEST_TABLE)
    if column:
        yield _Piece(column=0, width=column, text="", continues=False)
    for cell in unwrapped(row):
        if cell.tag != CELL:
            continue
        merged = child(cell, "w:tcPr/w:vMerge")
        width = max(whole(value(cell, "w:tcPr/w:gridSpan"), 1), 1)
        continues = merged is not None and merged.get(qn("w:val")) != RESTART
        yield _Piece(column=column, width=width, text=words(cell), continues=continues)
        column += width


def _cell(rows: Sequence[Sequence[_Piece]], number: int, piece: _Piece) -> Cell:
    last = number + 1
    while last < len(rows) and any(_goes_on(below, piece) for below in rows[last]):
        last += 1
    return Cell(text=piece.text, rows=last - number, columns=piece.width)


def _goes_on(below: _Piece, piece: _Piece) -> bool:
    return below.continues and below.column == piece.column


def _is_covered(rows: Sequence[Sequence[_Piece]], number: int, piece: _Piece) -> bool:
    """Whether a cell above reaches down to here; the first row has none above it."""
    above = rows[number - 1] if number else []
    return piece.continues and any(other.column == piece.column for other in above)
