"""Whether the best passages answer a question: a probability, never a bare threshold."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.documents import Hit

CROWD_FROM, CROWD_TO = 4, 10
LOOKED_AT = 3
"""Hits whose best figures decide; the right one is often second or third."""
BEST_OF = ("whole", "part", "lexical", "plain", "matched", "plain_matched", "expected")
"""Ways of agreeing of which the best of the first hits counts."""
MEAN_OF = ("plain", "matched", "plain_matched")
"""… and those whose mean over all hits tells how crowded the field is."""
LEAD, GAP, UNEVEN = "lead", "gap", "uneven"
FEATURES = (*BEST_OF, LEAD, GAP, UNEVEN, *(f"mean_{kind}" for kind in MEAN_OF))


@dataclass(frozen=True, kw_only=True)
class AnswerRule:
    """A logistic regression over the agreement of question and hits.

    The figures belong to one embedding model; ``knowledge.calibration`` finds them.

    Args:
        bias: log odds at zero agreement.
        weights: of the features, by their names; those that are not named don't count.
        threshold: probability from which on the passage is quoted.
        doubt: probability from which on it is worth asking which of several matters is meant.
    """

    bias: float
    weights: Mapping[str, float]
    threshold: float = 0.5
    doubt: float = 0.15

    def probability(self, hits: Sequence[Hit]) -> float:
        """How likely one of the best ``hits`` answers the question; 0 without hits."""
        if not hits:
            return 0.0
        found = features(hits)
        odds = self.bias + sum(weight * found[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))

    def may_answer(self, hits: Sequence[Hit]) -> bool:
        """Whether they are near enough to ask the resident about them."""
        return self.probability(hits) >= self.doubt

    def answers(self, hits: Sequence[Hit]) -> bool:
        """Whether a resident should get them."""
        return self.probability(hits) >= self.threshold


def features(hits: Sequence[Hit]) -> Mapping[str, float]:
    """The agreement of a question with its hits, by the names in FEATURES.

    The best agreement of each kind among the first hits; how far the best hit is ahead of those
    that nobody would choose (lead) and of the second (gap); how unequally the first hits meet
    the words of the question (uneven); the mean agreement over all. A question that the texts
    answer has a few near passages; one that they only touch has many that are equally far.
    """
    best = {kind: max(hit.reasons[kind] for hit in hits[:LOOKED_AT]) for kind in BEST_OF}
    means = {f"mean_{kind}": _mean([hit.reasons[kind] for hit in hits]) for kind in MEAN_OF}
    crowd = [hit.score for hit in hits[CROWD_FROM:CROWD_TO]]
    lead = hits[0].score - _mean(crowd) if crowd else 0.0
    gap = hits[0].score - hits[1].score if len(hits) > 1 else 0.0
    uneven = _mean([hit.reasons["plain_spread"] for hit in hits[:LOOKED_AT]])
    return {**best, LEAD: lead, GAP: gap, UNEVEN: uneven, **means}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


RULES: Mapping[str, AnswerRule] = {
    "multilingual-e5-small-int8-2": AnswerRule(
        bias=-118.2, weights={"whole": 84.0, "part": 48.3, "lexical": 5.5}
    ),
    "multilingual-e5-small-tuned-int8-2": AnswerRule(
        bias=-89.145,
        weights={
            "whole": 12.464,
            "part": 16.477,
            "plain": 18.417,
            "matched": 3.673,
            "plain_matched": -1.159,
            "expected": 4.156,
            "lead": -4.699,
            "gap": 2.144,
            "uneven": -23.713,
            "mean_plain": 72.507,
            "mean_matched": -12.515,
            "mean_plain_matched": -2.717,
        },
        # At 0.5 residents' questions on statutes it was not calibrated on were refused too often.
        threshold=0.45,
    ),
}
"""The rule for each model that was calibrated, by its name; the tuned one has a second opinion.

Tuning drew passages nearer to every question, answered or not, so the packaged model decides.
"""

WORDS_ONLY = AnswerRule(bias=-3.0, weights={"whole": 2.0, "part": 6.0, "lexical": 4.0})
"""For vectors without meaning: enough words in common."""


def rule_for(model_name: str) -> AnswerRule:
    """The calibrated rule of a model, else one that trusts words in common."""
    return RULES.get(model_name, WORDS_ONLY)
