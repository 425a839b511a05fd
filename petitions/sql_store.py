"""The unit of work over a SQL database: SQLite or PostgreSQL."""

from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlmodel import Session

from petitions.organisation import Organisation
from petitions.ports import ContactCipher, JobQueue
from petitions.receipts import ReceiptCodes


class SqlUnitOfWork:
    """One transaction; see :class:`petitions.ports.UnitOfWork`.

    Args:
        engine: Made so that a SQLite transaction takes the write lock when it begins.
        organisation: The street that the verbs work in.
        cipher: Seals contact fields.
        codes: Makes and checks receipt codes.
        jobs: Where jobs are put in the same transaction.
        read_only: Only look: on SQLite no write lock is taken, so readers never wait.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        organisation: Organisation,
        cipher: ContactCipher,
        codes: ReceiptCodes,
        jobs: JobQueue,
        read_only: bool = False,
    ) -> None:
        """Keep what is given; the session opens on entering."""
        self._engine = engine.execution_options(read_only=True) if read_only else engine
        self._jobs = jobs
        self.organisation = organisation
        self.cipher = cipher
        self.codes = codes

    def __enter__(self) -> Self:
        """Open the session."""
        self.session = Session(self._engine, expire_on_commit=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Roll back what was not committed and close."""
        self.session.close()

    def enqueue(self, workflow: str, job_id: str, *, delay_seconds: float = 0) -> None:
        """Ask for a job in this transaction."""
        self._jobs.enqueue(self.session, workflow, job_id, delay_seconds=delay_seconds)

    def commit(self) -> None:
        """Make it durable."""
        self.session.commit()

    def rollback(self) -> None:
        """Undo everything since the last commit."""
        self.session.rollback()
