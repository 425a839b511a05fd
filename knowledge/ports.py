"""What this room needs from outside: something that turns texts into vectors."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


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
