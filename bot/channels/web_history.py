"""A conversation as the page shows it, read from inbox and outbox."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.channels.web_views import Bubble, SentFile
from bot.dialogue.masking import masked_numbers
from bot.messages import AttachmentKind, OutgoingMessage, ResidentAddress
from bot.remembering import SHOWN_CHARACTERS
from bot.residents import find_resident
from bot.tables import ChatInbox, ChatOutbox, InboxStatus

UPDATES_SHOWN = 30
NEWS_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Place:
    """How far a page has read: the last update and the last message; written "12-34"."""

    inbox_id: int = 0
    outbox_id: int = 0

    def __str__(self) -> str:
        """As it stands in addresses."""
        return f"{self.inbox_id}-{self.outbox_id}"

    @classmethod
    def read(cls, written: str) -> "Place":
        """The place that ``written`` means; the beginning when it means none."""
        inbox, _, outbox = written.partition("-")
        if not (_is_number(inbox) and _is_number(outbox)):
            return cls()
        return cls(inbox_id=int(inbox), outbox_id=int(outbox))


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Part of a conversation, oldest first.

    Attributes:
        last: How far it goes.
        is_waiting: The resident's last words are not answered yet.
        earlier: The update before which older ones stand, or None.
    """

    bubbles: tuple[Bubble, ...] = ()
    last: Place = Place()
    is_waiting: bool = False
    earlier: int | None = None


class WebHistory:
    """Reads conversations.

    Args:
        database: Engine of the chat's database.
        file_address: Turns the ``ref`` of an attachment into an address for this browser.
    """

    def __init__(self, database: Engine) -> None:
        self._database = database.execution_options(read_only=True)

    def recent(
        self,
        address: ResidentAddress,
        file_address: Callable[[str], str],
        *,
        before: int | None = None,
    ) -> Stretch:
        """The latest part of the conversation, or the part before an update."""
        with Session(self._database) as session:
            resident = find_resident(session, address)
            if resident is None:
                return Stretch()
            updates = _updates(session, resident.id, before)
            sent = _sent_since(session, resident.id, updates, before)
            last = Stretch(last=_end(updates, sent)).last if before is None else Place()
            return Stretch(
                bubbles=_in_order(updates, sent, file_address),
                last=last,
                is_waiting=any(row.status == InboxStatus.WAITING.value for row in updates),
                earlier=updates[0].id if len(updates) == UPDATES_SHOWN else None,
            )

    def after(
        self, address: ResidentAddress, place: Place, file_address: Callable[[str], str]
    ) -> Stretch:
        """What is new since ``place``."""
        with Session(self._database) as session:
            resident = find_resident(session, address)
            if resident is None:
                return Stretch(last=place)
            updates = session.exec(
                select(ChatInbox)
                .where(ChatInbox.resident == resident.id, col(ChatInbox.id) > place.inbox_id)
                .order_by(col(ChatInbox.id))
                .limit(NEWS_SHOWN)
            ).all()
            sent = session.exec(
                select(ChatOutbox)
                .where(ChatOutbox.resident == resident.id, col(ChatOutbox.id) > place.outbox_id)
                .order_by(col(ChatOutbox.id))
                .limit(NEWS_SHOWN)
            ).all()
            return Stretch(
                bubbles=_in_order(updates, sent, file_address), last=_end(updates, sent, place)
            )

    def of_update(self, inbox_id: int, file_address: Callable[[str], str]) -> Stretch:
        """One update and the replies to it."""
        with Session(self._database) as session:
            update = session.get_one(ChatInbox, inbox_id)
            sent = session.exec(
                select(ChatOutbox)
                .where(ChatOutbox.inbox_id == inbox_id)
                .order_by(col(ChatOutbox.id))
            ).all()
            return Stretch(bubbles=_in_order([update], sent, file_address))


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdigit() and len(written) <= 18


def _updates(session: Session, resident: str, before: int | None) -> Sequence[ChatInbox]:
    query = select(ChatInbox).where(ChatInbox.resident == resident)
    if before is not None:
        query = query.where(col(ChatInbox.id) < before)
    rows = session.exec(query.order_by(col(ChatInbox.id).desc()).limit(UPDATES_SHOWN)).all()
    return list(reversed(rows))


def _sent_since(
    session: Session, resident: str, updates: Sequence[ChatInbox], before: int | None
) -> Sequence[ChatOutbox]:
    query = select(ChatOutbox).where(ChatOutbox.resident == resident)
    if len(updates) == UPDATES_SHOWN:
        query = query.where(col(ChatOutbox.made_at) >= updates[0].received_at)
    if before is not None:
        limit = session.get(ChatInbox, before)
        query = query.where(col(ChatOutbox.made_at) < limit.received_at) if limit else query
    return session.exec(query.order_by(col(ChatOutbox.id))).all()


def _end(
    updates: Sequence[ChatInbox], sent: Sequence[ChatOutbox], place: Place | None = None
) -> Place:
    start = place or Place()
    return Place(
        inbox_id=max([start.inbox_id, *(row.id or 0 for row in updates)]),
        outbox_id=max([start.outbox_id, *(row.id or 0 for row in sent)]),
    )


def _in_order(
    updates: Sequence[ChatInbox],
    sent: Sequence[ChatOutbox],
    file_address: Callable[[str], str],
) -> tuple[Bubble, ...]:
    """By time; what is said and answered at the same moment, said first."""
    said = [(row.received_at, 0, row.id or 0, _said(row, file_address)) for row in updates]
    told = [(row.made_at, 1, row.id or 0, _told(row)) for row in sent]
    ordered = sorted([*said, *told], key=_moment_of)
    return tuple(bubble for *_, bubble in ordered if bubble is not None)


def _moment_of(entry: tuple[Any, ...]) -> tuple[Any, ...]:
    return entry[:3]


def _said(row: ChatInbox, file_address: Callable[[str], str]) -> Bubble | None:
    words = row.payload.get("said")
    if words is None:
        words = masked_numbers(str(row.payload.get("text", "")))[:SHOWN_CHARACTERS]
    files = tuple(_file(one, file_address) for one in row.payload.get("attachments", ()))
    if not words.strip() and not files:
        return None
    return Bubble(id=f"i{row.id}", at=row.received_at, said=words, files=files)


def _file(attachment: dict[str, Any], file_address: Callable[[str], str]) -> SentFile:
    ref = attachment.get("ref")
    return SentFile(kind=AttachmentKind(attachment["kind"]), url=file_address(ref) if ref else None)


def _told(row: ChatOutbox) -> Bubble:
    return Bubble(id=f"o{row.id}", at=row.made_at, reply=OutgoingMessage.from_json(row.payload))
