"""The index over the passages of one collection: vectors for meaning, BM25 for words.

A passage is compared as a whole, with its title and headings, and part by part; the best part
counts. The best of them are then compared word by word, each word of the question with the one
that means most nearly the same. The same words count a little on top: residents and texts use
different ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
from numpy.typing import NDArray

from knowledge.nearest import CLUSTERED_FROM, Allowed, Mask, NearestVectors, Numbers, Vectors
from knowledge.ports import Asked, Words
from knowledge.tokens import tokens_of
from knowledge.word_matches import WordMatches

Scores = NDArray[np.float32]

CANDIDATES = 100
"""Passages and parts each way of looking brings before the exact scores are added up."""
COMPARED_BY_WORD = 40
"""The best of them, which are compared word by word as well."""
BM25_K1 = 1.2
BM25_B = 0.6


@dataclass(frozen=True, kw_only=True)
class Fusion:
    """What each way of comparing counts in the score.

    Chosen on questions that the model was not tuned on: docs/retrieval.md.

    Args:
        whole: for the cosine with the whole passage.
        part: for the cosine with its best part.
        lexical: for full agreement of the words, of which a good match has a tenth.
        matched: for the agreement word by word.
        plain: for the cosine of the second opinion, which moves five times less than the others.
    """

    whole: float = 0.25
    part: float = 0.75
    lexical: float = 1.5
    matched: float = 0.5
    plain: float = 1.5


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the index needs of one passage.

    ``whole`` has shape (dimension,), ``parts`` (number of parts, dimension); all unit length.
    ``each_word`` are the words of the whole, if the model tells them apart; ``plain`` and
    ``plain_words`` are what the model of the second opinion sees, if there is one.
    """

    words: str
    whole: Vectors
    parts: Vectors
    each_word: Words | None = None
    plain: Vectors | None = None
    plain_words: Words | None = None


@dataclass(frozen=True, kw_only=True)
class Query:
    """A question as the index takes it: its words, as the model sees it, as the second one does."""

    asked: Asked
    words: str
    plain: Asked | None = None


@dataclass(frozen=True, kw_only=True)
class Match:
    """A passage by its position in the index. ``score`` is comparable between indexes."""

    position: int
    score: float
    whole: float
    part: float
    lexical: float
    matched: float
    plain: float
    plain_matched: float
    plain_spread: float
    best_part: int


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The passages a search may find; made once for all questions about the same day."""

    passages: Mask
    wholes: Allowed
    parts: Allowed


class PassageIndex:
    """An unchanging index; many threads may search it.

    Args:
        entries: the passages in their order; a passage without parts is compared as a whole.
        dimension: width of the vectors.
        fusion: what each way of comparing counts.
        clustered_from: number of vectors from which on they are searched by groups.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        dimension: int,
        *,
        fusion: Fusion = Fusion(),
        clustered_from: int = CLUSTERED_FROM,
    ) -> None:
        self._size = len(entries)
        self._fusion = fusion
        wholes = [entry.whole[None, :] for entry in entries]
        self._wholes = NearestVectors(wholes, dimension, clustered_from=clustered_from)
        # A passage of one part needs no second vector.
        parts = [e.parts if len(e.parts) else e.whole[None, :] for e in entries]
        self._first_part = np.cumsum([0, *map(len, parts)])
        self._owners = np.repeat(np.arange(self._size), [len(p) for p in parts])
        self._parts = NearestVectors(parts, dimension, clustered_from=clustered_from)
        plain = [entry.plain[None, :] for entry in entries if entry.plain is not None]
        self._plain = NearestVectors(plain, dimension, clustered_from=clustered_from)
        self._words = _Words([entry.words for entry in entries])
        self._each_word = WordMatches([entry.each_word for entry in entries])
        self._plain_words = WordMatches([entry.plain_words for entry in entries])

    def __len__(self) -> int:
        return self._size

    @property
    def is_clustered(self) -> bool:
        """Whether there are so many vectors that they are searched by groups."""
        return self._parts.is_clustered

    @property
    def bytes_held(self) -> int:
        """Memory of the vectors."""
        held = (self._wholes, self._parts, self._plain, self._each_word, self._plain_words)
        return sum(one.bytes_held for one in held)

    def scope(self, passages: Mask) -> Scope:
        """What a search may find, from one truth value a passage."""
        return Scope(
            passages=passages, wholes=Allowed.of(passages), parts=Allowed.of(passages[self._owners])
        )

    def search(self, query: Query, top: int, scope: Scope | None = None) -> list[Match]:
        """The best ``top`` passages within ``scope``, best first."""
        if self._size == 0 or (scope is not None and not scope.passages.any()):
            return []
        lexical = self._words.scores(query.words)
        candidates = self._candidates(query, lexical, scope, max(top, CANDIDATES))
        wholes = self._wholes.rows(candidates) @ query.asked.vector
        parts, best_parts = self._best_parts(candidates, query.asked.vector)
        plain = self._plain_scores(candidates, query.plain)
        weights = self._fusion
        rough = weights.whole * wholes + weights.part * parts + weights.plain * plain
        rough = rough + weights.lexical * lexical[candidates]
        # Comparing word by word costs more than all the rest, and changes places near the top only.
        chosen = np.argsort(-rough, kind="stable")[: max(top, COMPARED_BY_WORD)]
        matched = self._each_word.agreement(candidates[chosen], query.asked)
        plain_matched = self._plain_words.agreement(candidates[chosen], query.plain)
        scores = rough[chosen] + weights.matched * matched.mean
        if len(self._plain):
            scores = scores / (1 + weights.plain)
        return [
            Match(
                position=int(candidates[chosen[i]]),
                score=float(scores[i]),
                whole=float(wholes[chosen[i]]),
                part=float(parts[chosen[i]]),
                lexical=float(lexical[candidates[chosen[i]]]),
                matched=float(matched.mean[i]),
                plain=float(plain[chosen[i]]),
                plain_matched=float(plain_matched.mean[i]),
                plain_spread=float(plain_matched.spread[i]),
                best_part=int(best_parts[chosen[i]]),
            )
            for i in np.argsort(-scores, kind="stable")[:top]
        ]

    def _candidates(
        self, query: Query, lexical: Scores, scope: Scope | None, count: int
    ) -> Numbers:
        in_wholes, in_parts = (scope.wholes, scope.parts) if scope else (None, None)
        wholes = self._wholes.search(query.asked.vector, count, in_wholes)
        parts = self._owners[self._parts.search(query.asked.vector, count, in_parts)]
        found = np.unique(np.concatenate([wholes, parts, _highest(lexical, count)]))
        return found if scope is None else found[scope.passages[found]]

    def _plain_scores(self, candidates: Numbers, asked: Asked | None) -> Vectors:
        if asked is None or not len(self._plain):
            return np.zeros(len(candidates), np.float32)
        return np.asarray(self._plain.rows(candidates) @ asked.vector, np.float32)

    def _best_parts(self, candidates: Numbers, vector: Vectors) -> tuple[Vectors, Numbers]:
        """The score of the best part of each candidate, and its number within the passage."""
        counts = self._first_part[candidates + 1] - self._first_part[candidates]
        begins = np.cumsum(counts) - counts
        within = np.arange(counts.sum()) - np.repeat(begins, counts)
        rows = np.repeat(self._first_part[candidates], counts) + within
        scores = self._parts.rows(rows) @ vector
        best = np.maximum.reduceat(scores, begins)
        first_best = np.where(scores == np.repeat(best, counts), within, len(scores))
        return best, np.minimum.reduceat(first_best, begins)


def _highest(scores: Scores, count: int) -> Numbers:
    """The places of the highest scores above zero, in no order."""
    # Most passages share no word: sorting their zeros out first is ten times faster.
    places = np.flatnonzero(scores > 0)
    if len(places) > count:
        first = len(places) - count
        places = places[np.argpartition(scores[places], first)[first:]]
    return np.asarray(places, np.int64)


class _Words:
    """BM25 over token pairs, as a share of what a perfect match of one token each would get."""

    def __init__(self, texts: Sequence[str]) -> None:
        tokens = [tokens_of(text) for text in texts]
        self._size = len(texts)
        self._documents_with = _document_counts(tokens)
        self._ranking = None
        if self._documents_with:
            self._ranking = bm25s.BM25(k1=BM25_K1, b=BM25_B)
            self._ranking.index(tokens, show_progress=False)

    def scores(self, question: str) -> Scores:
        """One score a passage, 0 where no token is shared."""
        asked = tokens_of(question)
        known = [token for token in asked if token in self._documents_with]
        if self._ranking is None or not known:
            return np.zeros(self._size, np.float32)
        best = sum(self._weight(token) for token in asked)
        return np.asarray(self._ranking.get_scores(known), np.float32) / np.float32(best)

    def _weight(self, token: str) -> float:
        count = self._documents_with.get(token, 0)
        return float(np.log(1 + (self._size - count + 0.5) / (count + 0.5)))


def _document_counts(tokens: Sequence[Sequence[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for document in tokens:
        for token in set(document):
            counts[token] = counts.get(token, 0) + 1
    return counts
