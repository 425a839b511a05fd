"""The small world of petitions, for commands on cases."""

from tests.petitions.conftest import empty_database, engine, organisation, world

__all__ = ["empty_database", "engine", "organisation", "world"]
