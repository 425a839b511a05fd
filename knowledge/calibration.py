"""Find the answer rule of an embedding model from questions with and without an answer.

To be run by whoever changes the model: the figures go into ``knowledge.decision.RULES``.
"""

from collections.abc import Iterable

import numpy as np
from sklearn.linear_model import LogisticRegression

from knowledge.decision import AnswerRule, features
from knowledge.evaluation import PolicyQuestion
from knowledge.retrieval import KnowledgeBase

SCALES = np.array([40.0, 40.0, 8.0])
"""Cosines of e5 move within a few hundredths; this brings all three to like sizes."""


def calibrate(
    examples: Iterable[tuple[KnowledgeBase, Iterable[PolicyQuestion]]],
) -> AnswerRule:
    """The rule that best tells answerable questions from the others, over all collections.

    Both kinds weigh the same, however many there are of each.
    """
    rows = [
        (features(hits), question.is_answerable)
        for knowledge, questions in examples
        for question in questions
        if (hits := knowledge.search(question.question))
    ]
    figures = np.array([figure for figure, _ in rows]) * SCALES
    model = LogisticRegression(class_weight="balanced")
    model.fit(figures, [answerable for _, answerable in rows])
    whole, part, lexical = (float(weight) for weight in model.coef_[0] * SCALES)
    return AnswerRule(bias=float(model.intercept_[0]), whole=whole, part=part, lexical=lexical)
