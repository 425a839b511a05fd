"""An embedder that keeps what it embedded: training anew costs the new sentences only."""

import os
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from nlu.learning.features import Vectors
from nlu.understanding import Embedder


class RememberingEmbedder:
    """Embeds each text once, ever.

    Args:
        embedder: gives the vectors that are not known.
        file: where they are kept between runs; a damaged or foreign file is started anew.
    """

    def __init__(self, embedder: Embedder, file: Path) -> None:
        self._embedder = embedder
        self._file = file
        self._known: dict[str, Vectors] | None = None
        self._kept = 0

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        return self._embedder.dimension

    @property
    def model_name(self) -> str:
        """That of the embedder behind it: the vectors are the same."""
        return self._embedder.model_name

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of ``texts``, shape (texts, dimension), each of length 1."""
        known = self._vectors()
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, self._embedder.embed_queries(new), strict=True))
        vectors = [known[text] for text in texts]
        return np.asarray(vectors, np.float32).reshape(len(texts), self.dimension)

    def keep(self) -> None:
        """Write what is known to the file; nothing new, nothing written."""
        known = self._vectors()
        if len(known) == self._kept:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        whole = self._file.with_name(f".{os.getpid()}-{self._file.name}")
        np.savez(
            whole,
            model=np.asarray(self.model_name),
            texts=np.asarray(list(known)),
            vectors=np.asarray(list(known.values())),
        )
        os.replace(whole, self._file)
        self._kept = len(known)

    def _vectors(self) -> dict[str, Vectors]:
        if self._known is None:
            self._known = self._read()
            self._kept = len(self._known)
        return self._known

    def _read(self) -> dict[str, Vectors]:
        try:
            with np.load(self._file, allow_pickle=False) as stored:
                if str(stored["model"]) != self.model_name:
                    return {}
                return dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
        except (OSError, ValueError, KeyError, BadZipFile):
            return {}
