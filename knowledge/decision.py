"""Whether the best passages answer a question: a probability, never a bare threshold."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.documents import Hit

CROWD_FROM, CROWD_TO = 4, 10
LOOKED_AT = 3
"""Hits whose best figures decide; the right one is often second or third."""


@dataclass(frozen=True, kw_only=True)
class AnswerRule:
    """A logistic regression over the agreement of question and hits.

    The figures belong to one embedding model; ``knowledge.calibration`` finds them.

    Args:
        bias: log odds at zero agreement.
        whole: weight of the cosine with a whole passage.
        part: weight of the cosine with a part of one.
        lexical: weight of the share of words in common.
        plain: weight of the second opinion's cosine with a whole passage.
        lead: weight of how far the best hit is ahead of those that nobody would choose.
        threshold: probability from which on the passage is quoted.
        doubt: probability from which on it is worth asking which of several matters is meant.
    """

    bias: float
    whole: float
    part: float
    lexical: float
    plain: float = 0.0
    lead: float = 0.0
    threshold: float = 0.5
    doubt: float = 0.15

    def probability(self, hits: Sequence[Hit]) -> float:
        """How likely one of the best ``hits`` answers the question; 0 without hits."""
        if not hits:
            return 0.0
        weights = (self.whole, self.part, self.lexical, self.plain, self.lead)
        odds = self.bias + sum(w * f for w, f in zip(weights, features(hits), strict=True))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))

    def may_answer(self, hits: Sequence[Hit]) -> bool:
        """Whether they are near enough to ask the resident about them."""
        return self.probability(hits) >= self.doubt

    def answers(self, hits: Sequence[Hit]) -> bool:
        """Whether a resident should get them."""
        return self.probability(hits) >= self.threshold


def features(hits: Sequence[Hit]) -> tuple[float, ...]:
    """Best agreement of each kind among the first hits, and the lead of the best: see AnswerRule.

    A question that the texts answer has a few near passages; one that they only touch has many
    that are equally far.
    """
    first = [hit.reasons for hit in hits[:LOOKED_AT]]
    kinds = ("whole", "part", "lexical", "plain")
    agreement = (max(reasons[kind] for reasons in first) for kind in kinds)
    crowd = [hit.score for hit in hits[CROWD_FROM:CROWD_TO]]
    lead = hits[0].score - sum(crowd) / len(crowd) if crowd else 0.0
    return *agreement, lead


RULES: Mapping[str, AnswerRule] = {
    "multilingual-e5-small-int8-2": AnswerRule(bias=-118.2, whole=84.0, part=48.3, lexical=5.5),
    "multilingual-e5-small-tuned-int8-2": AnswerRule(
        # At 0.5 residents' questions on statutes it was not calibrated on were refused too often.
        bias=-140.2,
        whole=-4.0,
        part=9.0,
        lexical=0.0,
        plain=154.5,
        lead=-4.9,
        threshold=0.42,
    ),
}
"""The rule for each model that was calibrated, by its name; the tuned one has a second opinion.

Tuning drew passages nearer to every question, answered or not, so the packaged model decides.
"""

WORDS_ONLY = AnswerRule(bias=-3.0, whole=2.0, part=6.0, lexical=4.0)
"""For vectors without meaning: enough words in common."""


def rule_for(model_name: str) -> AnswerRule:
    """The calibrated rule of a model, else one that trusts words in common."""
    return RULES.get(model_name, WORDS_ONLY)
