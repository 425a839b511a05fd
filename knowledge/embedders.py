"""The real embedder: multilingual-e5-small in ONNX Runtime.

Importing this file loads torch; whoever only needs the port imports ``knowledge.ports``.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

from knowledge.embedding.onnx_encoder import OnnxEncoder
from knowledge.hashing_embedder import HashingEmbedder
from knowledge.ports import Embedder, Vectors

__all__ = ["E5Embedder", "Embedder", "HashingEmbedder"]

BATCH = 32
QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "


class E5Embedder:
    """multilingual-e5-small in ONNX Runtime, behind a SentenceTransformer.

    Constructing it is cheap: the model loads with the first text, or by ``load``.

    Args:
        folder: what ``knowledge.embedding.build.ensure_model`` returned; its name is the model's.
        threads: threads of one call.
        second_opinion: a model that judges whether what this one found answers at all.
        remembered: queries whose vectors are kept, so that understanding a message and
            answering it cost one embedding.
    """

    dimension = 384

    def __init__(
        self,
        folder: Path,
        *,
        threads: int = 2,
        remembered: int = 2048,
        second_opinion: Embedder | None = None,
    ) -> None:
        if threads < 1:
            raise ValueError("an embedder needs at least one thread")
        self.model_name = folder.name
        self.second_opinion = second_opinion
        self._folder = folder
        self._threads = threads
        self._model: SentenceTransformer | None = None
        self._lock = threading.Lock()
        self._queries = _Memory(remembered)

    def load(self) -> None:
        """Load the model now, so that nobody waits for it later."""
        self._loaded()

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions and messages; those asked lately come from memory."""
        known = [self._queries.get(text) for text in texts]
        new = list(
            dict.fromkeys(t for t, vector in zip(texts, known, strict=True) if vector is None)
        )
        vectors = dict(zip(new, self._embed([QUERY_PREFIX + text for text in new]), strict=True))
        for text, vector in vectors.items():
            self._queries.put(text, vector)
        found = [
            vectors[text] if vector is None else vector
            for text, vector in zip(texts, known, strict=True)
        ]
        return np.array(found, np.float32).reshape(len(texts), self.dimension)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages and their parts."""
        return self._embed([PASSAGE_PREFIX + text for text in texts])

    def _embed(self, texts: Sequence[str]) -> Vectors:
        """Embed in batches of like length, so that little is spent on padding."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            vectors[chosen] = self._loaded().encode(
                [texts[i] for i in chosen],
                batch_size=BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return vectors

    def _loaded(self) -> SentenceTransformer:
        with self._lock:
            if self._model is None:
                encoder = OnnxEncoder(self._folder, threads=self._threads)
                self._model = SentenceTransformer(modules=[encoder], device="cpu")
            return self._model


class _Memory:
    """The vectors of the last texts, oldest forgotten first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, text: str) -> Vectors | None:
        with self._lock:
            if text in self._vectors:
                self._vectors.move_to_end(text)
            return self._vectors.get(text)

    def put(self, text: str, vector: Vectors) -> None:
        with self._lock:
            self._vectors[text] = vector
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)
