"""Leases on both databases: one holder, freed by giving back, by time, and by a clock set back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from bot.leases import LeaseLost, Leases
from bot.tables import ChatLease
from huiyin.database import make_engine

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class Clock:
    now = START

    def tell(self) -> datetime:
        return self.now


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    postgres = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url") if postgres else f"sqlite:///{tmp_path / 'a.db'}"
    engine = make_engine(url)
    table = SQLModel.metadata.tables[str(ChatLease.__tablename__)]
    SQLModel.metadata.create_all(engine, [table])
    yield engine
    SQLModel.metadata.drop_all(engine, [table])
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def leases(engine: Engine, clock: Clock) -> Leases:
    return Leases(engine, clock.tell, seconds=30)


def test_one_holds_it_and_gives_it_back(leases: Leases) -> None:
    with leases.held("talk:1") as first:
        assert first is not None
        with leases.held("talk:1") as second, leases.held("talk:2") as other:
            assert second is None
            assert other is not None
    with leases.held("talk:1") as again:
        assert again is not None


@pytest.mark.parametrize("jump", [timedelta(seconds=31), timedelta(days=-1)])
def test_whoever_died_holding_it_blocks_nobody_for_long(
    engine: Engine, leases: Leases, clock: Clock, jump: timedelta
) -> None:
    with leases.held("talk:1") as dead:
        clock.now += jump
        with leases.held("talk:1") as next_one:
            assert next_one is not None
            assert dead is not None
            with Session(engine) as session, pytest.raises(LeaseLost):
                dead.ensure_held(session)
