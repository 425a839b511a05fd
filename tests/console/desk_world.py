"""A desk with the sample street, all sample accounts and browsers signed in as any of them."""

import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from console.app import create_app
from console.pages import Pages
from console.passwords import Passwords
from console.ports import MemoryFileStore
from console.sample_accounts import read_sample_accounts
from console.seals import Seal
from console.services import ConsoleServices
from console.staff import StaffMember, create_staff, find_by_username, list_staff, member_of
from console.texts import Texts
from knowledge.embedders import HashingEmbedder
from knowledge.retrieval import KnowledgeBase
from petitions.actors import Actor
from petitions.contact_cipher import FernetCipher
from petitions.filing import Receipt, file_petition, make_draft
from petitions.kept_organisation import KeptOrganisation
from petitions.memory_queue import InMemoryJobQueue
from petitions.organisation import Organisation
from petitions.receipts import ReceiptCodes
from petitions.sql_store import SqlUnitOfWork
from petitions.tables import Case

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "community"
MONDAY_NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
PASSWORD = "three plain words"
CHEAP = Passwords(time_cost=1, memory_kib=64)
ELEVATOR = {
    "matter": "锦绣家园3栋2单元电梯坏了三天，老人下不了楼",
    "title": "电梯停用三天，老人无法下楼",
    "category_first": "城乡建设",
    "category_second": "住房保障与房地产",
    "urgency": "utility",
    "estate": "锦绣家园",
    "building": "3栋",
    "place_text": "锦绣家园3栋2单元",
    "contact_name": "王芳",
    "contact_phone": "13800001234",
}


class Browser:
    """One browser: a client with cookies, and forms with their token filled in."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.csrf = ""

    def sign_in(self, username: str, password: str = PASSWORD) -> Response:
        """Fill in the sign-in form."""
        self.csrf = csrf_of(self.client.get("/desk/sign-in"))
        words = {"csrf": self.csrf, "username": username, "password": password}
        answer = self.client.post("/desk/sign-in", data=words)
        if 'action="/desk/sign-out"' in answer.text:
            self.csrf = csrf_of(answer)
        return answer

    def get(self, address: str) -> Response:
        """Open a page."""
        return self.client.get(address)

    def post(self, address: str, files: Any = None, **words: Any) -> Response:
        """Send a form with this session's token."""
        return self.client.post(address, data={"csrf": self.csrf, **words}, files=files)

    def act(self, number: str, verb: str, files: Any = None, **words: Any) -> Response:
        """Send the form of a verb."""
        return self.post(f"/desk/cases/{number}/actions/{verb}", files=files, **words)


def csrf_of(answer: Response) -> str:
    """The token in the first form of a page."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', answer.text)
    assert found, answer.text[:500]
    return found[1]


class Desk:
    """The application on a database of its own, with a clock that tests turn."""

    def __init__(self, engine: Engine, organisation: Organisation, pages: Pages) -> None:
        self.engine = engine
        self.kept_organisation = KeptOrganisation(organisation, self.session)
        self.cipher = FernetCipher([Fernet.generate_key()])
        self.codes = ReceiptCodes(secret=b"a secret of the tests only")
        self.jobs = InMemoryJobQueue()
        self.files = MemoryFileStore()
        self.time = MONDAY_NINE
        self._keys = count(1)
        self._browsers = ExitStack()
        self._actors: dict[str, Actor] = {}
        self.services = self._services()
        self.app = create_app(self.services, pages=pages)

    def _services(self) -> ConsoleServices:
        embedder = HashingEmbedder()
        base = KnowledgeBase(self.session, embedder)
        return ConsoleServices(
            engine=self.engine,
            open_work=self.work,
            open_read_work=lambda: self.work(read_only=True),
            kept_organisation=self.kept_organisation,
            seal=Seal(key=b"the desk's key, of tests only"),
            is_ready=lambda: {"database": True},
            texts=Texts(open_session=self.session, embedder=embedder, base=base),
            files=self.files,
            clock=self,
            passwords=CHEAP,
            max_upload_bytes=200_000,
        )

    @property
    def organisation(self) -> Organisation:
        """The sample street, as it was stated last."""
        return self.kept_organisation.current()

    def now(self) -> datetime:
        """Tell the time (this is the services' clock)."""
        return self.time

    def later(self, **span: float) -> datetime:
        """Turn the clock on."""
        self.time += timedelta(**span)
        return self.time

    def session(self) -> Session:
        """A plain session."""
        return Session(self.engine, expire_on_commit=False)

    def work(self, *, read_only: bool = False) -> SqlUnitOfWork:
        """One transaction over petitions."""
        return SqlUnitOfWork(
            self.engine,
            organisation=self.organisation,
            cipher=self.cipher,
            codes=self.codes,
            jobs=self.jobs,
            read_only=read_only,
        )

    def browser(self) -> Browser:
        """A browser that nobody has signed in with."""
        return Browser(self._browsers.enter_context(TestClient(self.app)))

    def close(self) -> None:
        """Close all browsers."""
        self._browsers.close()

    def signed_in(self, username: str) -> Browser:
        """A browser of one of the sample accounts."""
        browser = self.browser()
        answer = browser.sign_in(username)
        assert 'action="/desk/sign-out"' in answer.text, answer.text[:400]
        return browser

    def actor(self, username: str) -> Actor:
        """A sample account as petitions see it."""
        if username not in self._actors:
            # Read before: inside of an open transaction another one would wait for it.
            organisation = self.organisation
            with self.session() as session:
                row = find_by_username(session, username)
                assert row
                self._actors[username] = member_of(row).actor(organisation)
        return self._actors[username]

    def file(self, **values: Any) -> Receipt:
        """File a petition about a lift, or about what ``values`` say."""
        key = next(self._keys)
        usual = {
            **ELEVATOR,
            "resident": f"resident-{key}",
            "channel": "web",
            "idempotency_key": f"key-{key}",
        }
        with self.work() as work:
            receipt = file_petition(work, make_draft(**{**usual, **values}), now=self.time)
            work.commit()
        return receipt

    def do(self, verb: Callable[..., Case], case_id: int, username: str, **values: Any) -> Case:
        """Call a verb of petitions."""
        with self.work() as work:
            case = verb(work, case_id, actor=self.actor(username), now=self.time, **values)
            work.commit()
            return case

    def people(self) -> Sequence[StaffMember]:
        """Everybody who has an account."""
        with self.session() as session:
            return list_staff(session)

    def case(self, number: str) -> Case:
        """The case as it is now."""
        with self.work(read_only=True) as work:
            return work.session.exec(select(Case).where(Case.number == number)).one()


def open_sample_accounts(engine: Engine, organisation: Organisation, now: datetime) -> None:
    """Give everybody of the sample street an account, all with one password."""
    with Session(engine) as session:
        for new in read_sample_accounts(SAMPLE / "staff.yaml"):
            create_staff(
                session,
                new,
                password=PASSWORD,
                passwords=CHEAP,
                organisation=organisation,
                now=now,
                must_change=False,
            )
        session.commit()


class QueryCount:
    """Counts the statements that were sent to the database."""

    def __init__(self, engine: Engine) -> None:
        self.statements: list[str] = []
        self._engine = engine

    def __enter__(self) -> "QueryCount":
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            self.statements.append(statement)

    def __len__(self) -> int:
        return len(self.statements)
