"""What this room needs from outside, and the working versions it ships."""

from datetime import UTC, datetime
from types import TracebackType
from typing import Protocol, Self

from sqlmodel import Session

from petitions.organisation import Organisation
from petitions.receipts import ReceiptCodes

DELIVER_NOTIFICATION = "deliver_notification"
"""Job that sends one :class:`petitions.model.Notification`; its id is the notification's."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the zone-aware time in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)


class JobQueue(Protocol):
    """Durable work for later. A job is an id: whoever runs it reloads and checks first."""

    def enqueue(
        self, session: Session, workflow: str, job_id: str, *, delay_seconds: float = 0
    ) -> None:
        """Ask for a job inside the session's own transaction: no commit, no job.

        Asking again for the same ``workflow`` and ``job_id`` changes nothing. A job may still
        run more than once and must bear it.
        """
        ...


class ContactCipher(Protocol):
    """Keeps names and phone numbers unreadable at rest."""

    def seal(self, words: str) -> str:
        """Encrypt ``words``."""
        ...

    def unseal(self, sealed: str) -> str:
        """Decrypt what :meth:`seal` made.

        Raises:
            ContactUnreadable: No key held opens it.
        """
        ...

    def blind(self, words: str) -> tuple[str, ...]:
        """Digests that equal words share, one for each key held, the newest first."""
        ...

    def reseal(self, sealed: str) -> str | None:
        """Seal with the newest key what an older one sealed; None when nothing is to do.

        Raises:
            ContactUnreadable: No key held opens it.
        """
        ...


class UnitOfWork(Protocol):
    """One transaction over petitions, and the things every verb needs at hand.

    ``with open_work() as work: …; work.commit()``. Leaving without commit rolls back. Rows
    stay readable after the commit. Verbs never commit: the caller may add rows of its own to
    the same transaction through ``session``.
    """

    session: Session
    organisation: Organisation
    cipher: ContactCipher
    codes: ReceiptCodes

    def __enter__(self) -> Self:
        """Open the transaction."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Roll back what was not committed and close."""
        ...

    def enqueue(self, workflow: str, job_id: str, *, delay_seconds: float = 0) -> None:
        """Ask for a job in this transaction."""
        ...

    def commit(self) -> None:
        """Make everything done so far durable, jobs included."""
        ...

    def rollback(self) -> None:
        """Undo everything since the last commit."""
        ...
