"""Where conversations stand, as it is stored."""

from datetime import datetime

from sqlalchemy import insert, update
from sqlmodel import Session as DatabaseSession
from sqlmodel import col

from bot.dialogue.session import Session
from bot.dialogue.wording import SIMPLIFIED
from bot.tables import ChatSession


def load_session(database: DatabaseSession, resident: str, now: datetime) -> Session:
    """The conversation of ``resident``; a new one that starts ``now`` when there is none."""
    stored = database.get(ChatSession, resident)
    return Session.from_json(stored.state) if stored else Session(resident=resident, at=now)


def save_session(database: DatabaseSession, session: Session, now: datetime) -> None:
    """Store where the conversation stands now."""
    values = {"state": session.to_json(), "saved_at": now}
    connection = database.connection()
    known = update(ChatSession).where(col(ChatSession.resident) == session.resident)
    if connection.execute(known.values(**values)).rowcount == 0:
        connection.execute(insert(ChatSession).values(resident=session.resident, **values))


def language_of(database: DatabaseSession, resident: str) -> str:
    """The language that the resident was last answered in."""
    stored = database.get(ChatSession, resident)
    return str(stored.state.get("language", SIMPLIFIED)) if stored else SIMPLIFIED
