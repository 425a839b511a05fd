"""Leases: one worker at a time on one thing, across threads, processes and crashes.

A lease ends by itself, so whoever dies holding one blocks the others for its length at most.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Executable, delete, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Engine
from sqlmodel import Session, col

from bot.tables import ChatLease

LEASE_SECONDS = 30.0


class LeaseLost(Exception):
    """Somebody else works on this by now: leave it, without writing anything."""


_INSERTS: dict[str, Any] = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}


@dataclass(kw_only=True)
class Lease:
    """A lease that was taken.

    Attributes:
        length: How far :meth:`ensure_held` lengthens it.
        is_over: It was given back already.
    """

    name: str
    token: str
    length: timedelta
    now: Callable[[], datetime]
    is_over: bool = False

    def ensure_held(self, session: Session) -> None:
        """Check and lengthen the lease inside the transaction that relies on it.

        The lease's row stays locked until that transaction ends.

        Raises:
            LeaseLost: It ran out and somebody else took it.
        """
        ours = col(ChatLease.name) == self.name, col(ChatLease.token) == self.token
        change = update(ChatLease).where(*ours).values(until=self.now() + self.length)
        if session.connection().execute(change).rowcount != 1:
            raise LeaseLost(self.name)

    def end_with(self, session: Session) -> None:
        """Give the lease back as part of a transaction; set ``is_over`` once it commits."""
        session.connection().execute(_end_of(self))


class Leases:
    """Takes and gives back leases.

    Args:
        database: Engine of the database that all workers share.
        now: Tells the time in UTC; the clocks of all machines must agree within seconds.
        seconds: How long a lease holds; longer than any single piece of work.
    """

    def __init__(
        self, database: Engine, now: Callable[[], datetime], *, seconds: float = LEASE_SECONDS
    ) -> None:
        self._database = database
        self._now = now
        self._length = timedelta(seconds=seconds)

    @contextmanager
    def held(self, name: str) -> Iterator[Lease | None]:
        """Hold the lease ``name`` for a block; None while somebody else holds it."""
        lease = self._take(name)
        try:
            yield lease
        finally:
            if lease and not lease.is_over:
                self._give_back(lease)

    def _take(self, name: str) -> Lease | None:
        token, now = secrets.token_hex(16), self._now()
        until = now + self._length
        insert = _INSERTS[self._database.dialect.name]
        taken = insert(ChatLease).values(name=name, token=token, until=until)
        taken = taken.on_conflict_do_update(
            index_elements=["name"],
            set_={"token": token, "until": until},
            # One that ends later than any lease taken now was taken before the clock was set back.
            where=(col(ChatLease.until) < now) | (col(ChatLease.until) > until),
        ).returning(col(ChatLease.name))
        with self._database.begin() as connection:
            # The number of rows is not told of an INSERT on PostgreSQL, so the row is asked for.
            if connection.execute(taken).first() is None:
                return None
        return Lease(name=name, token=token, length=self._length, now=self._now)

    def _give_back(self, lease: Lease) -> None:
        with self._database.begin() as connection:
            connection.execute(_end_of(lease))


def _end_of(lease: Lease) -> Executable:
    return delete(ChatLease).where(
        col(ChatLease.name) == lease.name, col(ChatLease.token) == lease.token
    )
