"""A text taken apart: imprint, passages, and everything of it that is embedded."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.errors import UnreadableFile
from knowledge.imprint import Imprint, read_imprint
from knowledge.readers import ReadText
from knowledge.splitting import Piece, split_text
from knowledge.views import views_of

SPLITTING = "1"
"""Raise it when the same file is to be split anew by the next import."""


@dataclass(frozen=True, kw_only=True)
class PreparedText:
    """A text taken apart, ready to be stored."""

    source: str
    content_hash: str
    imprint: Imprint
    body: str
    pieces: tuple[Piece, ...]
    page_starts: tuple[int, ...]

    def page_of(self, piece: Piece) -> int | None:
        """The page a piece begins on, counted from 1; None without pages."""
        return bisect_right(self.page_starts, piece.start) or None

    def texts(self) -> Iterator[str]:
        """Everything of it that is embedded."""
        for piece in self.pieces:
            views = views_of(self.imprint.title, piece.path, piece.text)
            yield from (views.whole, *views.parts)


def prepare_text(read: ReadText) -> PreparedText:
    """Take one text apart.

    Raises:
        UnreadableFile: there is nothing below its front matter, or that is broken.
    """
    imprint, start = read_imprint(read.source, read.text, read.details)
    body = read.text[start:]
    pieces = tuple(split_text(body))
    if not pieces:
        raise UnreadableFile(read.source, "文件里没有正文")
    told = f"{SPLITTING}\n{sorted(read.details.items())}\n{read.text}"
    return PreparedText(
        source=read.source,
        content_hash=hashlib.sha256(told.encode()).hexdigest(),
        imprint=imprint,
        body=body,
        pieces=pieces,
        page_starts=tuple(offset - start for offset in read.page_starts),
    )
