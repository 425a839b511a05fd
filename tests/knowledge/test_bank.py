from datetime import date

import pytest

from knowledge.answering import Answer, NoAnswer
from knowledge.bank import BankDraft, add_to_bank, list_bank, remove_from_bank
from knowledge.curation import lapse_version, passages_of
from knowledge.errors import InvalidFacts, UnknownEntry
from knowledge.fixed_replies import NEAR_ENOUGH, asks_the_same

TEXT = """---
title: 非机动车停放办法
effective_from: 2020-01-01
---
# 非机动车停放办法

第一条 车棚位于东门。车棚由物业看管，早六点开门。

第二条 楼道内不得停放。
"""
ASKED = "小毛驴搁哪儿"


@pytest.fixture
def passage(publish_texts, open_session):
    (version,) = publish_texts({"a.md": TEXT}).version_ids
    return passages_of(open_session, version)[0].id


def test_a_question_of_the_bank_finds_its_passage(passage, open_session, embedder, texts):
    assert isinstance(texts.answer(ASKED), NoAnswer)
    add_to_bank(open_session, embedder, BankDraft(question=ASKED, passage_id=passage), owner="li")
    assert texts.refresh()
    (best, *_) = texts.search(ASKED)
    assert best.passage.citation.article == "第一条"
    assert best.reasons["part"] == pytest.approx(1.0)


def test_the_quote_is_of_the_passage_and_never_of_the_bank(
    publish_texts, open_session, embedder, texts
):
    lines = "。".join(f"第{n}项与此无关的内容写在这里" for n in range(40))
    long = TEXT.replace("早六点开门。", f"早六点开门。{lines}。小毛驴充电在西门。")
    (version,) = publish_texts({"a.md": long}).version_ids
    chosen = passages_of(open_session, version)[0].id
    question = "小毛驴充电搁哪儿好啊"
    add_to_bank(open_session, embedder, BankDraft(question=question, passage_id=chosen), owner="li")
    texts.refresh()
    answer = texts.answer(question)
    assert isinstance(answer, Answer)
    assert "小毛驴充电在西门" in answer.quote
    assert question not in answer.quote


def test_a_fixed_reply_is_given_word_for_word_with_its_citation(
    passage, open_session, embedder, texts
):
    reply = "请停到东门车棚，晚上十点锁门。"
    draft = BankDraft(question=ASKED, passage_id=passage, reply=reply, valid_to=date(2026, 12, 31))
    entry = add_to_bank(open_session, embedder, draft, owner="li")
    texts.refresh()
    answer = texts.answer(f"{ASKED}？")
    assert isinstance(answer, Answer)
    assert (answer.quote, answer.own_words) == (reply, True)
    assert answer.hits[0].passage.citation.article == "第一条"
    late = texts.answer(ASKED, on=date(2027, 1, 1))
    assert not (isinstance(late, Answer) and late.own_words)
    remove_from_bank(open_session, entry)
    texts.refresh()
    assert isinstance(texts.answer(ASKED), NoAnswer)


def test_a_fixed_reply_never_rests_on_a_text_that_lapsed(passage, open_session, embedder, texts):
    draft = BankDraft(question=ASKED, passage_id=passage, reply="停东门。")
    add_to_bank(open_session, embedder, draft, owner="li")
    lapse_version(open_session, 1, last_day=date(2026, 1, 1))
    texts.refresh()
    assert isinstance(texts.answer(ASKED), NoAnswer)


def test_an_entry_goes_over_to_the_next_version(
    passage, publish_texts, open_session, embedder, texts
):
    add_to_bank(open_session, embedder, BankDraft(question=ASKED, passage_id=passage), owner="li")
    publish_texts({"b.md": TEXT.replace("2020", "2025").replace("东门", "北门")})
    texts.refresh()
    assert "北门" in texts.search(ASKED)[0].passage.text
    (entry,) = list_bank(open_session)
    assert len(entry.passage_ids) == 2


@pytest.mark.parametrize(
    "facts",
    [
        {"question": " "},
        {"question": "x" * 301},
        {"reply": " "},
        {"valid_from": date(2026, 1, 2), "valid_to": date(2026, 1, 1)},
    ],
)
def test_an_entry_that_cannot_be_is_refused(passage, open_session, embedder, facts):
    draft = BankDraft(**{"question": ASKED, "passage_id": passage} | facts)
    with pytest.raises(InvalidFacts):
        add_to_bank(open_session, embedder, draft, owner="li")


def test_an_unknown_passage_or_entry_is_told(open_session, embedder):
    with pytest.raises(UnknownEntry):
        add_to_bank(open_session, embedder, BankDraft(question="a", passage_id=9), owner="li")
    with pytest.raises(UnknownEntry):
        remove_from_bank(open_session, 9)


@pytest.mark.parametrize(
    ("question", "known", "nearness", "same"),
    [
        ("狗证在哪办？", "狗证在哪办", 0.5, True),
        ("狗证在哪办", "狗证多少钱", 0.99, False),
        ("狗证去哪里办", "护照在哪里办", 0.99, False),
        ("养狗登记在哪里", "养狗在哪登记", NEAR_ENOUGH, True),
        ("养狗登记在哪里", "养狗在哪登记", NEAR_ENOUGH - 0.01, False),
    ],
)
def test_another_aspect_or_matter_is_another_question(question, known, nearness, same):
    assert asks_the_same(question, known, nearness) is same
