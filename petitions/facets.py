"""Tables of what hangs on a case: other units, ratings, attachments, messages to send."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from petitions.columns import json_column, text_column, time_column


class CaseShield(SQLModel, table=True):
    """A unit that a report is about: it and its people can't find or open the case.

    Source: 信访工作条例 art. 30 (nothing about a report reaches the one reported).
    """

    __tablename__ = "petition_shield"

    case_id: int = Field(foreign_key="petition_case.id", primary_key=True)
    unit_id: str = Field(primary_key=True, index=True, max_length=100)


class Recusal(SQLModel, table=True):
    """A member of staff who has to do with the matter: they can't find, open or act on the case.

    Source: 信访工作条例 art. 30 (回避).
    """

    __tablename__ = "petition_recusal"

    case_id: int = Field(foreign_key="petition_case.id", primary_key=True)
    person: str = Field(primary_key=True, index=True, max_length=100)
    recused_at: datetime = Field(sa_column=time_column())


class CoHandling(SQLModel, table=True):
    """A unit that helps the lead unit; it answers for its part."""

    __tablename__ = "petition_co_handling"
    __table_args__ = (UniqueConstraint("case_id", "unit_id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="petition_case.id", index=True)
    unit_id: str = Field(index=True, max_length=100)
    part: str | None = Field(default=None, sa_column=text_column(nullable=True))
    invited_at: datetime = Field(sa_column=time_column())
    replied_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    reply: str | None = Field(default=None, sa_column=text_column(nullable=True))


class Whistle(SQLModel, table=True):
    """One unit called by the committee (吹哨) and when it reported in (报到)."""

    __tablename__ = "petition_whistle"
    __table_args__ = (
        Index(
            "ix_petition_whistle_unanswered",
            "case_id",
            sqlite_where=text("reported_in_at IS NULL"),
            postgresql_where=text("reported_in_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="petition_case.id", index=True)
    unit_id: str = Field(index=True, max_length=100)
    called_by: str = Field(max_length=100)
    reason: str = Field(sa_column=text_column())
    called_at: datetime = Field(sa_column=time_column())
    due_at: datetime = Field(sa_column=time_column())
    reported_in_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    reported_in_by: str | None = None


class Rating(SQLModel, table=True):
    """What a resident thinks of the handling; rating again later adds a row."""

    __tablename__ = "petition_rating"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="petition_case.id", index=True)
    petition_number: str = Field(max_length=40)
    resident: str = Field(max_length=100)
    result: int
    speed: int | None = None
    attitude: int | None = None
    resolved: bool | None = None
    comment: str | None = Field(default=None, sa_column=text_column(nullable=True))
    rated_at: datetime = Field(sa_column=time_column(index=True))


class FollowUp(SQLModel, table=True):
    """One call back (回访): whether the resident was reached and what they said."""

    __tablename__ = "petition_follow_up"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="petition_case.id", index=True)
    by: str = Field(max_length=100)
    reached: bool
    resolved: bool | None = None
    satisfaction: int | None = None
    words: str | None = Field(default=None, sa_column=text_column(nullable=True))
    at: datetime = Field(sa_column=time_column())


class Attachment(SQLModel, table=True):
    """A photo, voice, document or location; ``ref`` names content kept elsewhere.

    ``petition_number`` is set for what a resident gave, ``sequence`` is the entry it came with.
    """

    __tablename__ = "petition_attachment"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="petition_case.id", index=True)
    petition_number: str | None = Field(default=None, max_length=40)
    sequence: int
    kind: str = Field(max_length=20)
    ref: str | None = None
    mime: str | None = None
    size_bytes: int | None = None
    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    added_at: datetime = Field(sa_column=time_column())


class Notification(SQLModel, table=True):
    """One message to one resident or one unit, as a key and fields; others find the words.

    Exactly one of ``resident`` and ``unit_id`` is set.
    """

    __tablename__ = "petition_notification"
    __table_args__ = (
        Index("ix_petition_notification_resident", "resident", "id"),
        Index("ix_petition_notification_unit", "unit_id", "status"),
        Index("ix_petition_notification_status", "status", "made_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="petition_case.id", index=True)
    case_number: str = Field(max_length=40)
    petition_number: str | None = Field(default=None, max_length=40)
    resident: str | None = Field(default=None, max_length=100)
    channel: str | None = Field(default=None, max_length=40)
    unit_id: str | None = Field(default=None, max_length=100)
    key: str = Field(max_length=60)
    fields: dict[str, Any] = Field(sa_column=json_column())
    status: str = Field(max_length=10)
    attempts: int = 0
    made_at: datetime = Field(sa_column=time_column())
    sent_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    problem: str | None = Field(default=None, max_length=200)


class NumberSequence(SQLModel, table=True):
    """The last number given out under one heading (a day)."""

    __tablename__ = "petition_number_sequence"

    heading: str = Field(primary_key=True, max_length=40)
    last: int


class IdempotencyKey(SQLModel, table=True):
    """A command that was carried out once; the same key again gives the same result.

    A filing is found by its petition, which has the key too; any other command keeps its digest
    and its result.
    """

    __tablename__ = "petition_idempotency_key"

    key: str = Field(primary_key=True, max_length=64)
    command: str | None = Field(default=None, max_length=64)
    result: dict[str, Any] | None = Field(default=None, sa_column=json_column(nullable=True))
    made_at: datetime = Field(sa_column=time_column())
