"""The embedder that needs no model; it ships so that tests and trials run anywhere."""

import zlib
from collections.abc import Sequence

import numpy as np

from knowledge.ports import Asked, Told, Vectors
from knowledge.tokens import tokens_of


class HashingEmbedder:
    """Pairs of signs hashed into a vector: no model, no meaning, but words in common count."""

    second_opinion = None

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.model_name = f"hashed-pairs-{dimension}"

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages."""
        rows = [self._embed_one(text) for text in texts]
        return np.array(rows, np.float32).reshape(len(texts), self.dimension)

    def read_question(self, text: str) -> Asked:
        """A question; pairs of signs are not told apart."""
        return Asked(vector=self.embed_queries([text])[0])

    def read_passages(self, texts: Sequence[str]) -> Told:
        """Passages; pairs of signs are not told apart."""
        return Told(vectors=self.embed_passages(texts))

    def _embed_one(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, np.float32)
        for token in tokens_of(text):
            digest = zlib.crc32(token.encode())
            vector[digest % self.dimension] += 1.0 if digest & 0x10000 else -1.0
        length = float(np.linalg.norm(vector))
        if length == 0:
            vector[0] = length = 1.0
        return vector / length
