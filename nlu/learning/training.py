"""Train the local engine from the shared examples: seconds of arithmetic after embedding."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import vstack
from sklearn.linear_model import LogisticRegression

from nlu.learning.features import Features, GramCounter, Vectors, embed_lines, unit
from nlu.learning.models import (
    LEAST,
    PAIR_SEPARATOR,
    Logistic,
    MessageModels,
    Prototypes,
    mix,
)
from nlu.learning.ridge import (
    LinearModel,
    RidgeFit,
    RidgeSettings,
    Scores,
    fit_ridge,
    fit_sharpness,
    softmax,
)
from nlu.taxonomy import Taxonomy, TaxonomyRow
from nlu.text import head_segments
from nlu.training_data import Example
from nlu.understanding import Embedder, Intent, TrainingDataError

INTENT_SETTINGS = RidgeSettings(gram_weight=1.0, penalty=1.5, balance=0.5)
CATEGORY_SETTINGS = RidgeSettings(gram_weight=1.5, penalty=3.0, balance=0.0)
"""Chosen by leave-one-out on the training data. Categories are not balanced: a community
hears of housing more often than of grassland, and the training data shows it."""

UNNAMED = "其他"
"""A third-level class for what the others of its second level leave over."""


def train_models(
    embedder: Embedder, examples: Sequence[Example], taxonomy: Taxonomy, name: str
) -> MessageModels:
    """Learn from ``examples``.

    Raises:
        TrainingDataError: no example of an emergency, or none with a category.
    """
    texts = [model_text(example.text) for example in examples]
    vectors = embed_lines(embedder, texts)
    centre = np.asarray(vectors.mean(axis=0), np.float32)
    counter = GramCounter.learn(texts)
    features = Features(vectors=unit(vectors - centre), grams=counter.count(texts))
    pairs = tuple(PAIR_SEPARATOR.join(pair) for pair in taxonomy.pairs)
    prototypes = _prototypes(embedder, taxonomy, centre)
    intent = _fit_intents(features, examples)
    words = [word for _, _, word in taxonomy.words]
    named = Features(
        vectors=unit(embed_lines(embedder, words) - centre), grams=counter.count(words)
    )
    labels = [PAIR_SEPARATOR.join(pair) for *pair, _ in taxonomy.words]
    category, sharpness = _fit_categories(
        _joined(features, named),
        [*_pairs(examples, pairs, prototypes.chances(features.vectors, len(pairs))), *labels],
        pairs,
        prototypes,
    )
    intent_columns = [intent.model.classes.index(_intent(e)) for e in examples if e.intent]
    return MessageModels(
        name=name,
        centre=centre,
        counter=counter,
        intent=intent.model,
        intent_sharpness=fit_sharpness(intent.left_out, np.asarray(intent_columns)),
        danger=_fit_danger(intent, intent_columns),
        category=category,
        category_sharpness=sharpness,
        pairs=pairs,
        prototypes=prototypes,
        example_texts=tuple(texts),
        example_vectors=features.vectors,
    )


def model_text(text: str) -> str:
    """What the classifiers read of ``text``: its head, a line for each part."""
    return "\n".join(head_segments(text))


def _intent(example: Example) -> str:
    return str(example.intent)


def _rows(features: Features, kept: Sequence[bool]) -> Features:
    mask = np.asarray(kept)
    return Features(vectors=features.vectors[mask], grams=features.grams[mask])


def _joined(one: Features, other: Features) -> Features:
    return Features(
        vectors=np.vstack([one.vectors, other.vectors]),
        grams=vstack([one.grams, other.grams], format="csr"),
    )


def _fit_intents(features: Features, examples: Sequence[Example]) -> RidgeFit:
    kept = [example.intent is not None for example in examples]
    labels = [_intent(example) for example in examples if example.intent]
    if Intent.EMERGENCY not in labels:
        raise TrainingDataError("there is no example of an emergency")
    return fit_ridge(_rows(features, kept), labels, INTENT_SETTINGS)


def _fit_danger(intent: RidgeFit, columns: Sequence[int]) -> Logistic:
    emergency = intent.model.classes.index(Intent.EMERGENCY)
    scores = intent.left_out[:, [emergency]]
    is_emergency = np.asarray(columns) == emergency
    # One feature and no penalty to speak of: a calibration curve, not a classifier.
    curve = LogisticRegression(C=1e4).fit(scores, is_emergency)
    return Logistic(slope=float(curve.coef_[0, 0]), offset=float(curve.intercept_[0]))


def _fit_categories(
    features: Features,
    labels: Sequence[str | None],
    pairs: tuple[str, ...],
    prototypes: Prototypes,
) -> tuple[LinearModel, float]:
    kept = [label is not None for label in labels]
    if not any(kept):
        raise TrainingDataError("there is no example with a category of the taxonomy")
    rows, named = _rows(features, kept), [label for label in labels if label]
    fit = fit_ridge(rows, named, CATEGORY_SETTINGS)
    near = prototypes.chances(rows.vectors, len(pairs))
    return fit.model, _category_sharpness(fit, named, pairs, near)


def _pairs(examples: Sequence[Example], pairs: tuple[str, ...], near: Scores) -> list[str | None]:
    return [_pair(example, pairs, row) for example, row in zip(examples, near, strict=True)]


def _pair(example: Example, pairs: tuple[str, ...], near: Scores) -> str | None:
    if example.first is None:
        return None
    if example.second is None:
        # An operator labels the first level only: the nearest class below it is taken.
        below = [i for i, pair in enumerate(pairs) if pair.startswith(f"{example.first}/")]
        return pairs[max(below, key=lambda i: near[i])] if below else None
    pair = f"{example.first}{PAIR_SEPARATOR}{example.second}"
    return pair if pair in pairs else None


def _category_sharpness(
    fit: RidgeFit, labels: Sequence[str], pairs: tuple[str, ...], near: Scores
) -> float:
    """The sharpness at which the mixed probability of the first level fits best."""
    firsts = sorted({pair.partition(PAIR_SEPARATOR)[0] for pair in pairs})
    level = np.asarray(
        [[pair.startswith(first + PAIR_SEPARATOR) for first in firsts] for pair in pairs],
        np.float32,
    )
    right = np.asarray([firsts.index(label.partition(PAIR_SEPARATOR)[0]) for label in labels])
    columns = [pairs.index(name) for name in fit.model.classes]

    def log_likelihood(sharpness: float) -> float:
        spread = np.full((len(labels), len(pairs)), LEAST, np.float32)
        spread[:, columns] = softmax(fit.left_out, sharpness)
        chances = mix(spread, near) @ level
        return float(np.log(np.maximum(chances[np.arange(len(right)), right], 1e-9)).mean())

    return max((float(candidate) for candidate in range(6, 61, 2)), key=log_likelihood)


def _prototypes(embedder: Embedder, taxonomy: Taxonomy, centre: Vectors) -> Prototypes:
    index = {pair: number for number, pair in enumerate(taxonomy.pairs)}
    wordings = zip(*(_wordings(row) for row in taxonomy.rows), strict=True)
    vectors = [unit(embed_lines(embedder, wording) - centre) for wording in wordings]
    return Prototypes(
        vectors=unit(np.sum(vectors, axis=0, dtype=np.float32)),
        pair_of_row=np.asarray([index[row.first, row.second] for row in taxonomy.rows]),
    )


def _wordings(row: TaxonomyRow) -> tuple[str, ...]:
    """A class said in several ways; their mean was measured nearer than any one of them."""
    third = row.second if row.third == UNNAMED else row.third
    return (
        third,
        f"{row.second}：{row.third}",
        f"{row.first}，{row.second}，{row.third}",
        f"反映{row.second}方面的{third}问题",
    )
