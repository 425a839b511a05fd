"""Engines for SQLite (one machine) and PostgreSQL (many)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import IntegrityError
from sqlmodel import create_engine

from huiyin.turns import Turns

BUSY_TIMEOUT_SECONDS = 30
WRITES = "writes"
"""Marks a connection that holds the turn to write."""


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
    _let_writers_queue(engine)
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


def _let_writers_queue(engine: Engine) -> None:
    """Writers of this process wait for one another in a queue, and only the first for the file.

    SQLite itself lets whoever finds the file locked sleep and try again, ever longer: with eight
    residents writing, the unlucky one waited for ten others that came later.
    """
    turns = Turns()

    def begin(connection: Any) -> None:
        # A reader that turns writer half-way fails with "database is locked" at once; asking
        # for the write lock at the start makes it wait its turn instead.
        if connection.get_execution_options().get("read_only", False):
            connection.exec_driver_sql("BEGIN")
            return
        if not connection.info.get(WRITES):
            # Whose turn does not come asks the file itself, and fails with its clear error.
            connection.info[WRITES] = turns.take(BUSY_TIMEOUT_SECONDS)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def give_back(_: Any, record: Any) -> None:
        # Returned to the pool: committed or rolled back for certain.
        if record.info.pop(WRITES, False):
            turns.give_back()

    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", give_back)


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
