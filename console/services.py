"""Everything the desk works with, made elsewhere and passed in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine
from sqlmodel import Session

from console.metrics import make_registry
from console.operations import Operations
from console.passwords import Passwords
from console.ports import CheckReadiness, FileStore, MemoryFileStore, OpenWork
from console.seals import Seal
from console.texts import Texts
from petitions.kept_organisation import KeptOrganisation
from petitions.organisation import Organisation
from petitions.ports import Clock, SystemClock

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class ConsoleServices:
    """What :func:`console.app.create_app` needs.

    Attributes:
        engine: Holds the desk's own tables.
        open_work: Opens a writing transaction over petitions, on the same database.
        open_read_work: The same for looking only; on SQLite it takes no write lock.
        kept_organisation: The street that is worked for, as it was stated last.
        seal: Makes forgery tokens and digests; a key of its own.
        texts: The knowledge base for curators; None leaves those pages empty.
        tell_recall: Tells the residents who were answered from a version that it no longer
            holds, and returns how many messages were put out; raises StillInForce,
            UnknownVersion. None where no residents can be reached from here.
        staff_chat: Name of the app whose staff group acts for the desk; None without one.
        operations: Looks after channels, messages given up and parked jobs; None where the
            desk runs without them.
        files: Where attachments lie.
        is_ready: Tells for each part whether it is there.
        registry: Figures for Prometheus; other parts may have put theirs in.
        secure_cookies: Cookies travel over HTTPS only.
        max_upload_bytes: Largest single upload.
    """

    engine: Engine
    open_work: OpenWork
    open_read_work: OpenWork
    kept_organisation: KeptOrganisation
    seal: Seal
    is_ready: CheckReadiness
    texts: Texts | None = None
    tell_recall: Callable[[int], int] | None = None
    staff_chat: str | None = None
    operations: Operations | None = None
    files: FileStore = field(default_factory=MemoryFileStore)
    clock: Clock = field(default_factory=SystemClock)
    passwords: Passwords = field(default_factory=Passwords)
    registry: CollectorRegistry = field(default_factory=make_registry)
    secure_cookies: bool = False
    max_upload_bytes: int = 10 * MEGABYTE

    @property
    def organisation(self) -> Organisation:
        """The street that is worked for."""
        return self.kept_organisation.current()

    @cached_property
    def _reader(self) -> Engine:
        return self.engine.execution_options(read_only=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking at the desk's own tables."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction on the desk's own tables; committed unless an error leaves it."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()
