"""Every update once: stored before it is acknowledged, answered in order, one worker a resident.

An update is answered in one transaction that holds everything it leads to: the session, what
was done to petitions, the replies to send and the update's own end. A crash before it leaves
the update waiting and nothing done; after it, everything is there. The parser and the texts are
asked before that transaction opens.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from traceback import extract_tb

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlmodel import Session as DatabaseSession
from sqlmodel import col, select

from bot.answering import Answerer
from bot.attachments import AttachmentStore
from bot.channels.base import Channel, RetryLater
from bot.dialogue.engine import DialogueEngine
from bot.dialogue.session import Session
from bot.dialogue.turn import Note
from bot.forgetting import ForgetPetitions
from bot.keeping import release_for
from bot.leases import Lease, LeaseLost, Leases
from bot.messages import IncomingMessage, OutgoingMessage
from bot.outbox import replies_to
from bot.residents import find_resident, make_resident
from bot.sessions import load_session
from bot.tables import ChatInbox, InboxStatus
from bot.transcribing import Transcriber
from petitions.ports import UnitOfWork

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 3
PATIENCE_SECONDS = 20.0
LOOK_AGAIN_SECONDS = 0.02
LOOK_AGAIN_AT_LEAST_EVERY_SECONDS = 0.3
DATABASE_TROUBLES = (OperationalError, NoConnectionLeft)
"""A database that is away, full or overrun is no fault of an update."""
WAITING = InboxStatus.WAITING.value


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What became of one update; without ``done`` the replies come later."""

    inbox_id: int
    resident: str
    done: bool = False
    replies: tuple[OutgoingMessage, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stored:
    """An update in the inbox; without ``is_new`` it had been there before."""

    inbox_id: int
    resident: str
    is_new: bool


class Inbox:
    """Takes updates and answers them.

    Args:
        database: Engine of the database of petitions and chat.
        open_work: Opens a unit of work on that database.
        engine: Decides what to say.
        channels: The channels this process can read attachments from and answer on; may be
            filled after construction.
        attachments: Keeps photos and the like.
        now: Tells the time in UTC.
        link_address: Turns the token of a contact link into its address.
        note: Takes what is to be told to the knowledge room after a turn.
        forget_petitions: Takes personal data out of what a resident filed.
        transcriber: Writes down voice messages; None keeps them as attachments only.
    """

    def __init__(
        self,
        *,
        database: Engine,
        open_work: Callable[[], UnitOfWork],
        engine: DialogueEngine,
        channels: Mapping[str, Channel],
        attachments: AttachmentStore,
        now: Callable[[], datetime],
        link_address: Callable[[str], str],
        note: Callable[[Note], None] | None = None,
        transcriber: Transcriber | None = None,
        forget_petitions: ForgetPetitions | None = None,
    ) -> None:
        self._database = database
        self._reading = database.execution_options(read_only=True)
        self._channels = channels
        self._now = now
        self._leases = Leases(database, now)
        self._listeners: list[Callable[[str], None]] = []
        self._being_answered: Counter[str] = Counter()
        self._counting = threading.Lock()
        self._answerer = Answerer(
            open_work=open_work,
            engine=engine,
            channels=channels,
            attachments=attachments,
            now=now,
            link_address=link_address,
            note=note,
            transcriber=transcriber,
            forget_petitions=forget_petitions,
        )

    def on_received(self, listener: Callable[[str], None]) -> None:
        """Call ``listener`` with the resident whenever a new update is received."""
        self._listeners.append(listener)

    def receive(self, message: IncomingMessage) -> int:
        """Store an update once and return its id; the same update again gives the same id.

        When this returns, the channel may be told that the update has arrived.
        """
        stored = self._store(message)
        if stored.is_new:
            for listener in self._listeners:
                listener(stored.resident)
        return stored.inbox_id

    def answer(self, message: IncomingMessage, *, patience: float = PATIENCE_SECONDS) -> Answered:
        """Store an update, answer it and return the replies; for channels that wait for them.

        The same update again returns what was answered the first time.
        """
        stored = self._store(message)
        with self._at_hand(stored.resident):
            return self._answer_within(stored, patience)

    def _answer_within(self, stored: Stored, patience: float) -> Answered:
        end = time.monotonic() + patience
        pause = LOOK_AGAIN_SECONDS
        while stored.is_new or (answered := self._look(stored)) is None:
            worked = self._try_to_work(stored.resident)
            stored = replace(stored, is_new=False)
            if time.monotonic() > end:
                return Answered(inbox_id=stored.inbox_id, resident=stored.resident)
            if not worked:
                # Asking whether somebody else is done costs a write each time.
                time.sleep(pause)
                pause = min(2 * pause, LOOK_AGAIN_AT_LEAST_EVERY_SECONDS)
        return answered

    def _try_to_work(self, resident: str) -> bool:
        """As :meth:`work_through`; the update is stored, so a database in trouble may recover."""
        try:
            return self.work_through(resident)
        except DATABASE_TROUBLES as error:
            log.warning("database_in_trouble", action="answer", problem=type(error).__name__)
            return False

    @contextmanager
    def _at_hand(self, resident: str) -> Iterator[None]:
        """Keep the sweep from asking for a resident whom a request answers right now."""
        with self._counting:
            self._being_answered[resident] += 1
        try:
            yield
        finally:
            with self._counting:
                self._being_answered[resident] -= 1
                if not self._being_answered[resident]:
                    del self._being_answered[resident]

    def work_through(self, resident: str) -> bool:
        """Answer everything that waits for ``resident``, in order.

        Returns:
            False when somebody else is at it, or what is first has to wait.
        """
        with self._leases.held(f"talk:{resident}") as lease:
            if lease is None:
                return False
            try:
                return self._work_with(lease, resident)
            except LeaseLost:
                log.warning("lease_lost", action="answer", resident=resident)
                return False

    def residents_waiting(self, *, limit: int = 200) -> list[str]:
        """Residents whose updates wait on the channels of this process, the longest first.

        Those whom a request of this process is answering are left to it.
        """
        query = (
            select(ChatInbox)
            .where(ChatInbox.status == WAITING)
            .where(col(ChatInbox.channel).in_(list(self._channels)))
            .order_by(col(ChatInbox.id))
            .limit(limit)
        )
        with DatabaseSession(self._reading) as session:
            rows = session.exec(query).all()
        with self._counting:
            at_hand = set(self._being_answered)
        waiting = (row.resident for row in rows if self._is_due(row))
        return list(dict.fromkeys(one for one in waiting if one not in at_hand))

    # Storing

    def _store(self, message: IncomingMessage) -> Stored:
        for _ in range(MOST_ATTEMPTS):
            try:
                return self._try_to_store(message)
            except IntegrityError:
                # Either the same update is there, or the same resident's first one came in at
                # the same time: then the next attempt finds the resident.
                known = self._find(message)
                if known:
                    return known
        raise RuntimeError("an update could not be stored")

    def _find(self, message: IncomingMessage) -> Stored | None:
        query = select(ChatInbox).where(
            ChatInbox.channel == message.address.channel, ChatInbox.update_id == message.update_id
        )
        with DatabaseSession(self._reading) as session:
            row = session.exec(query).first()
            return _stored(row, is_new=False) if row else None

    def _try_to_store(self, message: IncomingMessage) -> Stored:
        with DatabaseSession(self._database, expire_on_commit=False) as session:
            resident = find_resident(session, message.address)
            if resident is None:
                resident = make_resident(session, message.address, self._now())
            resident.unreachable = False
            release_for(session, resident.id, self._now())
            row = ChatInbox(
                channel=message.address.channel,
                update_id=message.update_id,
                resident=resident.id,
                payload=message.to_json(),
                received_at=message.received_at,
            )
            session.add(row)
            session.commit()
            return _stored(row, is_new=True)

    # Answering

    def _look(self, stored: Stored) -> Answered | None:
        """The answer to an update, or None while it waits."""
        with DatabaseSession(self._reading) as session:
            status = session.exec(
                select(ChatInbox.status).where(ChatInbox.id == stored.inbox_id)
            ).one()
            if status == WAITING:
                return None
            return Answered(
                inbox_id=stored.inbox_id,
                resident=stored.resident,
                done=True,
                replies=replies_to(session, stored.inbox_id),
            )

    def _is_due(self, row: ChatInbox) -> bool:
        return row.not_before is None or row.not_before <= self._now()

    def _work_with(self, lease: Lease, resident: str) -> bool:
        while not lease.is_over:
            row, session = self._next(resident)
            if row is None:
                return True
            if not self._is_due(row):
                return False
            try:
                self._answerer.answer(row, session, lease)
            except RetryLater as later:
                self._postpone(row, later.seconds)
                return False
            except (LeaseLost, *DATABASE_TROUBLES):
                # Tried again until it can be answered, and never given up.
                raise
            except Exception as error:
                self._note_failure(row, error)
        return True

    def _next(self, resident: str) -> tuple[ChatInbox | None, Session]:
        query = (
            select(ChatInbox)
            .where(ChatInbox.resident == resident, ChatInbox.status == WAITING)
            .order_by(col(ChatInbox.id))
            .limit(1)
        )
        with DatabaseSession(self._reading, expire_on_commit=False) as database:
            row = database.exec(query).first()
            return row, load_session(database, resident, self._now())

    def _postpone(self, row: ChatInbox, seconds: float) -> None:
        with DatabaseSession(self._database) as session:
            waiting = session.get_one(ChatInbox, row.id)
            waiting.not_before = self._now() + timedelta(seconds=seconds)
            session.commit()

    def _note_failure(self, row: ChatInbox, error: Exception) -> None:
        """Count the attempt; after the last one, give up, say so and leave it to a person."""
        problem = type(error).__name__
        # The words of an error may quote the resident, so only its places are written down.
        places = [f"{frame.filename}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
        log.error(
            "update_failed", action="answer", inbox=row.id, problem=problem, where=places[-4:]
        )
        with DatabaseSession(self._database) as session:
            waiting = session.get_one(ChatInbox, row.id)
            waiting.attempts += 1
            waiting.problem = problem
            if waiting.attempts >= MOST_ATTEMPTS:
                self._answerer.bury(session, waiting)
            session.commit()


def _stored(row: ChatInbox, *, is_new: bool) -> Stored:
    return Stored(inbox_id=row.id or 0, resident=row.resident, is_new=is_new)
