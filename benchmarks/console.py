"""How fast the desk's pages are with 100,000 cases: ``python -m benchmarks.console``.

Cases are written straight into the tables in every state and over two years (filing them one by
one would take hours); a few are then worked through the real verbs, so that case pages have a
history. Times are the server's own: the request through the whole application, without network.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert

from console.pages import Pages
from huiyin.database import make_engine
from huiyin.schema import upgrade_schema
from petitions.organisation import Building, Estate
from petitions.organisation_files import load_organisation
from petitions.tables import Case, CaseClock
from tests.browser import sample_life
from tests.console.desk_world import SAMPLE, Desk, QueryCount, open_sample_accounts

CASES = 100_000
OPEN_SHARE = 0.03
YEARS = 2
ROUNDS = 15
BATCH = 5_000
OPEN = ("registered", "screened", "dispatched", "signed_for", "handling", "replied")
CATEGORIES = (
    ("城乡建设", "住房保障与房地产"),
    ("城乡建设", "城市建设和市政管理"),
    ("政法", "公安"),
    ("生态环境", "环境污染防治"),
    ("民政", "社会福利"),
)
PAGES = (
    ("committee", "/desk"),
    ("committee", "/desk?overdue=1"),
    ("committee", "/desk?closed=1"),
    ("committee", "/desk?q=电梯"),
    ("committee", "/desk/version"),
    ("committee", "/desk/cases/{lift}"),
    ("committee", "/desk/cases/{lift}/print"),
    ("committee", "/desk/cases/{lift}/next"),
    ("committee", "/desk/cases/{lift}/next?closed=1"),
    ("committee", "/desk/phone"),
    ("committee", "/desk/log"),
    ("committee", "/desk/templates"),
    ("jincheng", "/desk"),
    ("jincheng", "/desk/cases/{lamps}"),
    ("zhoumin", "/desk"),
    ("supervisor", "/desk"),
    ("supervisor", "/desk/supervision"),
    ("supervisor", "/desk/supervision/charts/units.svg"),
    ("supervisor", "/desk/supervision/adjusted"),
    ("supervisor", "/desk/supervision/hot"),
    ("supervisor", "/desk/supervision/signs"),
    ("supervisor", "/desk/supervision/calls"),
    ("supervisor", "/desk/report"),
    ("supervisor", "/desk/agenda"),
    ("supervisor", "/desk/screen"),
    ("supervisor", "/desk/deliveries"),
    ("curator", "/desk/knowledge"),
    ("admin", "/desk/staff"),
    ("admin", "/desk/audit"),
    ("admin", "/desk/organisation"),
    ("admin", "/desk/organisation/places"),
    ("admin", "/desk/organisation/duties"),
    ("admin", "/desk/organisation/deadlines"),
    ("admin", "/desk/organisation/history"),
    ("admin", "/desk/organisation/edit/duties/D031"),
    ("admin", "/desk/organisation/edit/units/anda-elevator/close"),
    ("admin", "/desk/account"),
)


@dataclass(frozen=True, kw_only=True)
class Street:
    """What the cases are spread over."""

    places: Sequence[tuple[Building, Estate]]
    units: Sequence[str]


def case_rows(desk: Desk, count: int, now: datetime) -> Iterator[dict[str, Any]]:
    """Cases of two years; the open ones are the newest."""
    chance = random.Random(20261122)
    street = Street(
        places=[(one, estate) for estate in desk.organisation.estates for one in estate.buildings],
        units=[unit.id for unit in desk.organisation.units],
    )
    for number in range(1, count + 1):
        age = timedelta(days=YEARS * 365) * (1 - number / count)
        opened = now - age - timedelta(minutes=1)
        is_open = number > count * (1 - OPEN_SHARE)
        yield {
            **SAME_FOR_ALL,
            "id": number,
            "number": f"HY{opened:%Y%m%d}-{number:06d}",
            "opened_at": opened,
            "changed_at": opened,
            **_matter(chance),
            **_place(chance, street),
            **(_open(chance, opened) if is_open else _closed(chance, opened)),
        }


SAME_FOR_ALL: Mapping[str, Any] = {
    "version": 1,
    "history_hash": "0" * 64,
    "regime": "service",
    "kind": "help",
    "summary": "小区里的事情，请社区帮忙看一看。" * 6,
    "confidential": False,
    "proposed_co_handlers": [],
    "routing_reason": {},
    "in_duty_list": True,
    "designated": False,
    "supporter_count": 1,
    "urge_count": 0,
    "reopen_count": 0,
    "supervised": False,
    "extended": False,
    "review_level": 0,
}


def _matter(chance: random.Random) -> dict[str, Any]:
    first, second = chance.choice(CATEGORIES)
    return {
        "title": chance.choice(("电梯停用", "路灯不亮", "楼道堆物", "漏水", "夜间施工")),
        "category_first": first,
        "category_second": second,
        "urgency": chance.choices(("ordinary", "utility", "emergency"), (90, 9, 1))[0],
    }


def _place(chance: random.Random, street: Street) -> dict[str, Any]:
    building, estate = chance.choice(street.places)
    return {
        "estate_id": estate.id,
        "building": building.number,
        "grid_id": building.grid,
        "community_id": estate.community,
        "lead_unit": chance.choice(street.units),
    }


def _open(chance: random.Random, opened: datetime) -> dict[str, Any]:
    return {
        "status": chance.choice(OPEN),
        "outcome": None,
        "resolved": None,
        "satisfaction": None,
        "replied_at": None,
        "closed_at": None,
        "next_due_at": opened + timedelta(days=chance.randint(1, 40)),
    }


def _closed(chance: random.Random, opened: datetime) -> dict[str, Any]:
    return {
        "status": "closed",
        "outcome": "resolved",
        "resolved": chance.random() < 0.8,
        "satisfaction": chance.randint(1, 5),
        "replied_at": opened + timedelta(days=3),
        "closed_at": opened + timedelta(days=5),
        "next_due_at": None,
    }


def clock_row(case: dict[str, Any]) -> dict[str, Any]:
    """The contact clock of a case."""
    opened = case["opened_at"]
    done = case["status"] == "closed"
    return {
        "case_id": case["id"],
        "clock": "contact",
        "rule_id": "contact",
        "started_at": opened,
        "due_at": opened + timedelta(days=1),
        "warn_at": opened + timedelta(hours=18),
        "stopped_at": opened + timedelta(hours=20) if done else None,
        "pauses": [],
        "extensions": [],
    }


def fill(engine: Engine, desk: Desk, count: int, now: datetime) -> None:
    """Write the cases and their clocks in batches."""
    rows = list(case_rows(desk, count, now))
    with engine.begin() as connection:
        for start in range(0, count, BATCH):
            batch = rows[start : start + BATCH]
            connection.execute(insert(Case), batch)
            connection.execute(insert(CaseClock), [clock_row(row) for row in batch])


def make_desk(folder: Path, count: int) -> tuple[Desk, dict[str, str]]:
    """A desk with the cases, the sample accounts and a few cases with a history."""
    engine = make_engine(f"sqlite:///{folder / 'bench.db'}")
    upgrade_schema(engine)
    now = datetime.now(UTC)
    desk = Desk(engine, load_organisation(SAMPLE), Pages())
    desk.time = now
    open_sample_accounts(engine, desk.organisation, now)
    fill(engine, desk, count, now)
    for story in sample_life.STORIES:
        for step in story.steps:
            if step.who:
                desk.actor(step.who)
    street = sample_life.Street(
        open_work=desk.work, actor_of=desk.actor, keep=desk.files.keep, now=now
    )
    numbers = {name: one.number for name, one in street.live(sample_life.STORIES).items()}
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    return desk, {name.replace(" ", "_"): number for name, number in numbers.items()}


def measure(desk: Desk, numbers: dict[str, str], rounds: int) -> list[tuple[str, str, float, int]]:
    """Who, which page, median milliseconds, statements sent to the database."""
    browsers = {who: desk.signed_in(who) for who in dict.fromkeys(who for who, _ in PAGES)}
    found = []
    for who, address in PAGES:
        page = address.format_map(numbers)
        times = [_time(browsers[who].client.get, page) for _ in range(rounds + 1)][1:]
        with QueryCount(desk.engine) as asked:
            browsers[who].client.get(page, follow_redirects=False)
        found.append((who, address, statistics.median(times), len(asked)))
    return found


def _time(get: Any, page: str) -> float:
    """One page; of a way to another page, only the way."""
    begin = time.perf_counter()
    answer = get(page, follow_redirects=False)
    spent = 1000 * (time.perf_counter() - begin)
    assert answer.status_code in (200, 303), (page, answer.status_code)
    return spent


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        desk, numbers = make_desk(Path(folder), options.cases)
        print(f"{options.cases} cases, median of {options.rounds}")
        for who, address, milliseconds, asked in measure(desk, numbers, options.rounds):
            print(f"{milliseconds:8.1f} ms {asked:3d} queries  {who:<11}{address}")
        desk.close()


if __name__ == "__main__":
    main()
