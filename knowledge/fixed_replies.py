"""Finding the reply that a community fixed for a question, when the question is near enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.bank import FixedReply
from knowledge.follow_up import matter_of
from knowledge.ports import Embedder, Vectors
from knowledge.tokens import tokens_of

NEAR_ENOUGH = 0.94
"""Cosine of two questions from which on they ask the same, if they also share their matter.

Chosen by ``benchmarks/same_question.py``; a reply to another question is worse than a quote.
"""
SAME_MATTER = 0.34
"""Share of the matter's sign pairs that both questions must hold."""


@dataclass(frozen=True, kw_only=True)
class FoundReply:
    """A reply with how near its question is, and the position of the passage it rests on."""

    reply: FixedReply
    nearness: float
    position: int


class FixedReplies:
    """The replies of one published state.

    Args:
        replies: the replies.
        positions: where each passage stands in the index, by its id.
        embedder: makes the vectors of questions.
    """

    def __init__(
        self, replies: Sequence[FixedReply], positions: Mapping[int, int], embedder: Embedder
    ) -> None:
        self._replies = replies
        self._positions = positions
        self._vectors = embedder.embed_queries([r.question for r in replies]) if replies else None

    def find(
        self, question: str, vector: Vectors, day: date, allowed: NDArray[np.bool_]
    ) -> FoundReply | None:
        """The nearest reply that is valid on ``day`` and rests on a passage that is allowed."""
        if self._vectors is None:
            return None
        nearness = self._vectors @ vector
        for index in np.argsort(-nearness, kind="stable"):
            reply, near = self._replies[index], float(nearness[index])
            if not asks_the_same(question, reply.question, near):
                continue
            position = self._resting_on(reply, allowed)
            if reply.valid_on(day) and position is not None:
                return FoundReply(reply=reply, nearness=near, position=position)
        return None

    def _resting_on(self, reply: FixedReply, allowed: NDArray[np.bool_]) -> int | None:
        places = (self._positions.get(passage) for passage in reply.passage_ids)
        return next((place for place in places if place is not None and allowed[place]), None)


def asks_the_same(question: str, known: str, nearness: float) -> bool:
    """Whether two questions ask the same, given the cosine of their vectors."""
    if _bare(question) == _bare(known):
        return True
    if nearness < NEAR_ENOUGH:
        return False
    one, other = set(tokens_of(matter_of(question))), set(tokens_of(matter_of(known)))
    shared = len(one & other)
    return shared > 0 and shared >= SAME_MATTER * max(len(one), len(other))


def _bare(question: str) -> str:
    return "".join(sign for sign in question.lower() if sign.isalnum())
