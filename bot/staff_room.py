"""The staff group: told of what can't wait, with buttons that act for who taps them.

Its servers may stand abroad and its members belong to several units. So a message names the
case, the kind of matter and the estate, never a resident, a flat or a word of theirs; and a
report, or a case that a unit is kept from, is not told at all (信访工作条例 art. 30).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from bot.channels.base import (
    AddressGone,
    AddressMoved,
    Channel,
    DeliveryError,
    MessageRefused,
    RetryLater,
)
from bot.leases import Leases
from bot.messages import ResidentAddress
from bot.staff_posts import EVENTS_TOLD, MAY_BE_OLD, post_message
from bot.tables import ChatMovedGroup, ChatStaffPost
from petitions.ports import UnitOfWork
from petitions.tables import Case, Notification

log = structlog.get_logger(__name__)

SENDING_SECONDS = 60.0
POSTS_AT_A_TIME = 20
GONE_PAUSE = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=3)


class StaffRoom:
    """Writes to the staff group and follows it when it moves.

    Args:
        database: Engine of the database of petitions and chat.
        open_work: Opens a unit of work on that database.
        channels: The channels this process can send on; may be filled after construction.
        group: Where staff are told.
        case_address: The desk's page of a case, from its number.
        now: Tells the time in UTC.
    """

    def __init__(
        self,
        *,
        database: Engine,
        open_work: Callable[[], UnitOfWork],
        channels: Mapping[str, Channel],
        group: ResidentAddress,
        case_address: Callable[[str], str],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._open_work = open_work
        self._channels = channels
        self._group = group
        self._case_address = case_address
        self._now = now
        self._leases = Leases(database, now, seconds=SENDING_SECONDS)

    # What there is to tell

    def note(self, session: Session, notification: Notification) -> None:
        """Write down what ``notification`` makes worth telling; the caller commits.

        Whatever happens to a case that was told of before, its messages are shown anew.
        """
        told = EVENTS_TOLD.get(notification.key)
        if notification.unit_id and told and told(notification):
            self._post(session, notification)
        changed = update(ChatStaffPost).where(
            col(ChatStaffPost.case_number) == notification.case_number,
            col(ChatStaffPost.made_at) > self._now() - MAY_BE_OLD,
        )
        session.connection().execute(
            changed.values(waits=True, revision=ChatStaffPost.revision + 1)
        )

    def _post(self, session: Session, notification: Notification) -> None:
        """One message for what several units are told at the same moment."""
        key = f"{notification.key}:{notification.case_number}:{notification.made_at.isoformat()}"
        if session.exec(select(ChatStaffPost.id).where(ChatStaffPost.post_key == key)).first():
            return
        session.add(
            ChatStaffPost(
                post_key=key,
                event=notification.key,
                case_number=notification.case_number,
                made_at=self._now(),
            )
        )
        session.flush()

    # Sending

    def send_due(self) -> int:
        """Show what waits, oldest first; returns how many messages arrived."""
        if self._group.channel not in self._channels or not self._waiting():
            return 0
        with self._leases.held("send:staff") as lease:
            return self._send_in_order() if lease else 0

    def _send_in_order(self) -> int:
        arrived = 0
        for post in self._waiting():
            if post.not_before and post.not_before > self._now():
                break
            try:
                external_id = self._show(post)
            except DeliveryError as error:
                self._note_failure(post, error)
                if not isinstance(error, MessageRefused):
                    break
                continue
            self._note_arrival(post, external_id)
            arrived += 1
        return arrived

    def _waiting(self) -> list[ChatStaffPost]:
        query = (
            select(ChatStaffPost)
            .where(col(ChatStaffPost.waits).is_(True))
            .order_by(col(ChatStaffPost.id))
            .limit(POSTS_AT_A_TIME)
        )
        reading = self._database.execution_options(read_only=True)
        with Session(reading, expire_on_commit=False) as session:
            return list(session.exec(query))

    def _show(self, post: ChatStaffPost) -> str | None:
        with self._open_work() as work:
            case = work.session.exec(select(Case).where(Case.number == post.case_number)).one()
            message = post_message(work, post, case, self._case_address(case.number))
        if message is None:
            return post.external_id
        return self._channels[self._group.channel].send(
            self.address(),
            message,
            delivery_key=f"staff:{post.id}:{post.revision}",
            replaces=post.external_id,
        )

    def _note_arrival(self, post: ChatStaffPost, external_id: str | None) -> None:
        with Session(self._database) as session:
            row = session.get_one(ChatStaffPost, post.id)
            row.external_id, row.problem, row.not_before = external_id, None, None
            row.waits = row.revision != post.revision
            session.commit()

    def _note_failure(self, post: ChatStaffPost, error: DeliveryError) -> None:
        problem = type(error).__name__
        log.warning("staff_post_failed", action="staff_post", post=post.id, problem=problem)
        if isinstance(error, AddressMoved):
            self.follow(self._group.channel, self.address().chat_id, error.chat_id)
            return
        with Session(self._database) as session:
            row = session.get_one(ChatStaffPost, post.id)
            row.attempts, row.problem = row.attempts + 1, problem
            too_old = self._now() - row.made_at > GIVEN_UP_AFTER
            row.waits = not (too_old or isinstance(error, MessageRefused))
            row.not_before = self._now() + _pause(error)
            session.commit()

    # Where the group is

    def address(self) -> ResidentAddress:
        """The group as it is called now."""
        chat_id = self._group.chat_id
        with Session(self._database.execution_options(read_only=True)) as session:
            while moved := session.get(ChatMovedGroup, (self._group.channel, chat_id)):
                chat_id = moved.moved_to
        return ResidentAddress(channel=self._group.channel, chat_id=chat_id)

    def follow(self, channel: str, old: str, new: str) -> None:
        """A group has another id from now on; any group, for nobody knows which we were told of."""
        if old == new:
            return
        with Session(self._database) as session:
            # A way back would be a circle.
            back = session.get(ChatMovedGroup, (channel, new))
            if back is not None:
                session.delete(back)
            session.merge(ChatMovedGroup(channel=channel, chat_id=old, moved_to=new))
            session.commit()
        log.info("group_moved", action="staff_group", channel=channel)


def _pause(error: DeliveryError) -> timedelta:
    if isinstance(error, RetryLater):
        return timedelta(seconds=error.seconds)
    return GONE_PAUSE if isinstance(error, AddressGone) else timedelta()
