"""Two staff act on one case at the same moment, a hundred times: one wins, the other is told."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from console.problems import sentence_of, status_of
from huiyin.database import make_engine
from huiyin.schema import downgrade_schema, upgrade_schema
from petitions import handling
from petitions.errors import ActionNotAllowed, PetitionError, StaleCase
from petitions.history import verify_history
from petitions.organisation_files import load_organisation
from tests.petitions.conftest import SAMPLE, World

RACES = 100


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    postgres = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url") if postgres else f"sqlite:///{tmp_path / 'a.db'}"
    engine = make_engine(url)
    upgrade_schema(engine)
    yield engine
    if postgres:
        downgrade_schema(engine, "base")
    engine.dispose()


def test_of_two_one_wins_a_hundred_times(engine: Engine) -> None:
    world = World(engine, load_organisation(SAMPLE))
    gate = threading.Barrier(2)

    def decide(case_id: int, unit: str) -> Any:
        gate.wait()
        try:
            return world.do(
                handling.screen_and_dispatch,
                case_id,
                actor=world.committee,
                unit_id=unit,
                expected_version=1,
            )
        except PetitionError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        for race in range(RACES):
            case_id = world.file(resident=f"resident-{race}").case_id
            both = [pool.submit(decide, case_id, u) for u in ("anda-elevator", "jincheng-property")]
            won, lost = _sorted([attempt.result() for attempt in both])
            assert isinstance(lost, StaleCase | ActionNotAllowed)
            assert status_of(lost) == 409
            assert "工单" in sentence_of(lost)
            case = world.case(case_id)
            assert (case.lead_unit, case.version) == (won.lead_unit, 3)
            assert world.look(verify_history, case_id).intact


def _sorted(results: list[Any]) -> tuple[Any, Any]:
    lost = [one for one in results if isinstance(one, Exception)]
    assert len(lost) == 1
    return next(one for one in results if one is not lost[0]), lost[0]
