"""From the states of single tokens to what is compared word by word: fewer, telling directions.

A sentence vector says what a text is about as a whole; with the vectors of its tokens every word of
a question can look for its own match. What all states have in common is taken away, and of the 384
directions those are kept in which the tokens of statutes differ most.
``benchmarks/training/find_word_views.py`` writes the file; it has one view for each model.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

VIEWS_FILE = Path(__file__).with_name("word_views.npz")
COMMON, DIRECTIONS = "common", "directions"


class WordView(torch.nn.Module):
    """Unit vectors of tokens, shape (texts, tokens, WORD_WIDTH), from their states."""

    common: torch.Tensor
    directions: torch.Tensor

    def __init__(self, common: torch.Tensor, directions: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer(COMMON, common)
        self.register_buffer(DIRECTIONS, directions)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """States have the shape (texts, tokens, 384)."""
        centred = functional.normalize(states, dim=-1) - self.common
        return functional.normalize(centred @ self.directions, dim=-1)


def find_word_view(states: torch.Tensor, width: int) -> WordView:
    """The view that keeps most of the differences between ``states``, shape (tokens, 384)."""
    rows = functional.normalize(states, dim=-1)
    common = rows.mean(0)
    _, _, directions = torch.pca_lowrank(rows - common, q=width, center=False, niter=4)
    return WordView(common, directions)


def write_word_views(views: Mapping[str, WordView], path: Path = VIEWS_FILE) -> None:
    """Write the views of several models, by their kind."""
    arrays: dict[str, NDArray[Any]] = {}
    for kind, view in views.items():
        arrays |= {_key(kind, name): values.numpy() for name, values in view.named_buffers()}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def read_word_view(kind: str, path: Path = VIEWS_FILE) -> WordView:
    """The view of one kind of model."""
    with np.load(path) as stored:
        common, directions = (stored[_key(kind, name)] for name in (COMMON, DIRECTIONS))
    return WordView(torch.from_numpy(common), torch.from_numpy(directions))


def _key(kind: str, name: str) -> str:
    return f"{kind}.{name}"
