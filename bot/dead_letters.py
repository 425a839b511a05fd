"""What residents wrote and never got an answer to: for a person to look at and to try again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.dialogue.masking import masked_numbers
from bot.messages import IncomingMessage
from bot.tables import ChatInbox, ChatOutbox, InboxStatus

SHOWN_CHARACTERS = 200


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """One update that was given up.

    Attributes:
        problem: Kind of the error, never its words.
        said: The beginning of the resident's words, numbers masked.
    """

    inbox_id: int
    channel: str
    received_at: datetime
    given_up_at: datetime | None
    problem: str
    said: str


def dead_letters(session: Session, *, limit: int = 100) -> Sequence[DeadLetter]:
    """The updates that were given up, the newest first."""
    query = (
        select(ChatInbox)
        .where(ChatInbox.status == InboxStatus.DEAD.value)
        .order_by(col(ChatInbox.id).desc())
        .limit(limit)
    )
    return [_letter(row) for row in session.exec(query)]


def answer_again(session: Session, inbox_id: int, now: datetime) -> bool:
    """Let an update that was given up be answered after all; False when it is none.

    Its resident gets the answer behind whatever was said since.
    """
    row = session.get(ChatInbox, inbox_id, with_for_update=True)
    if row is None or row.status != InboxStatus.DEAD.value or not row.payload:
        return False
    row.status, row.attempts, row.problem = InboxStatus.WAITING.value, 0, None
    row.done_at = row.not_before = None
    _make_room(session, inbox_id, now)
    return True


def _make_room(session: Session, inbox_id: int, now: datetime) -> None:
    """The apology keeps standing; the keys of replies are for the answer."""
    for apology in session.exec(select(ChatOutbox).where(ChatOutbox.inbox_id == inbox_id)):
        apology.delivery_key = f"buried:{inbox_id}:{apology.id}:{now.timestamp():.0f}"


def _letter(row: ChatInbox) -> DeadLetter:
    message = IncomingMessage.from_json(row.payload) if row.payload else None
    said = masked_numbers(message.text or message.choice or "") if message else ""
    return DeadLetter(
        inbox_id=row.id or 0,
        channel=row.channel,
        received_at=row.received_at,
        given_up_at=row.done_at,
        problem=row.problem or "",
        said=said[:SHOWN_CHARACTERS],
    )
