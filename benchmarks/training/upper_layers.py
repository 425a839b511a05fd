"""The part of the encoder that is trained, over the remembered output of the part that is not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

from benchmarks.training.token_head import WIDTH, TokenHead
from knowledge.embedding.build import make_encoder, make_tokenizer
from knowledge.embedding.packed_weights import packaged_weights_path, read_packed_weights
from knowledge.embedding.tuned_layers import FIRST_TUNED_LAYER

TOKENS = 128
PORTION = 16


@dataclass(frozen=True)
class Encoded:
    """Texts as the model sees them.

    Args:
        vectors: unit vectors, shape (texts, 384).
        tokens: unit vectors of their tokens, padded, shape (texts, tokens, 64).
        weights: how much each token counts in a question, shape (texts, tokens).
        mask: 1 where there is a token, shape (texts, tokens).
    """

    vectors: torch.Tensor
    tokens: torch.Tensor
    weights: torch.Tensor
    mask: torch.Tensor


class UpperLayers(torch.nn.Module):
    """The trained half of the encoder and the head for single tokens."""

    def __init__(self) -> None:
        super().__init__()
        weights = read_packed_weights(packaged_weights_path())
        self.encoder = make_encoder(weights)
        self.layers = self.encoder.encoder.layer[FIRST_TUNED_LAYER:]
        self.encoder.requires_grad_(False).eval()
        self.layers.requires_grad_(True)
        self.head = TokenHead()
        self.tokenizer = make_tokenizer(weights.vocabulary)
        self.tokenizer.enable_truncation(TOKENS)
        self.tokenizer.enable_padding(pad_id=1, pad_token="<pad>")
        self._remembered: dict[str, torch.Tensor] = {}

    def forward(self, texts: Sequence[str]) -> Encoded:
        """Encode texts, in portions of like length."""
        self._remember(texts)
        order = sorted(range(len(texts)), key=lambda n: len(self._remembered[texts[n]]))
        portions = [self._upper([texts[n] for n in chosen]) for chosen in in_portions(order)]
        longest = max(portion.tokens.shape[1] for portion in portions)
        back = torch.argsort(torch.tensor(order))
        return Encoded(
            vectors=torch.cat([p.vectors for p in portions])[back],
            tokens=torch.cat([_padded(p.tokens, longest) for p in portions])[back],
            weights=torch.cat([_padded(p.weights[:, :, None], longest) for p in portions])[
                back, :, 0
            ],
            mask=torch.cat([_padded(p.mask[:, :, None], longest) for p in portions])[back, :, 0],
        )

    @torch.no_grad()
    def start_head(self, texts: Sequence[str]) -> None:
        """Begin with the directions in which the states of the tokens of ``texts`` differ most."""
        states = [self._states(texts[n : n + PORTION]) for n in range(0, len(texts), PORTION)]
        rows = torch.cat([functional.normalize(h[m > 0], dim=-1) for h, m in states])
        _, _, directions = torch.pca_lowrank(rows, q=WIDTH, center=False)
        self.head.projection.weight.copy_(directions.T)

    def _upper(self, texts: Sequence[str]) -> Encoded:
        hidden, mask = self._states(texts)
        pooled = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        tokens, weights = self.head(hidden, mask)
        return Encoded(functional.normalize(pooled, dim=-1), tokens, weights, mask)

    def _states(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        self._remember(texts)
        states = [self._remembered[text].float() for text in texts]
        hidden = torch.nn.utils.rnn.pad_sequence(states, batch_first=True)
        lengths = torch.tensor([len(state) for state in states])
        mask = (torch.arange(hidden.shape[1]) < lengths[:, None]).float()
        return _run(self.layers, hidden, mask).float(), mask

    @torch.no_grad()
    def _remember(self, texts: Sequence[str]) -> None:
        missing = sorted({text for text in texts if text not in self._remembered}, key=len)
        for chosen in in_portions(missing):
            encodings = self.tokenizer.encode_batch(chosen)
            mask = torch.tensor([e.attention_mask for e in encodings]).float()
            hidden = self.encoder.embeddings(torch.tensor([e.ids for e in encodings]))
            hidden = _run(self.encoder.encoder.layer[:FIRST_TUNED_LAYER], hidden, mask)
            for text, state, length in zip(chosen, hidden, mask.sum(1).int(), strict=True):
                self._remembered[text] = state[:length].to(torch.float16)


def in_portions(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Small portions stay in the cache of the processor, which more than doubles the speed."""
    for start in range(0, len(items), PORTION):
        yield items[start : start + PORTION]


def _padded(values: torch.Tensor, length: int) -> torch.Tensor:
    return functional.pad(values, (0, 0, 0, length - values.shape[1]))


def _run(
    layers: Sequence[torch.nn.Module], hidden: torch.Tensor, mask: torch.Tensor
) -> torch.Tensor:
    hidden_from = ((1 - mask) * -1e4)[:, None, None, :]
    for layer in layers:
        output = layer(hidden, hidden_from.to(hidden.dtype))
        hidden = output[0] if isinstance(output, tuple) else output
    return hidden
