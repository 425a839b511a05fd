"""Pseudonyms: one a channel and chat, and the only name a petition knows its resident by."""

import secrets
from datetime import datetime

from sqlmodel import Session, select

from bot.messages import ResidentAddress
from bot.tables import ChatResident


def find_resident(session: Session, address: ResidentAddress) -> ChatResident | None:
    """The resident behind an address, or None."""
    query = select(ChatResident).where(
        ChatResident.channel == address.channel, ChatResident.chat_id == address.chat_id
    )
    return session.exec(query).first()


def make_resident(session: Session, address: ResidentAddress, now: datetime) -> ChatResident:
    """A new resident.

    Raises:
        IntegrityError: Somebody else made the same one at the same moment; look again.
    """
    resident = ChatResident(
        id=f"r_{secrets.token_hex(12)}",
        channel=address.channel,
        chat_id=address.chat_id,
        made_at=now,
    )
    session.add(resident)
    session.flush()
    return resident


def address_of(resident: ChatResident) -> ResidentAddress:
    """Where the resident can be reached."""
    return ResidentAddress(channel=resident.channel, chat_id=resident.chat_id)
