"""What a message means: intent, categories, danger, and the examples that are nearest to it.

Trained from the intents and from the category of each block of examples (``metadata:
{category: 一级/二级}``; ``sample: true`` marks an operator's own messages, ``intent_unknown:
true`` those whose intent nobody told). Intent and ranking are set as any classifier of Rasa's
does; the answer of /model/parse gets four more keys: ``categories`` (best first), ``danger`` (a
probability), ``evidence`` (training sentences) and ``model`` (what all this was trained from).
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.message_model import LabelledSentence, MessageModel, train_message_model
from components.sentence_vectors import SentenceVectorFeaturizer
from components.taxonomy import read_class_words, read_taxonomy
from components.vectors import embed_remembering

MODEL_FILE = "messages.pickle"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CitizenMessageClassifier(IntentClassifier, GraphComponent):
    """Sets the intent of a message and adds categories, danger, evidence and model."""

    @classmethod
    def required_components(cls) -> list[type]:
        """What must stand before it in the pipeline."""
        return [SentenceVectorFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults; files are relative to the folder that Rasa trains in."""
        return {
            "taxonomy": "../taxonomy.csv",
            "words": "../class_words.csv",
            "threads": 2,
            "cache": ".rasa/sentence-vectors.npz",
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CitizenMessageClassifier:
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
    ) -> CitizenMessageClassifier:
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
        self.model: MessageModel | None = None
        self._model_storage = model_storage
        self._resource = resource

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all sentences that have an intent."""
        sentences = [
            _labelled(message)
            for message in training_data.intent_examples
            if message.get(TEXT) and message.get(INTENT)
        ]
        self.model = train_message_model(
            sentences,
            read_taxonomy(Path(self.config["taxonomy"])),
            read_class_words(Path(self.config["words"])),
            self._centre(training_data),
        )
        with self._model_storage.write_to(self._resource) as folder:
            (Path(folder) / MODEL_FILE).write_bytes(pickle.dumps(self.model))
        return self._resource

    def _centre(self, training_data: TrainingData) -> np.ndarray:
        # The featurizer's mean: class names must lie where the sentences do.
        texts = [each.get(TEXT) for each in training_data.training_examples if each.get(TEXT)]
        cache = Path(self.config["cache"])
        return embed_remembering(texts, self.config["threads"], cache).mean(axis=0)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what was learnt to each message."""
        for message in messages:
            if self.model is not None and message.get(TEXT):
                vector = message.get_dense_features(TEXT)[1].features[0]
                said = self.model.read(message.get(TEXT), vector)
                ranking = said.pop("intents")
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
                for key, value in said.items():
                    message.set(key, value, add_to_output=True)
        return messages


def _labelled(message: Message) -> LabelledSentence:
    metadata = (message.get(METADATA) or {}).get(METADATA_INTENT) or {}
    return LabelledSentence(
        text=message.get(TEXT),
        intent=None if metadata.get("intent_unknown") else message.get(INTENT),
        category=metadata.get("category"),
        is_sample=bool(metadata.get("sample")),
        vector=message.get_dense_features(TEXT)[1].features[0],
    )
