"""Tune the upper layers of multilingual-e5-small for the way residents ask.

    python -m benchmarks.training.tune_embedder --data ../shared/data

Writes ``knowledge/embedding/tuned_layers.npz``. Every fifth reply and the articles of the
reported questions are held back, so that figures stay honest. Raise the number in ``TUNED_NAME``
and calibrate the answer rule (``benchmarks.training.calibrate``) afterwards.

Contrastive in the batch, one near rival a question, and on top a loss for the plain cosine, so
that a question without an answer keeps a low score everywhere.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from benchmarks.training.pairs import Pair, Source, reply_pairs, statute_pairs
from huiyin.bootstrap import Service
from huiyin.settings import Settings
from knowledge.embedders import PASSAGE_PREFIX, QUERY_PREFIX
from knowledge.embedding.build import make_encoder, make_tokenizer
from knowledge.embedding.packed_weights import packaged_weights_path, read_packed_weights
from knowledge.embedding.tuned_layers import FIRST_TUNED_LAYER, TUNED_FILE, write_tuned_layers
from knowledge.vectors import embed_missing, load_vectors

SEED = 20261124
EPOCHS = 3
BATCH = 32
LEARNING_RATE = 3e-5
WARM_UP = 0.1
TEMPERATURE = 0.03
PLAIN_WEIGHT = 0.3
"""Share of the loss for the plain cosine beside the contrastive one."""
WHOLE_SHARE = 0.6
"""How often the whole passage is shown; else its best part."""
TOKENS = 128
PORTION = 16
RIVALS = 8


@dataclass(frozen=True)
class Example:
    """Texts of one step for one question, all with their prefixes."""

    question: str
    passage: str
    rival: str
    target: tuple[int, int]


class Rivals:
    """For each target the passages it is most easily taken for, and each pair's best part."""

    def __init__(self, service: Service, source: Source) -> None:
        wholes = [target.views.whole for target in source.targets]
        asked = {pair.target for pair in source.pairs}
        parts = [part for n in sorted(asked) for part in source.targets[n].views.parts]
        embed_missing(service.open_session, service.parser_embedder, [*wholes, *parts])
        with service.open_session() as session:
            vectors = load_vectors(session, service.parser_embedder.model_name, [*wholes, *parts])
        self._source = source
        self._vectors = vectors
        self._wholes = np.stack([vectors[text] for text in wholes])
        self._groups = np.array([target.group for target in source.targets])
        questions = [pair.question for pair in source.pairs]
        self._questions = dict(
            zip(questions, service.parser_embedder.embed_queries(questions), strict=True)
        )

    def nearest(self, pair: Pair) -> list[str]:
        """The nearest other passages of the same text."""
        target = self._source.targets[pair.target]
        scores = self._wholes @ self._questions[pair.question]
        scores[self._groups != target.group] = -1
        order = np.argsort(-scores)[: RIVALS + 1]
        return [
            self._source.targets[n].views.whole
            for n in order
            if n != pair.target and scores[n] > -1 and self._wholes[n].any()
        ] or [target.views.whole]

    def best_part(self, pair: Pair) -> str:
        """The part of the right passage that is nearest."""
        views = self._source.targets[pair.target].views
        question = self._questions[pair.question]
        return max(views.parts or (views.whole,), key=lambda t: self._similarity(t, question))

    def _similarity(self, text: str, question: np.ndarray) -> float:
        return float(self._vectors[text] @ question)


class UpperLayers(torch.nn.Module):
    """The trained half of the encoder over the remembered output of the fixed half."""

    def __init__(self) -> None:
        super().__init__()
        weights = read_packed_weights(packaged_weights_path())
        self.encoder = make_encoder(weights)
        self.layers = self.encoder.encoder.layer[FIRST_TUNED_LAYER:]
        self.encoder.requires_grad_(False).eval()
        self.layers.requires_grad_(True)
        self.tokenizer = make_tokenizer(weights.vocabulary)
        self.tokenizer.enable_truncation(TOKENS)
        self.tokenizer.enable_padding(pad_id=1, pad_token="<pad>")
        self.scale = torch.nn.Parameter(torch.tensor(20.0))
        self.middle = torch.nn.Parameter(torch.tensor(0.85))
        self._remembered: dict[str, torch.Tensor] = {}

    def forward(self, texts: Sequence[str]) -> torch.Tensor:
        """Unit vectors of texts, shape (texts, 384)."""
        self._remember(texts)
        order = sorted(range(len(texts)), key=lambda n: len(self._remembered[texts[n]]))
        vectors = torch.cat(
            [self._upper([texts[n] for n in chosen]) for chosen in _in_portions(order)]
        )
        return vectors[torch.argsort(torch.tensor(order))]

    def _upper(self, texts: Sequence[str]) -> torch.Tensor:
        states = [self._remembered[text].float() for text in texts]
        hidden = torch.nn.utils.rnn.pad_sequence(states, batch_first=True)
        lengths = torch.tensor([len(state) for state in states])
        mask = (torch.arange(hidden.shape[1]) < lengths[:, None]).float()
        hidden = _run(self.layers, hidden, mask).float()
        pooled = (hidden * mask[:, :, None]).sum(1) / lengths[:, None]
        return functional.normalize(pooled, dim=-1)

    @torch.no_grad()
    def _remember(self, texts: Sequence[str]) -> None:
        missing = sorted({text for text in texts if text not in self._remembered}, key=len)
        for chosen in _in_portions(missing):
            encodings = self.tokenizer.encode_batch(chosen)
            mask = torch.tensor([e.attention_mask for e in encodings]).float()
            hidden = self.encoder.embeddings(torch.tensor([e.ids for e in encodings]))
            hidden = _run(self.encoder.encoder.layer[:FIRST_TUNED_LAYER], hidden, mask)
            for text, state, length in zip(chosen, hidden, mask.sum(1).int(), strict=True):
                self._remembered[text] = state[:length].to(torch.float16)


def _in_portions(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Small portions stay in the cache of the processor, which more than doubles the speed."""
    for start in range(0, len(items), PORTION):
        yield items[start : start + PORTION]


def _run(
    layers: Sequence[torch.nn.Module], hidden: torch.Tensor, mask: torch.Tensor
) -> torch.Tensor:
    hidden_from = ((1 - mask) * -1e4)[:, None, None, :]
    for layer in layers:
        output = layer(hidden, hidden_from.to(hidden.dtype))
        hidden = output[0] if isinstance(output, tuple) else output
    return hidden


def loss_of(model: UpperLayers, batch: Sequence[Example]) -> torch.Tensor:
    """The loss of one batch; the same target twice in it is no wrong answer."""
    questions = model([example.question for example in batch])
    passages = model([*(e.passage for e in batch), *(e.rival for e in batch)])
    cosines = questions.float() @ passages.float().T
    right = torch.eye(len(batch), len(passages), dtype=torch.bool)
    also = torch.tensor([[a.target == b.target for b in batch] for a in batch])
    also = functional.pad(also, (0, len(batch))) & ~right
    ranked = (cosines / TEMPERATURE).masked_fill(also, -torch.inf)
    own = torch.arange(len(batch))
    contrast = functional.cross_entropy(ranked, own)
    back = functional.cross_entropy(ranked[:, : len(batch)].T, own)
    plain = functional.binary_cross_entropy_with_logits(
        (cosines - model.middle) * model.scale, right.float(), reduction="none"
    )
    both = plain[right].mean() + plain[~right & ~also].mean()
    return contrast + 0.3 * back + PLAIN_WEIGHT * both


def batches(
    sources: Sequence[tuple[Source, Rivals]], chance: random.Random
) -> Iterator[list[Example]]:
    """One epoch, each batch from one source, the sources mixed."""
    drawn: list[list[Example]] = []
    for number, (source, rivals) in enumerate(sources):
        pairs = chance.sample(source.pairs, len(source.pairs))
        for start in range(0, len(pairs), BATCH):
            chosen = pairs[start : start + BATCH]
            drawn.append([_example(number, source, rivals, pair, chance) for pair in chosen])
    chance.shuffle(drawn)
    yield from drawn


def _example(
    number: int, source: Source, rivals: Rivals, pair: Pair, chance: random.Random
) -> Example:
    whole = source.targets[pair.target].views.whole
    passage = whole if chance.random() < WHOLE_SHARE else rivals.best_part(pair)
    return Example(
        question=QUERY_PREFIX + pair.question,
        passage=PASSAGE_PREFIX + passage,
        rival=PASSAGE_PREFIX + chance.choice(rivals.nearest(pair)),
        target=(number, pair.target),
    )


@torch.no_grad()
def found_first(model: UpperLayers, source: Source) -> float:
    """The share of questions whose own passage is nearest, among the passages of ``source``."""
    model.layers.eval()
    with torch.autocast("cpu", torch.bfloat16):
        questions = _all(model, [QUERY_PREFIX + pair.question for pair in source.pairs])
        passages = _all(model, [PASSAGE_PREFIX + t.views.whole for t in source.targets])
    best = (questions @ passages.T).argmax(1)
    return float(np.mean([int(n) == p.target for n, p in zip(best, source.pairs, strict=True)]))


def _all(model: UpperLayers, texts: Sequence[str]) -> torch.Tensor:
    return torch.cat([model(texts[n : n + BATCH]).float() for n in range(0, len(texts), BATCH)])


def tune(
    sources: Sequence[tuple[Source, Rivals]], held_back: Source, save: Callable[[UpperLayers], None]
) -> None:
    """Train, and after every epoch save and tell how the replies held back are found."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    model = UpperLayers()
    plain = [model.scale, model.middle]
    optimizer = torch.optim.AdamW(
        [
            {"params": model.layers.parameters(), "lr": LEARNING_RATE},
            {"params": plain, "lr": 1e-3, "weight_decay": 0.0},
        ],
        weight_decay=0.01,
    )
    steps = EPOCHS * sum(-(-len(source.pairs) // BATCH) for source, _ in sources)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _pace(step / steps))
    started = time.monotonic()
    step = 0
    for epoch in range(1, EPOCHS + 1):
        for batch in batches(sources, chance):
            model.layers.train()
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(model, batch)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.layers.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step % 10 == 0:
                spent = time.monotonic() - started
                print(f"step {step}/{steps}  loss {loss.item():.3f}  {spent:.0f} s", flush=True)
        save(model)
        if held_back.pairs:
            print(
                f"epoch {epoch}: held-back replies {found_first(model, held_back):.3f}", flush=True
            )


def _pace(done: float) -> float:
    """Warm up, then slow down to nothing."""
    return done / WARM_UP if done < WARM_UP else max(0.0, (1 - done) / (1 - WARM_UP))


def main() -> None:
    """Read the arguments, tune, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=TUNED_FILE)
    arguments = parser.parse_args()
    service = Service(settings=Settings())
    statutes = statute_pairs(arguments.data / "policy" / "beijing")
    replies, held_back = reply_pairs(arguments.data / "messages" / "replies.jsonl")
    sources = [(source, Rivals(service, source)) for source in (statutes, replies)]
    print(f"{len(statutes.pairs)} questions on statutes, {len(replies.pairs)} replies", flush=True)
    original = make_encoder(read_packed_weights(packaged_weights_path()))
    tune(sources, held_back, lambda m: write_tuned_layers(m.encoder, original, arguments.output))


if __name__ == "__main__":
    main()
