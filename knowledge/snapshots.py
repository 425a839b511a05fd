"""All that a search needs, of one published state of a collection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.documents import Passage
from knowledge.fixed_replies import FixedReplies
from knowledge.indexes import Entry, Fusion, PassageIndex, Scope
from knowledge.ports import Embedder, Vectors, Words
from knowledge.published import PublishedState
from knowledge.store import SessionFactory, read_only
from knowledge.vectors import embed_missing, load_vectors, load_words
from knowledge.views import PassageViews, views_of, with_questions

DAYS_REMEMBERED = 64
"""Days for which it is remembered which texts are in force."""


@dataclass(frozen=True, kw_only=True)
class Scopes:
    """The passages in force on a day, and the others."""

    in_force: Scope
    others: Scope


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """One published state; it is never changed, only swapped for another one."""

    version: int
    passages: tuple[Passage, ...]
    index: PassageIndex
    replies: FixedReplies
    first_days: NDArray[np.int64]
    last_days: NDArray[np.int64]
    scopes: dict[date, Scopes] = field(default_factory=dict)

    def scopes_on(self, day: date) -> Scopes:
        """What is in force on ``day`` and what is not; worked out once a day."""
        known = self.scopes.get(day)
        if known is None:
            number = day.toordinal()
            in_force = np.asarray((self.first_days <= number) & (number <= self.last_days))
            known = Scopes(in_force=self.index.scope(in_force), others=self.index.scope(~in_force))
            if len(self.scopes) >= DAYS_REMEMBERED:
                self.scopes.clear()
            self.scopes[day] = known
        return known


class SnapshotBuilder:
    """Builds snapshots from the texts and their vectors in the database."""

    def __init__(
        self, open_session: SessionFactory, embedder: Embedder, fusion: Fusion | None = None
    ) -> None:
        self._open_session = open_session
        self._embedder = embedder
        self._fusion = fusion or Fusion()

    def build(self, state: PublishedState) -> Snapshot:
        """The snapshot of ``state``; vectors that are missing are made."""
        rows = state.passages
        views = [
            with_questions(views_of(p.citation.title, path, p.text), state.asked.get(p.id, ()))
            for p, path in rows
        ]
        entries = self._entries(views)
        spans = [(p.citation.effective_from, p.citation.effective_to) for p, _ in rows]
        positions = {passage.id: position for position, (passage, _) in enumerate(rows)}
        return Snapshot(
            version=state.version,
            passages=tuple(passage for passage, _ in rows),
            index=PassageIndex(entries, self._embedder.dimension, fusion=self._fusion),
            replies=FixedReplies(
                state.replies, positions, self._embedder.second_opinion or self._embedder
            ),
            first_days=np.array([(a or date.min).toordinal() for a, _ in spans], np.int64),
            last_days=np.array([(b or date.max).toordinal() for _, b in spans], np.int64),
        )

    def _entries(self, views: Sequence[PassageViews]) -> list[Entry]:
        wholes = [view.whole for view in views]
        texts = list(dict.fromkeys(text for view in views for text in (view.whole, *view.parts)))
        # Usually nothing is missing; after a change of the model everything is.
        embed_missing(self._open_session, self._embedder, texts)
        with self._open_session() as session:
            vectors = load_vectors(read_only(session), self._embedder.model_name, texts)
            each_word = load_words(session, self._embedder.model_name, wholes)
        plain, plain_words = self._plain_views(wholes)
        none = np.empty((0, self._embedder.dimension), np.float32)
        return [
            Entry(
                words=view.whole,
                whole=vectors[view.whole],
                parts=np.stack([vectors[part] for part in view.parts]) if view.parts else none,
                each_word=each_word.get(view.whole),
                plain=plain.get(view.whole),
                plain_words=plain_words.get(view.whole),
            )
            for view in views
        ]

    def _plain_views(
        self, wholes: Sequence[str]
    ) -> tuple[Mapping[str, Vectors], Mapping[str, Words]]:
        """The passages as the second opinion sees them, and their words; empty without one."""
        judge = self._embedder.second_opinion
        if judge is None:
            return {}, {}
        embed_missing(self._open_session, judge, wholes)
        with self._open_session() as session:
            vectors = load_vectors(read_only(session), judge.model_name, wholes)
            return vectors, load_words(session, judge.model_name, wholes)
