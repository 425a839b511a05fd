"""The index over the passages of one collection: FAISS for meaning, BM25 for words.

A passage is compared as a whole, with its title and headings, and part by part; the best part
counts. Words count a little on top: residents and texts use different ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import bm25s
import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.tokens import tokens_of

Vectors = NDArray[np.float32]
Scores = NDArray[np.float64]
Mask = NDArray[np.bool_]

LEXICAL_WEIGHT = 0.05
"""What full agreement of the words adds to a cosine; chosen on held-out questions."""
CANDIDATES = 100
"""Passages and parts each way of looking brings before the exact scores are added up."""
BM25_K1 = 1.2
BM25_B = 0.6


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the index needs of one passage.

    ``whole`` has shape (dimension,), ``parts`` (number of parts, dimension); all unit length.
    """

    words: str
    whole: Vectors
    parts: Vectors


@dataclass(frozen=True, kw_only=True)
class Query:
    """A question as the index takes it: its vector (dimension,) and its words."""

    vector: Vectors
    words: str


@dataclass(frozen=True, kw_only=True)
class Match:
    """A passage by its position in the index. ``score`` is comparable between indexes."""

    position: int
    score: float
    whole: float
    part: float
    lexical: float
    best_part: int


class PassageIndex:
    """An unchanging index; many threads may search it.

    Args:
        entries: the passages in their order; a passage without parts is compared as a whole.
        dimension: width of the vectors.
    """

    def __init__(self, entries: Sequence[Entry], dimension: int) -> None:
        self._size = len(entries)
        self._by_whole = _flat([entry.whole[None, :] for entry in entries], dimension)
        # A passage of one part needs no second vector.
        parts = [e.parts if len(e.parts) else e.whole[None, :] for e in entries]
        self._first_part = np.cumsum([0, *map(len, parts)])
        self._owners = np.repeat(np.arange(self._size), [len(p) for p in parts])
        self._by_part = _flat(parts, dimension)
        self._wholes, self._parts = _rows(self._by_whole), _rows(self._by_part)
        self._words = _Words([entry.words for entry in entries])

    def __len__(self) -> int:
        return self._size

    def search(self, query: Query, top: int, allowed: Mask | None = None) -> list[Match]:
        """The best ``top`` passages among those ``allowed``, best first."""
        if self._size == 0 or (allowed is not None and not allowed.any()):
            return []
        lexical = self._words.scores(query.words)
        candidates = self._candidates(query, lexical, allowed, max(top, CANDIDATES))
        wholes = self._wholes[candidates] @ query.vector
        parts, best_parts = self._best_parts(candidates, query.vector)
        scores = (wholes + parts) / 2 + LEXICAL_WEIGHT * lexical[candidates]
        return [
            Match(
                position=int(candidates[i]),
                score=float(scores[i]),
                whole=float(wholes[i]),
                part=float(parts[i]),
                lexical=float(lexical[candidates[i]]),
                best_part=int(best_parts[i]),
            )
            for i in np.argsort(-scores, kind="stable")[:top]
        ]

    def _candidates(
        self, query: Query, lexical: Scores, allowed: Mask | None, count: int
    ) -> NDArray[np.int64]:
        wholes = _nearest(self._by_whole, query.vector, count, allowed)
        by_part = None if allowed is None else allowed[self._owners]
        parts = self._owners[_nearest(self._by_part, query.vector, count, by_part)]
        worded = np.argsort(-lexical)[:count]
        worded = worded[lexical[worded] > 0]
        found = np.unique(np.concatenate([wholes, parts, worded]))
        return found if allowed is None else found[allowed[found]]

    def _best_parts(
        self, candidates: NDArray[np.int64], vector: Vectors
    ) -> tuple[Vectors, NDArray[np.int64]]:
        """The score of the best part of each candidate, and its number within the passage."""
        counts = self._first_part[candidates + 1] - self._first_part[candidates]
        begins = np.cumsum(counts) - counts
        within = np.arange(counts.sum()) - np.repeat(begins, counts)
        rows = np.repeat(self._first_part[candidates], counts) + within
        scores = self._parts[rows] @ vector
        best = np.maximum.reduceat(scores, begins)
        first_best = np.where(scores == np.repeat(best, counts), within, len(scores))
        return best, np.minimum.reduceat(first_best, begins)


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
            return np.zeros(self._size)
        best = sum(self._weight(token) for token in asked)
        return np.asarray(self._ranking.get_scores(known), np.float64) / best

    def _weight(self, token: str) -> float:
        count = self._documents_with.get(token, 0)
        return float(np.log(1 + (self._size - count + 0.5) / (count + 0.5)))


def _document_counts(tokens: Sequence[Sequence[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for document in tokens:
        for token in set(document):
            counts[token] = counts.get(token, 0) + 1
    return counts


def _flat(stacks: Sequence[Vectors], dimension: int) -> faiss.IndexFlatIP:
    """An exact inner-product index; up to some 100,000 vectors it answers in milliseconds."""
    index = faiss.IndexFlatIP(dimension)
    if stacks:
        index.add(np.ascontiguousarray(np.concatenate(stacks), np.float32))
    return index


def _nearest(
    index: faiss.IndexFlatIP, vector: Vectors, count: int, allowed: Mask | None
) -> NDArray[np.int64]:
    parameters = None if allowed is None else _only(allowed)
    _, found = index.search(vector[None, :], min(count, index.ntotal), params=parameters)
    return np.asarray(found[0][found[0] >= 0], np.int64)


def _only(allowed: Mask) -> faiss.SearchParameters:
    # The library takes arrays and keywords here, which its type stubs do not know.
    bits = np.packbits(allowed, bitorder="little")
    return faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))  # type: ignore[call-arg, arg-type]


def _rows(index: faiss.IndexFlatIP) -> Vectors:
    """The vectors in the index itself, not copied; valid as long as the index lives."""
    flat = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d)
    return np.asarray(flat).reshape(-1, index.d)
