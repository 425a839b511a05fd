"""The sample community's texts with the real model: what residents ask, sloppily."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel

from huiyin.database import make_engine
from knowledge.answering import Answer, Clarify, NoAnswer, NoAnswerReason
from knowledge.importing import import_paths
from knowledge.retrieval import KnowledgeBase
from tests.knowledge.conftest import ROOT, TODAY

TEXTS = ROOT / "examples" / "community" / "texts"
CHOSEN = (
    "dog-rule.md",
    "elevator-guide.md",
    "parking-rule.md",
    "parking-rule-2021.md",
    "typhoon-notice-2026.md",
    "residence-permit-guide.md",
)


@pytest.fixture(scope="module")
def community(real_embedder, tmp_path_factory):
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('community') / 'texts.db'}")
    SQLModel.metadata.create_all(engine)
    open_session = lambda: Session(engine)  # noqa: E731 - a fixture's one-liner
    report = import_paths(open_session, real_embedder, [TEXTS / name for name in CHOSEN])
    assert report.refused == ()
    yield KnowledgeBase(open_session, real_embedder, today=lambda: TODAY)
    engine.dispose()


@pytest.mark.parametrize(
    ("question", "source", "words"),
    [
        ("养狗办证一年要多少钱", "dog-rule.md", "300"),
        ("出门遛狗绳子最长能多长", "dog-rule.md", "1.5米"),
        ("电梯坏了多久能修好", "elevator-guide.md", "修复时限"),
        ("关电梯里了打什么电话", "elevator-guide.md", "电话"),
        ("外地人住多久才能办居住证", "residence-permit-guide.md", "半年"),
        ("居住证丢了补办要钱不", "residence-permit-guide.md", "15元"),
        ("邻居给车位装了个地锁", "parking-rule.md", "地锁"),
    ],
)
def test_a_sloppy_question_is_answered_from_the_right_text(community, question, source, words):
    reply = community.answer(question)
    assert isinstance(reply, Answer)
    found = [hit.passage for hit in reply.hits[:3]]
    assert any(p.citation.source == source and words in p.text for p in found)


@pytest.mark.parametrize(
    "question", ["护照怎么办理", "今天天气怎么样", "给我讲个笑话", "红烧肉怎么做好吃"]
)
def test_what_no_text_answers_is_admitted(community, question):
    assert not isinstance(community.answer(question), Answer)


def test_the_lapsed_parking_rule_answers_only_for_its_time(community):
    now = community.search("停车月卡多少钱一个月", top=20)
    assert "parking-rule-2021.md" not in {hit.passage.citation.source for hit in now}
    then = community.search("停车月卡多少钱一个月", on=date(2022, 5, 1))
    assert then[0].passage.citation.source == "parking-rule-2021.md"


def test_the_typhoon_notice_is_not_in_force_any_more(community):
    reply = community.answer("防御强降雨期间大件垃圾上门清运暂停到哪天")
    assert isinstance(reply, NoAnswer)
    assert reply.reason is NoAnswerReason.NOT_IN_FORCE


def test_a_follow_up_keeps_the_matter(community):
    first = community.answer("养狗要办什么证")
    assert isinstance(first, Answer)
    second = community.answer("那费用呢？", context=first.topic)
    assert isinstance(second, Answer | Clarify)
    assert second.hits[0].passage.citation.source == "dog-rule.md"


def test_every_text_of_the_sample_is_imported(tmp_path, embedder, open_session):
    report = import_paths(open_session, embedder, [Path(TEXTS)])
    assert report.refused == ()
    assert len(report.imported) == len(list(TEXTS.glob("*.md")))
