"""Likeness of matters: words, place, time and category."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from petitions.similarity import Sketch, character_pairs, find_similar, likeness

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def sketch(text: str, **values: Any) -> Sketch:
    usual = {
        "at": NOW,
        "category_first": "城乡建设",
        "category_second": "住房保障与房地产",
        "estate_id": "jinxiu",
    }
    return Sketch(text=text, **{**usual, **values})


LIFT = sketch("3号楼2单元电梯坏了三天没人修", building="3")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (sketch("我们3号楼电梯坏了，一直没人来修", building="3"), True),
        (sketch("电梯坏了三天", building=None), True),
        (sketch("电梯坏了三天没人修", building="5"), False),
        (sketch("电梯坏了三天没人修", estate_id="hepan"), False),
        (sketch("电梯坏了三天没人修", at=NOW - timedelta(days=61)), False),
        (sketch("楼上半夜跳舞", category_first="政法", category_second=None), False),
        (sketch(""), False),
        (sketch("😀😀😀"), False),
    ],
)
def test_same_or_not(other: Sketch, same: bool) -> None:
    assert bool(find_similar(LIFT, [other])) is same


def test_the_most_alike_come_first_and_no_more_than_asked() -> None:
    near = sketch("3号楼电梯坏了三天没人修", building="3", case_id=7)
    far = sketch("电梯有点旧了", case_id=8)
    found = find_similar(LIFT, [far, near, near], limit=2)
    assert found[0].case_id == 7
    assert len(found) == 2


def test_vectors_are_used_where_both_have_them() -> None:
    one = sketch("电梯", vector=(1.0, 0.0))
    same, other = sketch("梯", vector=(1.0, 0.0)), sketch("电梯", vector=(0.0, 1.0))
    assert likeness(one, same) > likeness(one, other)


def test_likeness_is_the_same_from_both_sides() -> None:
    other = sketch("3号楼电梯坏了", building="3")
    assert likeness(LIFT, other) == likeness(other, LIFT)


def test_pairs_pass_over_signs() -> None:
    assert character_pairs("电 梯，坏！") == {"电梯", "梯坏"}
    assert character_pairs("A1") == {"a1"}


def test_names_in_the_words_speak_against_where_no_estate_is_known() -> None:
    here, there = (
        sketch(text=f"{park}夜里有人唱卡拉OK，声音很大", estate_id=None, building=None)
        for park in ("滨河公园", "人民公园")
    )
    assert likeness(here, there) == 0
    assert find_similar(here, [here])
