"""A linear classifier over e5 vectors and character n-grams, with calibrated chances."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

Matrix = NDArray[np.float32]

VECTOR_SCALE = 5.0
"""Weighs the vectors against the n-grams; measured by cross-validation on the training data."""
FOLDS = 3


@dataclass(frozen=True, kw_only=True)
class TextFeatures:
    """Turns texts and their vectors into one sparse matrix.

    Attributes:
        mean: Mean vector of the training texts; e5 vectors crowd around it, so what tells them
            apart is their difference from it.
        ngrams: Character n-grams that the training texts use.
        ngram_scale: Weight of the n-grams.
    """

    mean: Matrix
    ngrams: TfidfVectorizer
    ngram_scale: float

    @classmethod
    def learn(cls, texts: Sequence[str], vectors: Matrix, ngram_scale: float) -> "TextFeatures":
        """Learn mean and vocabulary from the training texts."""
        ngrams = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
        ngrams.fit(texts)
        return cls(mean=vectors.mean(axis=0), ngrams=ngrams, ngram_scale=ngram_scale)

    def of(self, texts: Sequence[str], vectors: Matrix) -> sparse.csr_matrix:
        """Features of ``texts``, one row each."""
        centred = vectors - self.mean
        centred /= np.linalg.norm(centred, axis=1, keepdims=True) + 1e-9
        dense = sparse.csr_matrix(centred * VECTOR_SCALE)
        counted = self.ngrams.transform(texts) * self.ngram_scale
        return sparse.hstack([dense, counted]).tocsr()


@dataclass(frozen=True, kw_only=True)
class Classifier:
    """Gives each label a chance; the chances are divided by ``temperature`` before softmax."""

    features: TextFeatures
    labels: tuple[str, ...]
    weights: Matrix
    biases: Matrix
    temperature: float

    def chances(self, texts: Sequence[str], vectors: Matrix) -> Matrix:
        """Chances of the labels, shape (texts, labels), each row summing to 1."""
        scores = self.features.of(texts, vectors) @ self.weights.T + self.biases
        return softmax(np.asarray(scores) / self.temperature)


def train_classifier(
    texts: Sequence[str],
    vectors: Matrix,
    labels: Sequence[str],
    *,
    ngram_scale: float,
    strength: float = 1.0,
) -> Classifier:
    """Learn to tell ``labels`` apart.

    Args:
        texts: Training texts, normalised.
        vectors: Their vectors, of length 1.
        labels: The label of each.
        ngram_scale: Weight of character n-grams beside the vectors.
        strength: Inverse of regularisation.
    """
    features = TextFeatures.learn(texts, vectors, ngram_scale)
    rows = features.of(texts, vectors)
    model = LogisticRegression(C=strength, max_iter=600)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    unseen = cross_val_predict(model, rows, labels, cv=folds, method="decision_function")
    model.fit(rows, labels)
    known = [str(label) for label in model.classes_]
    truth = np.array([known.index(label) for label in labels])
    return Classifier(
        features=features,
        labels=tuple(known),
        weights=model.coef_.astype(np.float32),
        biases=model.intercept_.astype(np.float32),
        temperature=fit_temperature(unseen, truth),
    )


def fit_temperature(scores: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """The temperature at which held-out chances are most honest (least log loss)."""

    def loss(temperature: float) -> float:
        chances = softmax(scores / temperature)
        return float(-np.log(chances[np.arange(len(truth)), truth] + 1e-9).mean())

    return float(minimize_scalar(loss, bounds=(0.1, 5.0), method="bounded").x)


def softmax(scores: NDArray[np.floating]) -> Matrix:
    """Chances from scores, row by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)
