"""All that a search needs, of one published state of a collection."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.documents import Passage
from knowledge.fixed_replies import FixedReplies
from knowledge.indexes import Entry, Fusion, PassageIndex, Scope
from knowledge.ports import Embedder
from knowledge.published import PublishedState
from knowledge.store import SessionFactory
from knowledge.vectors import StoredVectors, stored_vectors
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
            with_questions(
                views_of(one.passage.citation.title, one.path, one.passage.text),
                state.asked.get(one.passage.id, ()),
            )
            for one in rows
        ]
        entries = self._entries(views)
        passages = tuple(one.passage for one in rows)
        spans = [(p.citation.effective_from, p.citation.effective_to) for p in passages]
        positions = {passage.id: position for position, passage in enumerate(passages)}
        return Snapshot(
            version=state.version,
            passages=passages,
            index=PassageIndex(entries, self._embedder.dimension, fusion=self._fusion),
            replies=FixedReplies(
                state.replies, positions, self._embedder.second_opinion or self._embedder
            ),
            first_days=np.array([(a or date.min).toordinal() for a, _ in spans], np.int64),
            last_days=np.array([(b or date.max).toordinal() for _, b in spans], np.int64),
        )

    def _entries(self, views: Sequence[PassageViews]) -> list[Entry]:
        wholes = [view.whole for view in views]
        parts = [part for view in views for part in view.parts]
        # Usually nothing is missing; after a change of the model everything is.
        stored = stored_vectors(self._open_session, self._embedder, wholes, parts)
        plain = self._plain_views(wholes)
        none = np.empty((0, self._embedder.dimension), np.float32)
        return [
            Entry(
                words=view.whole,
                whole=stored.vectors[view.whole],
                parts=np.stack([stored.vectors[p] for p in view.parts]) if view.parts else none,
                each_word=stored.words.get(view.whole),
                plain=plain.vectors.get(view.whole),
                plain_words=plain.words.get(view.whole),
            )
            for view in views
        ]

    def _plain_views(self, wholes: Sequence[str]) -> StoredVectors:
        """The passages as the second opinion sees them, and their words; empty without one."""
        judge = self._embedder.second_opinion
        if judge is None:
            return StoredVectors(vectors={}, words={})
        return stored_vectors(self._open_session, judge, wholes)
