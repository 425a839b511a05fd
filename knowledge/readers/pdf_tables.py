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
MOST_LINES = 2_000


@dataclass(frozen=True, kw_only=True)
class PdfTable:
    """A ruled table: where it stands, and its rows of cells from the top."""

    x0: float
    y0: float
    x1: float
    y1: float
    rows: tuple[tuple[Cell, ...], ...]

    def holds(self, run: Run) -> bool:
        """Whether the words stand inside the table."""
        middle = (run.x0 + run.x1) / 2
        return self.x0 <= middle <= self.x1 and self.y0 <= run.y <= self.y1


@dataclass(frozen=True, kw_only=True)
class _Grid:
    """Crossing lines: places of the upright ones from left to right, of the others downwards."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    upright: tuple[Rule, ...]
    level: tuple[Rule, ...]


def tables_of(rules: Sequence[Rule], runs: Sequence[Run]) -> list[PdfTable]:
    """The ruled tables of a page with more than one column and more than one row."""
    found = []
    for group in _connected(rules[:MOST_LINES]):
        grid = _grid(group)
        if len(grid.xs) > 2 and len(grid.ys) > 2:
            found.append(_table(grid, runs))
    return found


def _connected(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The rules in groups that touch one another."""
    groups: list[list[Rule]] = []
    for rule in rules:
        touching = [group for group in groups if any(_touch(rule, other) for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([rule, *(other for group in touching for other in group)])
    return groups


def _touch(one: Rule, other: Rule) -> bool:
    return (
        one.x0 - TOUCH <= other.x1
        and other.x0 - TOUCH <= one.x1
        and one.y0 - TOUCH <= other.y1
        and other.y0 - TOUCH <= one.y1
    )


def _grid(rules: Sequence[Rule]) -> _Grid:
    upright = tuple(rule for rule in rules if rule.y1 - rule.y0 > rule.x1 - rule.x0)
    level = tuple(rule for rule in rules if rule.x1 - rule.x0 >= rule.y1 - rule.y0)
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


def _table(grid: _Grid, runs: Sequence[Run]) -> PdfTable:
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
        x0=grid.xs[0], x1=grid.xs[-1], y0=grid.ys[-1], y1=grid.ys[0], rows=tuple(rows)
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
