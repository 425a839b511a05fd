"""The whole database schema: the tables of every room under one Alembic history."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData
from sqlmodel import SQLModel

# Importing a room's tables registers them.
import bot.tables
import console.tables
import knowledge.tables
import petitions.tables

MIGRATIONS = Path(__file__).parent / "migrations"
ROOMS_WITH_TABLES = (bot.tables, console.tables, knowledge.tables, petitions.tables)


def metadata() -> MetaData:
    """Every table that the rooms declare."""
    return SQLModel.metadata


def upgrade_schema(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to ``revision``; a database that is there already is left alone."""
    with engine.connect() as connection:
        command.upgrade(_configuration(connection), revision)
        connection.commit()


def downgrade_schema(engine: Engine, revision: str) -> None:
    """Take the database back to ``revision`` (``base`` empties it)."""
    with engine.connect() as connection:
        command.downgrade(_configuration(connection), revision)
        connection.commit()


def _configuration(connection: object) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS))
    configuration.attributes["connection"] = connection
    return configuration
