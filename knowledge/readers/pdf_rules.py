"""The ruled lines of a PDF page: thin areas, and the sides of rectangles."""

from collections.abc import Iterator, Sequence

from knowledge.readers.pdf_content import Rule
from knowledge.readers.pdf_geometry import Point

THIN = 3.0
"""Points up to which a drawn area is a ruled line."""
MOST_RULES = 10_000


class RuledPath:
    """The path that a page is about to paint, and the ruled lines that were painted so far."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self._parts: list[list[Point]] = []

    def add(self, points: list[Point]) -> None:
        """Begin another part of the path."""
        self._parts.append(points)

    def go_on(self, point: Point) -> None:
        """Draw a line from the last point of the last part."""
        if self._parts:
            self._parts[-1].append(point)

    def paint(self, *, drawn_around: bool) -> None:
        """Keep the ruled lines of the path; ``drawn_around`` tells it from a filled one."""
        for points in self._parts:
            if len(self.rules) < MOST_RULES:
                self.rules.extend(_ruled(points, drawn_around=drawn_around))
        self._parts = []

    def forget(self) -> None:
        """End the path without painting it."""
        self._parts = []


def _ruled(points: Sequence[Point], *, drawn_around: bool) -> Iterator[Rule]:
    """The ruled lines that a part of a path makes: a thin area, or the sides of a rectangle."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    if min(x1 - x0, y1 - y0) <= THIN < max(x1 - x0, y1 - y0):
        yield _along(x0, y0, x1, y1)
    elif drawn_around and len(points) >= 4:
        yield Rule(x0=x0, y0=y0, x1=x1, y1=y0)
        yield Rule(x0=x0, y0=y1, x1=x1, y1=y1)
        yield Rule(x0=x0, y0=y0, x1=x0, y1=y1)
        yield Rule(x0=x1, y0=y0, x1=x1, y1=y1)


def _along(x0: float, y0: float, x1: float, y1: float) -> Rule:
    """The line in the middle of a thin area."""
    if x1 - x0 >= y1 - y0:
        middle = (y0 + y1) / 2
        return Rule(x0=x0, y0=middle, x1=x1, y1=middle)
    middle = (x0 + x1) / 2
    return Rule(x0=middle, y0=y0, x1=middle, y1=y1)
