"""Which parts of a message are read, and which of them count as matters of their own."""

import pytest

from nlu.composition import Composer, Reading
from nlu.matters import split_clauses, split_matters, turns
from nlu.understanding import Category, Intent


def reading(first: str, confidence: float) -> Reading:
    return Reading(
        intents={Intent.REPORT: 1.0},
        categories=(Category(first=first, second="x", confidence=confidence),),
    )


TOLD = "楼道的灯坏了好几天，另外孩子转学要带哪些材料"
UNTOLD = "楼道的灯坏了好几天。孩子转学要带哪些材料呢"


@pytest.mark.parametrize("text", [TOLD, "一是灯坏了没人修，二是门口积水"])
def test_a_message_may_say_that_it_turns_to_something_else(text: str) -> None:
    assert turns(text)
    assert not turns(UNTOLD)


def test_parts_are_read_where_the_message_says_so_or_the_class_is_in_doubt() -> None:
    composer = Composer()
    sure, unsure = reading("城乡建设", 0.98), reading("城乡建设", 0.5)
    assert composer.parts_in_doubt(TOLD, composer.take_apart(TOLD), sure)
    assert not composer.parts_in_doubt(UNTOLD, composer.take_apart(UNTOLD), sure)
    assert composer.parts_in_doubt(UNTOLD, composer.take_apart(UNTOLD), unsure)


def test_a_part_announced_needs_less_certainty_to_be_a_matter() -> None:
    composer = Composer()
    readings = (reading("城乡建设", 0.7), reading("城乡建设", 0.7), reading("教育文体", 0.55))
    told, untold = (
        composer.compose(text, composer.take_apart(text), readings, parser="local", model="m")
        for text in (TOLD, UNTOLD)
    )
    assert [one.first for one in told.categories[: told.matters]] == ["城乡建设", "教育文体"]
    assert untold.matters == 1


def test_a_clause_that_goes_on_is_no_part_of_its_own() -> None:
    text = "三栋二单元的电梯又坏了，楼上老人好几天下不来了"
    assert split_matters(text) == ()
    assert len(split_clauses(text)) > 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("路灯不亮已经一周了 还想问下老年卡去哪办理", 2),
        ("第一个门口的路总是积水，第二个孩子上学的事怎么办理", 2),
        ("The lift is broken again. Also, where do I register my dog?", 2),
        ("还有人住在地下室里，烟味一直往上飘", 0),
    ],
)
def test_a_message_is_split_where_it_turns_to_something_else(text: str, count: int) -> None:
    assert len(split_matters(text)) == count
