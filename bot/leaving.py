"""A resident leaves for good, or asks what is known: petitions and chat together.

The operator's commands use it; at a resident's own wish the chat keeps the address, to answer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import SQLModel, col, delete, select

from bot.forgetting import forget_chats
from bot.tables import ChatInbox, ChatOutbox, ChatResident
from petitions.exporting import export_resident
from petitions.forgetting import Forgotten, forget_resident
from petitions.ports import UnitOfWork


def forget_everything(work: UnitOfWork, resident: str, *, now: datetime) -> Forgotten:
    """Delete what petitions and chat hold of ``resident``; the caller commits.

    The address goes too: the same person writing again later is somebody new.
    """
    forgotten = forget_resident(work, resident=resident, now=now)
    forget_chats(work.session, [resident])
    run = work.session.connection().execute
    run(delete(ChatOutbox).where(col(ChatOutbox.resident) == resident))
    run(delete(ChatResident).where(col(ChatResident.id) == resident))
    return forgotten


def export_everything(work: UnitOfWork, resident: str) -> Mapping[str, Any]:
    """What petitions and chat hold of ``resident``, as plain data."""
    return {
        **export_resident(work, resident),
        "addresses": _plain(work, ChatResident, col(ChatResident.id) == resident),
        "conversation": {
            "said": _plain(work, ChatInbox, col(ChatInbox.resident) == resident),
            "answered": _plain(work, ChatOutbox, col(ChatOutbox.resident) == resident),
        },
    }


def _plain(work: UnitOfWork, table: type[SQLModel], which: Any) -> Sequence[dict[str, Any]]:
    rows = work.session.exec(select(table).where(which)).all()
    return [row.model_dump(mode="json") for row in rows]
