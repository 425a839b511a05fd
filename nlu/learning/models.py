"""Everything the local engine has learnt, and how it reads a batch of texts with it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.composition import Reading
from nlu.learning.features import Features, GramCounter, Vectors, unit
from nlu.learning.first_level import FirstLevel, Logistic
from nlu.learning.ridge import LinearModel, Scores, softmax
from nlu.understanding import Category, Intent

PROTOTYPE_SHARPNESS = 20.0
PROTOTYPE_SHARE = 0.5
"""Weight of the nearest class names against the classifier, chosen by leave-one-out."""

EVIDENCE = 3
CATEGORIES = 5
LEAST = 1e-6
PAIR_SEPARATOR = "/"


@dataclass(frozen=True, kw_only=True)
class Prototypes:
    """The names of the taxonomy as vectors: (rows, dimension) and the pair of each row."""

    vectors: Vectors
    pair_of_row: NDArray[np.intp]

    def chances(self, vectors: Vectors, pairs: int) -> Scores:
        """How near each text is to each pair's names, shape (texts, pairs), rows sum to 1."""
        near = softmax(vectors @ self.vectors.T, PROTOTYPE_SHARPNESS)
        summed = np.zeros((len(vectors), pairs), np.float32)
        np.add.at(summed.T, self.pair_of_row, near.T)
        return summed


@dataclass(frozen=True, kw_only=True)
class MessageModels:
    """The trained whole. ``centre`` is subtracted from every sentence vector: e5's vectors
    crowd in one direction, which tells nothing.
    """

    name: str
    centre: Vectors
    counter: GramCounter
    intent: LinearModel
    intent_sharpness: float
    danger: Logistic
    category: LinearModel
    category_sharpness: float
    pairs: tuple[str, ...]
    prototypes: Prototypes
    first_level: FirstLevel
    example_texts: tuple[str, ...]
    example_vectors: Vectors

    def read(self, texts: Sequence[str], vectors: Vectors) -> list[Reading]:
        """A Reading for each of ``texts`` with its sentence vector in ``vectors``."""
        if not texts:
            return []
        features = Features(vectors=unit(vectors - self.centre), grams=self.counter.count(texts))
        scores = self.intent.scores(features)
        intents = softmax(scores, self.intent_sharpness)
        danger = self.danger.probability(scores[:, self.intent.classes.index(Intent.EMERGENCY)])
        mixed = mixed_chances(
            self.category, self.category_sharpness, self.prototypes, features, self.pairs
        )
        chances = self.first_level.settle(mixed, features.vectors)
        evidence = self._evidence(features.vectors)
        return [
            Reading(
                intents=self._named(intents[row]),
                categories=self._categories(chances[row]),
                danger=float(danger[row]),
                evidence=evidence[row],
            )
            for row in range(len(texts))
        ]

    def _named(self, chances: Scores) -> dict[Intent, float]:
        named = zip(self.intent.classes, chances, strict=True)
        return {Intent(name): float(chance) for name, chance in named}

    def _categories(self, chances: Scores) -> tuple[Category, ...]:
        firsts: dict[str, float] = {}
        for pair, chance in zip(self.pairs, chances, strict=True):
            first = pair.partition(PAIR_SEPARATOR)[0]
            firsts[first] = firsts.get(first, 0.0) + float(chance)
        order = [int(index) for index in np.argsort(-chances)]
        best = max(firsts, key=lambda first: firsts[first])
        # The likeliest first-level class leads, even where the likeliest pair lies elsewhere.
        leading = next(index for index in order if self._first(index) == best)
        ranked = [leading, *(index for index in order if index != leading)][:CATEGORIES]
        return tuple(self._category(index, chances, firsts, ranked) for index in ranked)

    def _first(self, index: int) -> str:
        return self.pairs[index].partition(PAIR_SEPARATOR)[0]

    def _category(
        self, index: int, chances: Scores, firsts: dict[str, float], ranked: list[int]
    ) -> Category:
        first, _, second = self.pairs[index].partition(PAIR_SEPARATOR)
        is_best = next(other for other in ranked if self._first(other) == first) == index
        confidence = firsts[first] if is_best else float(chances[index])
        return Category(first=first, second=second or None, confidence=confidence)

    def _evidence(self, vectors: Vectors) -> list[tuple[str, ...]]:
        near = vectors @ self.example_vectors.T
        count = min(EVIDENCE, near.shape[1])
        best = np.argpartition(-near, count - 1, axis=1)[:, :count]
        return [
            tuple(self.example_texts[i] for i in sorted(row, key=lambda i: -near[n, i]))
            for n, row in enumerate(best)
        ]


def mixed_chances(
    category: LinearModel,
    sharpness: float,
    prototypes: Prototypes,
    features: Features,
    pairs: tuple[str, ...],
) -> Scores:
    """Probabilities of every pair of the taxonomy, shape (texts, pairs)."""
    learnt = spread(softmax(category.scores(features), sharpness), category.classes, pairs)
    return mix(learnt, prototypes.chances(features.vectors, len(pairs)))


def spread(learnt: Scores, classes: Sequence[str], pairs: Sequence[str]) -> Scores:
    """Chances of ``classes`` in columns of all ``pairs``; the others get next to none."""
    spaced = np.full((len(learnt), len(pairs)), LEAST, np.float32)
    spaced[:, [pairs.index(pair) for pair in classes]] = learnt
    return spaced


def mix(learnt: Scores, named: Scores) -> Scores:
    """Geometric mean of both probabilities, weighted, rows sum to 1."""
    logs = (1 - PROTOTYPE_SHARE) * np.log(learnt + LEAST) + PROTOTYPE_SHARE * np.log(named + LEAST)
    return softmax(np.asarray(logs, np.float32), 1.0)
