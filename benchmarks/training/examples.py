"""What the model is shown in one step: questions, the right passage, a near rival."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.training.pairs import Pair, Source
from huiyin.bootstrap import Service
from knowledge.embedders import PASSAGE_PREFIX, QUERY_PREFIX
from knowledge.ports import Vectors
from knowledge.vectors import embed_missing, load_vectors

BATCH = 32
UNANSWERED = 8
"""Questions without an answer beside those of a batch."""
WHOLE_SHARE = 0.6
"""How often the whole passage is shown; else its best part."""
RIVALS = 8


@dataclass(frozen=True)
class Example:
    """Texts of one step for one question, all with their prefixes."""

    question: str
    passage: str
    rival: str
    target: tuple[int, int]


@dataclass(frozen=True)
class Refused:
    """A question that no text answers, and a passage it is easily taken to."""

    question: str
    rival: str


@dataclass(frozen=True)
class Batch:
    """One step: the examples come from one source."""

    examples: tuple[Example, ...]
    refused: tuple[Refused, ...]


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
        self._embedder = service.parser_embedder
        self._vectors = vectors
        self._wholes = np.stack([vectors[text] for text in wholes])
        self._groups = np.array([target.group for target in source.targets])
        questions = [pair.question for pair in source.pairs]
        self._questions = dict(zip(questions, self._embedder.embed_queries(questions), strict=True))

    def nearest(self, pair: Pair) -> list[str]:
        """The nearest other passages of the same text."""
        target = self._source.targets[pair.target]
        scores = self._wholes @ self._questions[pair.question]
        scores[self._groups != target.group] = -1
        order = [n for n in np.argsort(-scores)[: RIVALS + 1] if n != pair.target]
        return [self._source.targets[n].views.whole for n in order if scores[n] > -1] or [
            target.views.whole
        ]

    def best_part(self, pair: Pair) -> str:
        """The part of the right passage that is nearest."""
        views = self._source.targets[pair.target].views
        question = self._questions[pair.question]
        return max(views.parts or (views.whole,), key=lambda t: self._similarity(t, question))

    def of_refused(self, questions: Sequence[str]) -> dict[str, list[str]]:
        """The passages nearest to each of the questions that nothing answers."""
        scores = self._embedder.embed_queries(questions) @ self._wholes.T
        order = np.argsort(-scores, axis=1)[:, :RIVALS]
        return {
            question: [self._source.targets[n].views.whole for n in near]
            for question, near in zip(questions, order, strict=True)
        }

    def _similarity(self, text: str, question: Vectors) -> float:
        return float(self._vectors[text] @ question)


def batches(
    sources: Sequence[tuple[Source, Rivals]],
    refused: dict[str, list[str]],
    chance: random.Random,
) -> Iterator[Batch]:
    """One epoch, each batch from one source, the sources mixed."""
    drawn: list[Batch] = []
    for number, (source, rivals) in enumerate(sources):
        pairs = chance.sample(source.pairs, len(source.pairs))
        for start in range(0, len(pairs), BATCH):
            chosen = pairs[start : start + BATCH]
            drawn.append(
                Batch(
                    tuple(_example(number, source, rivals, pair, chance) for pair in chosen),
                    tuple(_refused(refused, chance)),
                )
            )
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


def _refused(refused: dict[str, list[str]], chance: random.Random) -> Iterator[Refused]:
    for question in chance.sample(sorted(refused), min(UNANSWERED, len(refused))):
        yield Refused(QUERY_PREFIX + question, PASSAGE_PREFIX + chance.choice(refused[question]))
