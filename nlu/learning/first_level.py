"""How sure the first level is, and what an operator's own sorted messages change in it.

The mixed chances of the classifier and of the class names lean too far: the sure are too
sure, the unsure not enough. Scores of left-out examples show by how much.

An operator's sorted messages are a sample of what it hears of. They tell which classes are
frequent there and where the classifier errs; against thousands of shipped examples a row of
each would be lost. So they are learnt in a second step, on top of the chances: a prior of the
classes and a ridge correction of what is still wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from nlu.learning.features import Vectors
from nlu.learning.ridge import Scores, fit_sharpness, softmax, solve_kernel

LEAST_CHANCE = 1e-3
"""A class below it is as good as excluded: logarithms end here."""

PSEUDO_COUNT = 15.0
"""Messages that the shipped model's own view of the classes counts for against the sample."""

CORRECTION_PENALTY = 1.0
CORRECTION_WEIGHT = 4.0


@dataclass(frozen=True, kw_only=True)
class Logistic:
    """Turns a score into a probability: 1 / (1 + exp(−(slope · score + offset)))."""

    slope: float
    offset: float

    def probability(self, scores: Scores) -> Scores:
        """Element by element."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self.slope * scores + self.offset))), np.float32)


@dataclass(frozen=True, kw_only=True)
class Adaptation:
    """What a sample of the operator's messages taught.

    ``prior`` (classes) is added to the logarithms, ``weights`` (dimension + 1, classes) gives
    the correction from a vector and a constant; ``sharpness`` fits the confidence.
    """

    prior: Scores
    weights: Scores
    sharpness: float

    def adapted(self, chances: Scores, vectors: Vectors, softness: float) -> Scores:
        """First-level probabilities, shape (texts, classes)."""
        correction = _with_constant(vectors) @ self.weights
        return softmax(_logs(chances, softness) + self.prior + correction, self.sharpness)


@dataclass(frozen=True, kw_only=True)
class FirstLevel:
    """The last step from chances of pairs to chances that can be believed.

    ``firsts`` are the first-level classes, ``of_pair`` tells the one of each pair.
    """

    firsts: tuple[str, ...]
    of_pair: NDArray[np.intp]
    sureness: Logistic
    adaptation: Adaptation | None = None

    def sums(self, chances: Scores) -> Scores:
        """Chances of pairs, summed to those of first-level classes."""
        summed = np.zeros((len(chances), len(self.firsts)), np.float32)
        np.add.at(summed.T, self.of_pair, chances.T)
        return summed

    def settle(self, chances: Scores, vectors: Vectors) -> Scores:
        """``chances`` of pairs, their first level made right; below it the order stays."""
        sums = self.sums(chances)
        if self.adaptation is None:
            settled = believable(sums, self.sureness)
        else:
            settled = self.adaptation.adapted(sums, vectors, self.sureness.slope)
        factors = settled / np.maximum(sums, 1e-9)
        return np.asarray(chances * factors[:, self.of_pair], np.float32)


def believable(sums: Scores, sureness: Logistic) -> Scores:
    """The leading class gets its chance of being right, the others share what is left."""
    rows, best = np.arange(len(sums)), sums.argmax(axis=1)
    leading = sums[rows, best]
    right = sureness.probability(_odds(leading))
    settled = sums * ((1 - right) / np.maximum(1 - leading, 1e-5))[:, None]
    settled[rows, best] = right
    return np.asarray(settled / settled.sum(axis=1, keepdims=True), np.float32)


def fit_sureness(left_out: Scores, right: NDArray[np.intp]) -> Logistic:
    """How often the leading class is right, by the odds it was given when left out."""
    hits = left_out.argmax(axis=1) == right
    if hits.all() or not hits.any():
        return Logistic(slope=1.0, offset=0.0)
    curve = LogisticRegression(C=1e4).fit(_odds(left_out.max(axis=1))[:, None], hits)
    return Logistic(slope=float(curve.coef_[0, 0]), offset=float(curve.intercept_[0]))


def fit_adaptation(
    sums: Scores, vectors: Vectors, right: Sequence[int], softness: float
) -> Adaptation:
    """Learn from a sample: its chances ``sums`` by a model without it, and its classes."""
    targets = np.eye(sums.shape[1], dtype=np.float32)[list(right)]
    logs = _logs(sums, softness)
    expected = softmax(logs, 1.0).mean(axis=0)
    seen = (targets.sum(axis=0) + PSEUDO_COUNT * expected) / (len(targets) + PSEUDO_COUNT)
    prior = np.asarray(np.log(seen / expected), np.float32)
    missing = targets - softmax(logs + prior, 1.0)
    rows = _with_constant(vectors)
    kernel = rows @ rows.T + CORRECTION_PENALTY * np.eye(len(rows), dtype=np.float32)
    duals, left_out = solve_kernel(np.asarray(kernel, np.float32), missing)
    scores = logs + prior + CORRECTION_WEIGHT * left_out
    return Adaptation(
        prior=prior,
        weights=np.asarray(CORRECTION_WEIGHT * rows.T @ duals, np.float32),
        sharpness=fit_sharpness(scores, np.asarray(right)),
    )


def _logs(chances: Scores, softness: float) -> Scores:
    return np.asarray(softness * np.log(chances + LEAST_CHANCE), np.float32)


def _odds(chances: Scores) -> Scores:
    clipped = np.clip(chances, 1e-5, 1 - 1e-4)
    return np.asarray(np.log(clipped / (1 - clipped)), np.float32)


def _with_constant(vectors: Vectors) -> Vectors:
    return np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
