"""The real embedder: multilingual-e5-small in ONNX Runtime.

Importing this file loads torch; whoever only needs the port imports ``knowledge.ports``.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sentence_transformers import SentenceTransformer

from knowledge.embedding.onnx_encoder import OnnxEncoder
from knowledge.hashing_embedder import HashingEmbedder
from knowledge.ports import WORD_STEPS, Asked, Embedder, Told, Vectors

__all__ = ["E5Embedder", "Embedder", "HashingEmbedder"]

BATCH = 32
QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "
PREFIX_TOKENS = 3
"""Tokens before the words of a question: the mark of the beginning, «query», the colon."""


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
        found = [asked.vector for asked in self._read_questions(texts)]
        return np.array(found, np.float32).reshape(len(texts), self.dimension)

    def read_question(self, text: str) -> Asked:
        """A question as a whole and word by word, from memory if it was asked lately."""
        return self._read_questions([text])[0]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages and their parts."""
        return self.read_passages(texts).vectors

    def read_passages(self, texts: Sequence[str]) -> Told:
        """Passages and their parts as a whole and word by word."""
        read = self._read([PASSAGE_PREFIX + text for text in texts])
        vectors = np.array([one.vector for one in read], np.float32)
        return Told(
            vectors=vectors.reshape(len(texts), self.dimension),
            words=[np.round(one.words * WORD_STEPS).astype(np.int8) for one in read],
        )

    def _read_questions(self, texts: Sequence[str]) -> list[Asked]:
        known = {text: self._queries.get(text) for text in texts}
        new = [text for text, asked in known.items() if asked is None]
        read = self._read([QUERY_PREFIX + text for text in new])
        fresh = {
            text: Asked(vector=one.vector, words=one.words[PREFIX_TOKENS:-1])
            for text, one in zip(new, read, strict=True)
        }
        for text, asked in fresh.items():
            self._queries.put(text, asked)
        return [known[text] or fresh[text] for text in texts]

    def _read(self, texts: Sequence[str]) -> list["_Read"]:
        """Read in batches of like length, so that little is spent on padding."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        read: dict[int, _Read] = {}
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            found = self._loaded().encode(
                [texts[i] for i in chosen],
                batch_size=BATCH,
                output_value=None,
                show_progress_bar=False,
            )
            read |= zip(chosen, map(_as_read, found), strict=True)
        return [read[i] for i in range(len(texts))]

    def _loaded(self) -> SentenceTransformer:
        with self._lock:
            if self._model is None:
                encoder = OnnxEncoder(self._folder, threads=self._threads)
                self._model = SentenceTransformer(modules=[encoder], device="cpu")
            return self._model


@dataclass(frozen=True, kw_only=True, eq=False)
class _Read:
    """One text as the model gave it: its vector, and those of its tokens without the padding."""

    vector: Vectors
    words: Vectors


def _as_read(features: Mapping[str, Any]) -> _Read:
    vector = features["sentence_embedding"].numpy()
    count = int(features["attention_mask"].sum())
    return _Read(
        vector=vector / np.linalg.norm(vector),
        words=features["token_vectors"].numpy()[:count].copy(),
    )


class _Memory:
    """The last questions as they were read, oldest forgotten first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._read: OrderedDict[str, Asked] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, text: str) -> Asked | None:
        with self._lock:
            if text in self._read:
                self._read.move_to_end(text)
            return self._read.get(text)

    def put(self, text: str, asked: Asked) -> None:
        with self._lock:
            self._read[text] = asked
            while len(self._read) > self._size:
                self._read.popitem(last=False)
