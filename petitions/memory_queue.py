"""A job queue in memory: for tests, and for one process that keeps no jobs over a restart."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

_PENDING = "petitions.pending_jobs"


class InMemoryJobQueue:
    """Holds the jobs of committed transactions until :meth:`run_all` runs them.

    A delay is kept with the job but nobody waits for it.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._lock = Lock()
        self._ready: deque[tuple[str, str]] = deque()
        self._seen: set[tuple[str, str]] = set()

    def enqueue(
        self, session: Session, workflow: str, job_id: str, *, delay_seconds: float = 0
    ) -> None:
        """Ask for a job; it becomes ready when the session's transaction commits."""
        session.connection()  # a rollback is only heard of once a transaction has begun
        if _PENDING not in session.info:
            session.info[_PENDING] = []
            event.listen(session, "after_commit", self._keep)
            event.listen(session, "after_soft_rollback", _forget)
        savepoints = tuple(_savepoints(session))
        session.info[_PENDING].append((savepoints, (workflow, job_id)))

    def ready(self) -> list[tuple[str, str]]:
        """The jobs that may run now, oldest first, as (workflow, id)."""
        with self._lock:
            return list(self._ready)

    def run_all(self, handlers: Mapping[str, Callable[[str], None]]) -> int:
        """Run every ready job that has a handler, also those that these ask for.

        A handler's error goes to the caller and leaves its job at the front.
        """
        done = 0
        while self._ready and self._ready[0][0] in handlers:
            workflow, job_id = self._ready[0]
            handlers[workflow](job_id)
            with self._lock:
                self._ready.popleft()
            done += 1
        return done

    def _keep(self, session: Any) -> None:
        # A savepoint's release looks like a commit too; only the outermost one counts.
        if session.in_nested_transaction():
            return
        jobs, session.info[_PENDING] = session.info[_PENDING], []
        with self._lock:
            for _, job in jobs:
                if job not in self._seen:
                    self._seen.add(job)
                    self._ready.append(job)


def _savepoints(session: Session) -> Iterator[SessionTransaction]:
    """The savepoints that are open now, the innermost first."""
    savepoint = session.get_nested_transaction()
    while savepoint is not None and savepoint.nested:
        yield savepoint
        savepoint = savepoint.parent


def _forget(session: Any, rolled_back: SessionTransaction) -> None:
    """Drop the jobs of the savepoint that was rolled back; all, when it was everything."""
    session.info[_PENDING] = [
        (savepoints, job)
        for savepoints, job in session.info[_PENDING]
        if rolled_back.nested and rolled_back not in savepoints
    ]
