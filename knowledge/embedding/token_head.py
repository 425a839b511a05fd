"""From the states of single tokens to what is compared word by word.

A sentence vector says what a text is about as a whole; the token vectors let every word of a
question look for its own match (late interaction: Khattab and Zaharia, SIGIR 2020). The head is
tuned together with the upper layers and travels in the same file.
"""

from typing import Any, Final

import torch
from numpy.typing import NDArray
from torch.nn import functional

from knowledge.ports import WORD_WIDTH

HIDDEN: Final = 384
PROJECTION, WEIGHING = "head.projection", "head.weighing"


class TokenHead(torch.nn.Module):
    """Unit vectors of the tokens, and how much each token of a question counts."""

    def __init__(self) -> None:
        super().__init__()
        self.projection = torch.nn.Linear(HIDDEN, WORD_WIDTH, bias=False)
        self.weighing = torch.nn.Linear(HIDDEN, 1)
        torch.nn.init.zeros_(self.weighing.weight)
        torch.nn.init.zeros_(self.weighing.bias)

    def forward(
        self, states: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Vectors, shape (texts, tokens, WORD_WIDTH), and weights, (texts, tokens), sum 1."""
        vectors = functional.normalize(self.projection(states), dim=-1)
        scores = self.weighing(states).squeeze(-1).masked_fill(mask == 0, -1e4)
        return vectors, torch.softmax(scores, dim=-1)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The weights by the names they are stored under."""
        return {
            PROJECTION: self.projection.weight.detach().numpy(),
            WEIGHING: torch.cat([self.weighing.weight[0], self.weighing.bias]).detach().numpy(),
        }

    def load_arrays(self, stored: Any) -> "TokenHead":
        """Take the weights out of a mapping that ``arrays`` filled."""
        weighing = torch.from_numpy(stored[WEIGHING])
        with torch.no_grad():
            self.projection.weight.copy_(torch.from_numpy(stored[PROJECTION]))
            self.weighing.weight.copy_(weighing[None, :-1])
            self.weighing.bias.copy_(weighing[-1:])
        return self


def best_matches(
    questions: torch.Tensor, weights: torch.Tensor, passages: torch.Tensor, mask: torch.Tensor
) -> torch.Tensor:
    """The agreement of every question with every passage, token by token: (questions, passages).

    Args:
        questions: token vectors, shape (questions, tokens, WORD_WIDTH).
        weights: their weights, shape (questions, tokens).
        passages: token vectors, shape (passages, tokens, WORD_WIDTH).
        mask: 1 for a token of a passage, 0 for padding, shape (passages, tokens).
    """
    cosines = torch.einsum("qtd,psd->qpts", questions, passages)
    best = cosines.masked_fill(mask[None, :, None, :] == 0, -1.0).amax(-1)
    return torch.einsum("qpt,qt->qp", best, weights)
