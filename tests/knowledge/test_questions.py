from datetime import UTC, datetime, timedelta

import pytest

from knowledge.answering import NoAnswer, NoAnswerReason
from knowledge.curation import (
    passage_uses,
    record_feedback,
    record_question,
    record_rating,
    residents_told,
    unanswered_questions,
)
from knowledge.errors import UnknownQuestion
from knowledge.privacy import without_personal_data
from knowledge.tables import KnowledgeQuestion

NOTHING = NoAnswer(reason=NoAnswerReason.NOTHING_NEAR)
MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)
DOG = {"dog.md": "# 养犬办法\n\n第一条 养犬登记费用每年三百元。\n\n第二条 牵绳。"}


def test_what_is_asked_in_vain_is_counted_by_people(open_session):
    asked = [("护照去哪办？", "a"), ("护照去哪办", "a"), ("护照 去哪办！", "b"), ("驾照换证", "c")]
    for minutes, (question, resident) in enumerate(asked):
        record_question(
            open_session,
            question,
            NOTHING,
            resident=resident,
            asked_at=MORNING + timedelta(minutes=minutes),
        )
    first, second = unanswered_questions(open_session)
    assert (first.times, first.residents, first.reason) == (3, 2, "nothing_near")
    assert first.question == "护照 去哪办！"
    assert first.last_asked_at == MORNING + timedelta(minutes=2)
    assert second.question == "驾照换证"
    assert len(unanswered_questions(open_session, limit=1)) == 1
    assert unanswered_questions(open_session, "other") == []


def test_an_answer_that_did_not_help_counts_as_unanswered(open_session, publish_texts, texts):
    publish_texts(DOG)
    answer = texts.answer("养犬登记费用每年多少")
    question = record_question(open_session, "养犬登记费用每年多少", answer, resident="a")
    assert unanswered_questions(open_session) == []
    record_feedback(open_session, question, useful=False)
    assert [one.reason for one in unanswered_questions(open_session)] == ["not_useful"]
    record_feedback(open_session, question, useful=True)
    assert unanswered_questions(open_session) == []
    with pytest.raises(UnknownQuestion):
        record_feedback(open_session, 99, useful=True)


def test_a_rating_finds_the_newest_question_of_its_resident(open_session):
    for resident in ("a", "b", "a"):
        record_question(open_session, "我的电话13800001111，狗证多少钱", NOTHING, resident=resident)
    rated = "我的电话13800001111，狗证多少钱"
    assert record_rating(open_session, resident="a", question=rated, useful=False)
    assert not record_rating(open_session, resident="c", question=rated, useful=False)
    with open_session() as session:
        useful = [session.get(KnowledgeQuestion, number).useful for number in (1, 2, 3)]
    assert useful == [None, None, False]


def test_who_was_told_what_can_be_found_again(open_session, publish_texts, texts):
    (version,) = publish_texts(DOG).version_ids
    answer = texts.answer("养犬登记费用每年多少")
    asked = [record_question(open_session, "养犬登记费用", answer) for _ in range(2)]
    record_question(open_session, "护照", NOTHING)
    assert residents_told(open_session, version) == asked[::-1]
    used = answer.hits[0].passage.id
    uses = passage_uses(open_session, version)
    assert uses[used] == 2
    assert sorted(uses.values()) == [0, 2]


def test_nothing_personal_is_stored(open_session):
    record_question(
        open_session,
        "我叫王小芳，住3号楼2单元501室，电话13812345678，身份证110101199003071234",
        NOTHING,
        resident="telegram:777",
    )
    with open_session() as session:
        row = session.get(KnowledgeQuestion, 1)
    for secret in ("王小芳", "501", "13812345678", "110101199003071234"):
        assert secret not in row.question
    assert "777" not in row.resident


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("我的手机是138 1234 5678", "我的手机是＊"),
        ("座机010-12345678", "座机＊"),
        ("邮箱 a.b@c.cn 收信", "邮箱 ＊ 收信"),
        ("身份证11010119900307123X", "身份证＊"),
        ("锦绣家园3号楼电梯", "锦绣家园＊号楼电梯"),
        ("2026年医保缴费380元", "2026年医保缴费380元"),
        ("拨打12345", "拨打12345"),
        ("换\n行", "换 行"),
    ],
)
def test_masking(question, kept):
    assert without_personal_data(question) == kept
