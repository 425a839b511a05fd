"""The whole database schema: the tables of every room under one Alembic history."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData
from sqlmodel import SQLModel

# Importing a room's tables registers them.
import bot.tables
import console.tables
import knowledge.tables
import nlu.tables
import petitions.tables
from huiyin.database import ensure_references, rebuilding
from huiyin.errors import HuiyinError

HEAD = "head"
MIGRATIONS = Path(__file__).parent / "migrations"
ROOMS_WITH_TABLES = (bot.tables, console.tables, knowledge.tables, nlu.tables, petitions.tables)


class UnknownRevision(HuiyinError):
    """The code does not know this revision of the schema: it is older than the database."""


def metadata() -> MetaData:
    """Every table that the rooms declare."""
    return SQLModel.metadata


def upgrade_schema(engine: Engine, revision: str = HEAD) -> None:
    """Bring the database up to ``revision``; a database that is there already is left alone."""
    with rebuilding(engine) as connection:
        upgrade_connection(connection, revision)
        ensure_references(connection)
        connection.commit()


def downgrade_schema(engine: Engine, revision: str) -> None:
    """Take the database back to ``revision`` (``base`` empties it)."""
    with rebuilding(engine) as connection:
        downgrade_connection(connection, revision)
        ensure_references(connection)
        connection.commit()


def upgrade_connection(connection: Connection, revision: str) -> None:
    """The same within the caller's transaction, on a connection of ``rebuilding``."""
    command.upgrade(_configuration(connection), revision)


def downgrade_connection(connection: Connection, revision: str) -> None:
    """The same within the caller's transaction, on a connection of ``rebuilding``.

    Raises:
        UnknownRevision: This release has no such revision.
    """
    try:
        command.downgrade(_configuration(connection), revision)
    except CommandError:
        raise UnknownRevision(
            f"schema revision {revision} is unknown here: it belongs to a newer release"
        ) from None


def revision_of(connection: Connection) -> str:
    """The revision that the database is at."""
    revision = MigrationContext.configure(connection).get_current_revision()
    return revision or "base"


def _configuration(connection: Connection) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS))
    configuration.attributes["connection"] = connection
    return configuration
