"""The same on PostgreSQL: columns, the upsert of vectors, the lock on the index version."""

from datetime import date

import pytest
from sqlmodel import Session, SQLModel

from huiyin.database import make_engine
from knowledge.curation import lapse_version, list_documents, record_question, unanswered_questions
from knowledge.importing import SourceFile, import_files
from knowledge.retrieval import KnowledgeBase
from tests.knowledge.conftest import TODAY

pytestmark = pytest.mark.postgres
OLD = "---\neffective_from: 2020-01-01\n---\n# 养犬办法\n\n第一条 每户限养两只犬。\n"
NEW = OLD.replace("2020", "2025").replace("两只", "一只")


@pytest.fixture
def open_session(postgres_url):
    engine = make_engine(postgres_url)
    tables = [t for t in SQLModel.metadata.sorted_tables if t.name.startswith("knowledge_")]
    SQLModel.metadata.create_all(engine, tables=tables)
    yield lambda: Session(engine)
    SQLModel.metadata.drop_all(engine, tables=tables)
    engine.dispose()


def test_import_search_and_questions(open_session, embedder):
    for name, text in (("old.md", OLD), ("new.md", NEW), ("new.md", NEW)):
        files = [SourceFile(name=name, content=text.encode())]
        report = import_files(open_session, embedder, files, publish_at_once=True)
    assert report.unchanged == ("new.md",)
    texts = KnowledgeBase(open_session, embedder, today=lambda: TODAY)
    assert "一只" in texts.search("每户限养几只犬")[0].passage.text
    (document,) = list_documents(open_session)
    assert document.versions[1].citation.effective_to == date(2024, 12, 31)
    lapse_version(open_session, document.versions[0].id, last_day=date(2026, 1, 1))
    assert texts.refresh()
    assert texts.search("每户限养几只犬") == []
    record_question(open_session, "每户限养几只犬", texts.answer("每户限养几只犬"), resident="a")
    assert unanswered_questions(open_session)[0].reason == "not_in_force"
