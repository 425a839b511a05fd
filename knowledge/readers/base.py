"""What every reader gives: the words of a file as Markdown, and what the file says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class ReadText:
    """One document out of a file; an archive or a question sheet may hold several.

    Attributes:
        source: File name; for a member of an archive its path within.
        text: Markdown or plain text with line feeds only; tables as Markdown tables.
        details: What the file tells beside its words, by the keys of front matter (title,
            number, issuer, kind, effective_from, effective_to, scope, supersedes, topics).
        page_starts: Offset in ``text`` at which each page begins, the first page first; empty
            when the format has no pages.
    """

    source: str
    text: str
    details: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    page_starts: tuple[int, ...] = ()


class Reader(Protocol):
    """Reads one format, told by its content and not by its name."""

    def accepts(self, content: bytes, source: str) -> bool:
        """Whether ``content`` is of this format."""
        ...

    def read(self, content: bytes, source: str) -> tuple[ReadText, ...]:
        """Read it.

        Raises:
            UnreadableFile: It holds nothing that can be imported; the reason is for a curator.
        """
        ...
