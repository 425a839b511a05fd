"""A database of its own for every test, a small embedder, and the real one where it is built."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel

import knowledge.tables  # noqa: F401 - registers the tables
from huiyin.database import make_engine
from knowledge.embedders import E5Embedder
from knowledge.embedding.build import MODEL_NAME, TUNED_NAME
from knowledge.hashing_embedder import HashingEmbedder
from knowledge.importing import ImportReport, SourceFile, import_files
from knowledge.retrieval import KnowledgeBase

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)

Write = Callable[..., ImportReport]


@pytest.fixture
def open_session(tmp_path: Path) -> Iterator[Callable[[], Session]]:
    engine = make_engine(f"sqlite:///{tmp_path / 'texts.db'}")
    SQLModel.metadata.create_all(engine)
    yield lambda: Session(engine)
    engine.dispose()


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def publish_texts(open_session, embedder) -> Write:
    """Import texts by file name and publish them."""

    def write(texts: dict[str, str], *, draft: bool = False, **options: object) -> ImportReport:
        files = [SourceFile(name=name, content=text.encode()) for name, text in texts.items()]
        return import_files(open_session, embedder, files, publish_at_once=not draft, **options)

    return write


@pytest.fixture
def texts(open_session, embedder) -> KnowledgeBase:
    return KnowledgeBase(open_session, embedder, today=lambda: TODAY)


@pytest.fixture(scope="session")
def real_embedder(models_folder: Path) -> E5Embedder:
    return E5Embedder(
        models_folder / TUNED_NAME, second_opinion=E5Embedder(models_folder / MODEL_NAME)
    )
