"""The engine inside the process: sentence vectors, n-grams and linear models."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import structlog

from nlu.composition import Composer, Reading, today_in_china
from nlu.gazetteer import Gazetteer
from nlu.learning.features import embed_lines
from nlu.learning.models import MessageModels
from nlu.learning.store import load_models, save_models
from nlu.learning.training import train_models
from nlu.model_registry import nothing_chosen
from nlu.taxonomy import Taxonomy, read_taxonomy
from nlu.training_data import Example, read_training_data
from nlu.understanding import Embedder, Understanding

log = structlog.get_logger(__name__)

RECIPE = "ridge-4"
"""Raise the number when the same data would give other models."""


class LocalParser:
    """Understands messages without another process; trains itself at first use.

    Args:
        embedder: gives sentence vectors; the same one as the search index has, so that a
            message is embedded once.
        training_data: folder of the shared Rasa YAML.
        cache: folder of trained models, each named by what it was trained from.
        chosen: names the model to use; None stands for the one of the training data.
        gazetteer: names of the organisation.
        more_examples: the operator's own labelled messages.
        today: the day a message is read on.
    """

    name = "local"

    def __init__(
        self,
        embedder: Embedder,
        *,
        training_data: Path,
        cache: Path,
        gazetteer: Gazetteer | None = None,
        more_examples: Sequence[Example] = (),
        chosen: Callable[[], str | None] = nothing_chosen,
        today: Callable[[], date] = today_in_china,
    ) -> None:
        self._embedder = embedder
        self._training_data = training_data
        self._more_examples = tuple(more_examples)
        self._cache = cache
        self._chosen = chosen
        self._passed_over: str | None = None
        self._composer = Composer(gazetteer=gazetteer or Gazetteer(), today=today)
        self._models: MessageModels | None = None
        self._training = threading.Lock()

    def prepare(self) -> str:
        """Load or train the models, and return their name; parsing does it when needed.

        Raises:
            TrainingDataError: the examples cannot be read or learnt from.
        """
        return self._ready_models().name

    def refresh(self) -> None:
        """Take up the chosen model if it is another one; messages at hand keep the old."""
        models = self._models
        if models is not None and self._chosen() not in {None, models.name, self._passed_over}:
            with self._training:
                self._models = self._load_chosen() or models

    def parse(self, text: str) -> Understanding:
        """What ``text`` means."""
        return self.parse_many([text])[0]

    def parse_many(self, texts: Sequence[str]) -> list[Understanding]:
        """What each of ``texts`` means: their heads in one batch, then the parts in doubt."""
        models = self._ready_models()
        apart = [self._composer.take_apart(text) for text in texts]
        heads = iter(self._read(models, [each.head for each in apart if each.head]))
        readings = [[next(heads)] if each.head else [] for each in apart]
        doubtful = [
            self._composer.parts_in_doubt(text, each, read[0]) if read else ()
            for text, each, read in zip(texts, apart, readings, strict=True)
        ]
        parts = iter(self._read(models, [part for each in doubtful for part in each]))
        for read, each in zip(readings, doubtful, strict=True):
            read += [next(parts) for _ in each]
        return [
            self._composer.compose(text, each, read, parser=self.name, model=models.name)
            for text, each, read in zip(texts, apart, readings, strict=True)
        ]

    def _read(self, models: MessageModels, texts: Sequence[str]) -> list[Reading]:
        return models.read(texts, embed_lines(self._embedder, texts))

    def _ready_models(self) -> MessageModels:
        if self._models is None:
            with self._training:
                self._models = self._models or self._load_or_train()
        return self._models

    def _load_or_train(self) -> MessageModels:
        return self._load_chosen() or self._models_of_data()

    def _load_chosen(self) -> MessageModels | None:
        name = self._chosen()
        if name is None:
            return None
        fits = name.startswith(f"{_recipe_mark(self._embedder.model_name)}-")
        models = load_models(self._cache / f"{name}.npz") if fits else None
        if models is None:
            # Made by another release, or damaged: residents are answered all the same.
            self._passed_over = name
            log.warning("chosen_model_unfit", action="model_load", model=name)
        return models

    def _models_of_data(self) -> MessageModels:
        examples = (*read_training_data(self._training_data), *self._more_examples)
        taxonomy = read_taxonomy()
        name = _model_name(self._embedder.model_name, examples, taxonomy)
        path = self._cache / f"{name}.npz"
        models = load_models(path)
        if models is None:
            models = train_models(self._embedder, examples, taxonomy, name)
            save_models(models, path)
        return models


def _recipe_mark(embedder: str) -> str:
    """Beginning of the names of all models that this release can use."""
    return f"local-{hashlib.sha256(f'{RECIPE} {embedder}'.encode()).hexdigest()[:4]}"


def _model_name(embedder: str, examples: Sequence[Example], taxonomy: Taxonomy) -> str:
    digest = hashlib.sha256()
    for example in examples:
        label = (example.text, example.intent, example.first, example.second, example.is_sample)
        digest.update(repr(label).encode())
    for row in (*taxonomy.rows, *taxonomy.words):
        digest.update(repr(row).encode())
    return f"{_recipe_mark(embedder)}-{digest.hexdigest()[:8]}"
