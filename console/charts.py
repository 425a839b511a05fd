"""Charts as SVG and for paper, drawn by reportlab: bars with their figures written beside them.

No meaning hangs on colour: every bar carries its name, its share and its n. Each chart stands
beside a table with the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

FONT = "STSong-Light"
"""A font that readers of PDF bring along; pages put their own in its place."""
PAGE_FONTS = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
INK, QUIET, LINE, BAR = (HexColor(word) for word in ("#1F2328", "#57606A", "#D8DEE4", "#0B57A4"))
GROUND = HexColor("#F3F1EB")
WIDTH = 640
ROW = 26
NAME_WIDTH = 170
FIGURE_WIDTH = 120
TEXT_SIZE = 13
NAME_CHARACTERS = 12

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: its name, its length as a share of the longest, and what is written behind it."""

    name: str
    share: float
    figure: str


def draw_bars(bars: Sequence[Bar], *, title: str) -> Drawing:
    """One bar under the other, the first on top."""
    height = ROW * (len(bars) + 1)
    drawing = Drawing(WIDTH, height)
    drawing.add(_words(0, height - TEXT_SIZE - 2, title, INK))
    room = WIDTH - NAME_WIDTH - FIGURE_WIDTH
    for place, bar in enumerate(bars):
        foot = height - ROW * (place + 2) + 6
        drawing.add(_words(0, foot + 3, _short(bar.name), INK))
        drawing.add(
            Rect(NAME_WIDTH, foot, room, 14, fillColor=HexColor("#F3F1EB"), strokeColor=None)
        )
        length = room * min(1.0, max(0.0, bar.share))
        drawing.add(Rect(NAME_WIDTH, foot, length, 14, fillColor=BAR, strokeColor=None))
        drawing.add(_words(WIDTH - FIGURE_WIDTH + 8, foot + 3, bar.figure, QUIET))
    drawing.add(Line(NAME_WIDTH, 0, NAME_WIDTH, height - ROW, strokeColor=LINE))
    return drawing


def as_svg(drawing: Drawing) -> bytes:
    """The chart for a page."""
    svg: str = renderSVG.drawToString(drawing)
    return svg.replace(FONT, PAGE_FONTS).encode()


def _box(foot: float, length: float, colour: Color) -> Rect:
    return Rect(NAME_WIDTH, foot, length, 14, fillColor=colour, strokeColor=None)


def _words(x: float, y: float, text: str, colour: Color) -> String:
    return String(x, y, text, fontName=FONT, fontSize=TEXT_SIZE, fillColor=colour)


def _short(name: str) -> str:
    return name if len(name) <= NAME_CHARACTERS else name[: NAME_CHARACTERS - 1] + "…"
