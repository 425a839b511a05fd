"""How well the words of a question are met by the words of a passage (late interaction).

Every word of the question looks for the nearest word of the passage; the agreement is the mean of
what they find (Khattab and Zaharia, ColBERT, SIGIR 2020). The vectors of all words are held in one
byte a number: some 10 kB a passage. Above ``HELD_UP_TO`` passages they are not held, and nothing is
compared word by word.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.ports import WORD_STEPS, Asked, Vectors, Words

HELD_UP_TO = 30_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Agreement:
    """How well the words of a question are met by each of some passages, shape (passages,).

    ``mean`` of what the words find; ``spread``, its standard deviation: a passage that only
    touches the matter meets some words well and others hardly.
    """

    mean: Vectors
    spread: Vectors

    @classmethod
    def unknown(cls, count: int) -> "Agreement":
        """Where nothing is compared word by word."""
        return cls(mean=np.zeros(count, np.float32), spread=np.zeros(count, np.float32))


class WordMatches:
    """The words of the passages of an index, in its order; None for a passage without them."""

    def __init__(self, passages: Sequence[Words | None]) -> None:
        known = [words for words in passages if words is not None]
        self._is_held = 0 < len(known) == len(passages) <= HELD_UP_TO
        if self._is_held:
            self._rows = np.concatenate(known)
            self._first = np.cumsum([0, *map(len, known)])

    @property
    def bytes_held(self) -> int:
        """Memory of the vectors."""
        return self._rows.nbytes if self._is_held else 0

    def agreement(self, positions: NDArray[np.int64], asked: Asked | None) -> Agreement:
        """The agreement of a question with each of the passages; 0 where it is not known."""
        words = asked.words if asked and self._is_held else None
        if words is None or not len(words) or not len(positions):
            return Agreement.unknown(len(positions))
        counts = self._first[positions + 1] - self._first[positions]
        begins = np.cumsum(counts) - counts
        rows = np.arange(counts.sum()) - np.repeat(begins - self._first[positions], counts)
        cosines = self._rows[rows].astype(np.float32) @ words.T / WORD_STEPS
        nearest = np.maximum.reduceat(cosines, begins)
        return Agreement(
            mean=np.asarray(nearest.mean(1), np.float32),
            spread=np.asarray(nearest.std(1), np.float32),
        )
