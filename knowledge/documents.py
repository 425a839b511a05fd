"""The values of this room: what is cited, what is found, and when a text is in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

DEFAULT_COLLECTION = "community"
"""The body of texts that residents are answered from."""


class VersionState(StrEnum):
    """Where a version stands on its way from a file to an answer and out again."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    LAPSED = "lapsed"


@dataclass(frozen=True, kw_only=True)
class Citation:
    """Where words come from, so that anybody can look them up.

    ``effective_to`` is the last day in force. A date that the text does not tell is None.
    """

    title: str
    number: str | None = None
    issuer: str | None = None
    scope: str | None = None
    article: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    source: str
    page: int | None = None

    def in_force(self, on: date) -> bool:
        """Whether the text may be quoted as being in force on that day."""
        begun = self.effective_from is None or self.effective_from <= on
        return begun and (self.effective_to is None or on <= self.effective_to)

    def sentence(self) -> str:
        """The line below a quote: «《…办法》（槐安办发〔2025〕14号）第五条 · 2025-03-01 起施行»."""
        number = f"（{self.number}）" if self.number else ""
        where = f"《{self.title}》{number}{self.article or ''}"
        return f"{where} · {validity}" if (validity := self._validity()) else where

    def _validity(self) -> str:
        if self.effective_from and self.effective_to:
            return f"{self.effective_from} 至 {self.effective_to} 有效"
        if self.effective_from:
            return f"{self.effective_from} 起施行"
        return f"有效至 {self.effective_to}" if self.effective_to else ""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """The smallest text that is cited: an article, a section, a question with its answer.

    ``heading`` is the way down to it, "title › chapter". ``topic`` is the word a resident
    would use for what the document is about.
    """

    id: int
    text: str
    heading: str
    citation: Citation
    collection: str
    version_id: int
    topic: str


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A passage that was found; ``reasons`` tells how much each way of looking gave it."""

    passage: Passage
    score: float
    reasons: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
