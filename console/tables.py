"""The tables of the desk: people, their sessions and tokens, failed sign-ins, the audit log.

No secret is stored: passwords as argon2 hashes, sessions and tokens as SHA-256 digests.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from console.columns import json_column, time_column


class DeskStaff(SQLModel, table=True):
    """One member of staff. ``username`` is never used again for somebody else."""

    __tablename__ = "desk_staff"

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True, max_length=40)
    name: str = Field(max_length=60)
    password_hash: str = Field(max_length=200)
    roles: list[str] = Field(default_factory=list, sa_column=json_column())
    unit_id: str | None = Field(default=None, max_length=100)
    community_id: str | None = Field(default=None, max_length=100)
    active: bool = True
    must_change: bool = True
    made_at: datetime = Field(sa_column=time_column())
    changed_at: datetime = Field(sa_column=time_column())


class DeskSession(SQLModel, table=True):
    """One signed-in browser; only the digest of its cookie is here."""

    __tablename__ = "desk_session"

    id: int | None = Field(default=None, primary_key=True)
    token_digest: str = Field(unique=True, max_length=64)
    staff_id: int = Field(foreign_key="desk_staff.id", index=True)
    made_at: datetime = Field(sa_column=time_column())
    seen_at: datetime = Field(sa_column=time_column())
    expires_at: datetime = Field(sa_column=time_column(index=True))
    agent_digest: str = Field(max_length=64)


class DeskToken(SQLModel, table=True):
    """A bearer token for ``/api/v1``; it may do what its owner may do."""

    __tablename__ = "desk_token"

    id: int | None = Field(default=None, primary_key=True)
    token_digest: str = Field(unique=True, max_length=64)
    staff_id: int = Field(foreign_key="desk_staff.id", index=True)
    label: str = Field(max_length=60)
    made_at: datetime = Field(sa_column=time_column())
    expires_at: datetime = Field(sa_column=time_column())
    used_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))


class DeskSignInFailure(SQLModel, table=True):
    """One failed sign-in; ``key`` is a keyed digest of a username or an address."""

    __tablename__ = "desk_sign_in_failure"
    __table_args__ = (Index("ix_desk_sign_in_failure_key_at", "key", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=64)
    at: datetime = Field(sa_column=time_column())


class DeskAudit(SQLModel, table=True):
    """Who did what to which id, and when. Never names, words or numbers of residents."""

    __tablename__ = "desk_audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=time_column(index=True))
    actor: str | None = Field(default=None, max_length=40, index=True)
    action: str = Field(max_length=40, index=True)
    target_kind: str | None = Field(default=None, max_length=30)
    target_id: str | None = Field(default=None, max_length=80)
