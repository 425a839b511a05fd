"""What the classifiers see of a text: its sentence vector and its character n-grams.

A text of two lines (title and beginning of the body) has the sum of both vectors, as that
was measured to be the best short reading of a long message.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.understanding import Embedder

Vectors = NDArray[np.float32]
LONGEST_GRAM = 3
BODY_WEIGHT = 0.5
BEGIN, END = "\x02", "\x03"
"""Marks around a text: «不是» alone means something else than within a sentence."""


@dataclass(frozen=True, kw_only=True)
class Features:
    """One row a text: ``vectors`` (texts, dimension) and ``grams`` (texts, known n-grams)."""

    vectors: Vectors
    grams: csr_matrix


def embed_lines(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """Unit vectors of ``texts``, shape (texts, dimension); lines of one text are summed."""
    lines = [text.split("\n") for text in texts]
    flat = list(dict.fromkeys(line for group in lines for line in group))
    known = dict(zip(flat, embedder.embed_queries(flat), strict=True)) if flat else {}
    summed = [np.sum([known[line] for line in group], axis=0) for group in lines]
    return unit(np.asarray(summed, np.float32).reshape(len(texts), embedder.dimension))


def unit(vectors: Vectors) -> Vectors:
    """``vectors`` at length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


class GramCounter:
    """Weighs the character n-grams of texts (TF-IDF, unit rows)."""

    def __init__(self, vectorizer: TfidfVectorizer) -> None:
        self._vectorizer = vectorizer

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "GramCounter":
        """Learn which n-grams there are, and how rare, from ``texts``."""
        vectorizer = _vectorizer(min_df=2)
        vectorizer.fit(_marked(texts))
        return cls(vectorizer)

    @classmethod
    def restore(cls, grams: Sequence[str], rarity: Vectors) -> "GramCounter":
        """The counter that had these ``grams`` and this ``rarity``."""
        vectorizer = _vectorizer(vocabulary={gram: i for i, gram in enumerate(grams)})
        vectorizer.idf_ = rarity
        return cls(vectorizer)

    @property
    def grams(self) -> list[str]:
        """Known n-grams, in the order of the columns."""
        return [str(gram) for gram in self._vectorizer.get_feature_names_out()]

    @property
    def rarity(self) -> Vectors:
        """Inverse document frequency of each n-gram."""
        return np.asarray(self._vectorizer.idf_, np.float32)

    def count(self, texts: Iterable[str]) -> csr_matrix:
        """Weights, shape (texts, n-grams): of the first line whole, of those below half."""
        lines = [text.partition("\n") for text in texts]
        weights = self._vectorizer.transform(_marked(title for title, _, _ in lines))
        if not any(body for _, _, body in lines):
            return weights
        bodies = self._vectorizer.transform(body and _mark(body) for _, _, body in lines)
        return csr_matrix(weights + BODY_WEIGHT * bodies)


def _vectorizer(**settings: object) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char",
        ngram_range=(1, LONGEST_GRAM),
        sublinear_tf=True,
        dtype=np.float32,
        **settings,
    )


def _marked(texts: Iterable[str]) -> list[str]:
    return [_mark(text) for text in texts]


def _mark(text: str) -> str:
    return f"{BEGIN}{text}{END}"
