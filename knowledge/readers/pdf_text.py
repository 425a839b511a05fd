"""The pages of a PDF file as one Markdown text that remembers where each page begins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.readers.markdown import is_letterhead, table_blocks
from knowledge.readers.pdf_content import PageContent, Run
from knowledge.readers.pdf_lines import Line, lines_of_runs, without_furniture
from knowledge.readers.pdf_paragraphs import Layout, glue, goes_on, layout_of
from knowledge.readers.pdf_tables import PdfTable, tables_of

Item = Line | PdfTable


@dataclass(frozen=True, kw_only=True)
class PdfText:
    """The text of a file, the offsets of its pages, and its title if a heading gives it."""

    text: str
    page_starts: tuple[int, ...]
    title: str


def text_of(pages: Sequence[PageContent]) -> PdfText:
    """Put the pages together: paragraphs, headings by the height of letters, ruled tables."""
    flow = _without_furniture([_items(page, number) for number, page in enumerate(pages)])
    lines = [item for item in flow if isinstance(item, Line)]
    writer = _Writer(layout_of(lines, pages), lines)
    for block in _blocks(flow, writer):
        writer.write(block)
    return writer.finished(len(pages))


def _items(page: PageContent, number: int) -> list[Item]:
    """Lines and tables in the order in which the page draws them."""
    tables = tables_of(page.rules, page.runs, number)
    items: list[Item] = []
    free: list[Run] = []
    for run in page.runs:
        table = next((table for table in tables if table.holds(run)), None)
        if table is None:
            free.append(run)
        elif table not in items:
            items += [*lines_of_runs(free, number), table]
            free = []
    return [*items, *lines_of_runs(free, number)]


def _without_furniture(pages: Sequence[list[Item]]) -> list[Item]:
    lines = [[item for item in items if isinstance(item, Line)] for items in pages]
    kept: list[Item] = []
    for items, own, dropped in zip(pages, lines, without_furniture(lines), strict=True):
        unsaid = {id(own[number]) for number in dropped}
        kept += [item for item in items if id(item) not in unsaid]
    return kept


def _blocks(flow: Sequence[Item], writer: "_Writer") -> Iterator[list[Item]]:
    """The items that make one paragraph, heading or table each."""
    block: list[Item] = []
    number = -1
    for item in flow:
        number += isinstance(item, Line)
        if block and not writer.belongs(block, item, number):
            yield block
            block = []
        block.append(item)
    if block:
        yield block


class _Writer:
    """Writes blocks one after the other and notes where pages begin."""

    def __init__(self, layout: Layout, lines: Sequence[Line]) -> None:
        self._layout = layout
        self._lines = lines
        self._text: list[str] = []
        self._length = 0
        self._page_starts: list[int] = []
        self._title = ""

    def belongs(self, block: Sequence[Item], item: Item, number: int) -> bool:
        """Whether ``item``, line ``number`` if it is one, goes on with ``block``."""
        last = block[-1]
        if isinstance(last, PdfTable) or isinstance(item, PdfTable):
            return (
                isinstance(last, PdfTable) and isinstance(item, PdfTable) and last.goes_on_in(item)
            )
        return goes_on(self._layout, self._lines, number - len(block), number)

    def write(self, block: Sequence[Item]) -> None:
        """Append a block below what is written."""
        if self._length:
            self._append("\n\n")
        if isinstance(block[0], PdfTable):
            self._write_table([item for item in block if isinstance(item, PdfTable)])
        else:
            self._write_lines([item for item in block if isinstance(item, Line)])

    def finished(self, pages: int) -> PdfText:
        """What was written; pages at the end that say nothing begin where the text ends."""
        if self._length:
            self._append("\n")
        self._begin(pages - 1)
        return PdfText(
            text="".join(self._text), page_starts=tuple(self._page_starts), title=self._title
        )

    def _write_lines(self, lines: Sequence[Line]) -> None:
        mark = self._heading_mark(lines)
        before = ""
        for line in lines:
            if before:
                self._append(glue(before, line.text))
            self._begin(line.page)
            self._append(line.text if before else mark + line.text)
            before = line.text

    def _heading_mark(self, lines: Sequence[Line]) -> str:
        """The signs before a heading, and "" before text; the first heading is the title."""
        level = self._layout.heading_level(lines[0])
        if level is None or is_letterhead(lines[0].text):
            return ""
        if not self._title and lines[0].page == 0:
            self._title = "".join(line.text for line in lines)
        return "#" * level + " "

    def _write_table(self, parts: Sequence[PdfTable]) -> None:
        rows = list(parts[0].rows)
        self._begin(parts[0].page)
        starts: list[tuple[int, int]] = []
        for above, part in pairwise(parts):
            starts.append((part.page, self._length + len("\n\n".join(table_blocks(rows))) + 1))
            rows += part.rows_without_header_of(above)
        self._append("\n\n".join(table_blocks(rows)))
        for page, start in starts:
            self._begin(page, start)

    def _begin(self, page: int, start: int | None = None) -> None:
        """Note that a page begins here, and with it the pages before it that say nothing."""
        while len(self._page_starts) <= page:
            self._page_starts.append(self._length if start is None else start)

    def _append(self, words: str) -> None:
        self._text.append(words)
        self._length += len(words)
