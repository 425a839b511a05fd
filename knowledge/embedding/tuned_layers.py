"""The tuned upper layers: what was added to the packaged weights, in a few bits a weight.

``benchmarks/training/tune_embedder.py`` writes the file; ``knowledge.embedding.build`` adds it
to the packaged weights.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import BertModel

TUNED_FILE = Path(__file__).with_name("tuned_layers.npz")
FIRST_TUNED_LAYER = 6
STEPS = 127
"""Steps of an int8 number on either side of zero."""
SCALE = ".scale"


def write_tuned_layers(tuned: BertModel, original: BertModel, path: Path = TUNED_FILE) -> None:
    """Write what ``tuned`` added to ``original``: int8, one scale a row."""
    stored: dict[str, NDArray[Any]] = {}
    before = original.state_dict()
    for name, tensor in tuned.state_dict().items():
        if _is_tuned(name):
            added = (tensor - before[name]).float().numpy()
            stored |= _packed(name, added)
    np.savez_compressed(path, allow_pickle=False, **stored)


def add_tuned_layers(encoder: BertModel, path: Path = TUNED_FILE) -> None:
    """Add to the packaged weights what tuning found."""
    with np.load(path) as stored, torch.no_grad():
        for name, tensor in encoder.state_dict().items():
            if _is_tuned(name):
                tensor += torch.from_numpy(stored[name].astype(np.float32) * stored[name + SCALE])


def _packed(name: str, added: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
    largest = np.abs(added).max(axis=-1, keepdims=True)
    scale = np.maximum(largest / STEPS, np.finfo(np.float32).tiny).astype(np.float32)
    return {name: np.round(added / scale).astype(np.int8), name + SCALE: scale}


def _is_tuned(name: str) -> bool:
    parts = name.split(".")
    return parts[:2] == ["encoder", "layer"] and int(parts[2]) >= FIRST_TUNED_LAYER
