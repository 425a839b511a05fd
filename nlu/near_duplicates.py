"""Pairs of texts that share nearly all of their character bigrams."""

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

ROWS_AT_ONCE = 256
"""A block of the similarity matrix in memory at a time."""


def near_pairs(
    left: Sequence[str], right: Sequence[str], least: float
) -> Iterator[tuple[int, int]]:
    """Indices (in ``left``, in ``right``) of texts whose cosine is ``least`` or more.

    The bigrams run over the ends of a text, so that texts of one character have one as well.
    """
    if not left or not right:
        return
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 2), use_idf=False, dtype=np.float32
    )
    columns = vectorizer.fit_transform(right).T.tocsr()
    rows = vectorizer.transform(left)
    for start in range(0, rows.shape[0], ROWS_AT_ONCE):
        near = (rows[start : start + ROWS_AT_ONCE] @ columns).tocoo()
        for row, column in zip(*_at_least(near, least), strict=True):
            yield start + int(row), int(column)


def _at_least(near: object, least: float) -> tuple[np.ndarray, np.ndarray]:
    kept = near.data >= least  # type: ignore[attr-defined]
    return near.row[kept], near.col[kept]  # type: ignore[attr-defined]
