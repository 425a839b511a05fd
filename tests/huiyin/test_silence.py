"""Nothing personal reaches logs, metrics or errors, whatever is written and whatever breaks."""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from huiyin.logs import configure_logs
from huiyin.preparation import create_sample_accounts, prepare_database
from huiyin.settings import Settings
from huiyin.web import make_web_app
from petitions.ports import DELIVER_NOTIFICATION
from tests.faults.serve import LightService

PHONE, ID_NUMBER, ROOM, NAME = "13912345678", "110101199003071234", "7号楼3单元1502", "欧阳静婷"
WORDS = f"我叫{NAME}，锦绣家园{ROOM}漏水，电话{PHONE}，身份证{ID_NUMBER}"
PERSONAL = (PHONE, ID_NUMBER, "1502", NAME, "漏水")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that is written to standard error, at the finest level."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure_logs("debug", readable=False)
    structlog.configure(cache_logger_on_first_use=False)
    yield written
    structlog.reset_defaults()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[LightService]:
    service = LightService(settings=Settings(data_dir=tmp_path, parser="local"))
    prepare_database(service)
    create_sample_accounts(service)
    yield service
    service.close()


@pytest.fixture
def app(log: io.StringIO, service: LightService) -> FastAPI:
    app: FastAPI = make_web_app(service)
    return app


class Page:
    """One browser at the chat."""

    def __init__(self, app: FastAPI) -> None:
        self.client = TestClient(app, raise_server_exceptions=False)
        self._count = 0
        self.csrf = re.findall(r'name="csrf" value="([^"]+)"', self.client.get("/").text)[0]

    def say(self, **fields: str) -> str:
        self._count += 1
        form = {"csrf": self.csrf, "client_id": f"c{self._count}", **fields}
        return self.client.post("/api/v1/chat/messages", data=form).text


def converse(page: Page) -> str:
    """File with everything personal in it, follow it, search for it; returns the number."""
    said = page.say(text=WORDS) + page.say(text="对")
    number = re.findall(r"HY\d{8}-\d{4}", said)
    assert number, said
    page.say(text=f"{number[0]} 到哪一步了")
    page.client.get("/desk", params={"q": WORDS})
    page.client.get(f"/no/such/{PHONE}")
    page.client.get(f"/api/v1/cases/{PHONE}")
    return number[0]


def test_a_whole_conversation_leaves_no_trace_in_logs_and_metrics(
    log: io.StringIO, service: LightService, app: FastAPI
) -> None:
    page = Page(app)
    converse(page)
    service.delivery.deliver_due()
    metrics = page.client.get("/metrics").text
    found = [one for one in PERSONAL if one in log.getvalue() or one in metrics]
    assert found == []
    assert 'huiyin_updates{status="waiting"} 0.0' in metrics
    assert "huiyin_jobs_parked 0.0" in metrics
    assert 'huiyin_notifications{status="pending"}' in metrics
    assert DELIVER_NOTIFICATION not in metrics


def test_errors_of_the_database_are_told_without_values(
    log: io.StringIO, service: LightService, app: FastAPI
) -> None:
    """The table is gone and the disk is full: statements fail with the resident's words in them."""
    page = Page(app)
    page.say(text="你好")
    with service.database.begin() as connection:
        connection.execute(text("DROP TABLE chat_session"))
    page.say(text=WORDS)
    with service.database.begin() as connection:
        connection.execute(text("ALTER TABLE chat_inbox RENAME TO gone"))
    page.say(text=WORDS)
    assert "failed" in log.getvalue()
    assert [one for one in PERSONAL if one in log.getvalue()] == []


def test_health_tells_which_part_is_missing_and_nothing_more(
    service: LightService, app: FastAPI
) -> None:
    client = TestClient(app)
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["parts"]) == (503, {"database": True, "texts": False})

    def refuse(*_: object) -> None:
        raise OperationalError(f"no database, said {PHONE}", {}, OSError())

    event.listen(service.database, "do_connect", refuse)
    service.database.dispose()
    broken = client.get("/readyz")
    assert (broken.status_code, broken.json()["parts"]["database"]) == (503, False)
    assert PHONE not in broken.text
    assert "huiyin_jobs_parked" not in client.get("/metrics").text
