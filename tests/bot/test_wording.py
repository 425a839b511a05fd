"""What is said: the same in every language, short, polite, and never a guess."""

import re
from string import Formatter

import pytest

from bot.channels.base import ChannelCapabilities
from bot.dialogue.media import media_words
from bot.dialogue.wording import ENGLISH, SIMPLIFIED, TABLES, TRADITIONAL, phrasebook
from petitions.workflow import CaseStatus, Outcome

LONGEST = 200
SAMPLES = {
    "number": "HY20261123-0001",
    "code": "7PYDKFHN",
    "title": "电梯坏了两天没人修，老人下不了楼，出不",
    "unit": "云河区人力资源和社会保障局",
    "due": "11月24日09:00",
    "next": "社区核实后交云河区人力资源和社会保障局办理，"
    "11月24日09:00前给您回话，有进展我就告诉您。",
    "reason": "这里的服务器在境外，不在这里收姓名和电话。请打开下面的链接，在社区自己的页面上填。",
    "status": "云河区人力资源和社会保障局正在办理",
    "where": "纺织厂宿舍12号楼",
    "what": "住房保障与房地产",
    "call": "请马上打 119。",
    "place": "火星小区三栋门口往东一百米路灯下面",
    "outcome": "已作解释说明",
    "name": "中共槐荫社区委员会",
    "phone": "0000-55500201",
    "day": "11月23日",
    "question": "楼上装修把我家天花板弄漏水了，这种情况应该找谁来赔，物业管不管",
    "successor": "槐荫社区机动车停放管理规定",
    "plain": "首车每月一百五十元，第二辆每月三百元。",
    "topics": "机动车停车，还是电动车停放，还是共享单车",
    "count": 12,
    "limit": 10000,
    "seconds": 30,
    "minutes": 30,
}
KEYS = sorted(TABLES[SIMPLIFIED])


def fields_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_say_the_same_things() -> None:
    assert TABLES[SIMPLIFIED].keys() == TABLES[ENGLISH].keys()


def test_both_languages_use_fields_that_are_given() -> None:
    for key in KEYS:
        chinese, english = TABLES[SIMPLIFIED][key], TABLES[ENGLISH][key]
        assert fields_of(english) <= fields_of(chinese), key


@pytest.mark.parametrize("language", [SIMPLIFIED, TRADITIONAL, ENGLISH])
def test_no_sentence_is_longer_than_a_resident_reads(language: str) -> None:
    longest = LONGEST if language != ENGLISH else 2 * LONGEST
    book = phrasebook(language)
    offers = media_words(book, ChannelCapabilities())
    for key in KEYS:
        assert 0 < len(book.say(key, **offers, **SAMPLES)) <= longest, key


def test_no_sentence_shouts_blames_or_is_familiar() -> None:
    for key in KEYS:
        chinese, english = TABLES[SIMPLIFIED][key], TABLES[ENGLISH][key]
        assert not re.search("[!！]", chinese + english), key
        assert not re.search("你|必须|不允许|不得|违规|请勿|无效", chinese), key


def test_traditional_is_made_of_our_words_and_leaves_data_alone() -> None:
    said = phrasebook(TRADITIONAL).say("case.kept", number="锦绣家园")
    assert "辦理" in said
    assert "锦绣家园" in said


def test_an_unknown_language_gets_simplified_chinese() -> None:
    assert phrasebook("fr").say("thanks") == phrasebook(SIMPLIFIED).say("thanks")


@pytest.mark.parametrize("status", [*CaseStatus, "withdrawn"])
def test_every_status_has_words(status: str) -> None:
    assert phrasebook(SIMPLIFIED).knows(f"status.{status}")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_words(outcome: str) -> None:
    assert phrasebook(SIMPLIFIED).knows(f"outcome.{outcome}")
