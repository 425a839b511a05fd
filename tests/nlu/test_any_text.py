"""Whatever is written, up to 100,000 characters of any Unicode, has a valid Understanding."""

import math
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlu.composition import Composer, Reading
from nlu.entities import find_entities
from nlu.gazetteer import Gazetteer
from nlu.language import detect_language
from nlu.understanding import Category, Intent, Understanding, Urgency

LONGEST_CHARACTERS = 100_000
PIECES = st.sampled_from(
    [
        *(
            "电梯",
            "着火了",
            "没有",
            "3号楼",
            "昨晚",
            "13800000000",
            "(",
            "[",
            "\n",
            "，",
            "。",
            "“",
        ),
        *("12345678901234567", "一二三", "路", "里", "救命", "如果", "\u200d", "\ufeff", "👍"),
        *("ａ１", "電梯", "fire", "unit-", "第三条", "、、、", "年", "点", "另外", "1.", "元", " "),
    ]
)
COMPOSER = Composer(gazetteer=Gazetteer(estates=("翠湖花园",), roads=("建设路",)))
READING = Reading(
    intents={Intent.REPORT: 0.6, Intent.CONSULT: 0.4},
    categories=(Category(first="城乡建设", second="城市建设和市政管理", confidence=0.5),),
    danger=0.1,
)


def understand(text: str) -> Understanding:
    """What the rules make of ``text`` when the models always say the same."""
    apart = COMPOSER.take_apart(text)
    if not apart.head:
        return COMPOSER.compose(text, apart, (), parser="none", model="none")
    parts = COMPOSER.parts_in_doubt(text, apart, READING)
    return COMPOSER.compose(text, apart, [READING] * (1 + len(parts)), parser="none", model="none")


def check(text: str) -> None:
    found = understand(text)

    assert found.text == text
    assert math.isfinite(found.confidence)
    assert 0 <= found.confidence <= 1
    assert (found.urgency is Urgency.EMERGENCY) is (found.emergency_service is not None)
    assert found.matters <= len(found.categories)
    end = 0
    for entity in found.entities:
        assert entity.text == text[entity.start : entity.end] != ""
        assert entity.start >= end
        end = entity.end


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=400))
def test_any_unicode(text: str) -> None:
    check(text)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=60).map("".join))
def test_what_the_rules_look_for_in_any_order(text: str) -> None:
    check(text)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, min_size=1, max_size=6).map("".join))
def test_the_longest_text(piece: str) -> None:
    check((piece * (LONGEST_CHARACTERS // len(piece) + 1))[:LONGEST_CHARACTERS])


def test_traditional_and_english_are_understood_alike() -> None:
    assert understand("電梯困了人，快來").emergency_service == "119"
    assert understand("there is a fire in the kitchen").emergency_service == "119"
    assert detect_language("請問物業費怎麼交").value == "zh-TW"
    assert detect_language("where do I pay the property fee").value == "en"


def test_places_and_times_of_traditional_text_keep_their_offsets() -> None:
    text = "昨晚翠湖花園3號樓停電"
    found = find_entities(text, Gazetteer(estates=("翠湖花园",)), date(2026, 11, 25))

    assert [entity.text for entity in found] == ["昨晚", "翠湖花園3號樓"]
    assert found[1].place is not None
    assert found[1].place.estate == "翠湖花园"
