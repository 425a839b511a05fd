"""The table of this room: corrections by staff that may become training examples."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Text
from sqlmodel import Field, SQLModel


class NluExample(SQLModel, table=True):
    """What staff put right on one case, and what a reviewer decided about it.

    ``source`` names the correction, so that it is proposed once. ``text`` holds no personal
    data. ``old`` and ``new`` map label names (category_first, category_second, urgency, unit)
    to words.
    """

    __tablename__ = "nlu_example"

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(unique=True, max_length=60)
    text: str = Field(sa_column=Column(Text, nullable=False))
    old: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    new: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    corrected_by: str = Field(max_length=100)
    corrected_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    state: str = Field(index=True, max_length=20)
    reviewed_by: str | None = Field(default=None, max_length=100)
    reviewed_at: datetime | None = Field(
        default=None, sa_column=Column(DateTime(timezone=True), nullable=True)
    )
