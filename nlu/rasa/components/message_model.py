"""The arithmetic of the message component; knows nothing of Rasa."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from components.first_level import FirstLevel, fit_adaptation, fit_sureness
from components.ridge import balanced_weights, best_sharpness, kernel_of, softmax, solve
from components.taxonomy import ClassName
from components.vectors import embed, unit

EMERGENCY = "emergency"
CATEGORY_GRAMS, CATEGORY_PENALTY = 1.5, 3.0
INTENT_GRAMS, INTENT_PENALTY, INTENT_BALANCE = 1.0, 1.5, 0.5
PROTOTYPE_SHARE, PROTOTYPE_SHARPNESS = 0.5, 20.0
BODY_WEIGHT = 0.5
BEGIN, END = "\x02", "\x03"
CATEGORIES, EVIDENCE = 5, 3
LEAST = 1e-6
THREADS = 2


@dataclass(frozen=True)
class LabelledSentence:
    """A training sentence; ``vector`` is its dense feature, ``intent`` None where unknown.

    ``category`` is "first/second" or "first"; ``is_sample`` marks an operator's own message.
    """

    text: str
    intent: str | None
    category: str | None
    vector: np.ndarray
    is_sample: bool = False


@dataclass(frozen=True)
class Linear:
    """Weights of vectors (dimension, classes) and of n-grams (n-grams, classes)."""

    classes: list[str]
    vector_weights: np.ndarray
    gram_weights: np.ndarray
    sharpness: float

    def chances(self, vectors: np.ndarray, grams: csr_matrix) -> np.ndarray:
        """Probabilities, shape (texts, classes)."""
        return softmax(self.scores(vectors, grams), self.sharpness)

    def scores(self, vectors: np.ndarray, grams: csr_matrix) -> np.ndarray:
        """Near 1 for a sure class, near 0 for the others."""
        return vectors @ self.vector_weights + grams @ self.gram_weights


@dataclass(frozen=True)
class ClassNames:
    """Names of the classes as vectors, and the pair of each."""

    vectors: np.ndarray
    of_pair: np.ndarray
    count: int

    def chances(self, vectors: np.ndarray) -> np.ndarray:
        """How near each vector is to the names of each pair, rows sum to 1."""
        near = softmax(vectors @ self.vectors.T, PROTOTYPE_SHARPNESS)
        summed = np.zeros((len(vectors), self.count), np.float32)
        np.add.at(summed.T, self.of_pair, near.T)
        return summed


@dataclass(frozen=True)
class MessageModel:
    """All that is kept of the training."""

    name: str
    grams: TfidfVectorizer
    pairs: list[str]
    intent: Linear
    danger_curve: tuple[float, float]
    category: Linear
    names: ClassNames
    first_level: FirstLevel
    texts: list[str]
    vectors: np.ndarray

    def read(self, text: str, vector: np.ndarray) -> dict[str, Any]:
        """What one message means, ready for JSON; ``intents`` best first."""
        vectors = unit(np.asarray(vector, np.float32)[None, :])
        grams = count_grams(self.grams, [text])
        scores = self.intent.scores(vectors, grams)
        intents = softmax(scores, self.intent.sharpness)[0]
        danger = scores[0, self.intent.classes.index(EMERGENCY)]
        mixed = mixed_chances(self.category, self.names, self.pairs, vectors, grams)
        slope, offset = self.danger_curve
        nearest = np.argsort(-(self.vectors @ vectors[0]))[:EVIDENCE]
        return {
            "intents": [
                {"name": self.intent.classes[i], "confidence": float(intents[i])}
                for i in np.argsort(-intents)
            ],
            "categories": _ranked(self.pairs, self.first_level.settle(mixed, vectors)[0]),
            "danger": float(1.0 / (1.0 + np.exp(-(slope * danger + offset)))),
            "evidence": [self.texts[index] for index in nearest],
            "model": self.name,
        }


def count_grams(counter: TfidfVectorizer, texts: Sequence[str]) -> csr_matrix:
    """Weights of n-grams: of the first line whole, of those below half."""
    lines = [text.partition("\n") for text in texts]
    weights = counter.transform(_mark(title) for title, _, _ in lines)
    bodies = counter.transform(body and _mark(body) for _, _, body in lines)
    return csr_matrix(weights + BODY_WEIGHT * bodies)


def _mark(text: str) -> str:
    return f"{BEGIN}{text}{END}"


def mixed_chances(
    category: Linear,
    names: ClassNames,
    pairs: Sequence[str],
    vectors: np.ndarray,
    grams: csr_matrix,
) -> np.ndarray:
    """Classifier and class names together, shape (texts, pairs)."""
    learnt = spread(category.chances(vectors, grams), category.classes, pairs)
    return mixed(learnt, names.chances(vectors))


def spread(learnt: np.ndarray, classes: Sequence[str], pairs: Sequence[str]) -> np.ndarray:
    """Chances of ``classes`` in columns of all ``pairs``; the others get next to none."""
    spaced = np.full((len(learnt), len(pairs)), LEAST, np.float32)
    spaced[:, [pairs.index(pair) for pair in classes]] = learnt
    return spaced


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


def train_message_model(
    sentences: Sequence[LabelledSentence],
    taxonomy: Sequence[ClassName],
    words: Sequence[ClassName] = (),
    centre: np.ndarray | float = 0.0,
) -> MessageModel:
    """Learn intents, danger and categories from ``sentences``.

    ``taxonomy`` gives the names of the classes, ``words`` what people name when they mean one;
    ``centre`` was subtracted from the vectors of the sentences.
    """
    texts = [sentence.text for sentence in sentences]
    vectors = unit(np.asarray([sentence.vector for sentence in sentences], np.float32))
    counter = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True, dtype=np.float32
    ).fit([_mark(text) for text in texts])
    grams = count_grams(counter, texts)
    pairs = sorted({name.pair for name in taxonomy})
    names = _class_names(taxonomy, pairs, centre)
    intent, danger_curve = _fit_intents(vectors, grams, [each.intent for each in sentences])
    category, first_level = _fit_categories(
        sentences, (vectors, grams), _embedded_words(words, counter, centre), pairs, names
    )
    return MessageModel(
        name=_name(sentences),
        grams=counter,
        pairs=pairs,
        intent=intent,
        danger_curve=danger_curve,
        category=category,
        names=names,
        first_level=first_level,
        texts=texts,
        vectors=vectors,
    )


def _name(sentences: Sequence[LabelledSentence]) -> str:
    digest = hashlib.sha256()
    for each in sentences:
        digest.update(repr((each.text, each.intent, each.category, each.is_sample)).encode())
    return f"rasa-{digest.hexdigest()[:12]}"


def _class_names(
    taxonomy: Sequence[ClassName], pairs: list[str], centre: np.ndarray | float
) -> ClassNames:
    wordings = zip(*(name.wordings for name in taxonomy), strict=True)
    vectors = [unit(embed(wording, THREADS) - centre) for wording in wordings]
    return ClassNames(
        vectors=unit(np.sum(vectors, axis=0)),
        of_pair=np.asarray([pairs.index(name.pair) for name in taxonomy]),
        count=len(pairs),
    )


def _embedded_words(
    words: Sequence[ClassName], counter: TfidfVectorizer, centre: np.ndarray | float
) -> tuple[np.ndarray, csr_matrix, list[str]]:
    said = [word.wordings[0] for word in words]
    if not said:
        return np.zeros((0, 0)), csr_matrix((0, 0)), []
    vectors = unit(embed(said, THREADS) - centre)
    return vectors, count_grams(counter, said), [word.pair for word in words]


def _fit_intents(
    vectors: np.ndarray, grams: csr_matrix, intents: Sequence[str | None]
) -> tuple[Linear, tuple[float, float]]:
    known = [row for row, intent in enumerate(intents) if intent]
    labels = [str(intents[row]) for row in known]
    weights = balanced_weights(labels, INTENT_BALANCE)
    linear, left_out = _fit_linear(
        (vectors[known], grams[known]), labels, (INTENT_GRAMS, INTENT_PENALTY), weights
    )
    right = np.asarray([linear.classes.index(label) for label in labels])
    emergency = linear.classes.index(EMERGENCY)
    # One feature: a calibration curve on scores that no example gave to itself.
    curve = LogisticRegression(C=1e4).fit(left_out[:, [emergency]], right == emergency)
    sharpness = best_sharpness(left_out, right)
    return (
        replace(linear, sharpness=sharpness),
        (float(curve.coef_[0, 0]), float(curve.intercept_[0])),
    )


def _fit_linear(
    features: tuple[np.ndarray, csr_matrix],
    labels: Sequence[str],
    settings: tuple[float, float],
    weights: np.ndarray,
) -> tuple[Linear, np.ndarray]:
    vectors, grams = features
    gram_weight, penalty = settings
    classes = sorted(set(labels))
    targets = np.asarray([[label == name for name in classes] for label in labels], np.float32)
    duals, left_out = solve(kernel_of(vectors, grams, gram_weight), targets, penalty, weights)
    gram_weights = np.asarray(grams.T @ duals) * gram_weight**2
    return Linear(classes, vectors.T @ duals, gram_weights, 1.0), left_out


def _fit_categories(
    sentences: Sequence[LabelledSentence],
    features: tuple[np.ndarray, csr_matrix],
    words: tuple[np.ndarray, csr_matrix, list[str]],
    pairs: list[str],
    names: ClassNames,
) -> tuple[Linear, FirstLevel]:
    vectors, grams = features
    known = [row for row, each in enumerate(sentences) if each.category in pairs]
    rows, marks = vectors[known], grams[known]
    labels = [str(sentences[row].category) for row in known] + words[2]
    if words[2]:
        rows, marks = np.vstack([rows, words[0]]), vstack([marks, words[1]], format="csr")
    linear, left_out = _fit_linear(
        (rows, marks),
        labels,
        (CATEGORY_GRAMS, CATEGORY_PENALTY),
        np.ones(len(labels), np.float32),
    )
    firsts = sorted({pair.partition("/")[0] for pair in pairs})
    of_pair = np.asarray([firsts.index(pair.partition("/")[0]) for pair in pairs])
    level = FirstLevel(firsts, of_pair)
    right = np.asarray([firsts.index(label.partition("/")[0]) for label in labels])
    near = names.chances(rows)

    def left_out_sums(sharpness: float) -> np.ndarray:
        return level.sums(mixed(spread(softmax(left_out, sharpness), linear.classes, pairs), near))

    sharpness = max(
        (float(candidate) for candidate in range(6, 61, 2)),
        key=lambda candidate: _likelihood(left_out_sums(candidate), right),
    )
    linear = replace(linear, sharpness=sharpness)
    sums = level.sums(mixed_chances(linear, names, pairs, vectors, grams))
    # What the classifier has learnt from, it is asked as if it had not.
    sums[known] = left_out_sums(sharpness)[: len(known)]
    return linear, _settled_level(level, sentences, (sums, vectors), known)


def _likelihood(sums: np.ndarray, right: np.ndarray) -> float:
    return float(np.log(np.maximum(sums[np.arange(len(right)), right], 1e-9)).mean())


def _settled_level(
    level: FirstLevel,
    sentences: Sequence[LabelledSentence],
    seen: tuple[np.ndarray, np.ndarray],
    known: Sequence[int],
) -> FirstLevel:
    sums, vectors = seen
    first_of = [str(each.category).partition("/")[0] for each in sentences]
    shipped = [row for row in known if not sentences[row].is_sample] or list(known)
    right = np.asarray([level.firsts.index(first_of[row]) for row in shipped])
    level = replace(level, sureness=fit_sureness(sums[shipped], right))
    sample = [
        row
        for row, each in enumerate(sentences)
        if each.is_sample and first_of[row] in level.firsts
    ]
    if not sample:
        return level
    right_of_sample = [level.firsts.index(first_of[row]) for row in sample]
    learnt = fit_adaptation(sums[sample], vectors[sample], right_of_sample, level.sureness[0])
    return replace(level, adaptation=learnt)
