"""Find the answer rule of an embedding model from questions with and without an answer.

To be run by whoever changes the model: the figures go into ``knowledge.decision.RULES``.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from knowledge.decision import FEATURES, AnswerRule, features
from knowledge.evaluation import PolicyQuestion, Share
from knowledge.retrieval import KnowledgeBase

CALIBRATED = tuple(name for name in FEATURES if name != "lexical")
"""How much of a question words in common cover depends on the collection's size: left out."""


def calibrate(
    examples: Iterable[tuple[KnowledgeBase, Iterable[PolicyQuestion]]],
) -> AnswerRule:
    """The rule that best tells answerable questions from the others, over all collections.

    Both kinds weigh the same, however many there are of each.
    """
    figures, answerable = _figures(examples)
    model = _model().fit(figures, answerable)
    scaling, regression = model[0], model[-1]
    weights = regression.coef_[0] / scaling.scale_
    return AnswerRule(
        bias=float(regression.intercept_[0] - weights @ scaling.mean_),
        weights={name: float(weight) for name, weight in zip(CALIBRATED, weights, strict=True)},
    )


def cross_validate(
    examples: Iterable[tuple[KnowledgeBase, Iterable[PolicyQuestion]]], folds: int = 5
) -> tuple[Share, Share]:
    """What a rule from other questions makes of each: answerable refused, others answered."""
    figures, answerable = _figures(examples)
    answered = cross_val_predict(_model(), figures, answerable, cv=folds)
    return (
        Share(count=int((~answered[answerable]).sum()), n=int(answerable.sum())),
        Share(count=int(answered[~answerable].sum()), n=int((~answerable).sum())),
    )


def _model() -> Pipeline:
    """Features move within different ranges: they are brought to like sizes first."""
    regression = LogisticRegression(class_weight="balanced", max_iter=2000)
    return make_pipeline(StandardScaler(), regression)


def _figures(
    examples: Iterable[tuple[KnowledgeBase, Iterable[PolicyQuestion]]],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    rows = [
        (features(hits), question.is_answerable)
        for knowledge, questions in examples
        for question in questions
        if (hits := knowledge.search(question.question))
    ]
    figures = np.array([[found[name] for name in CALIBRATED] for found, _ in rows])
    return figures, np.array([is_answerable for _, is_answerable in rows])
