"""Tune the upper layers of multilingual-e5-small for the way residents ask.

    python -m benchmarks.training.tune_embedder --data ../shared/data

Goes on from ``knowledge/embedding/tuned_layers.npz`` and writes it anew (``--from-scratch`` begins
with the packaged weights). Every tenth reply and the articles of the reported questions are held
back, so that figures stay honest. Raise the number in ``TUNED_NAME`` and calibrate the answer
rule (``benchmarks.training.calibrate``) afterwards.

Contrastive in the batch with one near rival a question, for the vector of the whole text and for
the match of single words; and on top a loss for the plain figures, so that a question without an
answer keeps low ones everywhere.
"""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from benchmarks.training.examples import BATCH, Batch, Rivals, batches
from benchmarks.training.pairs import (
    Source,
    message_pairs,
    refused_questions,
    reply_pairs,
    statute_pairs,
)
from benchmarks.training.token_head import best_matches
from benchmarks.training.upper_layers import UpperLayers
from huiyin.bootstrap import Service
from huiyin.settings import Settings
from knowledge.embedders import PASSAGE_PREFIX, QUERY_PREFIX
from knowledge.embedding.build import make_encoder
from knowledge.embedding.packed_weights import packaged_weights_path, read_packed_weights
from knowledge.embedding.tuned_layers import TUNED_FILE, add_tuned_layers, write_tuned_layers

SEED = 20261124
EPOCHS = 2
LEARNING_RATE = 3e-5
HEAD_RATE = 1e-3
WARM_UP = 0.1
TEMPERATURE = 0.03
BACK_WEIGHT = 0.3
"""Share of the loss for finding the question from the passage."""
PLAIN_WEIGHT = 0.3
"""Share of the loss for the plain figures beside the contrastive one."""


class Border(torch.nn.Module):
    """Where between two figures an answer begins, and how sharply."""

    def __init__(self, middle: float) -> None:
        super().__init__()
        self.scale = torch.nn.Parameter(torch.tensor(20.0))
        self.middle = torch.nn.Parameter(torch.tensor(middle))

    def forward(self, right: torch.Tensor, wrong: torch.Tensor) -> torch.Tensor:
        """The loss of right figures below the border and wrong ones above it."""
        above = functional.softplus((wrong - self.middle) * self.scale).mean()
        return functional.softplus((self.middle - right) * self.scale).mean() + above


def loss_of(model: UpperLayers, borders: Sequence[Border], batch: Batch) -> torch.Tensor:
    """The loss of one batch; the same target twice in it is no wrong answer."""
    examples, refused = batch.examples, batch.refused
    asked = model([one.question for one in (*examples, *refused)])
    rivals = [one.rival for one in (*examples, *refused)]
    told = model([*(one.passage for one in examples), *rivals])
    also = torch.tensor([[a.target == b.target for b in examples] for a in examples])
    also &= ~torch.eye(len(examples), dtype=torch.bool)
    also = functional.pad(also, (0, len(rivals), 0, len(refused)))
    cosines = asked.vectors.float() @ told.vectors.float().T
    matches = best_matches(asked.tokens.float(), asked.weights, told.tokens.float(), told.mask)
    return torch.stack(
        [
            _loss_of_figures(figures.masked_fill(also, -1.0), len(examples), border)
            for figures, border in zip((cosines, matches), borders, strict=True)
        ]
    ).sum()


def _loss_of_figures(figures: torch.Tensor, answered: int, border: Border) -> torch.Tensor:
    own = torch.arange(answered)
    ranked = figures[:answered] / TEMPERATURE
    contrast = functional.cross_entropy(ranked, own)
    back = functional.cross_entropy(ranked[:, :answered].T, own)
    right = torch.zeros_like(figures, dtype=torch.bool)
    right[own, own] = True
    highest_wrong = figures.masked_fill(right, -1.0).amax(1)
    plain = border(figures[right], highest_wrong)
    return contrast + BACK_WEIGHT * back + PLAIN_WEIGHT * plain


@torch.no_grad()
def found_first(model: UpperLayers, source: Source) -> tuple[float, float]:
    """The share of questions whose own passage is first, by whole vectors and by both figures."""
    model.layers.eval()
    with torch.autocast("cpu", torch.bfloat16):
        cosines, matches = _figures(model, source)
    right = np.array([pair.target for pair in source.pairs])
    return (
        float((cosines.argmax(1).numpy() == right).mean()),
        float(((cosines + matches).argmax(1).numpy() == right).mean()),
    )


def _figures(model: UpperLayers, source: Source) -> tuple[torch.Tensor, torch.Tensor]:
    questions = [QUERY_PREFIX + pair.question for pair in source.pairs]
    passages = [PASSAGE_PREFIX + target.views.whole for target in source.targets]
    asked = [model(questions[n : n + BATCH]) for n in range(0, len(questions), BATCH)]
    told = [model(passages[n : n + BATCH]) for n in range(0, len(passages), BATCH)]
    rows = [
        (
            torch.cat([a.vectors.float() @ t.vectors.float().T for t in told], 1),
            torch.cat(
                [best_matches(a.tokens.float(), a.weights, t.tokens.float(), t.mask) for t in told],
                1,
            ),
        )
        for a in asked
    ]
    return torch.cat([row[0] for row in rows]), torch.cat([row[1] for row in rows])


def tune(
    model: UpperLayers,
    sources: Sequence[tuple[Source, Rivals]],
    refused: dict[str, list[str]],
    epochs: int,
    after_epoch: Callable[[int], None],
) -> None:
    """Train, and call ``after_epoch`` with the number of each epoch."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    borders = torch.nn.ModuleList([Border(0.85), Border(0.6)])
    optimizer = torch.optim.AdamW(
        [
            {"params": model.layers.parameters(), "lr": LEARNING_RATE},
            {"params": model.head.parameters(), "lr": HEAD_RATE},
            {"params": borders.parameters(), "lr": 1e-3, "weight_decay": 0.0},
        ],
        weight_decay=0.01,
    )
    steps = epochs * sum(-(-len(source.pairs) // BATCH) for source, _ in sources)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _pace(step / steps))
    started = time.monotonic()
    step = 0
    for epoch in range(1, epochs + 1):
        for batch in batches(sources, refused, chance):
            model.layers.train()
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(model, borders, batch)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step % 10 == 0:
                spent = time.monotonic() - started
                print(f"step {step}/{steps}  loss {loss.item():.3f}  {spent:.0f} s", flush=True)
        after_epoch(epoch)


def _pace(done: float) -> float:
    """Warm up, then slow down to nothing."""
    return done / WARM_UP if done < WARM_UP else max(0.0, (1 - done) / (1 - WARM_UP))


def main() -> None:
    """Read the arguments, tune, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=TUNED_FILE)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--from-scratch", action="store_true", help="leave the tuned layers aside")
    arguments = parser.parse_args()
    service = Service(settings=Settings())
    statutes = statute_pairs(arguments.data / "policy" / "beijing")
    replies, held_back = reply_pairs(arguments.data / "messages" / "replies.jsonl")
    messages = message_pairs(arguments.data / "messages" / "stream.jsonl")
    sources = [(source, Rivals(service, source)) for source in (statutes, replies, messages)]
    refused = sources[0][1].of_refused(refused_questions())
    print(" + ".join(str(len(source.pairs)) for source, _ in sources), "pairs", flush=True)
    model = UpperLayers()
    if not arguments.from_scratch:
        add_tuned_layers(model.encoder)
    model.start_head([PASSAGE_PREFIX + t.views.whole for t in statutes.targets[::20]])
    original = make_encoder(read_packed_weights(packaged_weights_path()))

    def after_epoch(epoch: int) -> None:
        write_tuned_layers(model.encoder, original, arguments.output)
        if held_back.pairs:
            whole, both = found_first(model, held_back)
            print(f"epoch {epoch}: held-back replies {whole:.3f}, {both:.3f}", flush=True)

    tune(model, sources, refused, arguments.epochs, after_epoch)


if __name__ == "__main__":
    main()
