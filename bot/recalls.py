"""Telling residents that an answer they got no longer holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.dialogue.wording import phrasebook
from bot.messages import OutgoingMessage
from bot.outbox import put_word
from bot.sessions import language_of
from bot.tables import ChatOutbox, ChatResident


@dataclass(frozen=True, kw_only=True)
class RecallNotice:
    """What a resident is told: what was asked, what was quoted, and what holds now.

    ``successor`` is the title of the text that took its place, None where there is none.
    ``key`` tells notices apart; the same one is put out once to each resident.
    """

    key: str
    question: str
    title: str
    successor: str | None


def put_recall(
    session: Session,
    *,
    resident: ChatResident,
    notice: RecallNotice,
    now: datetime,
    pushes: bool,
) -> bool:
    """Put the notice out in the caller's transaction; False where it was or cannot arrive."""
    key = f"{notice.key}:{resident.id}"
    known = select(ChatOutbox.id).where(ChatOutbox.delivery_key == key)
    if resident.unreachable or session.exec(known).first() is not None:
        return False
    book = phrasebook(language_of(session, resident.id))
    sentence = "recall.successor" if notice.successor else "recall.nothing"
    words = book.say(
        sentence,
        question=notice.question,
        title=notice.title,
        successor=notice.successor or "",
    )
    put_word(
        session,
        resident=resident.id,
        key=key,
        message=OutgoingMessage(text=words, key=sentence),
        now=now,
        pushes=pushes,
    )
    return True


def residents_by(session: Session, digest: Callable[[str], str]) -> dict[str, ChatResident]:
    """Every resident under the digest of the pseudonym; nothing of it is stored anywhere."""
    rows = session.exec(select(ChatResident).order_by(col(ChatResident.made_at)))
    return {digest(row.id): row for row in rows}
