"""The parser in this process: e5 vectors and character n-grams under linear classifiers.

It is trained from the same data as Rasa at the first start, in well under three minutes, and kept
on disk under the digest of the data and the model, so a later start only reads it.
"""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np

from nlu.classifier import Classifier, Matrix, train_classifier
from nlu.composing import compose
from nlu.gazetteer import Gazetteer
from nlu.matters import further_matters
from nlu.taxonomy import shipped_taxonomy
from nlu.text import head_segments, normalise
from nlu.training_data import CATEGORY_SEPARATOR, Example, read_training_data
from nlu.understanding import Category, Embedder, Intent, Understanding

FORMAT = "1"
"""Raise it when what is learned or kept changes; older files are then made anew."""
KEPT_CATEGORIES = 3
KEPT_EXAMPLES = 3
LEAST_CONFIDENCE = 0.05
MATTER_CONFIDENCE = 0.5
"""A further matter is only named when its own sentence makes it likelier than not."""
INTENT_NGRAMS = 5.0
CATEGORY_NGRAMS = 3.0


@dataclass(frozen=True, kw_only=True)
class LearnedModel:
    """What training leaves behind.

    Attributes:
        name: Stands in every Understanding.
        examples: Training texts, for evidence; ``vectors`` has a row for each.
    """

    name: str
    intents: Classifier
    categories: Classifier
    examples: tuple[str, ...]
    vectors: Matrix


@dataclass(frozen=True, kw_only=True)
class _Head:
    """The part of a message that tells what it is about, with its vector."""

    text: str
    vector: Matrix


class LocalParser:
    """Understands without any server.

    Args:
        embedder: Gives the vectors; shared with retrieval, so a message is embedded once.
        training_data: Folder of Rasa YAML.
        cache: Folder in which trained models are kept.
        gazetteer: Names of places and departments.
    """

    name = "local"

    def __init__(
        self,
        embedder: Embedder,
        *,
        training_data: Path,
        cache: Path,
        gazetteer: Gazetteer,
    ) -> None:
        self._embedder = embedder
        self._training_data = training_data
        self._cache = cache
        self._gazetteer = gazetteer
        self._model: LearnedModel | None = None

    def load(self) -> None:
        """Read the trained model, or train it if the data changed."""
        if self._model is None:
            self._model = load_or_train(self._embedder, self._training_data, self._cache)

    def parse(self, text: str) -> Understanding:
        """What ``text`` means; any text gets an answer."""
        return self.parse_many([text])[0]

    def parse_many(self, texts: Sequence[str]) -> list[Understanding]:
        """What each of ``texts`` means, in their order; all of them are embedded together."""
        heads = self._heads(texts)
        spoken = [head for head in heads if head is not None]
        intents = iter(self._chances(self.model.intents, spoken))
        categories = iter(self._chances(self.model.categories, spoken))
        return [
            self._blank(text)
            if head is None
            else self._understand(text, head, next(intents), next(categories))
            for text, head in zip(texts, heads, strict=True)
        ]

    @property
    def model(self) -> LearnedModel:
        """The model in use."""
        self.load()
        assert self._model is not None
        return self._model

    def _heads(self, texts: Sequence[str]) -> list[_Head | None]:
        segments = [head_segments(text) for text in texts]
        flat = [segment for parts in segments for segment in parts]
        vectors = iter(self._embedder.embed_queries(flat) if flat else ())
        return [_head(parts, [next(vectors) for _ in parts]) for parts in segments]

    def _chances(self, classifier: Classifier, heads: Sequence[_Head]) -> Matrix:
        if not heads:
            return np.empty((0, len(classifier.labels)), np.float32)
        texts = [head.text for head in heads]
        return classifier.chances(texts, np.stack([head.vector for head in heads]))

    def _understand(
        self, text: str, head: _Head, intents: Matrix, categories: Matrix
    ) -> Understanding:
        best = self._categories(categories)
        return compose(
            text,
            self._intents(intents),
            (*best, *self._further(text, best)),
            gazetteer=self._gazetteer,
            parser=self.name,
            model=self.model.name,
            evidence=self._nearest(head.vector),
        )

    def _blank(self, text: str) -> Understanding:
        nothing = ((Intent.OUT_OF_SCOPE, 1.0),)
        return compose(
            text, nothing, (), gazetteer=self._gazetteer, parser=self.name, model=self.model.name
        )

    def _intents(self, chances: Matrix) -> tuple[tuple[Intent, float], ...]:
        labels = self.model.intents.labels
        ranked = [(Intent(labels[i]), float(chances[i])) for i in np.argsort(-chances)]
        return tuple(pair for pair in ranked if pair[1] >= LEAST_CONFIDENCE) or (ranked[0],)

    def _categories(self, chances: Matrix) -> tuple[Category, ...]:
        ranked = sum_first_levels(self.model.categories.labels, chances)
        likely = [one for one in ranked[:KEPT_CATEGORIES] if one.confidence >= LEAST_CONFIDENCE]
        return tuple(likely) or ranked[:1]

    def _further(self, text: str, found: Sequence[Category]) -> tuple[Category, ...]:
        """Categories of other matters, each from the sentence that brings it up."""
        parts = further_matters(text)
        heads = [head for head in self._heads(parts) if head is not None]
        rows = self._chances(self.model.categories, heads)
        named = {one.first for one in found}
        best = [self._categories(row)[0] for row in rows]
        further = {one.first: one for one in best if one.confidence >= MATTER_CONFIDENCE}
        return tuple(one for first, one in further.items() if first not in named)

    def _nearest(self, vector: Matrix) -> tuple[str, ...]:
        nearness = self.model.vectors @ vector
        best = np.argpartition(-nearness, KEPT_EXAMPLES)[:KEPT_EXAMPLES]
        ordered = best[np.argsort(-nearness[best])]
        return tuple(self.model.examples[index] for index in ordered)


def _head(parts: Sequence[str], vectors: Sequence[Matrix]) -> _Head | None:
    if not parts:
        return None
    together = np.sum(vectors, axis=0)
    return _Head(text=" ".join(parts), vector=together / (np.linalg.norm(together) + 1e-9))


def sum_first_levels(labels: Sequence[str], chances: Matrix) -> tuple[Category, ...]:
    """Chances of first-level classes, best first, each with its likeliest second level."""
    seconds: dict[str, str] = {}
    sums: dict[str, float] = {}
    for index in np.argsort(-chances):
        first, _, second = labels[index].partition(CATEGORY_SEPARATOR)
        seconds.setdefault(first, second)
        sums[first] = sums.get(first, 0.0) + float(chances[index])
    ranked = sorted(sums, key=lambda first: -sums[first])
    return tuple(
        Category(first=first, second=seconds[first] or None, confidence=sums[first])
        for first in ranked
    )


def load_or_train(embedder: Embedder, training_data: Path, cache: Path) -> LearnedModel:
    """The model for this data and these vectors, from ``cache`` or trained now.

    Raises:
        TrainingDataError: The data cannot be used.
    """
    name = f"local-{_digest(training_data, embedder.model_name)}"
    path = cache / f"{name}.joblib"
    if path.exists():
        loaded: LearnedModel = joblib.load(path)
        return loaded
    model = train(embedder, read_training_data(training_data), name)
    _keep(model, path)
    return model


def train(embedder: Embedder, examples: Sequence[Example], name: str) -> LearnedModel:
    """Learn intents from all examples and categories from those that carry one."""
    texts = [normalise(example.text) for example in examples]
    vectors = embedder.embed_queries(texts)
    labelled = [index for index, example in enumerate(examples) if example.first]
    described, descriptions = _taxonomy_examples()
    return LearnedModel(
        name=name,
        intents=train_classifier(
            texts,
            vectors,
            [example.intent.value for example in examples],
            ngram_scale=INTENT_NGRAMS,
        ),
        categories=train_classifier(
            [texts[index] for index in labelled] + descriptions,
            np.concatenate([vectors[labelled], embedder.embed_queries(descriptions)]),
            [_label(examples[index]) for index in labelled] + described,
            ngram_scale=CATEGORY_NGRAMS,
        ),
        examples=tuple(example.text for example in examples),
        vectors=vectors,
    )


def _label(example: Example) -> str:
    return f"{example.first}{CATEGORY_SEPARATOR}{example.second or ''}"


def _taxonomy_examples() -> tuple[list[str], list[str]]:
    """Class names as examples of their class, so that thin classes are known at all."""
    taxonomy = shipped_taxonomy()
    labels, texts = [], []
    for (first, second), thirds in taxonomy.thirds.items():
        for words in (taxonomy.description(first, second), *(f"{second} {t}" for t in thirds)):
            labels.append(f"{first}{CATEGORY_SEPARATOR}{second}")
            texts.append(words)
    enough = {label for label in labels if labels.count(label) >= 3}
    kept = [index for index, label in enumerate(labels) if label in enough]
    return [labels[index] for index in kept], [texts[index] for index in kept]


def _digest(training_data: Path, model_name: str) -> str:
    digest = hashlib.sha256(f"{FORMAT}\n{model_name}\n".encode())
    for path in sorted(training_data.rglob("*.yml")):
        digest.update(path.relative_to(training_data).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _keep(model: LearnedModel, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    os.close(handle)
    joblib.dump(model, temporary)
    os.replace(temporary, path)
