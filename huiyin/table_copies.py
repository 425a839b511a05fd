"""Rows of the service's tables as lines of text that mean the same on SQLite and PostgreSQL.

A table's lines are ordered by its primary key and written in one way only, so that the hash of
the lines tells whether two databases hold the same. Tables are read as the database has them,
not as the code declares them: a copy of an older schema can be read and written too.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from huiyin.schema import metadata

ROWS_AT_ONCE = 500
PASSING = frozenset({"chat_lease"})
"""Tables of the moment: who works on what just now means nothing in another database."""

Row = Mapping[str, Any]


def tables_of(connection: Connection) -> list[Table]:
    """The service's tables as they are in this database, each after those it refers to."""
    heads = {name.partition("_")[0] for name in metadata().tables}
    names = [
        name
        for name in inspect(connection).get_table_names()
        if name.partition("_")[0] in heads and name not in PASSING
    ]
    found = MetaData()
    found.reflect(connection, only=names)
    tables = [table for table in found.sorted_tables if table.name in names]
    for column in (column for table in tables for column in table.columns):
        if isinstance(column.type, JSON):
            # A missing value shall come back as missing, not as JSON's own null.
            column.type = JSON(none_as_null=True)
    return tables


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Every row of ``table`` as one line of JSON, in the order of its key."""
    query = select(table).order_by(*(_ordering(connection, key) for key in table.primary_key))
    columns = sorted(table.columns, key=lambda column: column.name)
    writers = [(column.name, _writer(column)) for column in columns]
    rows = connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
    for row in rows.mappings():
        values = {name: write(row[name]) for name, write in writers}
        yield json.dumps(values, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _ordering(connection: Connection, key: Column[Any]) -> ColumnElement[Any]:
    """Words by their code points: a PostgreSQL database may sort them as its language does."""
    if connection.dialect.name == "postgresql" and isinstance(key.type, String):
        return key.collate("C")
    return key


def empty(connection: Connection, tables: Sequence[Table]) -> None:
    """Delete every row of ``tables``."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables)
        connection.execute(text(f"TRUNCATE {names}"))
        return
    connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    for table in reversed(tables):
        connection.execute(table.delete())


def fill(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Insert the rows that ``lines`` hold; returns how many.

    A column that points into its own table is filled once all rows are there.
    """
    own = _own_references(table)
    pointing: list[dict[str, Any]] = []
    count = 0
    for rows in _batches(_rows(table, lines)):
        pointing += [_pointer(table, own, row) for row in rows if any(row[name] for name in own)]
        connection.execute(insert(table), [{**row, **dict.fromkeys(own)} for row in rows])
        count += len(rows)
    if pointing:
        _point(connection, table, own, pointing)
    _count_on(connection, table)
    return count


def _own_references(table: Table) -> list[str]:
    return [key.parent.name for key in table.foreign_keys if key.references(table)]


def _pointer(table: Table, own: Sequence[str], row: Row) -> dict[str, Any]:
    keys = {f"key_{column.name}": row[column.name] for column in table.primary_key.columns}
    return keys | {f"to_{name}": row[name] for name in own}


def _point(
    connection: Connection, table: Table, own: Sequence[str], rows: list[dict[str, Any]]
) -> None:
    keys = (column == bindparam(f"key_{column.name}") for column in table.primary_key.columns)
    values: dict[str, Any] = {name: bindparam(f"to_{name}") for name in own}
    connection.execute(update(table).where(*keys).values(values), rows)


def _rows(table: Table, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    readers = {column.name: _reader(column) for column in table.columns}
    for line in lines:
        values = json.loads(line)
        yield {name: readers[name](value) for name, value in values.items()}


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL's counter of ids go on after the rows that brought theirs along."""
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    last = connection.execute(select(func.max(column))).scalar()
    sequence = func.pg_get_serial_sequence(table.name, column.name)
    connection.execute(select(func.setval(sequence, last or 1, last is not None)))


def _writer(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, DateTime):
        return _written_time
    if isinstance(column.type, Date):
        return lambda value: None if value is None else value.isoformat()
    if isinstance(column.type, LargeBinary):
        return lambda value: None if value is None else base64.b64encode(value).decode()
    return lambda value: value


def _written_time(value: datetime | None) -> str | None:
    """A moment in UTC; SQLite gives it back without its zone."""
    if value is None:
        return None
    moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, DateTime):
        return lambda value: None if value is None else datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return lambda value: None if value is None else date.fromisoformat(value)
    if isinstance(column.type, LargeBinary):
        return lambda value: None if value is None else base64.b64decode(value)
    return lambda value: value
