"""The running service as the desk shows it: counted from the tables, jobs asked of the queue."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from bot.dead_letters import answer_again, dead_letters
from bot.tables import ChatInbox, ChatOutbox, ChatResident, InboxStatus, OutboxStatus
from console.bulk import CARRY_OUT_BULK, stop_bulk
from console.operations import ChannelHealth, GivenUpMessage, ParkedWork
from huiyin.jobs import DbosJobQueue, ParkedJob
from petitions.notifications import give_up_notification
from petitions.ports import DELIVER_NOTIFICATION

LATELY_ROWS = 20_000
"""How far back «lately» reaches, in rows: the tables grow for ever and the page must not."""
PARKED_LOOKED_AT = 1_000
SETTLED_WHEN_DROPPED: Mapping[str, Callable[[Session, int], None]] = {
    DELIVER_NOTIFICATION: give_up_notification,
    CARRY_OUT_BULK: stop_bulk,
}
"""What would else be tried or waited for without its job."""


class ServiceOperations:
    """The desk's ``Operations`` on the service's own tables and queue.

    Args:
        open_session: Opens a session on the service's database.
        jobs: Knows what is parked.
        open_channels: Names of the channels that this process sends on.
        now: Tells the time.
    """

    def __init__(
        self,
        open_session: Callable[[], Session],
        jobs: DbosJobQueue,
        *,
        open_channels: Callable[[], Collection[str]],
        now: Callable[[], datetime],
    ) -> None:
        self._open_session = open_session
        self._jobs = jobs
        self._open_channels = open_channels
        self._now = now

    def channels(self) -> Sequence[ChannelHealth]:
        """Every channel that is open or was used, by name."""
        opened = set(self._open_channels())
        with self._open_session() as session:
            session.connection(execution_options={"read_only": True})
            received = _last_received(session)
            sent, failed = _last_sent(session), _failed_lately(session)
            updates, unsent = _updates(session), _unsent(session)
        used = {*received, *sent, *failed, *unsent, *(name for name, _ in updates)}
        return [
            ChannelHealth(
                name=name,
                open=name in opened,
                last_received_at=received.get(name),
                last_sent_at=sent.get(name),
                waiting=updates.get((name, InboxStatus.WAITING.value), 0),
                unsent=unsent.get(name, 0),
                failed=failed.get(name, 0),
                given_up=updates.get((name, InboxStatus.DEAD.value), 0),
            )
            for name in sorted(opened | used)
        ]

    def given_up(self) -> Sequence[GivenUpMessage]:
        """What waits for a person, newest first."""
        with self._open_session() as session:
            session.connection(execution_options={"read_only": True})
            return [
                GivenUpMessage(
                    id=letter.inbox_id,
                    channel=letter.channel,
                    received_at=letter.received_at,
                    problem=letter.problem,
                    said=letter.said,
                )
                for letter in dead_letters(session)
            ]

    def answer_again(self, message_id: int) -> bool:
        """Let a message be answered after all; False when it does not wait (any more)."""
        with self._open_session() as session:
            done = answer_again(session, message_id, self._now())
            session.commit()
            return done

    def parked(self) -> Sequence[ParkedWork]:
        """The jobs that wait for a person, newest first."""
        return [
            ParkedWork(id=job.id, name=job.workflow, about=job.job_id, parked_at=job.parked_at)
            for job in self._jobs.parked()
        ]

    def retry(self, work_id: str) -> bool:
        """Run a parked job again; False when it is not parked (any more)."""
        found = self._find(work_id)
        if found is not None:
            self._jobs.retry(found)
        return found is not None

    def drop(self, work_id: str) -> bool:
        """Give a parked job up; what it was about is settled too, so that no sweep tries it."""
        found = self._find(work_id)
        if found is None:
            return False
        if settle := SETTLED_WHEN_DROPPED.get(found.workflow):
            with self._open_session() as session:
                settle(session, int(found.job_id))
                session.commit()
        self._jobs.drop(found)
        return True

    def _find(self, work_id: str) -> ParkedJob | None:
        parked = self._jobs.parked(limit=PARKED_LOOKED_AT)
        return next((job for job in parked if job.id == work_id), None)


def _newest(session: Session, table: type[ChatInbox] | type[ChatOutbox]) -> int:
    """The id after which rows count as of late."""
    return (session.exec(select(func.max(table.id))).one() or 0) - LATELY_ROWS


def _last_received(session: Session) -> Mapping[str, datetime]:
    query = (
        select(ChatInbox.channel, func.max(ChatInbox.received_at))
        .where(col(ChatInbox.id) > _newest(session, ChatInbox))
        .group_by(ChatInbox.channel)
    )
    return dict(session.exec(query).all())


def _updates(session: Session) -> Mapping[tuple[str, str], int]:
    """How many updates wait or were given up, by channel and status."""
    unsettled = (InboxStatus.WAITING.value, InboxStatus.DEAD.value)
    query = (
        select(ChatInbox.channel, ChatInbox.status, func.count())
        .where(col(ChatInbox.status).in_(unsettled))
        .group_by(ChatInbox.channel, ChatInbox.status)
    )
    return {(name, status): count for name, status, count in session.exec(query)}


def _last_sent(session: Session) -> Mapping[str, datetime]:
    return _of_messages(
        session,
        func.max(ChatOutbox.sent_at),
        col(ChatOutbox.sent_at).is_not(None),
        col(ChatOutbox.id) > _newest(session, ChatOutbox),
    )


def _failed_lately(session: Session) -> Mapping[str, int]:
    return _of_messages(
        session,
        func.count(),
        ChatOutbox.status == OutboxStatus.FAILED.value,
        col(ChatOutbox.id) > _newest(session, ChatOutbox),
    )


def _unsent(session: Session) -> Mapping[str, int]:
    return _of_messages(session, func.count(), ChatOutbox.status == OutboxStatus.PENDING.value)


def _of_messages(session: Session, what: Any, *conditions: Any) -> Mapping[str, Any]:
    """A figure of the outgoing messages by the channel of their resident."""
    query = (
        select(ChatResident.channel, what)
        .join(ChatOutbox, col(ChatOutbox.resident) == col(ChatResident.id))
        .where(*conditions)
        .group_by(ChatResident.channel)
    )
    return dict(session.exec(query).all())
