"""Word files: headings, paragraphs with their numbers, and tables, in the order of the page."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE

from knowledge.errors import UnreadableFile
from knowledge.readers.base import ReadText
from knowledge.readers.markdown import is_letterhead, joined, lines_of, one_line, table_blocks
from knowledge.readers.packages import DAMAGED, office_parts, package_kind, packed
from knowledge.readers.word_numbering import Numbering
from knowledge.readers.word_styles import TITLE, Styles
from knowledge.readers.word_tables import table_rows
from knowledge.readers.word_xml import (
    PARAGRAPH,
    TABLE,
    Element,
    boxes_in,
    unwrapped,
    words_in,
)

MAIN_TYPES = re.compile(
    rb"application/vnd\.(?:ms-word|openxmlformats-officedocument\.wordprocessingml)"
    rb"\.(?:document\.macroEnabled|template\.macroEnabledTemplate|template)\.main\+xml"
)
"""Content types of files with macros and of templates; the library only opens plain ones."""
CONTENT_TYPES = "[Content_Types].xml"
LONGEST_HEADING = 80
LONGEST_TITLE = 100
ARTICLE = re.compile(r"第\s*[一二三四五六七八九十百千零〇\d]+\s*条")
NO_TITLE = re.compile(
    r"[（(]|第\s*[一二三四五六七八九十\d]+\s*[编章节条]|[一二三四五六七八九十]+、"
)
"""What stands in the middle below the title: the date of adoption, the first chapter."""


class DocxReader:
    """Reads the words of a Word file (.docx, .docm, .dotx, .dotm).

    A file with macros is read for its words: the macros are never unpacked, run or kept, and
    offices work with templates that carry some. Tracked changes are read as accepted; the
    table of contents, comments, footnotes, headers, footers and hidden words are left out.
    """

    def accepts(self, content: bytes, source: str) -> bool:
        """Whether ``content`` is a package with a Word document in it."""
        kind = package_kind(content)
        return kind is not None and kind.name == "word"

    def read(self, content: bytes, source: str) -> tuple[ReadText, ...]:
        """Read the file as one document.

        Raises:
            UnreadableFile: It is damaged, too large, or holds no words.
        """
        document = _opened(content, source)
        story = _Story(document)
        blocks = list(story.blocks())
        if not any(sign.isalnum() for block in blocks for sign in block):
            raise UnreadableFile(source, "Word 文件里没有文字（可能只有图片）；请换成有文字的文件")
        details: Mapping[str, object] = {"title": story.title} if story.title else {}
        return (ReadText(source=source, text=joined(blocks), details=details),)


def _opened(content: bytes, source: str) -> WordDocument:
    parts = office_parts(content, source)
    plain = CONTENT_TYPE.WML_DOCUMENT_MAIN.encode()
    parts[CONTENT_TYPES] = MAIN_TYPES.sub(plain, parts.get(CONTENT_TYPES, b""))
    try:
        return Document(packed(parts))
    except Exception as error:
        # The library lets errors of lxml, zipfile and its own pass, of no common base.
        raise UnreadableFile(source, DAMAGED) from error


@dataclass(frozen=True, kw_only=True)
class _Paragraph:
    """A paragraph: ``level`` is that of a heading, TITLE for the title, None for text."""

    words: str
    level: int | None = None
    centred: bool = False


_Part = _Paragraph | list[str]
"""A paragraph, or the blocks of a table."""


class _Story:
    """The paragraphs and tables of a document in order, and its title."""

    def __init__(self, document: WordDocument) -> None:
        self._styles = Styles(document.styles.element)
        self._numbering = Numbering(_numbering_root(document))
        self._written = list(self._parts(document.element.body))
        self._title_start, self._title_end = _title_span(self._written)
        titled = self._written[self._title_start : self._title_end]
        self.title = one_line("\n".join(p.words for p in titled if isinstance(p, _Paragraph)))

    def blocks(self) -> Iterator[str]:
        """The document as blocks of Markdown."""
        shift = 1 if self.title else 0
        for number, part in enumerate(self._written):
            if self._title_start <= number < self._title_end:
                if number == self._title_start:
                    yield f"# {self.title}"
            elif isinstance(part, list):
                yield from part
            else:
                yield _marked(part, shift)

    def _parts(self, parent: Element) -> Iterator[_Part]:
        for element in unwrapped(parent):
            if element.tag == PARAGRAPH:
                yield from self._paragraph(element)
            elif element.tag == TABLE:
                yield table_blocks(table_rows(element, self._cell_words))

    def _paragraph(self, element: Element) -> Iterator[_Part]:
        if self._styles.is_contents(element):
            return
        words = lines_of(words_in(element))
        if words:
            yield _Paragraph(
                words=self._label(element) + words,
                level=self._styles.heading_level(element),
                centred=self._styles.is_centred(element),
            )
        for box in boxes_in(element):
            yield from self._parts(box)

    def _label(self, element: Element) -> str:
        listed = self._styles.listed(element)
        return self._numbering.label(listed.list_id, listed.level) if listed else ""

    def _cell_words(self, cell: Element) -> str:
        said = (
            part.words if isinstance(part, _Paragraph) else "\n".join(part)
            for part in self._parts(cell)
        )
        return "\n".join(said)


def _numbering_root(document: WordDocument) -> Element | None:
    parts = (relation for relation in document.part.rels.values() if not relation.is_external)
    return next(
        (part.target_part.element for part in parts if part.reltype == RELATIONSHIP_TYPE.NUMBERING),
        None,
    )


def _marked(paragraph: _Paragraph, shift: int) -> str:
    """The paragraph as Markdown; whole articles in a heading style stay paragraphs."""
    words = paragraph.words
    if paragraph.level is None or len(words) > LONGEST_HEADING or ARTICLE.match(words):
        return words
    return f"{'#' * min(max(paragraph.level + shift, 1), 6)} {one_line(words)}"


def _title_span(parts: list[_Part]) -> tuple[int, int]:
    """Where the paragraphs of the title begin and end; an empty span where there is none.

    The style says it, or there is one highest heading, or the text begins in the middle of
    the page, below the letterhead of an official document.
    """
    tops = [part for part in parts if _level(part) == 1]
    if any(_level(part) == TITLE for part in parts):
        return _span(parts, lambda part: _level(part) == TITLE)
    if len(tops) == 1:
        return _span(parts, lambda part: part is tops[0])
    letterhead = len(list(takewhile(_is_letterhead, parts)))
    if letterhead < len(parts) and _may_be_title(parts[letterhead]):
        return _span(parts, _may_be_title)
    return 0, 0


def _span(parts: list[_Part], belongs: Callable[[_Part], bool]) -> tuple[int, int]:
    start = next(number for number, part in enumerate(parts) if belongs(part))
    title = list(takewhile(belongs, parts[start:]))
    length = sum(len(part.words) for part in title if isinstance(part, _Paragraph))
    return (start, start + len(title)) if length <= LONGEST_TITLE else (0, 0)


def _level(part: _Part) -> int | None:
    return part.level if isinstance(part, _Paragraph) else None


def _is_letterhead(part: _Part) -> bool:
    return isinstance(part, _Paragraph) and is_letterhead(part.words)


def _may_be_title(part: _Part) -> bool:
    return (
        isinstance(part, _Paragraph)
        and part.centred
        and part.level is None
        and not _is_letterhead(part)
        and not NO_TITLE.match(part.words)
    )
