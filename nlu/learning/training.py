"""Train the local engine from the shared examples: seconds of arithmetic after embedding."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import vstack
from sklearn.linear_model import LogisticRegression

from nlu.learning.features import Features, GramCounter, Vectors, embed_lines, unit
from nlu.learning.first_level import (
    Adaptation,
    FirstLevel,
    Logistic,
    fit_adaptation,
    fit_sureness,
)
from nlu.learning.models import (
    PAIR_SEPARATOR,
    MessageModels,
    Prototypes,
    mix,
    mixed_chances,
    spread,
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
    category = _learn_categories(
        _Labelled(features, [_pair(example, pairs) for example in examples]),
        _named(embedder, taxonomy, centre, counter),
        pairs,
        prototypes,
    )
    first_level = _first_level(category, features, examples, pairs, prototypes)
    intent_columns = [intent.model.classes.index(_intent(e)) for e in examples if e.intent]
    return MessageModels(
        name=name,
        centre=centre,
        counter=counter,
        intent=intent.model,
        intent_sharpness=fit_sharpness(intent.left_out, np.asarray(intent_columns)),
        danger=_fit_danger(intent, intent_columns),
        category=category.model,
        category_sharpness=category.sharpness,
        pairs=pairs,
        prototypes=prototypes,
        first_level=first_level,
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


@dataclass(frozen=True)
class _Labelled:
    """Texts with the pair of each; None where it is not known."""

    features: Features
    labels: Sequence[str | None]

    def known(self) -> "_Labelled":
        kept = [label is not None for label in self.labels]
        return _Labelled(_rows(self.features, kept), [label for label in self.labels if label])


@dataclass(frozen=True, kw_only=True)
class _LearntCategories:
    """The classifier with the chances of each labelled example (examples, pairs), left out."""

    model: LinearModel
    sharpness: float
    left_out: Scores


def _named(
    embedder: Embedder, taxonomy: Taxonomy, centre: Vectors, counter: GramCounter
) -> _Labelled:
    words = [word for _, _, word in taxonomy.words]
    vectors = unit(embed_lines(embedder, words) - centre)
    labels = [PAIR_SEPARATOR.join(pair) for *pair, _ in taxonomy.words]
    return _Labelled(Features(vectors=vectors, grams=counter.count(words)), labels)


def _learn_categories(
    sentences: _Labelled, named: _Labelled, pairs: tuple[str, ...], prototypes: Prototypes
) -> _LearntCategories:
    known = sentences.known()
    if not known.labels:
        raise TrainingDataError("there is no example with a category of the taxonomy")
    rows = _joined(known.features, named.features)
    labels = [str(label) for label in (*known.labels, *named.labels)]
    fit = fit_ridge(rows, labels, CATEGORY_SETTINGS)
    near = prototypes.chances(rows.vectors, len(pairs))
    sharpness = _category_sharpness(fit, labels, pairs, near)
    learnt = spread(softmax(fit.left_out, sharpness), fit.model.classes, pairs)
    count = len(known.labels)
    return _LearntCategories(
        model=fit.model, sharpness=sharpness, left_out=mix(learnt[:count], near[:count])
    )


def _first_level(
    category: _LearntCategories,
    features: Features,
    examples: Sequence[Example],
    pairs: tuple[str, ...],
    prototypes: Prototypes,
) -> FirstLevel:
    firsts = tuple(sorted({pair.partition(PAIR_SEPARATOR)[0] for pair in pairs}))
    of_pair = np.asarray([firsts.index(pair.partition(PAIR_SEPARATOR)[0]) for pair in pairs])
    chances = mixed_chances(category.model, category.sharpness, prototypes, features, pairs)
    known = [row for row, example in enumerate(examples) if _pair(example, pairs)]
    # What the classifier has learnt from, it is asked as if it had not.
    chances[known] = category.left_out
    uncertain = FirstLevel(firsts=firsts, of_pair=of_pair, sureness=Logistic(slope=1.0, offset=0.0))
    sums = uncertain.sums(chances)
    shipped = [row for row in known if not examples[row].is_sample] or known
    right = np.asarray([firsts.index(str(examples[row].first)) for row in shipped])
    sureness = fit_sureness(sums[shipped], right)
    sample = [
        row for row, example in enumerate(examples) if example.is_sample and example.first in firsts
    ]
    return replace(
        uncertain,
        sureness=sureness,
        adaptation=_adaptation(sums, features, examples, sample, firsts, sureness.slope),
    )


def _adaptation(
    sums: Scores,
    features: Features,
    examples: Sequence[Example],
    sample: Sequence[int],
    firsts: tuple[str, ...],
    softness: float,
) -> Adaptation | None:
    if not sample:
        return None
    right = [firsts.index(str(examples[row].first)) for row in sample]
    return fit_adaptation(sums[sample], features.vectors[sample], right, softness)


def _pair(example: Example, pairs: tuple[str, ...]) -> str | None:
    pair = f"{example.first}{PAIR_SEPARATOR}{example.second}"
    return pair if example.first and pair in pairs else None


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

    def log_likelihood(sharpness: float) -> float:
        learnt = spread(softmax(fit.left_out, sharpness), fit.model.classes, pairs)
        chances = mix(learnt, near) @ level
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
