"""Engines for SQLite (one machine) and PostgreSQL (many)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import IntegrityError
from sqlmodel import create_engine

BUSY_TIMEOUT_SECONDS = 30


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """Open the database at ``url`` (``sqlite:///…`` or ``postgresql+psycopg://…``).

    Errors name the statement without its values, which may be a resident's words.
    """
    if url.startswith("sqlite"):
        return _make_sqlite_engine(url)
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def _make_sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        hide_parameters=True,
        pool_size=20,
        max_overflow=20,
    )
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin_as_writer)
    return engine


def _prepare_connection(connection: Any, _: Any) -> None:
    # The driver's own BEGIN comes too late to take the write lock, so it is switched off.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # What a resident was told is on the disk: NORMAL could lose it when the power goes.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_as_writer(connection: Any) -> None:
    # A reader that turns writer half-way fails with "database is locked" at once; asking
    # for the write lock at the start makes it wait its turn instead.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def rebuilding(engine: Engine) -> Iterator[Connection]:
    """A connection on which tables may be dropped while rows of others refer to them.

    SQLite can't alter most of a table: a migration copies it, drops it and gives the copy its
    name. With foreign keys on, the drop is refused as soon as there is data. They can only be
    switched before a transaction begins; call :func:`ensure_references` before the commit.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            yield connection
            return
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            connection.rollback()
            driver.execute("PRAGMA foreign_keys=ON")


def ensure_references(connection: Connection) -> None:
    """Ask whether every reference still finds its row; PostgreSQL has done so all along.

    Raises:
        IntegrityError: One does not; the caller rolls back.
    """
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise IntegrityError(
            "PRAGMA foreign_key_check", None, ValueError(f"{broken[0]} refers to no {broken[2]}")
        )
