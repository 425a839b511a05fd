"""The tables: what was said (Petition), our handling (Case) and every step of it (CaseEntry).

Enumerations are kept as their words, times as UTC. Tables hold no behaviour; only
``ledger.py`` writes to a case, and nothing ever updates a Petition or a CaseEntry.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from petitions.columns import json_column, text_column, time_column
from petitions.facets import (
    Attachment,
    CaseShield,
    CoHandling,
    FollowUp,
    IdempotencyKey,
    Notification,
    NumberSequence,
    Rating,
    Recusal,
    Whistle,
)
from petitions.oversight_tables import HotIssueRow, OrganisationVersion, RateExclusion

__all__ = [
    "Attachment",
    "Case",
    "CaseClock",
    "CaseEntry",
    "CaseShield",
    "CoHandling",
    "FollowUp",
    "HotIssueRow",
    "IdempotencyKey",
    "Notification",
    "NumberSequence",
    "OrganisationVersion",
    "Petition",
    "RateExclusion",
    "Rating",
    "Recusal",
    "Supporter",
    "Whistle",
]


IS_OPEN = text("petition_case.status NOT IN ('closed', 'archived')")
"""What the queue looks at. Written out, not bound, so that the partial index is recognised:
a few open cases are found among any number of old ones."""


class Petition(SQLModel, table=True):
    """What one resident said; never changed after filing.

    ``case_id`` is the case it was filed into. After a merge the case that handles it now is
    found through its :class:`Supporter` row.
    """

    __tablename__ = "petition_petition"

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True, max_length=40)
    case_id: int = Field(foreign_key="petition_case.id", index=True)
    resident: str = Field(index=True, max_length=100)
    channel: str = Field(max_length=40)
    kind: str = Field(max_length=30)
    matter: str = Field(sa_column=text_column())
    title: str | None = Field(default=None, sa_column=text_column(nullable=True))
    category_first: str | None = None
    category_second: str | None = None
    urgency: str = Field(max_length=20)
    emergency_service: str | None = Field(default=None, max_length=10)
    place_text: str | None = Field(default=None, sa_column=text_column(nullable=True))
    estate: str | None = None
    building: str | None = None
    place_detail: str | None = None
    happened_at_text: str | None = None
    wanted: str | None = Field(default=None, sa_column=text_column(nullable=True))
    sealed_name: str | None = Field(default=None, sa_column=text_column(nullable=True))
    sealed_phone: str | None = Field(default=None, sa_column=text_column(nullable=True))
    sealed_on_behalf_of: str | None = Field(default=None, sa_column=text_column(nullable=True))
    phone_index: str | None = Field(default=None, index=True, max_length=64)
    anonymous: bool = False
    confidential: bool = False
    language: str = Field(max_length=10)
    code_seal: str = Field(max_length=64)
    salt: str = Field(max_length=64)
    idempotency_key: str = Field(unique=True, max_length=64)
    filed_at: datetime = Field(sa_column=time_column(index=True))


class Case(SQLModel, table=True):
    """Our handling of one matter; several petitions may stand behind it.

    ``version`` equals the number of entries in its history. ``due_at`` is the promise on the
    ticket (the feedback clock), ``next_due_at`` the running clock that ends first.
    """

    __tablename__ = "petition_case"
    __table_args__ = (
        Index("ix_petition_case_community_status", "community_id", "status"),
        Index("ix_petition_case_lead_status", "lead_unit", "status"),
        # The few of a kind among years of closed ones, newest first.
        Index("ix_petition_case_urgency", "urgency", "id"),
        Index("ix_petition_case_regime", "regime", "id"),
        Index("ix_petition_case_kind", "kind", "id"),
        # All that the queue sorts, filters and counts by, so that it is read from the index alone.
        Index(
            "ix_petition_case_open",
            *("next_due_at", "id", "status", "urgency", "regime", "kind"),
            *("community_id", "grid_id", "lead_unit", "level"),
            sqlite_where=text("status NOT IN ('closed', 'archived')"),
            postgresql_where=text("status NOT IN ('closed', 'archived')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True, max_length=40)
    status: str = Field(max_length=20)
    version: int = 1
    history_hash: str = Field(max_length=64)
    regime: str = Field(max_length=20)
    kind: str = Field(max_length=30)
    title: str = Field(sa_column=text_column())
    summary: str = Field(sa_column=text_column())
    category_first: str | None = None
    category_second: str | None = None
    urgency: str = Field(max_length=20)
    emergency_service: str | None = Field(default=None, max_length=10)
    confidential: bool = False
    place_text: str | None = Field(default=None, sa_column=text_column(nullable=True))
    estate_id: str | None = Field(default=None, index=True)
    building: str | None = None
    grid_id: str | None = Field(default=None, index=True)
    community_id: str | None = None
    proposed_unit: str | None = None
    proposed_co_handlers: list[str] = Field(sa_column=json_column())
    lead_unit: str | None = None
    level: str = Field(default="community", max_length=20)
    routing_reason: dict[str, Any] = Field(sa_column=json_column())
    duty_item: str | None = None
    in_duty_list: bool = True
    designated: bool = False
    outcome: str | None = Field(default=None, max_length=20)
    resolved: bool | None = None
    satisfaction: int | None = None
    supporter_count: int = 1
    urge_count: int = 0
    reopen_count: int = 0
    supervised: bool = False
    merged_into: int | None = Field(default=None, foreign_key="petition_case.id")
    extended: bool = False
    extension_days: int | None = None
    extension_asked_by: str | None = None
    review_level: int = 0
    opened_at: datetime = Field(sa_column=time_column(index=True))
    dispatched_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    replied_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    closed_at: datetime | None = Field(
        default=None, sa_column=time_column(nullable=True, index=True)
    )
    changed_at: datetime = Field(sa_column=time_column())
    due_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    next_due_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))


class CaseEntry(SQLModel, table=True):
    """One step of a case, chained to the one before by its hash; never changed.

    The hash covers a salted digest of ``text`` instead of the text, so words that the law
    makes us delete can go without breaking the chain.
    """

    __tablename__ = "petition_case_entry"
    __table_args__ = (UniqueConstraint("case_id", "sequence"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="petition_case.id", index=True)
    sequence: int
    at: datetime = Field(sa_column=time_column(index=True))
    action: str = Field(max_length=30)
    from_status: str | None = Field(default=None, max_length=20)
    to_status: str = Field(max_length=20)
    actor_role: str = Field(max_length=20)
    actor_id: str = Field(max_length=100)
    actor_name: str = Field(default="", max_length=100)
    actor_unit: str | None = None
    for_resident: bool = False
    text: str | None = Field(default=None, sa_column=text_column(nullable=True))
    text_salt: str = Field(max_length=64)
    text_digest: str = Field(max_length=64)
    facts: dict[str, Any] = Field(sa_column=json_column())
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class CaseClock(SQLModel, table=True):
    """One running or stopped deadline of a case, with all that happened to it.

    ``pauses`` holds ``{"from", "to", "reason"}`` and ``extensions`` ``{"at", "days",
    "reason"}``, times as ISO words; an open pause has ``to`` null.
    """

    __tablename__ = "petition_clock"
    __table_args__ = (
        Index(
            "ix_petition_clock_running",
            "due_at",
            sqlite_where=text("stopped_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL"),
        ),
        Index("ix_petition_clock_case", "case_id", "clock"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="petition_case.id")
    clock: str = Field(max_length=20)
    rule_id: str = Field(max_length=60)
    unit_id: str | None = None
    started_at: datetime = Field(sa_column=time_column())
    due_at: datetime = Field(sa_column=time_column())
    warn_at: datetime = Field(sa_column=time_column())
    stopped_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    paused_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    pauses: list[dict[str, Any]] = Field(sa_column=json_column())
    extensions: list[dict[str, Any]] = Field(sa_column=json_column())
    warned_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    overdue_told_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))


class Supporter(SQLModel, table=True):
    """One petition standing behind a case: the first filer's and every neighbour's.

    A merge moves these rows to the case that goes on, a split moves them back. At most five
    of a case are ``representative`` (信访工作条例 art. 20).
    """

    __tablename__ = "petition_supporter"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="petition_case.id", index=True)
    petition_id: int = Field(foreign_key="petition_petition.id", unique=True)
    petition_number: str = Field(max_length=40, unique=True)
    resident: str = Field(index=True, max_length=100)
    joined_at: datetime = Field(sa_column=time_column())
    left_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    representative: bool = False
