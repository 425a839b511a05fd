"""How search holds up with many passages: time, memory, and what grouping misses.

    python -m benchmarks.scale [--passages 1000000]

Vectors and words are made up: vectors lie around some thousand centres, as those of texts do.
"""

import argparse
import resource
import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from knowledge.indexes import Entry, PassageIndex, Query, Scope
from knowledge.ports import Asked

DIMENSION = 384
CENTRES = 3000
SPREAD = 0.8
WORDS = 30_000
WORDS_EACH = 12
QUESTIONS = 200
SEED = 7

Vectors = NDArray[np.float32]


def make_vectors(count: int, chance: np.random.Generator) -> Iterator[Vectors]:
    """Unit vectors around random centres, ten thousand at a time."""
    centres = _unit(chance.standard_normal((CENTRES, DIMENSION), np.float32))
    for start in range(0, count, 10_000):
        size = min(10_000, count - start)
        noise = _unit(chance.standard_normal((size, DIMENSION), np.float32))
        yield _unit(centres[chance.integers(CENTRES, size=size)] + SPREAD * noise)


def make_words(chance: np.random.Generator) -> str:
    """Invented words, some far more frequent than others."""
    numbers = (WORDS * chance.random(WORDS_EACH) ** 3).astype(int)
    return " ".join(f"w{number}" for number in numbers)


def main() -> None:
    """Build, search, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=1_000_000)
    count = parser.parse_args().passages
    chance = np.random.default_rng(SEED)
    none = np.empty((0, DIMENSION), np.float32)
    vectors = np.concatenate(list(make_vectors(count, chance)))
    entries = [Entry(words=make_words(chance), whole=v, parts=none) for v in vectors]
    started = time.monotonic()
    index = PassageIndex(entries, DIMENSION)
    print(f"{count:,} passages, built in {time.monotonic() - started:.0f} s")
    print(f"grouped: {index.is_clustered}, vectors hold {index.bytes_held / 1e6:,.0f} MB")
    asked = chance.integers(count, size=QUESTIONS)
    noise = _unit(chance.standard_normal((QUESTIONS, DIMENSION), np.float32))
    queries = [
        Query(asked=Asked(vector=_unit(vectors[n] + 0.5 * noise[i])), words=make_words(chance))
        for i, n in enumerate(asked)
    ]
    scope = index.scope(chance.random(count) < 0.9)
    _measure("all passages", index, queries, None)
    _measure("nine in ten allowed", index, queries, scope)
    _compare(index, queries, vectors)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak memory of the process, raw vectors and words included: {peak:.1f} GB")


def _measure(label: str, index: PassageIndex, queries: list[Query], scope: Scope | None) -> None:
    milliseconds = []
    for query in queries:
        started = time.perf_counter()
        index.search(query, 10, scope)
        milliseconds.append(1000 * (time.perf_counter() - started))
    median, late = np.percentile(milliseconds, [50, 95])
    print(f"{label}: median {median:.1f} ms, p95 {late:.1f} ms, n={len(queries)}")


def _compare(index: PassageIndex, queries: list[Query], vectors: Vectors) -> None:
    """How many of the ten truly nearest vectors a search finds."""
    shared = 0
    for query in queries:
        nearest = set(np.argsort(-(vectors @ query.asked.vector))[:10].tolist())
        found = {m.position for m in index.search(query, 100)}
        shared += len(nearest & found)
    print(f"of the ten nearest vectors found: {shared / (10 * len(queries)):.3f}")


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


if __name__ == "__main__":
    main()
