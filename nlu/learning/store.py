"""Keep trained models in a folder: arrays and JSON only, nothing that runs when loaded."""

import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from nlu.learning.features import GramCounter
from nlu.learning.first_level import Adaptation, FirstLevel, Logistic
from nlu.learning.models import MessageModels, Prototypes
from nlu.learning.ridge import LinearModel


def save_models(models: MessageModels, path: Path) -> None:
    """Write ``models`` to ``path``; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    with os.fdopen(handle, "wb") as file:
        np.savez(file, **_arrays(models))
    os.replace(name, path)


def load_models(path: Path) -> MessageModels | None:
    """The models at ``path``; None when there are none or the file is damaged."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return _restore({name: stored[name] for name in stored.files})
    except (OSError, ValueError, KeyError, BadZipFile):
        return None


def _arrays(models: MessageModels) -> dict[str, Any]:
    adaptation = models.first_level.adaptation
    words = {
        "name": models.name,
        "grams": models.counter.grams,
        "intent_classes": models.intent.classes,
        "category_classes": models.category.classes,
        "pairs": models.pairs,
        "examples": models.example_texts,
        "intent_sharpness": models.intent_sharpness,
        "category_sharpness": models.category_sharpness,
        "danger": asdict(models.danger),
        "firsts": models.first_level.firsts,
        "sureness": asdict(models.first_level.sureness),
        "adaptation_sharpness": adaptation.sharpness if adaptation else None,
    }
    adapted = {"prior": adaptation.prior, "correction": adaptation.weights} if adaptation else {}
    return {
        **adapted,
        "first_of_pair": models.first_level.of_pair,
        "words": np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), np.uint8),
        "centre": models.centre,
        "rarity": models.counter.rarity,
        "intent_vector_weights": models.intent.vector_weights,
        "intent_gram_weights": models.intent.gram_weights,
        "category_vector_weights": models.category.vector_weights,
        "category_gram_weights": models.category.gram_weights,
        "prototype_vectors": models.prototypes.vectors,
        "prototype_pairs": models.prototypes.pair_of_row,
        "example_vectors": models.example_vectors,
    }


def _restore(arrays: dict[str, Any]) -> MessageModels:
    words = json.loads(arrays["words"].tobytes())
    return MessageModels(
        name=words["name"],
        centre=arrays["centre"],
        counter=GramCounter.restore(words["grams"], arrays["rarity"]),
        intent=_linear("intent", words, arrays),
        intent_sharpness=words["intent_sharpness"],
        danger=Logistic(**words["danger"]),
        category=_linear("category", words, arrays),
        category_sharpness=words["category_sharpness"],
        pairs=tuple(words["pairs"]),
        prototypes=Prototypes(
            vectors=arrays["prototype_vectors"], pair_of_row=arrays["prototype_pairs"]
        ),
        first_level=_first_level(words, arrays),
        example_texts=tuple(words["examples"]),
        example_vectors=arrays["example_vectors"],
    )


def _linear(kind: str, words: dict[str, Any], arrays: dict[str, Any]) -> LinearModel:
    return LinearModel(
        classes=tuple(words[f"{kind}_classes"]),
        vector_weights=arrays[f"{kind}_vector_weights"],
        gram_weights=arrays[f"{kind}_gram_weights"],
    )


def _first_level(words: dict[str, Any], arrays: dict[str, Any]) -> FirstLevel:
    sharpness = words["adaptation_sharpness"]
    return FirstLevel(
        firsts=tuple(words["firsts"]),
        of_pair=arrays["first_of_pair"],
        sureness=Logistic(**words["sureness"]),
        adaptation=None
        if sharpness is None
        else Adaptation(prior=arrays["prior"], weights=arrays["correction"], sharpness=sharpness),
    )
