"""The tables of the conversation. Rows hold no behaviour.

A resident's words stand in ``chat_inbox`` until they are answered; afterwards only channels
that keep no history of their own leave them there, masked (see ``inbox.py``).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.columns import json_column, time_column


class InboxStatus(StrEnum):
    """Whether an update was answered; ``dead`` means given up, for a person to look at."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class OutboxStatus(StrEnum):
    """Whether a message arrived; ``kept`` waits for a better moment, ``failed`` is for good."""

    PENDING = "pending"
    KEPT = "kept"
    SENT = "sent"
    FAILED = "failed"


class ChatResident(SQLModel, table=True):
    """A pseudonym and the one address behind it; chats of one ``person`` were linked by a code."""

    __tablename__ = "chat_resident"
    __table_args__ = (UniqueConstraint("channel", "chat_id"),)

    id: str = Field(primary_key=True, max_length=40)
    channel: str = Field(max_length=40)
    chat_id: str = Field(max_length=100)
    unreachable: bool = False
    person: str | None = Field(default=None, index=True, max_length=40)
    made_at: datetime = Field(sa_column=time_column())


class ChatSession(SQLModel, table=True):
    """Where a conversation stands after its last turn."""

    __tablename__ = "chat_session"

    resident: str = Field(primary_key=True, max_length=40)
    state: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    saved_at: datetime = Field(sa_column=time_column())


class ChatInbox(SQLModel, table=True):
    """One update of one channel, stored before the channel is told that we have it."""

    __tablename__ = "chat_inbox"
    __table_args__ = (
        UniqueConstraint("channel", "update_id"),
        Index("ix_chat_inbox_resident_status", "resident", "status"),
        Index("ix_chat_inbox_status", "status", "not_before"),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(max_length=40)
    update_id: str = Field(max_length=100)
    resident: str = Field(max_length=40)
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    status: str = Field(default=InboxStatus.WAITING.value, max_length=10)
    attempts: int = 0
    received_at: datetime = Field(sa_column=time_column())
    not_before: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    done_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    problem: str | None = Field(default=None, max_length=200)


class ChatOutbox(SQLModel, table=True):
    """One message to one resident; ``delivery_key`` is the same however often it is tried.

    ``replaces`` is the channel's id of a message to edit instead of sending a new one.
    """

    __tablename__ = "chat_outbox"
    __table_args__ = (
        Index("ix_chat_outbox_resident_status", "resident", "status", "id"),
        Index("ix_chat_outbox_status", "status", "not_before"),
    )

    id: int | None = Field(default=None, primary_key=True)
    delivery_key: str = Field(unique=True, max_length=100)
    resident: str = Field(max_length=40)
    inbox_id: int | None = Field(default=None, index=True)
    notification_id: int | None = Field(default=None, unique=True)
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    replaces: str | None = Field(default=None, max_length=100)
    status: str = Field(default=OutboxStatus.PENDING.value, max_length=10)
    attempts: int = 0
    made_at: datetime = Field(sa_column=time_column())
    not_before: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    sent_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    external_id: str | None = Field(default=None, max_length=100)
    problem: str | None = Field(default=None, max_length=200)


class ChatLease(SQLModel, table=True):
    """Who may work on something now, for a limited time; holds across processes."""

    __tablename__ = "chat_lease"

    name: str = Field(primary_key=True, max_length=100)
    token: str = Field(max_length=40)
    until: datetime = Field(sa_column=time_column())


class ChatLinkCode(SQLModel, table=True):
    """A code that links another chat with that of ``resident``; only its digest is stored."""

    __tablename__ = "chat_link_code"

    code_digest: str = Field(primary_key=True, max_length=64)
    resident: str = Field(index=True, max_length=40)
    expires_at: datetime = Field(sa_column=time_column())
    used_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))


class ChatStaffPost(SQLModel, table=True):
    """One message in the staff group about one case; its words are found when it is sent.

    It ``waits`` while what the group sees is older than the case; ``revision`` counts how often
    it had to be shown anew, so that a change during a send is not taken for sent.
    """

    __tablename__ = "chat_staff_post"

    id: int | None = Field(default=None, primary_key=True)
    post_key: str = Field(unique=True, max_length=120)
    event: str = Field(max_length=60)
    case_number: str = Field(index=True, max_length=40)
    revision: int = 1
    waits: bool = Field(default=True, index=True)
    attempts: int = 0
    made_at: datetime = Field(sa_column=time_column())
    not_before: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    external_id: str | None = Field(default=None, max_length=100)
    problem: str | None = Field(default=None, max_length=200)


class ChatMovedGroup(SQLModel, table=True):
    """A group that got another id; the platform knows the old one no more."""

    __tablename__ = "chat_moved_group"

    channel: str = Field(primary_key=True, max_length=40)
    chat_id: str = Field(primary_key=True, max_length=100)
    moved_to: str = Field(max_length=100)


class ContactLink(SQLModel, table=True):
    """A one-time link to the local form that takes name and phone for one petition.

    Only the digest of the link's token is stored; name and phone are encrypted.
    """

    __tablename__ = "chat_contact_link"

    token_digest: str = Field(primary_key=True, max_length=64)
    resident: str = Field(index=True, max_length=40)
    form_key: str = Field(index=True, max_length=40)
    made_at: datetime = Field(sa_column=time_column())
    expires_at: datetime = Field(sa_column=time_column())
    used_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    sealed_name: str | None = None
    sealed_phone: str | None = None
    contact_shown: str | None = Field(default=None, max_length=60)
