"""The tables of the desk: people and their sessions, the audit log, and what eases the work.

No secret can be read here: passwords are argon2 hashes, sessions and tokens SHA-256 digests,
second factors are encrypted.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from console.columns import json_column, text_column, time_column


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
    language: str | None = Field(default=None, max_length=10)
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
    """Who did what to which id, and when. Never names, words or numbers of residents.

    ``reason`` stands where a step of an administrator needs one.
    """

    __tablename__ = "desk_audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=time_column(index=True))
    actor: str | None = Field(default=None, max_length=40, index=True)
    action: str = Field(max_length=40, index=True)
    target_kind: str | None = Field(default=None, max_length=30)
    target_id: str | None = Field(default=None, max_length=80)
    reason: str | None = Field(default=None, max_length=200)


class DeskSecondFactor(SQLModel, table=True):
    """The one-time-code secret of a person who wants one at sign-in; encrypted at rest.

    ``confirmed_at`` is null until the first code was right; ``last_step`` is the time step of
    the last code taken, so that no code opens twice (RFC 6238, section 5.2).
    """

    __tablename__ = "desk_second_factor"

    staff_id: int = Field(foreign_key="desk_staff.id", primary_key=True)
    sealed_secret: str = Field(max_length=400)
    last_step: int = 0
    made_at: datetime = Field(sa_column=time_column())
    confirmed_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))


class DeskSavedView(SQLModel, table=True):
    """A list that somebody comes back to: a name and the query string of the queue."""

    __tablename__ = "desk_saved_view"

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="desk_staff.id", index=True)
    name: str = Field(max_length=40)
    address: str = Field(max_length=600)
    made_at: datetime = Field(sa_column=time_column())


class DeskBulk(SQLModel, table=True):
    """One verb for several cases, held for a moment so that it can still be taken back.

    ``cases`` holds ``[number, version]`` pairs in their order, ``results`` a word for each
    number done so far: ``done``, or the key of the error that kept it from being done.
    """

    __tablename__ = "desk_bulk"

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="desk_staff.id", index=True)
    verb: str = Field(max_length=40)
    state: str = Field(max_length=10)
    cases: list[list[Any]] = Field(sa_column=json_column())
    results: dict[str, str] = Field(sa_column=json_column())
    made_at: datetime = Field(sa_column=time_column())
    run_at: datetime = Field(sa_column=time_column())


class DeskTemplate(SQLModel, table=True):
    """Words that are written again and again; ``community_id`` null means for everybody."""

    __tablename__ = "desk_template"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=40)
    text: str = Field(sa_column=text_column())
    community_id: str | None = Field(default=None, max_length=100, index=True)
    made_by: str = Field(max_length=40)
    changed_at: datetime = Field(sa_column=time_column())


class DeskLogEntry(SQLModel, table=True):
    """One entry of the people's log (民情日志): what somebody saw or heard on the way.

    ``case_number`` is set once it became a petition.
    """

    __tablename__ = "desk_log_entry"
    __table_args__ = (Index("ix_desk_log_entry_community_at", "community_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="desk_staff.id", index=True)
    author: str = Field(max_length=60)
    community_id: str | None = Field(default=None, max_length=100)
    grid_id: str | None = Field(default=None, max_length=100)
    kind: str = Field(max_length=20)
    place: str = Field(default="", max_length=200)
    text: str = Field(sa_column=text_column())
    at: datetime = Field(sa_column=time_column())
    petition_number: str | None = Field(default=None, max_length=40)


class DeskChatAccount(SQLModel, table=True):
    """A chat account that acts for a member of staff; only a keyed digest of it is here."""

    __tablename__ = "desk_chat_account"

    account_digest: str = Field(primary_key=True, max_length=64)
    staff_id: int = Field(foreign_key="desk_staff.id", index=True)
    linked_at: datetime = Field(sa_column=time_column())


class DeskChatCode(SQLModel, table=True):
    """A one-time code that links a chat account; only its keyed digest is here."""

    __tablename__ = "desk_chat_code"

    code_digest: str = Field(primary_key=True, max_length=64)
    staff_id: int = Field(foreign_key="desk_staff.id", index=True)
    expires_at: datetime = Field(sa_column=time_column())
    used_by: str | None = Field(default=None, max_length=64)
