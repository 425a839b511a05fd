"""Migrations: up, down and up again on data, and equal to what the rooms declare."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from huiyin.database import make_engine
from huiyin.schema import downgrade_schema, metadata, upgrade_schema


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'huiyin.db'}")
    yield engine
    engine.dispose()


def _differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        return list(compare_metadata(context, metadata()))


def test_the_migrations_make_what_the_rooms_declare(sqlite_engine: Engine) -> None:
    upgrade_schema(sqlite_engine)
    assert _differences(sqlite_engine) == []


@pytest.mark.postgres
def test_the_same_on_postgresql_and_back(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    upgrade_schema(engine)
    assert _differences(engine) == []
    downgrade_schema(engine, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_upgrading_twice_changes_nothing(sqlite_engine: Engine) -> None:
    upgrade_schema(sqlite_engine)
    upgrade_schema(sqlite_engine)
    assert "petition_case" in inspect(sqlite_engine).get_table_names()


def test_downgrading_leaves_nothing_and_upgrading_works_again(sqlite_engine: Engine) -> None:
    upgrade_schema(sqlite_engine)
    downgrade_schema(sqlite_engine, "base")
    assert inspect(sqlite_engine).get_table_names() == ["alembic_version"]
    upgrade_schema(sqlite_engine)
    assert set(metadata().tables) <= set(inspect(sqlite_engine).get_table_names())


def test_acknowledged_writes_are_on_the_disk(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        full = 2
        assert connection.execute(text("PRAGMA synchronous")).scalar() == full
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
