"""Petition numbers: unique for ever, counted by day and community, without an upper end.

A number is made of ``HY``, the letters of the community (none for the first one and where the
place is not known), the day and the count: ``HY20261122-0007``, ``HYSH20261122-0007``. So numbers
given out before there were letters stay what they were, and no two communities share one.

The sequence row of a community's day is raised by one statement, so two filings can't get one
number; the row stays locked until the commit, so a rolled-back filing leaves no gap.
"""

from datetime import datetime

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from petitions.deadlines import local_day
from petitions.tables import IdempotencyKey, NumberSequence

PREFIX = "HY"


def next_number(session: Session, now: datetime, code: str = "") -> str:
    """Take the next number of the day in Asia/Shanghai, like ``HY20261122-0007``.

    Args:
        session: Keeps others that want a number of this community waiting until it ends.
        now: The moment of filing.
        code: The community's letters, see :func:`petitions.organisation.number_codes`.
    """
    heading = f"{PREFIX}{code}{local_day(now):%Y%m%d}"
    table = _table(NumberSequence)
    statement = (
        insert_into(session, table)
        .values(heading=heading, last=1)
        .on_conflict_do_update(index_elements=["heading"], set_={"last": table.c.last + 1})
        .returning(table.c.last)
    )
    count = session.connection().execute(statement).scalar_one()
    return f"{heading}-{count:04d}"


def claim_key(session: Session, key: str, now: datetime) -> bool:
    """Claim an idempotency key; False when somebody had it, once they have committed.

    On PostgreSQL a second claim waits for the first transaction to end; on SQLite the write
    lock has made it wait already.
    """
    table = _table(IdempotencyKey)
    statement = (
        insert_into(session, table)
        .values(key=key, made_at=now)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(table.c.key)
    )
    return session.connection().execute(statement).first() is not None


def insert_into(session: Session, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT that knows ON CONFLICT, in the database's own dialect."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]
