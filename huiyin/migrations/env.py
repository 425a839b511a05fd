"""Alembic's entry: migrate the database whose connection ``huiyin.schema`` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DateTime, String
from sqlalchemy.types import TypeDecorator

from huiyin.schema import metadata


def render_plain_types(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write columns in SQLAlchemy's own types: a migration must outlive the rooms' classes."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    if isinstance(item.impl, DateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item.impl, String):
        return f"sa.String(length={item.impl.length})" if item.impl.length else "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata(),
    render_as_batch=True,
    render_item=render_plain_types,
    include_name=lambda name, kind, _: kind != "table" or name in metadata().tables,
)
with context.begin_transaction():
    context.run_migrations()
