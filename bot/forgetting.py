"""«删除我的数据»: what the chat knows of a person goes at once (个人信息保护法 art. 47).

What was filed is another room's: a function of ``petitions`` is handed in for it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import delete, update
from sqlmodel import Session, col

from bot.tables import (
    ChatInbox,
    ChatLinkCode,
    ChatOutbox,
    ChatResident,
    ChatSession,
    ContactLink,
    InboxStatus,
    OutboxStatus,
)
from petitions.ports import UnitOfWork


class ForgetPetitions(Protocol):
    """Takes personal data out of everything that one pseudonym filed, within ``work``."""

    def __call__(self, work: UnitOfWork, *, resident: str, now: datetime) -> object:
        """Forget; again changes nothing."""
        ...


def forget_chats(session: Session, residents: Sequence[str]) -> None:
    """Take away words, replies, contact data and links of these chats; the addresses stay.

    Whoever goes on talking starts anew. What still waits to be answered or sent is left, or
    the resident would never hear that it is done.
    """
    connection = session.connection()
    answered = col(ChatInbox.status) != InboxStatus.WAITING.value
    of_inbox = col(ChatInbox.resident).in_(residents)
    connection.execute(update(ChatInbox).where(of_inbox, answered).values(payload={}))
    arrived = col(ChatOutbox.status) == OutboxStatus.SENT.value
    of_outbox = col(ChatOutbox.resident).in_(residents)
    connection.execute(delete(ChatOutbox).where(of_outbox, arrived))
    for table in (ContactLink, ChatLinkCode, ChatSession):
        connection.execute(delete(table).where(col(table.resident).in_(residents)))
    apart = update(ChatResident).where(col(ChatResident.id).in_(residents))
    connection.execute(apart.values(person=None))
