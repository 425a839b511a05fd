"""Finding the reply that a community fixed for a question, when the question is near enough."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.bank import FixedReply
from knowledge.follow_up import matter_of
from knowledge.ports import Embedder, Vectors

NEAR_ENOUGH = 0.92
"""Cosine of two questions from which on they may ask the same.

Chosen by ``benchmarks/same_question.py`` so that no wrong reply is given there; a reply to
another question is worse than a quote, which whoever misses the reply still gets.
"""
ASPECTS: Mapping[str, re.Pattern[str]] = {
    "money": re.compile(
        r"多少钱|费用|收费|价|几块|花钱|要钱|交钱|补贴|津贴|补助|[\u4e00-\u9fff]费"
    ),
    "place": re.compile(
        r"哪里|哪儿|[去在到]哪|什么地方|地址|地点|哪个部门|找谁|谁管|谁负责|谁来|电话"
    ),
    "time": re.compile(r"几点|什么时候|时间|多久|几天|期限|哪天|周末"),
    "papers": re.compile(r"材料|资料|证件|手续|条件"),
    "way": re.compile(r"怎么|流程|程序|如何|步骤"),
    "refusal": re.compile(r"不能|不可以|不让|禁止|不许"),
}
"""What is asked of a matter: «在哪办» and «多少钱» are near in meaning and never the same."""


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
    if nearness < NEAR_ENOUGH or _aspects(question) != _aspects(known):
        return False
    return bool(set(matter_of(question)) & set(matter_of(known)))


def _aspects(question: str) -> frozenset[str]:
    return frozenset(name for name, words in ASPECTS.items() if words.search(question))


def _bare(question: str) -> str:
    return "".join(sign for sign in question.lower() if sign.isalnum())
