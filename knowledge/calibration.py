"""Find the answer rule of an embedding model from questions with and without an answer.

To be run by whoever changes the model: the figures go into ``knowledge.decision.RULES``.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from knowledge.decision import AnswerRule, features
from knowledge.evaluation import PolicyQuestion, Share
from knowledge.retrieval import KnowledgeBase

SCALES = np.array([15.0, 15.0, 0.0, 80.0, 20.0])
"""Cosines move within a tenth; this brings them to like sizes.

Words in common are left out: how much of a question they cover depends on the collection's size.
"""


def calibrate(
    examples: Iterable[tuple[KnowledgeBase, Iterable[PolicyQuestion]]],
) -> AnswerRule:
    """The rule that best tells answerable questions from the others, over all collections.

    Both kinds weigh the same, however many there are of each.
    """
    figures, answerable = _figures(examples)
    model = LogisticRegression(class_weight="balanced", max_iter=1000)
    model.fit(figures, answerable)
    whole, part, lexical, plain, lead = (float(weight) for weight in model.coef_[0] * SCALES)
    return AnswerRule(
        bias=float(model.intercept_[0]),
        whole=whole,
        part=part,
        lexical=lexical,
        plain=plain,
        lead=lead,
    )


def cross_validate(
    examples: Iterable[tuple[KnowledgeBase, Iterable[PolicyQuestion]]], folds: int = 5
) -> tuple[Share, Share]:
    """What a rule from other questions makes of each: answerable refused, others answered."""
    figures, answerable = _figures(examples)
    model = LogisticRegression(class_weight="balanced", max_iter=1000)
    answered = cross_val_predict(model, figures, answerable, cv=folds)
    return (
        Share(count=int((~answered[answerable]).sum()), n=int(answerable.sum())),
        Share(count=int(answered[~answerable].sum()), n=int((~answerable).sum())),
    )


def _figures(
    examples: Iterable[tuple[KnowledgeBase, Iterable[PolicyQuestion]]],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    rows = [
        (features(hits), question.is_answerable)
        for knowledge, questions in examples
        for question in questions
        if (hits := knowledge.search(question.question))
    ]
    figures = np.array([figure for figure, _ in rows]) * SCALES
    return figures, np.array([is_answerable for _, is_answerable in rows])
