"""Figures on messages that are themselves the examples: each is answered by a model without it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from huiyin.retraining import message_text
from huiyin.workbench import Workbench
from nlu.training_data import Example
from nlu.understanding import Understanding

FOLDS = 5
Rows = Sequence[Mapping[str, Any]]


class AnsweredBefore:
    """Gives what was understood of each message when its fold was held out."""

    def __init__(self, name: str, answers: Mapping[str, Understanding]) -> None:
        self.name = name
        self._answers = answers

    def parse(self, text: str) -> Understanding:
        """What was understood of ``text``."""
        return self._answers[text]

    def parse_many(self, texts: Sequence[str]) -> list[Understanding]:
        """The same for each of ``texts``."""
        return [self.parse(text) for text in texts]


def overlap(rows: Rows, examples: Sequence[Example]) -> int:
    """How many of ``rows`` stand among ``examples``."""
    known = {example.text for example in examples}
    return sum(message_text(row) in known for row in rows)


def understand_in_folds(
    bench: Workbench,
    rows: Rows,
    examples: Sequence[Example],
    *,
    name: str,
    report: Callable[[str], None],
) -> AnsweredBefore:
    """Understand every fifth of ``rows`` by a model that was trained without that fifth.

    Equal messages fall into one fold, so that none is answered by its own twin.
    """
    texts = list(dict.fromkeys(message_text(row) for row in rows))
    answers: dict[str, Understanding] = {}
    for fold in range(FOLDS):
        report(f"fold {fold + 1} of {FOLDS}")
        held_out = texts[fold::FOLDS]
        left = [example for example in examples if example.text not in set(held_out)]
        found = bench.open(bench.train(left)).parse_many(held_out)
        answers.update(zip(held_out, found, strict=True))
    return AnsweredBefore(name, answers)
