"""Recall end to end: a text lapses, and who was told from it gets one message."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, SQLModel, select

import huiyin.schema  # noqa: F401 - registers the tables
from bot.channels.memory import MemoryChannel
from bot.messages import ResidentAddress
from bot.residents import make_resident
from bot.tables import ChatOutbox
from huiyin.database import make_engine
from huiyin.recalling import tell_residents
from knowledge.curation import lapse_version
from knowledge.hashing_embedder import HashingEmbedder
from knowledge.importing import SourceFile, import_files
from knowledge.questions import record_question
from knowledge.recalling import StillInForce
from knowledge.retrieval import KnowledgeBase

RULE = "# 养犬办法\n\n第一条 养犬登记费每年一百元。\n"
FEE = "养犬登记费每年多少"
NOW = datetime.now(UTC)


@pytest.fixture
def open_session(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'huiyin.db'}")
    SQLModel.metadata.create_all(engine)
    yield lambda: Session(engine, expire_on_commit=False)
    engine.dispose()


def test_each_resident_is_told_once_and_nobody_else(open_session):
    embedder = HashingEmbedder()
    files = [SourceFile(name="a.md", content=RULE.encode())]
    import_files(open_session, embedder, files, publish_at_once=True)
    with open_session() as session:
        people = [
            make_resident(session, ResidentAddress(channel="memory", chat_id=str(n)), NOW)
            for n in range(3)
        ]
        session.commit()
    reply = KnowledgeBase(open_session, embedder).answer(FEE)
    for person in (people[0], people[0], people[1]):
        record_question(open_session, FEE, reply, resident=person.id, asked_at=NOW)
    record_question(open_session, FEE, reply, resident="gone", asked_at=NOW)
    channels = {"memory": MemoryChannel()}
    with pytest.raises(StillInForce):
        tell_residents(open_session, channels, 1, now=NOW)
    lapse_version(open_session, 1, last_day=(NOW + timedelta(days=1)).date())
    later = NOW + timedelta(days=3)
    assert tell_residents(open_session, channels, 1, now=later) == 2
    assert tell_residents(open_session, channels, 1, now=later) == 0
    with open_session() as session:
        rows = session.exec(select(ChatOutbox)).all()
    assert {row.resident for row in rows} == {people[0].id, people[1].id}
    assert all("养犬办法" in row.payload["text"] and FEE in row.payload["text"] for row in rows)
