"""The arithmetic of the category component; knows nothing of Rasa."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from components.ridge import balanced_weights, kernel_of, softmax, solve
from components.taxonomy import ClassName
from components.vectors import embed, unit

EMERGENCY = "emergency"
CATEGORY_GRAMS, CATEGORY_PENALTY = 1.5, 3.0
DANGER_GRAMS, DANGER_PENALTY, DANGER_BALANCE = 1.0, 1.5, 0.5
PROTOTYPE_SHARE, PROTOTYPE_SHARPNESS = 0.5, 20.0
BODY_WEIGHT = 0.5
CATEGORIES, EVIDENCE = 5, 3
LEAST = 1e-6
THREADS = 2


@dataclass(frozen=True)
class LabelledSentence:
    """A training sentence; ``vector`` is its dense feature, ``category`` "first/second"."""

    text: str
    intent: str
    category: str | None
    vector: np.ndarray


@dataclass(frozen=True)
class CategoryModel:
    """All that is kept of the training."""

    name: str
    grams: TfidfVectorizer
    pairs: list[str]
    vector_weights: np.ndarray
    gram_weights: np.ndarray
    sharpness: float
    prototypes: np.ndarray
    pair_of_prototype: np.ndarray
    danger_vector_weights: np.ndarray
    danger_gram_weights: np.ndarray
    danger_curve: tuple[float, float]
    texts: list[str]
    vectors: np.ndarray

    def read(self, text: str, vector: np.ndarray) -> dict[str, Any]:
        """The four keys for one message, ready for JSON."""
        vectors = unit(np.asarray(vector, np.float32)[None, :])
        title, _, body = text.partition("\n")
        grams = self.grams.transform([title]) + BODY_WEIGHT * self.grams.transform([body])
        chances = self._chances(vectors, grams)[0]
        slope, offset = self.danger_curve
        score = vectors @ self.danger_vector_weights + grams @ self.danger_gram_weights
        nearest = np.argsort(-(self.vectors @ vectors[0]))[:EVIDENCE]
        return {
            "categories": _ranked(self.pairs, chances),
            "danger": float(1.0 / (1.0 + np.exp(-(slope * score[0] + offset)))),
            "evidence": [self.texts[index] for index in nearest],
            "model": self.name,
        }

    def _chances(self, vectors: np.ndarray, grams: csr_matrix) -> np.ndarray:
        learnt = softmax(vectors @ self.vector_weights + grams @ self.gram_weights, self.sharpness)
        return mixed(learnt, self._near(vectors))

    def _near(self, vectors: np.ndarray) -> np.ndarray:
        return near_names(vectors, self.prototypes, self.pair_of_prototype, len(self.pairs))


def near_names(
    vectors: np.ndarray, prototypes: np.ndarray, pair_of_prototype: np.ndarray, pairs: int
) -> np.ndarray:
    """How near each vector is to the names of each pair, rows sum to 1."""
    near = softmax(vectors @ prototypes.T, PROTOTYPE_SHARPNESS)
    summed = np.zeros((len(vectors), pairs), np.float32)
    np.add.at(summed.T, pair_of_prototype, near.T)
    return summed


def mixed(learnt: np.ndarray, named: np.ndarray) -> np.ndarray:
    """Weighted geometric mean of both, rows sum to 1."""
    logs = (1 - PROTOTYPE_SHARE) * np.log(learnt + LEAST) + PROTOTYPE_SHARE * np.log(named + LEAST)
    return softmax(logs, 1.0)


def _ranked(pairs: Sequence[str], chances: np.ndarray) -> list[dict[str, Any]]:
    firsts: dict[str, float] = {}
    for pair, chance in zip(pairs, chances, strict=True):
        first = pair.partition("/")[0]
        firsts[first] = firsts.get(first, 0.0) + float(chance)
    order = [int(index) for index in np.argsort(-chances)]
    best = max(firsts, key=lambda first: firsts[first])
    leading = next(index for index in order if pairs[index].startswith(best + "/"))
    ranked, seen = [], set()
    for index in [leading, *(other for other in order if other != leading)][:CATEGORIES]:
        first, _, second = pairs[index].partition("/")
        confidence = float(chances[index]) if first in seen else firsts[first]
        seen.add(first)
        ranked.append({"first": first, "second": second, "confidence": min(1.0, confidence)})
    return ranked


def train_category_model(
    sentences: Sequence[LabelledSentence],
    taxonomy: Sequence[ClassName],
    words: Sequence[ClassName] = (),
) -> CategoryModel:
    """Learn categories and danger from ``sentences``.

    ``taxonomy`` gives the names of the classes, ``words`` what people name when they mean one.
    """
    texts = [sentence.text for sentence in sentences]
    vectors = unit(np.asarray([sentence.vector for sentence in sentences], np.float32))
    counter = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True, dtype=np.float32
    )
    grams = counter.fit_transform(texts)
    pairs = sorted({sentence.category for sentence in sentences if sentence.category})
    names = [name for name in taxonomy if name.pair in pairs]
    prototypes = _centred(embed([name.wording for name in names], THREADS))
    of_pair = np.asarray([pairs.index(name.pair) for name in names])
    danger = _fit_danger(vectors, grams, [sentence.intent for sentence in sentences])
    known = [word for word in words if word.pair in pairs]
    labelled = [index for index, each in enumerate(sentences) if each.category]
    said = [word.wording for word in known]
    category = _fit_categories(
        np.vstack([vectors[labelled], _centred(embed(said, THREADS))])
        if known
        else vectors[labelled],
        vstack([grams[labelled], counter.transform(said)], format="csr")
        if known
        else grams[labelled],
        [*(str(sentences[index].category) for index in labelled), *(word.pair for word in known)],
        pairs,
        (prototypes, of_pair),
    )
    return CategoryModel(
        name=_name(sentences),
        grams=counter,
        pairs=pairs,
        vector_weights=category[0],
        gram_weights=category[1],
        sharpness=category[2],
        prototypes=prototypes,
        pair_of_prototype=of_pair,
        danger_vector_weights=danger[0],
        danger_gram_weights=danger[1],
        danger_curve=danger[2],
        texts=texts,
        vectors=vectors,
    )


def _centred(vectors: np.ndarray) -> np.ndarray:
    return unit(vectors - vectors.mean(axis=0))


def _name(sentences: Sequence[LabelledSentence]) -> str:
    digest = hashlib.sha256()
    for sentence in sentences:
        digest.update(repr((sentence.text, sentence.intent, sentence.category)).encode())
    return f"rasa-{digest.hexdigest()[:12]}"


def _fit_danger(
    vectors: np.ndarray, grams: csr_matrix, intents: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, tuple[float, float]]:
    is_emergency = np.asarray([intent == EMERGENCY for intent in intents])
    duals, left_out = solve(
        kernel_of(vectors, grams, DANGER_GRAMS),
        is_emergency.astype(np.float32)[:, None],
        DANGER_PENALTY,
        balanced_weights(intents, DANGER_BALANCE),
    )
    # One feature: a calibration curve on scores that no example gave to itself.
    curve = LogisticRegression(C=1e4).fit(left_out, is_emergency)
    weights = duals[:, 0]
    return (
        vectors.T @ weights,
        np.asarray(grams.T @ weights * DANGER_GRAMS**2),
        (float(curve.coef_[0, 0]), float(curve.intercept_[0])),
    )


def _fit_categories(
    vectors: np.ndarray,
    grams: csr_matrix,
    labels: Sequence[str],
    pairs: Sequence[str],
    names: tuple[np.ndarray, np.ndarray],
) -> tuple[np.ndarray, np.ndarray, float]:
    right = np.asarray([pairs.index(label) for label in labels])
    targets = np.eye(len(pairs), dtype=np.float32)[right]
    kernel = kernel_of(vectors, grams, CATEGORY_GRAMS)
    duals, left_out = solve(kernel, targets, CATEGORY_PENALTY, np.ones(len(labels), np.float32))
    near = near_names(vectors, *names, len(pairs))
    return (
        vectors.T @ duals,
        np.asarray(grams.T @ duals * CATEGORY_GRAMS**2),
        _best_sharpness(left_out, near, right, pairs),
    )


def _best_sharpness(
    left_out: np.ndarray, near: np.ndarray, right: np.ndarray, pairs: Sequence[str]
) -> float:
    """The sharpness at which the first level gets the greatest likelihood."""
    of_pair = [pair.partition("/")[0] for pair in pairs]
    same_first = np.asarray([[a == b for b in of_pair] for a in of_pair], np.float32)

    def likelihood(sharpness: float) -> float:
        chances = mixed(softmax(left_out, sharpness), near)
        return float(np.log(np.maximum((chances * same_first[right]).sum(1), 1e-9)).mean())

    return max((float(candidate) for candidate in range(6, 61, 2)), key=likelihood)
