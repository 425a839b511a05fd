"""Questions that go on from the one before, and words that mean two things."""

import pytest

from bot.dialogue.following_up import (
    answer_following,
    ask_back_if_double,
    names_a_matter,
    together_with,
)
from knowledge.answering import Answer, Clarify, NoAnswer, NoAnswerReason, Reply
from tests.bot.chat_fakes import hit

NOTHING = NoAnswer(reason=NoAnswerReason.NOTHING_NEAR)


def about(topic: str) -> Answer:
    return Answer(hits=(hit(),), quote="…", score=0.9, topic=topic)


@pytest.mark.parametrize("words", ["那怎么领", "去年呢", "要带什么东西去", "那停哪里", "多少钱"])
def test_words_that_can_be_asked_of_anything_name_no_matter(words: str) -> None:
    assert not names_a_matter(words)


@pytest.mark.parametrize("words", ["停车费怎么收", "电梯坏了找谁", "居住证呢"])
def test_words_with_a_matter_of_their_own(words: str) -> None:
    assert names_a_matter(words)


def test_what_finds_nothing_alone_is_asked_together_with_the_question_before() -> None:
    asked: list[str] = []

    def ask(words: str) -> Reply:
        asked.append(words)
        return about("高龄津贴") if "津贴" in words else about("身份证")

    reply = answer_following("高龄津贴多少钱", "高龄津贴", "那怎么领", ask)
    assert reply == about("高龄津贴")
    assert asked == ["那怎么领", "高龄津贴多少钱，那怎么领"]


def test_a_text_about_something_else_is_no_answer_to_a_follow_up() -> None:
    reply = answer_following("高龄津贴多少钱", "高龄津贴", "那怎么领", lambda _: about("身份证"))
    assert reply == NOTHING


def test_a_new_matter_is_answered_about_itself() -> None:
    reply = answer_following("高龄津贴多少钱", "高龄津贴", "电梯坏了找谁", lambda _: about("电梯"))
    assert reply == about("电梯")


def test_another_year_asks_the_same_of_that_year() -> None:
    assert together_with("居民医保怎么交", "那去年呢？") == "去年居民医保怎么交"


@pytest.mark.parametrize("question", ["停车多少钱", "车停哪里"])
def test_parking_is_asked_back(question: str) -> None:
    reply = ask_back_if_double(question, about("停车"))
    assert isinstance(reply, Clarify)
    assert reply.topics == ("机动车停车", "电动车停车")


@pytest.mark.parametrize("question", ["地面停车多少钱", "电动车停车多少钱", "访客停车怎么收费"])
def test_parking_of_something_named_is_not(question: str) -> None:
    assert ask_back_if_double(question, about("停车")) == about("停车")
