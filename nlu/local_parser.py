"""The engine inside the process: sentence vectors, n-grams and linear models."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from nlu.composition import Composer, today_in_china
from nlu.gazetteer import Gazetteer
from nlu.learning.features import embed_lines
from nlu.learning.models import MessageModels
from nlu.learning.store import load_models, save_models
from nlu.learning.training import train_models
from nlu.taxonomy import Taxonomy, read_taxonomy
from nlu.training_data import Example, read_training_data
from nlu.understanding import Embedder, Understanding

RECIPE = "ridge-2"
"""Raise the number when the same data would give other models."""


class LocalParser:
    """Understands messages without another process; trains itself at first use.

    Args:
        embedder: gives sentence vectors; the same one as the search index has, so that a
            message is embedded once.
        training_data: folder of the shared Rasa YAML.
        cache: folder of trained models, each named by what it was trained from.
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
        today: Callable[[], date] = today_in_china,
    ) -> None:
        self._embedder = embedder
        self._training_data = training_data
        self._more_examples = tuple(more_examples)
        self._cache = cache
        self._composer = Composer(gazetteer=gazetteer or Gazetteer(), today=today)
        self._models: MessageModels | None = None
        self._training = threading.Lock()

    def prepare(self) -> str:
        """Load or train the models, and return their name; parsing does it when needed.

        Raises:
            TrainingDataError: the examples cannot be read or learnt from.
        """
        return self._ready_models().name

    def parse(self, text: str) -> Understanding:
        """What ``text`` means."""
        return self.parse_many([text])[0]

    def parse_many(self, texts: Sequence[str]) -> list[Understanding]:
        """What each of ``texts`` means; all of them are embedded in one batch."""
        models = self._ready_models()
        apart = [self._composer.take_apart(text) for text in texts]
        flat = [part for parts in apart for part in parts.texts]
        readings = iter(models.read(flat, embed_lines(self._embedder, flat)))
        return [
            self._composer.compose(
                text, [next(readings) for _ in parts.texts], parser=self.name, model=models.name
            )
            for text, parts in zip(texts, apart, strict=True)
        ]

    def _ready_models(self) -> MessageModels:
        if self._models is None:
            with self._training:
                self._models = self._models or self._load_or_train()
        return self._models

    def _load_or_train(self) -> MessageModels:
        examples = (*read_training_data(self._training_data), *self._more_examples)
        taxonomy = read_taxonomy()
        name = _model_name(self._embedder.model_name, examples, taxonomy)
        path = self._cache / f"{name}.npz"
        models = load_models(path)
        if models is None:
            models = train_models(self._embedder, examples, taxonomy, name)
            save_models(models, path)
        return models


def _model_name(embedder: str, examples: Sequence[Example], taxonomy: Taxonomy) -> str:
    digest = hashlib.sha256(f"{RECIPE} {embedder}".encode())
    for example in examples:
        label = (example.text, example.intent, example.first, example.second)
        digest.update(repr(label).encode())
    for row in taxonomy.rows:
        digest.update(repr(row).encode())
    return f"local-{digest.hexdigest()[:12]}"
