"""Tables of oversight: exclusions from the rates, hot issues, the organisation as it was."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from petitions.columns import json_column, text_column, time_column


class RateExclusion(SQLModel, table=True):
    """A case that somebody wants left out of the adjusted rates, and what a second person said.

    ``settled_by`` is never ``asked_by``; ``approved`` is null until it is settled.
    """

    __tablename__ = "petition_rate_exclusion"

    case_id: int = Field(foreign_key="petition_case.id", primary_key=True)
    reason: str = Field(sa_column=text_column())
    asked_by: str = Field(max_length=100)
    asked_at: datetime = Field(sa_column=time_column())
    approved: bool | None = None
    settled_by: str | None = Field(default=None, max_length=100)
    settled_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))


class HotIssueRow(SQLModel, table=True):
    """One hot issue of live cases as it was found last; each search replaces them all."""

    __tablename__ = "petition_hot_issue"

    event_id: str = Field(primary_key=True, max_length=60)
    name: str = Field(sa_column=text_column())
    place: str = Field(sa_column=text_column())
    case_ids: list[int] = Field(sa_column=json_column())
    first_at: datetime = Field(sa_column=time_column())
    last_at: datetime = Field(sa_column=time_column())
    heat: float
    found_at: datetime = Field(sa_column=time_column())


class OrganisationVersion(SQLModel, table=True):
    """The organisation as it stood from ``seen_at`` on, and what had changed since the one before.

    ``changes`` holds ``{"kind", "id", "change", "before", "after"}``, a line each. ``origin`` is
    ``files`` or ``desk``; ``author`` and ``note`` say who stated it at the desk, and why.
    """

    __tablename__ = "petition_organisation_version"

    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(max_length=64)
    content: dict[str, Any] = Field(sa_column=json_column())
    changes: list[dict[str, Any]] = Field(sa_column=json_column())
    seen_at: datetime = Field(sa_column=time_column())
    origin: str = Field(default="files", max_length=10)
    author: str | None = Field(default=None, max_length=100)
    note: str | None = Field(default=None, sa_column=text_column(nullable=True))
