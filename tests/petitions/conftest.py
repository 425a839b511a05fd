"""One small world for all tests of petitions: the sample street on a database of its own."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from sqlmodel import SQLModel, col, select

from huiyin.database import make_engine
from petitions import handling
from petitions.actors import Actor
from petitions.contact_cipher import FernetCipher
from petitions.filing import Receipt, file_petition, make_draft
from petitions.memory_queue import InMemoryJobQueue
from petitions.model import Case, CaseEntry, Notification, PetitionDraft, Role
from petitions.organisation import Organisation
from petitions.organisation_files import load_organisation
from petitions.receipts import ReceiptCodes
from petitions.sql_store import SqlUnitOfWork

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "community"
MONDAY_NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


class World:
    """The sample street, its staff and a clock that tests turn."""

    def __init__(self, engine: Engine, organisation: Organisation) -> None:
        self.engine = engine
        self.organisation = organisation
        self.cipher = FernetCipher([Fernet.generate_key()])
        self.codes = ReceiptCodes(secret=b"a secret of the tests only")
        self.jobs = InMemoryJobQueue()
        self.now = MONDAY_NINE
        self._keys = count(1)
        self.committee = staff("lin", Role.COMMITTEE, community_id="huaiyin")
        self.other_committee = staff("gao", Role.COMMITTEE, community_id="shuyuan")
        self.elevator = staff("xia", Role.DEPARTMENT, unit_id="anda-elevator")
        self.property = staff("song", Role.DEPARTMENT, unit_id="jincheng-property")
        self.police = staff("tan", Role.DEPARTMENT, unit_id="huaian-police")
        self.discipline = staff("ji", Role.DEPARTMENT, unit_id="yunhe-discipline")
        self.supervisor = staff("luo", Role.SUPERVISOR)
        self.grid_worker = staff(
            "zhou",
            Role.GRID_WORKER,
            unit_id="huaiyin-grid-station",
            community_id="huaiyin",
            grid_ids=tuple(estate.grids) if (estate := organisation.estate("jinxiu")) else (),
        )

    def open(self, *, read_only: bool = False) -> SqlUnitOfWork:
        """Open one transaction."""
        return SqlUnitOfWork(
            self.engine,
            organisation=self.organisation,
            cipher=self.cipher,
            codes=self.codes,
            jobs=self.jobs,
            read_only=read_only,
        )

    def later(self, **span: float) -> datetime:
        """Turn the clock on and tell the time."""
        self.now += timedelta(**span)
        return self.now

    def draft(self, **values: Any) -> PetitionDraft:
        """A broken lift in 锦绣家园 building 3, unless told otherwise."""
        usual = {
            "matter": "锦绣家园3栋2单元电梯坏了三天，老人下不了楼",
            "category_first": "城乡建设",
            "category_second": "住房保障与房地产",
            "estate": "锦绣家园",
            "building": "3栋",
            "resident": "resident-1",
            "channel": "web",
            "idempotency_key": f"key-{next(self._keys)}",
        }
        return make_draft(**{**usual, **values})

    def file(self, **values: Any) -> Receipt:
        """File and commit."""
        with self.open() as work:
            receipt = file_petition(work, self.draft(**values), now=self.now)
            work.commit()
        return receipt

    def do(self, verb: Callable[..., Any], *arguments: Any, **values: Any) -> Any:
        """Run one verb in a transaction of its own."""
        with self.open() as work:
            result = verb(work, *arguments, now=self.now, **values)
            work.commit()
        return result

    def look(self, query: Callable[..., Any], *arguments: Any, **values: Any) -> Any:
        """Run one query."""
        with self.open(read_only=True) as work:
            return query(work, *arguments, **values)

    def case(self, case_id: int) -> Case:
        """Load a case."""
        with self.open(read_only=True) as work:
            return work.session.get_one(Case, case_id)

    def entries(self, case_id: int) -> list[CaseEntry]:
        """The history of a case."""
        query = select(CaseEntry).where(CaseEntry.case_id == case_id)
        with self.open(read_only=True) as work:
            return list(work.session.exec(query.order_by(col(CaseEntry.sequence))))

    def notices(self, **of: str) -> list[Notification]:
        """Notifications to ``resident`` or ``unit_id``, oldest first."""
        query = select(Notification).filter_by(**of).order_by(col(Notification.id))
        with self.open(read_only=True) as work:
            return list(work.session.exec(query))

    def dispatched(self, **values: Any) -> int:
        """A case that lies with the lift company."""
        case_id = self.file(**values).case_id
        self.do(handling.screen_and_dispatch, case_id, actor=self.committee)
        return case_id

    def in_handling(self, **values: Any) -> int:
        """A case that the lift company works on."""
        case_id = self.dispatched(**values)
        self.do(handling.sign_for, case_id, actor=self.elevator, start=True)
        return case_id

    def replied(self, **values: Any) -> int:
        """A case that the lift company has answered."""
        case_id = self.in_handling(**values)
        self.do(handling.reply, case_id, actor=self.elevator, text="电梯已修好。")
        return case_id


def staff(name: str, *roles: Role, **scope: Any) -> Actor:
    """Somebody of the staff."""
    return Actor(id=name, name=name, roles=frozenset(roles), **scope)


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    return load_organisation(SAMPLE)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and no rows, to copy: making tables is the slow part."""
    path = tmp_path_factory.mktemp("petitions") / "empty.db"
    engine = make_engine(f"sqlite:///{path}")
    SQLModel.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def engine(tmp_path: Path, empty_database: Path) -> Iterator[Engine]:
    path = tmp_path / "petitions.db"
    shutil.copy(empty_database, path)
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def world(engine: Engine, organisation: Organisation) -> World:
    return World(engine, organisation)
