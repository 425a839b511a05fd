"""Tables that are ruled on a PDF page: the grid of their lines, and the words in each square."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.readers.markdown import Cell
from knowledge.readers.pdf_content import Rule, Run
from knowledge.readers.pdf_lines import lines_of_runs

TOUCH = 3.0
"""Points within which ruled lines meet or are one."""
LEAST_SIDE = 6.0
"""Points below which there is no room for words between two lines."""
MOST_LINES = 400
"""Whole lines of the tables of one page; a page with more is a drawing."""


@dataclass(frozen=True, kw_only=True)
class PdfTable:
    """A ruled table: where it stands, and its rows of cells from the top."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    rows: tuple[tuple[Cell, ...], ...]

    def holds(self, run: Run) -> bool:
        """Whether the words stand inside the table."""
        middle = (run.x0 + run.x1) / 2
        return self.x0 <= middle <= self.x1 and self.y0 <= run.y <= self.y1

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return sum(cell.columns for cell in self.rows[0])

    def goes_on_in(self, below: "PdfTable") -> bool:
        """Whether ``below``, which comes next, is the rest of this one on the next page."""
        return below.page == self.page + 1 and below.columns == self.columns

    def rows_without_header_of(self, above: "PdfTable") -> tuple[tuple[Cell, ...], ...]:
        """The rows without the header that is printed again on each page."""
        return self.rows[1:] if self.rows[0] == above.rows[0] else self.rows


@dataclass(frozen=True, kw_only=True)
class _Grid:
    """Crossing lines: places of the upright ones from left to right, of the others downwards."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    upright: tuple[Rule, ...]
    level: tuple[Rule, ...]


def tables_of(rules: Sequence[Rule], runs: Sequence[Run], page: int) -> list[PdfTable]:
    """The ruled tables of a page with more than one column.

    One row alone is a table too: it may be the rest of one from the page before.
    """
    whole = _whole(rules)
    if len(whole) > MOST_LINES:
        return []
    grids = (_grid(group) for group in _connected(whole))
    return [_table(g, runs, page) for g in grids if len(g.xs) > 2 and len(g.ys) > 1]


def _whole(rules: Iterable[Rule]) -> list[Rule]:
    """The ruled lines in one piece; files draw them cell by cell."""
    upright: list[Rule] = []
    level: list[Rule] = []
    for rule in sorted(set(rules), key=lambda r: (round(r.x0 / TOUCH), r.y0)):
        if _is_upright(rule):
            _append(upright, rule)
    for rule in sorted(set(rules), key=lambda r: (round(r.y0 / TOUCH), r.x0)):
        if not _is_upright(rule):
            _append(level, rule)
    return upright + level


def _append(whole: list[Rule], rule: Rule) -> None:
    """Append ``rule``, or make the last one longer by it where they lie on one line."""
    last = whole[-1] if whole else None
    if last is None or not _touch(last, rule) or _is_aside(last, rule):
        whole.append(rule)
        return
    whole[-1] = Rule(
        x0=min(last.x0, rule.x0),
        y0=min(last.y0, rule.y0),
        x1=max(last.x1, rule.x1) if not _is_upright(rule) else last.x1,
        y1=max(last.y1, rule.y1) if _is_upright(rule) else last.y1,
    )


def _is_upright(rule: Rule) -> bool:
    return rule.y1 - rule.y0 > rule.x1 - rule.x0


def _is_aside(one: Rule, other: Rule) -> bool:
    """Whether two lines of one direction lie beside each other."""
    aside = abs(one.x0 - other.x0) if _is_upright(one) else abs(one.y0 - other.y0)
    return aside > TOUCH


def _connected(rules: Iterable[Rule]) -> list[list[Rule]]:
    """The rules in groups that touch one another."""
    groups: list[list[Rule]] = []
    for rule in rules:
        apart, together = [], [rule]
        for group in groups:
            if any(_touch(rule, other) for other in group):
                together += group
            else:
                apart.append(group)
        groups = [*apart, together]
    return groups


def _touch(one: Rule, other: Rule) -> bool:
    return (
        one.x0 - TOUCH <= other.x1
        and other.x0 - TOUCH <= one.x1
        and one.y0 - TOUCH <= other.y1
        and other.y0 - TOUCH <= one.y1
    )


def _grid(rules: Sequence[Rule]) -> _Grid:
    upright = tuple(rule for rule in rules if _is_upright(rule))
    level = tuple(rule for rule in rules if not _is_upright(rule))
    return _Grid(
        xs=tuple(_places(rule.x0 for rule in upright)),
        ys=tuple(reversed(_places(rule.y0 for rule in level))),
        upright=upright,
        level=level,
    )


def _places(written: Iterable[float]) -> list[float]:
    """The places of lines from the least, those that are one line once."""
    places: list[float] = []
    for place in sorted(written):
        if not places or place - places[-1] > LEAST_SIDE:
            places.append(place)
    return places


def _table(grid: _Grid, runs: Sequence[Run], page: int) -> PdfTable:
    taken: set[tuple[int, int]] = set()
    rows: list[tuple[Cell, ...]] = []
    for row in range(len(grid.ys) - 1):
        cells: list[Cell] = []
        for column in range(len(grid.xs) - 1):
            if (row, column) not in taken:
                down, right = _reach(grid, row, column)
                taken.update((r, c) for r in range(row, down) for c in range(column, right))
                words = _words(grid, runs, (row, down), (column, right))
                cells.append(Cell(text=words, rows=down - row, columns=right - column))
        rows.append(tuple(cells))
    return PdfTable(
        page=page,
        x0=grid.xs[0],
        x1=grid.xs[-1],
        y0=grid.ys[-1],
        y1=grid.ys[0],
        rows=tuple(rows),
    )


def _reach(grid: _Grid, row: int, column: int) -> tuple[int, int]:
    """The row and column behind the cell that begins in a square."""
    right = column + 1
    while right < len(grid.xs) - 1 and not _is_closed_right(grid, row, right):
        right += 1
    down = row + 1
    while down < len(grid.ys) - 1 and not _is_closed_below(grid, down, column):
        down += 1
    return down, right


def _is_closed_right(grid: _Grid, row: int, line: int) -> bool:
    """Whether there is an upright line beside the squares of a row."""
    x, y = grid.xs[line], (grid.ys[row] + grid.ys[row + 1]) / 2
    return any(abs(rule.x0 - x) <= LEAST_SIDE and rule.y0 <= y <= rule.y1 for rule in grid.upright)


def _is_closed_below(grid: _Grid, line: int, column: int) -> bool:
    """Whether there is a level line below the squares of a column."""
    y, x = grid.ys[line], (grid.xs[column] + grid.xs[column + 1]) / 2
    return any(abs(rule.y0 - y) <= LEAST_SIDE and rule.x0 <= x <= rule.x1 for rule in grid.level)


def _words(
    grid: _Grid, runs: Sequence[Run], rows: tuple[int, int], columns: tuple[int, int]
) -> str:
    """The words between the lines of a cell, line by line."""
    x0, x1 = grid.xs[columns[0]], grid.xs[columns[1]]
    y0, y1 = grid.ys[rows[1]], grid.ys[rows[0]]
    inside = [run for run in runs if x0 <= (run.x0 + run.x1) / 2 < x1 and y0 <= run.y < y1]
    return "\n".join(line.text for line in lines_of_runs(inside, 0))
