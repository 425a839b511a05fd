"""Predicts the taxonomy class of a message from its dense features.

The class of a training example stands in the metadata of its block as 一级/二级. The probabilities
of the second level are learned; those of the first level are their sums.
"""

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

CATEGORIES = "categories"
WEIGHTS_FILE = "weights.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CategoryClassifier(GraphComponent):
    """Puts ``categories`` into the answer, best first: first, second, confidence."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Dense features must be there."""
        return [DenseFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``C`` is the inverse of regularisation; ``ranking_length`` classes are given."""
        return {"C": 0.02, "max_iter": 400, "ranking_length": 5}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._classes: list[str] = []
        self._weights = np.zeros((0, 0))
        self._biases = np.zeros(0)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "CategoryClassifier":
        """Make an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that carry a class, and keep the weights."""
        labelled = [
            (vector, category)
            for example in training_data.intent_examples
            if (category := _category_of(example)) is not None
            and (vector := _vector_of(example)) is not None
        ]
        if labelled:
            self._fit(*zip(*labelled, strict=True))
        self._persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the likeliest classes to each message."""
        for message in messages:
            vector = _vector_of(message)
            ranking = [] if vector is None or not self._classes else self._rank(vector)
            message.set(CATEGORIES, ranking, add_to_output=True)
        return messages

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "CategoryClassifier":
        """Read the weights back."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            kept = np.load(folder / WEIGHTS_FILE)
            component._classes = [str(name) for name in kept["classes"]]
            component._weights, component._biases = kept["weights"], kept["biases"]
        return component

    def _fit(self, vectors: tuple[np.ndarray, ...], categories: tuple[str, ...]) -> None:
        model = LogisticRegression(
            C=self._config["C"], max_iter=self._config["max_iter"], class_weight="balanced"
        )
        model.fit(np.vstack(vectors), categories)
        self._classes = [str(name) for name in model.classes_]
        self._weights, self._biases = model.coef_, model.intercept_

    def _persist(self) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(
                folder / WEIGHTS_FILE,
                classes=np.array(self._classes, dtype=str),
                weights=self._weights,
                biases=self._biases,
            )

    def _rank(self, vector: np.ndarray) -> list[dict[str, Any]]:
        scores = self._weights @ vector + self._biases
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        return rank_first_levels(self._classes, chances)[: self._config["ranking_length"]]


def rank_first_levels(classes: list[str], chances: np.ndarray) -> list[dict[str, Any]]:
    """Sum second-level chances into first levels; each keeps its likeliest second level."""
    best: dict[str, dict[str, Any]] = {}
    for index in np.argsort(-chances):
        first, _, second = classes[index].partition("/")
        entry = best.setdefault(first, {"first": first, "second": second, "confidence": 0.0})
        entry["confidence"] += float(chances[index])
    return sorted(best.values(), key=lambda entry: -entry["confidence"])


def _category_of(example: Message) -> str | None:
    metadata = (example.get(METADATA) or {}).get(METADATA_INTENT) or {}
    return metadata.get("category")


def _vector_of(message: Message) -> np.ndarray | None:
    _, sentence = message.get_dense_features(TEXT)
    return None if sentence is None else np.asarray(sentence.features).reshape(-1)
