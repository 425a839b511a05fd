"""The desk for tests: the sample street, all sample accounts, a database a test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel

import petitions.tables  # noqa: F401 - importing a room registers its tables
from console.pages import Pages
from console.sample_accounts import read_sample_accounts
from console.staff import create_staff
from huiyin.database import make_engine
from petitions.organisation import Organisation
from petitions.organisation_files import load_organisation
from tests.console.desk_world import CHEAP, MONDAY_NINE, PASSWORD, SAMPLE, Desk, QueryCount


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
    with Session(engine) as session:
        for new in read_sample_accounts(SAMPLE / "staff.yaml"):
            create_staff(
                session,
                new,
                password=PASSWORD,
                passwords=CHEAP,
                organisation=organisation,
                now=MONDAY_NINE,
                must_change=False,
            )
        session.commit()
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
