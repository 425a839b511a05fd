"""Ridge classifiers with leave-one-out scores, as nlu/learning/ridge.py has them.

The Rasa project is installed and shipped alone, on another Python, so it keeps its own small
copy of the arithmetic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.linalg import cho_factor, cho_solve, lapack
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix

SHARPEST = 60.0


def kernel_of(vectors: np.ndarray, grams: csr_matrix, gram_weight: float) -> np.ndarray:
    """Similarities of all examples, shape (examples, examples)."""
    kernel = vectors @ vectors.T + gram_weight**2 * (grams @ grams.T).toarray()
    return np.asarray(kernel, np.float32)


def balanced_weights(labels: Sequence[str], balance: float) -> np.ndarray:
    """Weights of examples, mean 1: the rarer the class the greater."""
    counts = Counter(labels)
    weights = np.asarray([counts[label] ** -balance for label in labels], np.float32)
    return np.asarray(weights / weights.mean(), np.float32)


def solve(
    kernel: np.ndarray, targets: np.ndarray, penalty: float, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Dual weights, and the score of each example had it been left out."""
    penalised = kernel + np.diag(penalty / weights).astype(np.float32)
    factor, _ = cho_factor(penalised, lower=True, overwrite_a=True, check_finite=False)
    duals = cho_solve((factor, True), targets, check_finite=False)
    inverse, _ = lapack.spotri(factor, lower=1, overwrite_c=1)
    return duals, targets - duals / np.diag(inverse)[:, None]


def softmax(scores: np.ndarray, sharpness: float) -> np.ndarray:
    """Probabilities, row by row."""
    weights = np.exp((scores - scores.max(axis=1, keepdims=True)) * sharpness)
    return weights / weights.sum(axis=1, keepdims=True)


def best_sharpness(scores: np.ndarray, right: np.ndarray) -> float:
    """The sharpness at which softmax gives ``right`` (a column a row) the greatest likelihood."""

    def loss(sharpness: float) -> float:
        chosen = softmax(scores, sharpness)[np.arange(len(right)), right]
        return float(-np.log(np.maximum(chosen, 1e-9)).mean())

    return float(minimize_scalar(loss, bounds=(0.2, SHARPEST), method="bounded").x)
