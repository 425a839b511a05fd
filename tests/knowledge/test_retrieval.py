import threading
from datetime import date

import pytest
from sqlmodel import select

from knowledge.answering import Answer, Clarify, NoAnswer, NoAnswerReason
from knowledge.curation import lapse_version, publish_version
from knowledge.retrieval import KnowledgeBase
from knowledge.tables import KnowledgeVector
from tests.knowledge.conftest import TODAY

OLD = """---
title: 停车暂行办法
number: 槐办〔2021〕9号
effective_from: 2021-05-01
topics: [停车]
---
第九条 停车月卡每月收费六十元。
"""
NEW = """---
title: 停车办法
number: 槐办〔2024〕21号
effective_from: 2024-07-01
supersedes: 停车暂行办法
topics: [停车]
---
第九条 停车月卡每月收费一百二十元。

第十条 装了地锁的限期三日内拆除。
"""
TYPHOON = """---
title: 台风防御通知
effective_from: 2026-08-10
effective_to: 2026-08-14
topics: [台风]
---
## 停车

台风期间地面车辆转移到槐安路小学操场停放。
"""
COMING = """---
title: 宠物寄养办法
effective_from: 2027-03-01
topics: [宠物寄养]
---
第一条 宠物寄养须提前登记。
"""


def test_an_empty_collection_says_so(texts):
    assert texts.answer("停车") == NoAnswer(reason=NoAnswerReason.EMPTY_INDEX)
    assert texts.search("停车") == []
    assert len(texts) == 0


def test_an_answer_quotes_and_cites(publish_texts, texts):
    publish_texts({"new.md": NEW})
    answer = texts.answer("停车月卡每月收费多少")
    assert isinstance(answer, Answer)
    assert answer.quote == "第九条 停车月卡每月收费一百二十元。"
    assert answer.topic == "停车"
    assert 0.5 <= answer.score <= 1
    best = answer.hits[0]
    assert best.passage.citation.sentence() == (
        "《停车办法》（槐办〔2024〕21号）第九条 · 2024-07-01 起施行"
    )
    assert set(best.reasons) == {
        "whole",
        "part",
        "lexical",
        "matched",
        "plain",
        "plain_matched",
        "plain_spread",
        "expected",
    }


@pytest.mark.parametrize("question", ["", "   ", "？？！", "🙂🙂", "红烧肉怎么做好吃", "<script>"])
def test_what_the_texts_do_not_answer_is_admitted(publish_texts, texts, question):
    publish_texts({"new.md": NEW})
    reply = texts.answer(question)
    assert isinstance(reply, NoAnswer)
    assert reply.reason is NoAnswerReason.NOTHING_NEAR


def test_only_what_is_in_force_answers(publish_texts, texts):
    publish_texts({"old.md": OLD, "new.md": NEW})
    titles = {hit.passage.citation.title for hit in texts.search("停车月卡收费", top=9)}
    assert titles == {"停车办法"}


def test_a_question_about_the_past_is_answered_from_then(publish_texts, texts):
    publish_texts({"old.md": OLD, "new.md": NEW})
    answer = texts.answer("停车月卡每月收费多少", on=date(2022, 1, 1))
    assert isinstance(answer, Answer)
    assert "六十元" in answer.quote
    assert answer.hits[0].passage.citation.effective_to == date(2024, 6, 30)


@pytest.mark.parametrize(
    ("text", "question", "first", "last"),
    [
        (TYPHOON, "台风期间车辆转移停放", date(2026, 8, 10), date(2026, 8, 14)),
        (COMING, "宠物寄养要提前登记吗", date(2027, 3, 1), None),
    ],
)
def test_a_text_out_of_force_is_never_quoted(publish_texts, texts, text, question, first, last):
    publish_texts({"new.md": NEW, "limited.md": text})
    reply = texts.answer(question)
    assert isinstance(reply, NoAnswer)
    assert reply.reason is NoAnswerReason.NOT_IN_FORCE
    assert reply.nearest[0].passage.citation.effective_from == first
    assert isinstance(texts.answer(question, on=first), Answer)
    if last:
        assert isinstance(texts.answer(question, on=last), Answer)
        assert isinstance(texts.answer(question, on=date(2026, 8, 15)), NoAnswer)


def test_publishing_is_seen_after_a_refresh_and_not_before(publish_texts, texts, open_session):
    publish_texts({"new.md": NEW})
    assert texts.refresh()
    (draft,) = publish_texts({"typhoon.md": TYPHOON}, draft=True).version_ids
    assert not texts.refresh()
    publish_version(open_session, draft)
    before = texts.version
    assert len(texts) == 2
    assert texts.refresh()
    assert (len(texts), texts.version) == (3, before + 1)
    lapse_version(open_session, draft, last_day=date(2026, 8, 11))
    assert texts.refresh()
    assert isinstance(texts.answer("台风期间车辆转移停放", on=date(2026, 8, 12)), NoAnswer)


def test_after_any_change_searches_equal_those_of_a_fresh_index(
    publish_texts, texts, open_session, embedder
):
    questions = ["停车月卡收费", "地锁", "台风停放"]
    steps = [
        lambda: publish_texts({"old.md": OLD}),
        lambda: publish_texts({"new.md": NEW, "typhoon.md": TYPHOON}),
        lambda: publish_texts({"old.md": OLD.replace("六十", "七十")}),
        lambda: lapse_version(open_session, 1 + 1, last_day=date(2026, 1, 1)),
    ]
    for step in steps:
        step()
        texts.refresh()
        fresh = KnowledgeBase(open_session, embedder, today=lambda: TODAY)
        for question in questions:
            assert texts.search(question) == fresh.search(question)
            assert texts.answer(question) == fresh.answer(question)


def test_missing_vectors_are_made_when_the_index_is_built(publish_texts, texts, open_session):
    publish_texts({"new.md": NEW})
    with open_session() as session:
        for row in session.exec(select(KnowledgeVector)):
            session.delete(row)
        session.commit()
    assert texts.search("地锁")[0].passage.citation.article == "第十条"


def test_questions_during_a_publication_see_one_state_or_the_other(
    publish_texts, texts, open_session
):
    publish_texts({"new.md": NEW})
    texts.refresh()
    seen, stop = set(), threading.Event()

    def ask():
        while not stop.is_set():
            seen.add(tuple(hit.passage.text for hit in texts.search("停车月卡收费", top=9)))

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    for price in ("一百三十", "一百四十"):
        publish_texts({"new.md": NEW.replace("一百二十", price).replace("三日", price)})
        texts.refresh()
    stop.set()
    for thread in asking:
        thread.join()
    assert all(len({"一百三十" in text for text in state}) == 1 for state in seen)


def test_the_same_text_under_two_names_is_found_once(publish_texts, texts):
    publish_texts({"new.md": NEW, "copy.md": NEW})
    found = [hit.passage.text for hit in texts.search("停车", top=9)]
    assert len(found) == len(set(found)) == 2


def test_traditional_characters_find_simplified_texts(publish_texts, texts):
    publish_texts({"new.md": NEW})
    assert texts.search("停車月卡每月收費")[0].passage.citation.article == "第九條".replace(
        "條", "条"
    )


def test_a_question_of_ten_thousand_characters_is_answered(publish_texts, texts):
    publish_texts({"new.md": NEW})
    assert texts.search("停车月卡每月收费多少" + "，我很生气" * 2000)


DOG = "---\ntopics: [养犬]\n---\n# 养犬办法\n\n第三条 养犬登记费用每年三百元。\n"
PERMIT = "---\ntopics: [居住证]\n---\n# 居住证指南\n\n第三条 居住证登记费用每年十五元。\n"


@pytest.fixture
def two_matters(publish_texts, texts):
    publish_texts({"dog.md": DOG, "permit.md": PERMIT})
    return texts


def test_a_follow_up_keeps_the_matter(two_matters):
    for context, article in (("养犬", "三百元"), ("居住证", "十五元")):
        answer = two_matters.answer("那费用呢？", context=context)
        assert isinstance(answer, Answer)
        assert article in answer.quote
        assert answer.topic == context


def test_a_new_question_leaves_the_matter_before(two_matters):
    answer = two_matters.answer("居住证登记费用每年多少", context="养犬")
    assert isinstance(answer, Answer)
    assert answer.topic == "居住证"


RENTING = "---\ntopics: [租房]\n---\n# 租房办法\n\n第三条 押金在期满后七日内退还。\n"
RENOVATION = "---\ntopics: [装修]\n---\n# 装修办法\n\n第三条 押金在期满后七日内退还。\n"


def test_two_matters_equally_near_are_asked_back_and_chosen(publish_texts, texts):
    publish_texts({"renting.md": RENTING, "renovation.md": RENOVATION})
    reply = texts.answer("押金退还")
    assert isinstance(reply, Clarify)
    assert set(reply.topics) == {"租房", "装修"}
    assert [hit.passage.topic for hit in reply.hits] == list(reply.topics)
    for topic in reply.topics:
        chosen = texts.answer("押金退还", context=topic)
        assert isinstance(chosen, Answer)
        assert chosen.topic == topic
