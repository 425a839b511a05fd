from datetime import UTC, date, datetime

import pytest

from knowledge.answering import NoAnswer, NoAnswerReason
from knowledge.clusters import cluster_questions
from knowledge.curation import publish_version, version_of
from knowledge.editing import rewrite_draft
from knowledge.errors import UnfinishedDraft, UnknownEntry
from knowledge.faq import FaqDraft, draft_faq
from knowledge.passage_use import passages_by_use
from knowledge.questions import record_feedback, record_question
from knowledge.recalling import mark_recalled, recall_of
from tests.knowledge.conftest import TODAY

HEAD = "---\ntitle: 养犬办法\neffective_from: 2020-01-01\n---\n# 养犬办法\n\n"
OLD = HEAD + "第一条 养犬登记费每年一百元。\n\n第二条 不得扰民。\n"
NEW = OLD.replace("2020", "2026").replace("一百元", "三百元")
FEE = "养犬登记费每年多少"
IN_2025 = datetime(2025, 6, 1, tzinfo=UTC)
NOTHING = NoAnswer(reason=NoAnswerReason.NOTHING_NEAR)


def test_who_was_told_what_lapsed_is_found_with_what_took_its_place(
    publish_texts, open_session, texts
):
    publish_texts({"old.md": OLD})
    told = texts.answer(FEE)
    for resident in ("a", "b", "a"):
        record_question(open_session, FEE, told, resident=resident, asked_at=IN_2025)
    assert not recall_of(open_session, 1, today=TODAY).ended
    publish_texts({"new.md": NEW})
    # Whoever asked about the past later on was told that it lapsed.
    record_question(open_session, FEE, told, resident="c", asked_at=datetime.now(UTC))
    recall = recall_of(open_session, 1, today=TODAY)
    assert recall.ended
    assert (recall.residents, len(recall.waiting)) == (2, 3)
    assert recall.successor.effective_from == date(2026, 1, 1)
    assert recall.told[0].article == "第一条"
    with open_session() as session:
        mark_recalled(session, [one.question_id for one in recall.told], datetime.now(UTC))
        session.commit()
    assert recall_of(open_session, 1, today=TODAY).waiting == ()


def test_a_text_that_repeals_another_is_its_successor(publish_texts, open_session):
    publish_texts({"old.md": OLD})
    other = NEW.replace("养犬办法", "动物条例") + "\n第三条 《养犬办法》同时废止。\n"
    publish_texts({"other.md": other})
    recall = recall_of(open_session, 1, today=TODAY)
    assert recall.successor.title == "动物条例"


def test_a_corrected_file_is_recalled_too(publish_texts, open_session, texts):
    publish_texts({"a.md": OLD})
    record_question(open_session, FEE, texts.answer(FEE), resident="a", asked_at=IN_2025)
    publish_texts({"a.md": OLD.replace("一百元", "二百元")})
    recall = recall_of(open_session, 1, today=TODAY)
    assert recall.ended
    assert len(recall.waiting) == 1


def ask_in_vain(open_session, *asked):
    return [record_question(open_session, q, NOTHING, resident=r) for q, r in asked]


def test_questions_are_put_together_and_counted_by_people(open_session, embedder):
    ask_in_vain(
        open_session,
        ("护照怎么办理", "a"),
        ("护照怎么办理呢", "b"),
        ("护照怎么办理呀", "b"),
        ("宽带报修电话", "a"),
    )
    first, second = cluster_questions(open_session, embedder)
    assert (first.times, first.residents) == (3, 2)
    assert first.question in ("护照怎么办理", "护照怎么办理呢", "护照怎么办理呀")
    assert len(first.variants) == 2
    assert second.question == "宽带报修电话"
    assert cluster_questions(open_session, embedder, "other") == []


def test_meaning_puts_together_what_words_do_not(open_session, real_embedder):
    ask_in_vain(
        open_session,
        ("狗证去哪里办", "a"),
        ("养狗登记在什么地方办理", "b"),
        ("图书馆星期一开门吗", "c"),
    )
    clusters = cluster_questions(open_session, real_embedder)
    assert [one.residents for one in clusters] == [2, 1]


def test_a_cluster_becomes_a_draft_with_an_owner_that_answers_all_its_ways(
    open_session, embedder, texts, publish_texts
):
    publish_texts({"old.md": OLD})
    ids = ask_in_vain(open_session, ("护照怎么办理", "a"), ("出国本子找谁弄", "b"))
    draft = FaqDraft(question="护照怎么办理", question_ids=tuple(ids), owner="li", day=TODAY)
    version = draft_faq(open_session, embedder, draft)
    view = version_of(open_session, version)
    assert (view.owner, view.citation.effective_from) == ("li", TODAY)
    assert {one.draft_id for one in cluster_questions(open_session, embedder)} == {version}
    with pytest.raises(UnfinishedDraft):
        publish_version(open_session, version)
    rewrite_draft(open_session, embedder, version, "问：护照怎么办理\n答：到云河区出入境大厅办理。")
    publish_version(open_session, version)
    texts.refresh()
    for question in ("护照怎么办理", "出国本子找谁弄"):
        assert "出入境大厅" in texts.answer(question).quote


def test_a_draft_needs_questions_that_are_there(open_session, embedder):
    draft = FaqDraft(question="x", question_ids=(7,), owner="li", day=TODAY)
    with pytest.raises(UnknownEntry):
        draft_faq(open_session, embedder, draft)


def test_use_of_passages_is_counted_and_the_unused_are_named(publish_texts, open_session, texts):
    publish_texts({"old.md": OLD})
    told = texts.answer(FEE)
    ids = [record_question(open_session, FEE, told, resident=r) for r in ("a", "a", None)]
    record_feedback(open_session, ids[0], useful=True)
    record_feedback(open_session, ids[2], useful=False)
    first, second = passages_by_use(open_session, today=TODAY)
    assert (first.times, first.residents, first.useful, first.useless) == (3, 2, 1, 1)
    assert second.times == 0
    never = passages_by_use(open_session, today=TODAY, never=True)
    assert [use.passage.citation.article for use in never] == ["第二条"]
    assert (
        passages_by_use(open_session, today=TODAY, since=datetime(2999, 1, 1, tzinfo=UTC))[0].times
        == 0
    )
