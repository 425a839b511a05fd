"""What this room needs from outside: something that turns texts into vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Words = NDArray[np.int8]
"""Unit vectors of the words of one text, shape (words, WORD_WIDTH), in steps of 1/WORD_STEPS."""
WORD_WIDTH = 96
WORD_STEPS = 127


@dataclass(frozen=True, kw_only=True, eq=False)
class Asked:
    """A question as a model sees it.

    Args:
        vector: the whole of it, shape (dimension,), length 1.
        words: its words one by one, shape (words, WORD_WIDTH), each of length 1; None if the model
            cannot tell words apart.
    """

    vector: Vectors
    words: Vectors | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Told:
    """Texts as a model sees them: vectors, shape (texts, dimension), and the words of each."""

    vectors: Vectors
    words: Sequence[Words] | None = None


class Embedder(Protocol):
    """Turns texts into unit vectors. Safe to call from several threads."""

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        ...

    @property
    def model_name(self) -> str:
        """Changes whenever the vectors change."""
        ...

    @property
    def second_opinion(self) -> "Embedder | None":
        """Another model that judges whether what was found answers at all; None without one."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what people ask, shape (texts, dimension), each of length 1."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what texts say, shape (texts, dimension), each of length 1."""
        ...

    def read_question(self, text: str) -> Asked:
        """A question as a whole and word by word."""
        ...

    def read_passages(self, texts: Sequence[str]) -> Told:
        """Texts as a whole and word by word."""
        ...
