"""A new model is refused when anything that matters got worse."""

import pytest

from nlu.comparing import compare, comparison_lines, lost_ground
from nlu.evaluation import Figure, evaluate_understanding
from nlu.local_parser import LocalParser


def figure(name: str, value: float) -> Figure:
    return Figure(name=name, value=value, n=200)


@pytest.mark.parametrize(
    ("name", "before", "after", "worse"),
    [
        ("emergency, recall", 1.0, 0.995, True),
        ("emergency, recall", 0.9, 0.9, False),
        ("emergency, precision", 0.9, 0.88, False),
        ("emergency, precision", 0.9, 0.86, True),
        ("intent, accuracy", 0.90, 0.895, False),
        ("intent, accuracy", 0.90, 0.88, True),
        ("intent, calibration error", 0.04, 0.03, False),
        ("intent, calibration error", 0.04, 0.07, True),
        ("category, macro-F1", 0.8, 0.9, False),
        ("a figure added later", 0.8, 0.7, True),
    ],
)
def test_each_figure_has_its_tolerance(name: str, before: float, after: float, worse: bool) -> None:
    comparisons = compare("written", [figure(name, before)], [figure(name, after)])
    assert lost_ground(comparisons) is worse
    assert ("worse" in comparison_lines(comparisons)[1]) is worse


def test_without_a_model_before_nothing_got_worse() -> None:
    assert not lost_ground(compare("written", None, [figure("intent, accuracy", 0.1)]))


def test_a_gain_elsewhere_does_not_buy_a_missed_emergency() -> None:
    before = [figure("emergency, recall", 1.0), figure("intent, accuracy", 0.5)]
    after = [figure("emergency, recall", 0.99), figure("intent, accuracy", 0.99)]
    assert lost_ground(compare("written", before, after))


def test_the_figures_of_the_evaluation_are_those_of_the_table(local: LocalParser) -> None:
    rows = [{"text": "着火了", "urgency": "emergency", "intent": "emergency"}]
    names = {one.name for one in evaluate_understanding(local, rows)}
    assert {"emergency, recall", "intent, accuracy", "intent, calibration error"} <= names
