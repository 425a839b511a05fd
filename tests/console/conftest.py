"""The desk for tests: the sample street, all sample accounts, a database a test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import petitions.tables  # noqa: F401 - importing a room registers its tables
from console.pages import Pages
from huiyin.database import make_engine
from petitions.organisation import Organisation
from petitions.organisation_files import load_organisation
from tests.console.desk_world import (
    MONDAY_NINE,
    SAMPLE,
    Desk,
    QueryCount,
    open_sample_accounts,
)


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    """The sample street."""
    return load_organisation(SAMPLE)


@pytest.fixture(scope="session")
def prepared_database(tmp_path_factory: pytest.TempPathFactory, organisation: Organisation) -> Path:
    """A database with all tables and the sample accounts, to be copied."""
    path = tmp_path_factory.mktemp("desk") / "prepared.db"
    engine = make_engine(f"sqlite:///{path}")
    SQLModel.metadata.create_all(engine)
    open_sample_accounts(engine, organisation, MONDAY_NINE)
    # Closing the last connection moves what WAL still holds into the file.
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def pages() -> Pages:
    """The templates, compiled once."""
    return Pages()


@pytest.fixture
def desk(
    prepared_database: Path, tmp_path: Path, organisation: Organisation, pages: Pages
) -> Iterator[Desk]:
    """A desk of this test's own."""
    path = tmp_path / "desk.db"
    shutil.copy(prepared_database, path)
    engine = make_engine(f"sqlite:///{path}")
    desk = Desk(engine, organisation, pages)
    yield desk
    desk.close()
    engine.dispose()


@pytest.fixture
def count_queries(desk: Desk) -> Callable[[], QueryCount]:
    """Makes counters of the desk's database."""
    return lambda: QueryCount(desk.engine)
