"""A head for single tokens that is trained along with the upper layers, and thrown away.

It draws the states of tokens to where words that mean the same are near each other. The shipped
view of the tokens (``find_word_views``) is found from the tuned states afterwards: it did better
than the head itself, which had learnt to say the same as the vector of the whole.
"""

from typing import Final

import torch
from torch.nn import functional

HIDDEN: Final = 384
WIDTH: Final = 64


class TokenHead(torch.nn.Module):
    """Unit vectors of the tokens, and how much each token of a question counts."""

    def __init__(self) -> None:
        super().__init__()
        self.projection = torch.nn.Linear(HIDDEN, WIDTH, bias=False)
        self.weighing = torch.nn.Linear(HIDDEN, 1)
        torch.nn.init.zeros_(self.weighing.weight)
        torch.nn.init.zeros_(self.weighing.bias)

    def forward(
        self, states: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Vectors, shape (texts, tokens, WIDTH), and weights, (texts, tokens), sum 1."""
        vectors = functional.normalize(self.projection(states), dim=-1)
        scores = self.weighing(states).squeeze(-1).masked_fill(mask == 0, -1e4)
        return vectors, torch.softmax(scores, dim=-1)


def best_matches(
    questions: torch.Tensor, weights: torch.Tensor, passages: torch.Tensor, mask: torch.Tensor
) -> torch.Tensor:
    """The agreement of every question with every passage, token by token: (questions, passages).

    Args:
        questions: token vectors, shape (questions, tokens, WIDTH).
        weights: their weights, shape (questions, tokens).
        passages: token vectors, shape (passages, tokens, WIDTH).
        mask: 1 for a token of a passage, 0 for padding, shape (passages, tokens).
    """
    cosines = torch.einsum("qtd,psd->qpts", questions, passages)
    best = cosines.masked_fill(mask[None, :, None, :] == 0, -1.0).amax(-1)
    return torch.einsum("qpt,qt->qp", best, weights)
