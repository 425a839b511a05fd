"""What a message is about, whether there is danger, and which examples are nearest to it.

Trained from the category of each block of examples (``metadata: {category: 一级/二级}``). The
answer of /model/parse gets four more keys: ``categories`` (best first), ``danger`` (a
probability), ``evidence`` (training sentences) and ``model`` (what all this was trained from).
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.category_model import CategoryModel, LabelledSentence, train_category_model
from components.sentence_vectors import SentenceVectorFeaturizer
from components.taxonomy import read_class_words, read_taxonomy

MODEL_FILE = "categories.pickle"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CitizenCategoryClassifier(IntentClassifier, GraphComponent):
    """Adds categories, danger, evidence and model to a message; leaves its intent alone."""

    @classmethod
    def required_components(cls) -> list[type]:
        """What must stand before it in the pipeline."""
        return [SentenceVectorFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults; both tables are relative to the folder that Rasa trains in."""
        return {"taxonomy": "../taxonomy.csv", "words": "../class_words.csv"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CitizenCategoryClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CitizenCategoryClassifier:
        """The trained classifier of a model."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            # Rasa's own classifiers keep theirs as pickles too: a model is trusted code.
            classifier.model = pickle.loads((Path(folder) / MODEL_FILE).read_bytes())  # noqa: S301
        return classifier

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self.config = {**self.get_default_config(), **config}
        self.model: CategoryModel | None = None
        self._model_storage = model_storage
        self._resource = resource

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all sentences that have an intent."""
        sentences = [
            _labelled(message)
            for message in training_data.intent_examples
            if message.get(TEXT) and message.get(INTENT)
        ]
        self.model = train_category_model(
            sentences,
            read_taxonomy(Path(self.config["taxonomy"])),
            read_class_words(Path(self.config["words"])),
        )
        with self._model_storage.write_to(self._resource) as folder:
            (Path(folder) / MODEL_FILE).write_bytes(pickle.dumps(self.model))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what was learnt to each message."""
        for message in messages:
            if self.model is not None and message.get(TEXT):
                vector = message.get_dense_features(TEXT)[1].features[0]
                for key, value in self.model.read(message.get(TEXT), vector).items():
                    message.set(key, value, add_to_output=True)
        return messages


def _labelled(message: Message) -> LabelledSentence:
    metadata = (message.get(METADATA) or {}).get(METADATA_INTENT) or {}
    return LabelledSentence(
        text=message.get(TEXT),
        intent=message.get(INTENT),
        category=metadata.get("category"),
        vector=message.get_dense_features(TEXT)[1].features[0],
    )
