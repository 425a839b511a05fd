"""Word by word: every word of a question finds its nearest one, and nothing else counts."""

import numpy as np
import pytest

from knowledge.ports import WORD_STEPS, WORD_WIDTH, Asked
from knowledge.word_matches import WordMatches


def word(direction):
    row = np.zeros(WORD_WIDTH, np.float32)
    row[direction] = 1.0
    return row


def passage(*directions):
    return (np.stack([word(d) for d in directions]) * WORD_STEPS).astype(np.int8)


def question(*directions):
    return Asked(vector=np.zeros(4, np.float32), words=np.stack([word(d) for d in directions]))


MATCHES = WordMatches([passage(1, 2, 3), passage(4), passage(2, 4, 9, 9)])


@pytest.mark.parametrize(
    ("directions", "expected"),
    [((1, 2), [1.0, 0.0, 0.5]), ((4,), [0.0, 1.0, 1.0]), ((7,), [0.0, 0.0, 0.0])],
)
def test_each_word_of_the_question_counts_by_its_best_match(directions, expected):
    found = MATCHES.agreement(np.array([0, 1, 2]), question(*directions))
    assert found.mean == pytest.approx(expected)


def test_passages_may_be_asked_for_in_any_order():
    found = MATCHES.agreement(np.array([2, 0]), question(9))
    assert found.mean == pytest.approx([1.0, 0.0])


def test_without_the_words_of_every_passage_nothing_is_compared():
    asked, here = question(1), np.array([0])
    assert WordMatches([passage(1), None]).agreement(here, asked).mean == pytest.approx([0.0])
    assert WordMatches([]).bytes_held == 0
    assert MATCHES.agreement(here, Asked(vector=np.zeros(4, np.float32))).mean == [0.0]
    assert len(MATCHES.agreement(np.array([], np.int64), asked).mean) == 0


def test_some_words_met_and_others_not_is_uneven():
    met_all, met_half = MATCHES.agreement(np.array([0, 2]), question(1, 2)).spread
    assert met_all == pytest.approx(0.0)
    assert met_half == pytest.approx(0.5)
