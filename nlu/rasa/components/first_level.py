"""Believable chances of the first level, as nlu/learning/first_level.py has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from components.ridge import best_sharpness, softmax, solve

LEAST_CHANCE = 1e-3
PSEUDO_COUNT = 15.0
CORRECTION_PENALTY, CORRECTION_WEIGHT = 1.0, 4.0
NO_CURVE = (1.0, 0.0)


@dataclass(frozen=True)
class Adaptation:
    """What a sample of the operator's messages taught."""

    prior: np.ndarray
    weights: np.ndarray
    sharpness: float


@dataclass(frozen=True)
class FirstLevel:
    """The last step from chances of pairs to chances that can be believed."""

    firsts: list[str]
    of_pair: np.ndarray
    sureness: tuple[float, float] = NO_CURVE
    adaptation: Adaptation | None = None

    def sums(self, chances: np.ndarray) -> np.ndarray:
        """Chances of pairs, summed to those of first-level classes."""
        summed = np.zeros((len(chances), len(self.firsts)), np.float32)
        np.add.at(summed.T, self.of_pair, chances.T)
        return summed

    def settle(self, chances: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        """``chances`` of pairs, their first level made right; below it the order stays."""
        sums = self.sums(chances)
        settled = self._adapted(sums, vectors) if self.adaptation else self._believable(sums)
        return chances * (settled / np.maximum(sums, 1e-9))[:, self.of_pair]

    def _adapted(self, sums: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        adaptation = self.adaptation
        correction = _with_constant(vectors) @ adaptation.weights
        logs = _logs(sums, self.sureness[0])
        return softmax(logs + adaptation.prior + correction, adaptation.sharpness)

    def _believable(self, sums: np.ndarray) -> np.ndarray:
        rows, best = np.arange(len(sums)), sums.argmax(axis=1)
        leading = sums[rows, best]
        slope, offset = self.sureness
        right = 1.0 / (1.0 + np.exp(-(slope * _odds(leading) + offset)))
        settled = sums * ((1 - right) / np.maximum(1 - leading, 1e-5))[:, None]
        settled[rows, best] = right
        return settled / settled.sum(axis=1, keepdims=True)


def fit_sureness(left_out: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """How often the leading class is right, by the odds it was given when left out."""
    hits = left_out.argmax(axis=1) == right
    if hits.all() or not hits.any():
        return NO_CURVE
    curve = LogisticRegression(C=1e4).fit(_odds(left_out.max(axis=1))[:, None], hits)
    return float(curve.coef_[0, 0]), float(curve.intercept_[0])


def fit_adaptation(
    sums: np.ndarray, vectors: np.ndarray, right: Sequence[int], softness: float
) -> Adaptation:
    """Learn from a sample: its chances ``sums`` by a model without it, and its classes."""
    targets = np.eye(sums.shape[1], dtype=np.float32)[list(right)]
    logs = _logs(sums, softness)
    expected = softmax(logs, 1.0).mean(axis=0)
    seen = (targets.sum(axis=0) + PSEUDO_COUNT * expected) / (len(targets) + PSEUDO_COUNT)
    prior = np.log(seen / expected)
    rows = _with_constant(vectors)
    duals, left_out = solve(
        rows @ rows.T,
        targets - softmax(logs + prior, 1.0),
        CORRECTION_PENALTY,
        np.ones(len(rows), np.float32),
    )
    scores = logs + prior + CORRECTION_WEIGHT * left_out
    return Adaptation(
        prior=prior,
        weights=CORRECTION_WEIGHT * rows.T @ duals,
        sharpness=best_sharpness(scores, np.asarray(right)),
    )


def _logs(chances: np.ndarray, softness: float) -> np.ndarray:
    return softness * np.log(chances + LEAST_CHANCE)


def _odds(chances: np.ndarray) -> np.ndarray:
    clipped = np.clip(chances, 1e-5, 1 - 1e-4)
    return np.log(clipped / (1 - clipped))


def _with_constant(vectors: np.ndarray) -> np.ndarray:
    return np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
