"""Find the directions in which the words of statutes differ, for the packaged and the tuned model.

    python -m benchmarks.training.find_word_views --data ../shared/data

Writes ``knowledge/embedding/word_views.npz``; to be run after ``tune_embedder``. Raise the numbers
of both model names in ``knowledge/embedding/build.py``.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertModel

from benchmarks.training.pairs import statute_pairs
from knowledge.embedders import PASSAGE_PREFIX
from knowledge.embedding.build import PACKAGED, TUNED, make_encoder, make_tokenizer
from knowledge.embedding.packed_weights import packaged_weights_path, read_packed_weights
from knowledge.embedding.tuned_layers import add_tuned_layers
from knowledge.embedding.word_views import WordView, find_word_view, write_word_views
from knowledge.ports import WORD_WIDTH

EVERY = 12
"""One article in so many is looked at: some 60,000 tokens."""
TOKENS = 224
PORTION = 16


def main() -> None:
    """Read, find, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data / "policy" / "beijing"
    texts = [PASSAGE_PREFIX + t.views.whole for t in statute_pairs(folder).targets[::EVERY]]
    weights = read_packed_weights(packaged_weights_path())
    tokenizer = make_tokenizer(weights.vocabulary)
    tokenizer.enable_truncation(TOKENS)
    tokenizer.enable_padding(pad_id=1, pad_token="<pad>")
    encoder = make_encoder(weights)
    packaged = _view(encoder, tokenizer, texts)
    add_tuned_layers(encoder)
    write_word_views({PACKAGED: packaged, TUNED: _view(encoder, tokenizer, texts)})


@torch.no_grad()
def _view(encoder: BertModel, tokenizer: Tokenizer, texts: Sequence[str]) -> WordView:
    states = []
    for start in range(0, len(texts), PORTION):
        read = tokenizer.encode_batch(texts[start : start + PORTION])
        mask = torch.tensor([one.attention_mask for one in read])
        ids = torch.tensor([one.ids for one in read])
        states.append(encoder(input_ids=ids, attention_mask=mask)[0][mask > 0])
    return find_word_view(torch.cat(states), WORD_WIDTH)


if __name__ == "__main__":
    main()
