"""What stays of an update after it is answered: as little as the channel needs.

A channel whose app keeps the conversation needs nothing. For our own page the resident's words
stay, with phone and ID numbers masked, until :func:`forget_words_before` takes them away.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session as DatabaseSession
from sqlmodel import col

from bot.channels.base import ChannelCapabilities
from bot.dialogue.masking import masked, masked_numbers
from bot.dialogue.session import Session
from bot.dialogue.turn import Insight
from bot.dialogue.wording import phrasebook
from bot.tables import ChatInbox, InboxStatus

SHOWN_CHARACTERS = 2_000


def what_to_keep(
    insight: Insight, before: Session, capabilities: ChannelCapabilities
) -> dict[str, Any]:
    """Payload of an answered update: {"said", "attachments"}, or nothing."""
    if capabilities.shows_history:
        return {}
    attachments = [asdict(one) for one in insight.message.attachments]
    return {"said": _said(insight, before)[:SHOWN_CHARACTERS], "attachments": attachments}


def _said(insight: Insight, before: Session) -> str:
    message = insight.message
    if message.choice and not message.text:
        return _label_of(message.choice, before)
    understanding = insight.reading.understanding
    if understanding is not None and message.text.strip() == insight.text:
        return masked(insight.text, understanding.entities)
    return masked_numbers(message.text.strip())


def _label_of(payload: str, before: Session) -> str:
    label = next((one.label for one in before.options if one.payload == payload), None)
    if label is not None:
        return label
    field = payload.split(":")[1] if payload.startswith("card.edit:") else None
    book = phrasebook(before.language)
    if field and book.knows(f"row.{field}"):
        return f"{book.say('label.edit')} {book.say(f'row.{field}')}"
    return ""


def forget_words_before(session: DatabaseSession, moment: datetime) -> int:
    """Take away what residents said before ``moment``; returns of how many updates.

    What was filed stays with the petition; the conversation around it does not.
    """
    statement = (
        update(ChatInbox)
        .where(col(ChatInbox.received_at) < moment)
        .where(col(ChatInbox.status) != InboxStatus.WAITING.value)
        .values(payload={})
    )
    return session.connection().execute(statement).rowcount
