"""From the outbox to the resident: in order, again when it has to be, never for ever.

A message may be sent twice when the process dies between the channel's yes and our note of it;
``delivery_key`` lets a channel that can show it once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.channels.base import (
    AddressGone,
    Channel,
    DeliveryError,
    MessageRefused,
    RetryLater,
    WaitForResident,
)
from bot.dialogue.wording import phrasebook
from bot.digests import FEWEST_FOR_A_DIGEST, merge_notices, notices_waiting
from bot.keeping import QuietHours, keep_until_words, release_due, window_is_over
from bot.leases import Leases
from bot.messages import OutgoingMessage
from bot.notices import notice_message
from bot.outbox import put_notice
from bot.residents import address_of
from bot.sessions import language_of
from bot.staff_room import StaffRoom
from bot.tables import ChatOutbox, ChatResident, OutboxStatus
from petitions.notifications import load_notification, mark_failed, mark_sent
from petitions.ports import UnitOfWork
from petitions.tables import Notification

log = structlog.get_logger(__name__)

FIRST_RETRY_SECONDS = 2.0
LONGEST_RETRY_SECONDS = 600.0
SENDING_SECONDS = 60.0
"""Longer than one message takes to send; after a crash others wait this long at most."""
GIVEN_UP_AFTER = timedelta(days=3)


class Delivery:
    """Sends what waits in the outbox and turns notifications into messages.

    Args:
        database: Engine of the database of petitions and chat.
        open_work: Opens a unit of work on that database.
        channels: The channels this process can send on; may be filled after construction.
        now: Tells the time in UTC.
        quiet: When residents are told only what can't wait.
        staff: Tells staff in their group; None where they have none.
    """

    def __init__(
        self,
        *,
        database: Engine,
        open_work: Callable[[], UnitOfWork],
        channels: Mapping[str, Channel],
        now: Callable[[], datetime],
        quiet: QuietHours = QuietHours(),
        staff: StaffRoom | None = None,
    ) -> None:
        self._staff = staff
        self._quiet = quiet
        self._database = database
        self._open_work = open_work
        self._channels = channels
        self._now = now
        self._leases = Leases(database, now, seconds=SENDING_SECONDS)

    def deliver_notification(self, notification_id: int) -> None:
        """The job of one notification: put it into words, into the outbox, and try to send it.

        Doing it again changes nothing. A channel that is down is tried again by
        :meth:`deliver_due`; the job itself is done with the outbox.
        """
        resident = self._put_into_outbox(notification_id)
        if resident:
            self.deliver_to(resident)
        self._tell_staff()

    def deliver_to(self, resident: str) -> int:
        """Send what waits for ``resident``, in order; returns how many messages arrived."""
        if self._first_pending(resident) is None:
            return 0  # Taking a lease and giving it back are two writes.
        with self._leases.held(f"send:{resident}") as lease:
            return self._deliver_in_order(resident) if lease else 0

    def deliver_due(self, *, limit: int = 200) -> int:
        """Send whatever is due on the channels of this process."""
        with Session(self._database) as session:
            release_due(session, self._now())
            session.commit()
        self._tell_staff()
        return sum(self.deliver_to(resident) for resident in self._residents_due(limit))

    def _residents_due(self, limit: int) -> Sequence[str]:
        query = (
            select(ChatOutbox)
            .join(ChatResident, col(ChatResident.id) == col(ChatOutbox.resident))
            .where(ChatOutbox.status == OutboxStatus.PENDING.value)
            .where(col(ChatResident.channel).in_(list(self._channels)))
            .order_by(col(ChatOutbox.id))
            .limit(limit)
        )
        with Session(self._database.execution_options(read_only=True)) as session:
            rows = session.exec(query).all()
        now = self._now()
        due = (row.resident for row in rows if _has_come(row, now))
        return list(dict.fromkeys(due))

    def _tell_staff(self) -> None:
        if self._staff:
            self._staff.send_due()

    # Notifications

    def _put_into_outbox(self, notification_id: int) -> str | None:
        """Store the notice; returns its resident if this process has the channel to send it.

        Otherwise the process that has it finds the notice by its own sweep.
        """
        with self._open_work() as work:
            notification = load_notification(work, notification_id)
            if notification is None:
                return None
            if notification.resident is None:
                # Units read theirs at the desk; their group is told of what can't wait.
                mark_sent(work, notification_id, now=self._now())
            else:
                self._put_notice(work, notification)
            if self._staff:
                self._staff.note(work.session, notification)
            work.commit()
        reachable = notification.channel in self._channels
        return notification.resident if reachable else None

    def _put_notice(self, work: UnitOfWork, notification: Notification) -> None:
        resident = work.session.get(ChatResident, notification.resident)
        notification_id = notification.id or 0
        if resident is None or resident.unreachable:
            mark_failed(work, notification_id, problem="address_gone", final=True)
            return
        pushes = self._pushes(resident.channel)
        book = phrasebook(language_of(work.session, resident.id))
        notice = notice_message(notification, book)
        can_wait = pushes and not notice.urgent
        put_notice(
            work.session,
            resident=resident.id,
            notification_id=notification_id,
            notice=notice,
            now=self._now(),
            pushes=pushes,
            kept_until=self._quiet.end_after(self._now()) if can_wait else None,
        )
        if not pushes:
            mark_sent(work, notification_id, now=self._now())

    def _pushes(self, channel: str) -> bool:
        known = self._channels.get(channel)
        return known is None or known.capabilities.pushes

    # Sending

    def _deliver_in_order(self, resident: str) -> int:
        self._merge_news(resident)
        if self._has_to_wait(resident):
            return 0
        arrived = 0
        while row := self._first_pending(resident):
            if not self._is_due(row):
                break
            try:
                external_id = self._send(resident, row)
            except DeliveryError as error:
                if self._note_failure(row, error):
                    break
                continue
            self._note_arrival(row, external_id)
            arrived += 1
        return arrived

    def _has_to_wait(self, resident: str) -> bool:
        """Keep what waits when the channel would refuse it: nobody is asked in vain."""
        with Session(self._database.execution_options(read_only=True)) as session:
            channel = self._channels.get(session.get_one(ChatResident, resident).channel)
            window = channel.capabilities.push_window if channel else None
            if window is None or not window_is_over(session, resident, window, self._now()):
                return False
        with self._open_work() as work:
            keep_until_words(work.session, resident)
            work.commit()
        return True

    def _merge_news(self, resident: str) -> None:
        with Session(self._database.execution_options(read_only=True)) as session:
            if len(notices_waiting(session, resident)) < FEWEST_FOR_A_DIGEST:
                return
        with self._open_work() as work:
            for notification_id in merge_notices(work.session, resident, self._now()):
                mark_sent(work, notification_id, now=self._now())
            work.commit()

    def _first_pending(self, resident: str) -> ChatOutbox | None:
        query = (
            select(ChatOutbox)
            .where(ChatOutbox.resident == resident)
            .where(ChatOutbox.status == OutboxStatus.PENDING.value)
            .order_by(col(ChatOutbox.id))
            .limit(1)
        )
        options = self._database.execution_options(read_only=True)
        with Session(options, expire_on_commit=False) as session:
            return session.exec(query).first()

    def _is_due(self, row: ChatOutbox) -> bool:
        return _has_come(row, self._now())

    def _send(self, resident: str, row: ChatOutbox) -> str:
        with Session(self._database.execution_options(read_only=True)) as session:
            address = address_of(session.get_one(ChatResident, resident))
        channel = self._channels.get(address.channel)
        if channel is None:
            raise RetryLater(FIRST_RETRY_SECONDS, "this process has no such channel")
        return channel.send(
            address,
            OutgoingMessage.from_json(row.payload),
            delivery_key=row.delivery_key,
            replaces=row.replaces,
        )

    def _note_arrival(self, row: ChatOutbox, external_id: str) -> None:
        with self._open_work() as work:
            sent = work.session.get_one(ChatOutbox, row.id)
            sent.status, sent.sent_at = OutboxStatus.SENT.value, self._now()
            sent.external_id = external_id[:100]
            if sent.notification_id is not None:
                mark_sent(work, sent.notification_id, now=self._now())
            work.commit()

    def _note_failure(self, row: ChatOutbox, error: DeliveryError) -> bool:
        """Write the failure down; True when nothing more can be sent to this resident now."""
        problem = type(error).__name__
        log.warning("delivery_failed", action="deliver", outbox=row.id, problem=problem)
        with self._open_work() as work:
            failed = work.session.get_one(ChatOutbox, row.id)
            failed.attempts += 1
            failed.problem = problem
            if isinstance(error, AddressGone):
                self._give_up_address(work, failed.resident)
            elif isinstance(error, MessageRefused) or self._is_too_old(failed):
                self._give_up(work, failed)
            elif isinstance(error, WaitForResident):
                keep_until_words(work.session, failed.resident)
            elif isinstance(error, RetryLater):
                failed.not_before = self._now() + _pause(error.seconds, failed.attempts)
            work.commit()
            return failed.status == OutboxStatus.PENDING.value

    def _is_too_old(self, row: ChatOutbox) -> bool:
        return self._now() - row.made_at > GIVEN_UP_AFTER

    def _give_up(self, work: UnitOfWork, row: ChatOutbox) -> None:
        row.status = OutboxStatus.FAILED.value
        if row.notification_id is not None:
            problem = row.problem or "failed"
            mark_failed(work, row.notification_id, problem=problem, final=True)

    def _give_up_address(self, work: UnitOfWork, resident: str) -> None:
        """Nobody is there any more: nothing of what waits will ever arrive."""
        work.session.get_one(ChatResident, resident).unreachable = True
        waiting = select(ChatOutbox).where(
            ChatOutbox.resident == resident, ChatOutbox.status == OutboxStatus.PENDING.value
        )
        for row in work.session.exec(waiting).all():
            row.problem = AddressGone.__name__
            self._give_up(work, row)


def _has_come(row: ChatOutbox, now: datetime) -> bool:
    """Whether a message may be tried; no pause outlives a clock that is set back."""
    longest = now + timedelta(seconds=LONGEST_RETRY_SECONDS)
    return row.not_before is None or row.not_before <= now or row.not_before > longest


def _pause(seconds: float, attempts: int) -> timedelta:
    """How long to wait: what the channel asks for, or twice as long each time."""
    backoff = FIRST_RETRY_SECONDS * 2 ** min(attempts - 1, 10)
    return timedelta(seconds=min(max(seconds, backoff), LONGEST_RETRY_SECONDS))
