"""The nearest of many vectors: exact while they are few, by clusters above a size.

Few vectors are compared one by one, in full precision. Above ``CLUSTERED_FROM`` they are kept in
one byte a number and grouped around centres (FAISS ``IVF,SQ8``), and a question only looks into
the groups around it: a million vectors take 0.4 GB instead of 1.5 GB and are searched in
milliseconds. Graphs (HNSW) are as fast to search, but take twenty times as long to build on two
cores and four times the memory, and an index here is built anew for every publication.
docs/adr/0009-index-types.md has the figures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

CLUSTERED_FROM = 200_000
"""Vectors from which on a search one by one takes longer than a question may (two cores)."""
TRAINED_ON = 40
"""Vectors a group that the centres are learned from; FAISS asks for 39 at least."""
LOOKED_INTO = 24
"""Groups that one search looks into."""
ADDED_TOGETHER = 50_000
SEED = 1234


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """Which vectors may be found; made once and used by many searches."""

    selector: faiss.IDSelectorBitmap
    bits: NDArray[np.uint8]

    @classmethod
    def of(cls, mask: Mask) -> "Allowed":
        """The vectors whose place in ``mask`` is true."""
        bits = np.packbits(mask, bitorder="little")
        # The library takes an array here, which its type stubs do not know; it does not keep it.
        return cls(selector=faiss.IDSelectorBitmap(bits), bits=bits)  # type: ignore[arg-type, call-arg]


class NearestVectors:
    """An unchanging index over unit vectors; many threads may search it.

    The same vectors in the same order always give the same index.

    Args:
        stacks: vectors of shape (any, dimension), laid end to end.
        dimension: width of a vector.
        clustered_from: size from which on vectors are grouped.
    """

    def __init__(
        self, stacks: Sequence[Vectors], dimension: int, *, clustered_from: int = CLUSTERED_FROM
    ) -> None:
        size = sum(len(stack) for stack in stacks)
        self.is_clustered = size >= clustered_from
        # The stubs of FAISS know little of what each kind of index can do.
        self._index: Any = (
            _clustered(stacks, dimension, size) if self.is_clustered else _flat(dimension)
        )
        for portion in _portions(stacks):
            self._index.add(portion)
        if self.is_clustered:
            self._index.make_direct_map()

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def bytes_held(self) -> int:
        """Memory of the vectors, and of their numbers in the groups."""
        width = self._index.code_size + 8 if self.is_clustered else 4 * self._index.d
        return int(self._index.ntotal * width)

    def search(self, vector: Vectors, count: int, allowed: Allowed | None = None) -> Numbers:
        """The numbers of the nearest vectors, best first; at most ``count``."""
        _, found = self._index.search(
            vector[None, :], min(count, len(self)), params=self._parameters(allowed)
        )
        return np.asarray(found[0][found[0] >= 0], np.int64)

    def rows(self, numbers: Numbers) -> Vectors:
        """The vectors with these numbers, shape (numbers, dimension)."""
        return np.asarray(self._index.reconstruct_batch(numbers), np.float32)

    def _parameters(self, allowed: Allowed | None) -> faiss.SearchParameters | None:
        selector = None if allowed is None else allowed.selector
        # The library takes keywords here, which its type stubs do not know.
        if self.is_clustered:
            return faiss.SearchParametersIVF(sel=selector, nprobe=LOOKED_INTO)  # type: ignore[call-arg]
        return None if selector is None else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]


def _flat(dimension: int) -> Any:
    return faiss.IndexFlatIP(dimension)


def _clustered(stacks: Sequence[Vectors], dimension: int, size: int) -> Any:
    groups = max(1, int(4 * np.sqrt(size)))
    groups = min(groups, max(1, size // TRAINED_ON))
    index: Any = faiss.index_factory(dimension, f"IVF{groups},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.cp.seed = SEED
    index.train(_sample(stacks, size, groups * TRAINED_ON))
    return index


def _sample(stacks: Sequence[Vectors], size: int, count: int) -> Vectors:
    """``count`` vectors drawn evenly, always the same ones."""
    chosen = np.sort(np.random.default_rng(SEED).choice(size, min(count, size), replace=False))
    sample = np.empty((len(chosen), stacks[0].shape[1]), np.float32)
    start = filled = 0
    for stack in stacks:
        inside = chosen[
            np.searchsorted(chosen, start) : np.searchsorted(chosen, start + len(stack))
        ]
        sample[filled : filled + len(inside)] = stack[inside - start]
        start, filled = start + len(stack), filled + len(inside)
    return sample


def _portions(stacks: Sequence[Vectors]) -> Iterator[Vectors]:
    """Stacks put together into portions, so that memory never holds all of them twice."""
    held: list[Vectors] = []
    count = 0
    for stack in stacks:
        held.append(stack)
        count += len(stack)
        if count >= ADDED_TOGETHER:
            yield np.ascontiguousarray(np.concatenate(held), np.float32)
            held, count = [], 0
    if held:
        yield np.ascontiguousarray(np.concatenate(held), np.float32)
