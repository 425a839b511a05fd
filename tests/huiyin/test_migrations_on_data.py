"""Down and up again with rows in every table: what the older schema can hold is still there."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    Table,
    insert,
    text,
)
from sqlalchemy.exc import DBAPIError

from huiyin.database import make_engine
from huiyin.schema import MIGRATIONS, downgrade_schema, revision_of, upgrade_schema
from huiyin.table_copies import lines_of, tables_of

FIRST = "0001"
REVISIONS = [one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
"""Newest first."""
VALUES: tuple[tuple[type[Any], Any], ...] = (
    (Boolean, True),
    (Integer, 1),
    (Float, 1.5),
    (JSON, {"a": ["一"]}),
    (DateTime, datetime(2026, 3, 2, 1, tzinfo=UTC)),
    (Date, date(2026, 3, 2)),
    (LargeBinary, b"\x00\xff"),
)
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database at the newest revision with a row in every table."""
    postgres = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url") if postgres else f"sqlite:///{tmp_path / 'a.db'}"
    engine = make_engine(url)
    upgrade_schema(engine)
    with engine.begin() as connection:
        for table in tables_of(connection):
            connection.execute(insert(table).values(row_of(table)))
    yield engine
    if postgres:
        downgrade_schema(engine, "base")
    engine.dispose()


def row_of(table: Table) -> dict[str, Any]:
    """One row; all keys are the same in all tables, so that every reference finds its row."""
    return {column.name: value_of(table, column) for column in table.columns}


def value_of(table: Table, column: Column[Any]) -> Any:
    own = any(key.column.table is table for key in column.foreign_keys)
    if own and column.nullable:
        return None
    for kind, value in VALUES:
        if isinstance(column.type, kind):
            return value
    return "x"[: getattr(column.type, "length", None) or 1]


def rows_in(connection: Connection) -> Rows:
    return {
        table.name: [json.loads(line) for line in lines_of(connection, table)]
        for table in tables_of(connection)
    }


def columns_in(connection: Connection) -> dict[str, set[str]]:
    return {table.name: set(table.columns.keys()) for table in tables_of(connection)}


def held_by(columns: dict[str, set[str]], rows: Rows) -> Rows:
    """The rows as far as a schema with these columns can hold them."""
    return {
        name: [{key: row[key] for key in row.keys() & columns[name]} for row in rows[name]]
        for name in rows.keys() & columns.keys()
    }


def look(engine: Engine) -> tuple[Rows, dict[str, set[str]]]:
    with engine.connect() as connection:
        return rows_in(connection), columns_in(connection)


def test_every_table_has_a_row(engine: Engine) -> None:
    rows, _ = look(engine)
    assert len(rows) > 40
    assert {name for name, some in rows.items() if len(some) != 1} == set()


def test_down_to_the_first_revision_and_up_loses_only_what_it_cannot_hold(engine: Engine) -> None:
    before, _ = look(engine)
    downgrade_schema(engine, FIRST)
    oldest, held = look(engine)
    assert held_by(held, oldest) == held_by(held, held_rows(before, oldest))
    upgrade_schema(engine)
    after, _ = look(engine)
    assert set(after) == set(before)
    assert held_by(held, after) == held_by(held, before)
    assert {name for name in after.keys() - held.keys() if after[name]} == set()


def held_rows(before: Rows, oldest: Rows) -> Rows:
    """``before`` with what only the older schema has, as it was filled in on the way down."""
    return {
        name: [new | old for old, new in zip(before[name], rows, strict=True)]
        for name, rows in oldest.items()
    }


def test_each_step_down_and_up_again_keeps_the_rows(engine: Engine) -> None:
    for older in REVISIONS[1:]:
        before, _ = look(engine)
        with engine.connect() as connection:
            newer = revision_of(connection)
        downgrade_schema(engine, older)
        _, held = look(engine)
        upgrade_schema(engine, newer)
        after, _ = look(engine)
        assert held_by(held, after) == held_by(held, before), (newer, older)
        downgrade_schema(engine, older)


def test_the_history_is_still_guarded_afterwards(engine: Engine) -> None:
    downgrade_schema(engine, FIRST)
    upgrade_schema(engine)
    for change in (
        "UPDATE petition_petition SET number = 'y'",
        "UPDATE petition_case_entry SET action = 'y'",
        "DELETE FROM petition_case_entry",
    ):
        with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(change))
