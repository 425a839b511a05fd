"""What a resident gets for a question: the words of a text, a question back, or an honest no."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.documents import Hit


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The texts answer this.

    ``quote`` is the best part of the best passage, word for word; lines that were left out
    stand as "……", and a table row is read out with its header ("小区：锦绣家园；首车：150").
    ``score`` is the probability that the best hit answers the question. ``topic`` is to be
    handed back as ``context`` with the next question of the same conversation.

    ``on`` is the day that the question named for itself; None means today. With ``own_words``
    the quote is a reply that the community fixed for this question, resting on the best hit.
    ``rewritten`` says the same in plain words, each sentence borne out by a hit; None unless
    that is switched on.
    """

    hits: tuple[Hit, ...]
    quote: str
    score: float
    topic: str
    on: date | None = None
    own_words: bool = False
    rewritten: str | None = None


class NoAnswerReason(StrEnum):
    """Why there is nothing to quote."""

    NOTHING_NEAR = "nothing_near"
    NOT_IN_FORCE = "not_in_force"
    EMPTY_INDEX = "empty_index"


@dataclass(frozen=True, kw_only=True)
class NoAnswer:
    """The texts do not answer this; ``nearest`` is for staff, never to be quoted to a resident.

    With NOT_IN_FORCE the nearest hits are those of the lapsed or coming text. ``on`` is the day
    that the question named for itself; None means today.
    """

    reason: NoAnswerReason
    nearest: tuple[Hit, ...] = ()
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Clarify:
    """Two matters are equally near: ask which of ``topics`` is meant.

    Ask the question again with the chosen topic as ``context``. ``hits`` holds the best hit
    of each topic, in the order of the topics.
    """

    topics: tuple[str, ...]
    hits: tuple[Hit, ...]


Reply = Answer | NoAnswer | Clarify
