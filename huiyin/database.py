"""Engines for SQLite (one machine) and PostgreSQL (many)."""

from typing import Any

from sqlalchemy import Engine, event
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
