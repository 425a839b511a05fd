"""Markdown as the readers write it: clean lines, and tables with one header row."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

RADICALS = str.maketrans(
    "⼾⾭―㬵〜⺁⺂⺃⺄⺅⺆⺈⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺯⺰⺱⺲⺳⺴⺶⺹⺺⺻⺼⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "户青—胶～厂乛乚乙亻冂刀刂卜㔾小小兀尣尢巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王目示礻糹纟罓罒㓁冗羊耂肀聿肉艹艹艹虎衤覀西见角讠贝车辶辶辶邑钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)
"""Radicals of the CJK supplement and the ideographs they stand for (Unicode 14,
EquivalentUnifiedIdeograph). Fonts in PDF files use them for the ideographs: «⺠» for «民»; the
first ones share their glyph with the usual sign in Chinese fonts."""
COMPATIBLE = re.compile("[\u2f00-\u2fd5\uf900-\ufaff\ufb00-\ufb06]")
"""Kangxi radicals, compatibility ideographs and ligatures: NFKC gives the usual sign."""
UNSEEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\xad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
ODD_SPACE = re.compile("[\t\x0b\x0c\xa0\u2002-\u200a\u202f]")
IDEOGRAPH = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…"
LINE_FEED_IN_CHINESE = re.compile(rf"(?<=[{IDEOGRAPH}])[ ]*\n\s*(?=[{IDEOGRAPH}])")
LETTERHEAD = re.compile(r".{2,20}文件|附件\s*\d*[：:]?|.*〔\d{4}〕\s*\d+\s*号")
NOTE = re.compile(r"注|备注|说明|[※*＊]|.{30,}|.*。$")
WIDEST_TABLE = 256
MOST_HEADER_ROWS = 3


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell as a file writes it; it may reach over several rows and columns."""

    text: str
    rows: int = 1
    columns: int = 1
    heading: bool = False


@dataclass(frozen=True, kw_only=True)
class _Square:
    """One square of the grid that a cell covers; ``first`` is the leftmost square in its row."""

    cell: Cell
    first: bool

    @property
    def text(self) -> str:
        return one_line(self.cell.text).replace("|", "｜")


_Grid = list[list[_Square]]
_EMPTY = _Square(cell=Cell(text=""), first=True)


def clean(words: str) -> str:
    """``words`` without unseen signs and with the usual sign for each ideograph."""
    words = words.replace("\r\n", "\n").replace("\r", "\n")
    words = UNSEEN.sub("", ODD_SPACE.sub(" ", words)).translate(RADICALS)
    return COMPATIBLE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), words)


def one_line(words: str) -> str:
    """``words`` on one line; a line feed between ideographs is no space."""
    return re.sub(r"\s+", " ", LINE_FEED_IN_CHINESE.sub("", clean(words).strip()))


def lines_of(words: str) -> str:
    """``words`` line by line without blank lines and without spaces at either end."""
    lines = (line.strip() for line in clean(words).split("\n"))
    return "\n".join(line for line in lines if line)


def joined(blocks: Iterable[str]) -> str:
    """Blocks as one Markdown text, or "" where none holds a word."""
    kept = [block for block in blocks if block.strip()]
    return "\n\n".join(kept) + "\n" if kept else ""


def is_letterhead(words: str) -> bool:
    """Whether ``words`` stand above the title of an official document (GB/T 9704).

    The sender, the document number, or the mark of an annex.
    """
    return LETTERHEAD.fullmatch(words) is not None


def table_blocks(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """A table as blocks of Markdown: what stands above it, the table, what stands below.

    A cell that reaches down is repeated in each of its rows, so that every row can be read
    alone; header rows become one. A frame without a second column or row is no table and
    gives its words as paragraphs. «|» in a cell becomes «｜».
    """
    grid = _without_empty(_laid_out(rows))
    above = len(list(takewhile(_is_lone, grid)))
    below = len(list(takewhile(_is_note, reversed(grid[above:]))))
    body = _without_empty(grid[above : len(grid) - below])
    if len(body) < 2:
        return _paragraphs(grid)
    return [
        *_paragraphs(grid[:above]),
        _written(body, _header_rows(body)),
        *_paragraphs(grid[len(grid) - below :]),
    ]


def _laid_out(rows: Sequence[Sequence[Cell]]) -> _Grid:
    """The grid of squares that the cells cover, all its rows equally long."""
    squares: dict[tuple[int, int], _Square] = {}
    for row_number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (row_number, column) in squares:
                column += 1
            _cover(squares, cell, row_number, column, len(rows))
            column += max(cell.columns, 1)
    width = min(max((column + 1 for _, column in squares), default=0), WIDEST_TABLE)
    return [
        [squares.get((row, column), _EMPTY) for column in range(width)] for row in range(len(rows))
    ]


def _cover(
    squares: dict[tuple[int, int], _Square], cell: Cell, row: int, column: int, height: int
) -> None:
    last_row = min(row + max(cell.rows, 1), height)
    last_column = min(column + max(cell.columns, 1), WIDEST_TABLE)
    for down in range(row, last_row):
        for right in range(column, last_column):
            squares.setdefault((down, right), _Square(cell=cell, first=right == column))


def _without_empty(grid: _Grid) -> _Grid:
    """The grid without rows and columns that hold no word."""
    grid = [row for row in grid if any(square.text for square in row)]
    width = len(grid[0]) if grid else 0
    kept = [
        column
        for column in range(width)
        if any(row[column].first and row[column].text for row in grid)
    ]
    return [[row[column] for column in kept] for row in grid]


def _is_lone(row: list[_Square]) -> bool:
    """Whether a row holds one cell alone; above the header that is a caption."""
    return _filled(row) == 1


def _is_note(row: list[_Square]) -> bool:
    """Whether a row below the others says something about them all."""
    said = next(square for square in row if square.text)
    return _is_lone(row) and bool(said.cell.columns >= len(row) or NOTE.match(said.text))


def _filled(row: list[_Square]) -> int:
    return len({id(square.cell) for square in row if square.text})


def _header_rows(grid: _Grid) -> int:
    """How many rows the header has; a header cell over several columns has names below it."""
    headings = next(
        (n for n, row in enumerate(grid) if not all(s.cell.heading or not s.text for s in row)),
        len(grid),
    )
    spans = [square.cell for square in grid[0] if square.cell.columns > 1 and square.text]
    deep = max((square.cell.rows for square in grid[0]), default=1) if spans else 1
    rows = max(headings, 2 if spans else 1, deep)
    return rows if rows <= MOST_HEADER_ROWS and rows < len(grid) else 1


def _written(grid: _Grid, header_rows: int) -> str:
    header = [_header(column) for column in zip(*grid[:header_rows], strict=True)]
    lines = [_line(header), _line(["---"] * len(header))]
    lines += [_line([s.text if s.first else "" for s in row]) for row in grid[header_rows:]]
    return "\n".join(lines)


def _header(column: Sequence[_Square]) -> str:
    """The name of a column: what stands in its header rows, from top to bottom."""
    return " ".join(dict.fromkeys(square.text for square in column if square.text))


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _paragraphs(grid: _Grid) -> list[str]:
    """The words of each cell in reading order, each cell once."""
    cells = {id(square.cell): square.cell for row in grid for square in row}
    return [words for cell in cells.values() if (words := lines_of(cell.text))]
