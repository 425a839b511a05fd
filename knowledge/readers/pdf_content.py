"""What a page of a PDF file shows: runs of text with their places, ruled lines, and pictures."""

from dataclasses import dataclass

from pypdf.generic import DictionaryObject

from knowledge.readers.pdf_fonts import PdfFont


class TooMuchContent(Exception):
    """The pages hold more than a text does: the file is built to exhaust its reader."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Words that stand on one line, in points from the lower left corner of the page."""

    text: str
    x0: float
    x1: float
    y: float
    size: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A ruled line, horizontal or vertical: from its lower or left end to the other."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, kw_only=True)
class PageContent:
    """What a page shows, in the order in which it is drawn.

    ``left`` and ``right`` are the edges of the page.
    """

    runs: tuple[Run, ...]
    rules: tuple[Rule, ...]
    pictures: int
    left: float
    right: float


class FontShelf:
    """The fonts of one file, each read once; many pages share them."""

    def __init__(self) -> None:
        self._fonts: dict[int, tuple[DictionaryObject, PdfFont]] = {}

    def font(self, resource: DictionaryObject) -> PdfFont:
        """The font that ``resource`` describes."""
        known = self._fonts.get(id(resource))
        if known is None:
            # The resource is kept, so that its id is not used again.
            known = self._fonts[id(resource)] = (resource, PdfFont(resource))
        return known[1]


class Budget:
    """How many bytes of content may still be read from one file."""

    def __init__(self, content_bytes: int) -> None:
        self._left = content_bytes

    def spend(self, content: bytes) -> bytes:
        """``content``, when it may be read.

        Raises:
            TooMuchContent: It is more than what is left.
        """
        self._left -= len(content)
        if self._left < 0:
            raise TooMuchContent
        return content
