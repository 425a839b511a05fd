"""What the desk shows of the running service: in memory and on the real tables and queue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.messages import IncomingMessage, ResidentAddress
from bot.residents import make_resident
from bot.tables import ChatInbox, ChatOutbox
from console.operations import (
    ChannelHealth,
    GivenUpMessage,
    MemoryOperations,
    Operations,
    ParkedWork,
)
from huiyin.bootstrap import Service
from huiyin.jobs import ParkedJob
from huiyin.operating import ServiceOperations
from huiyin.preparation import prepare_database
from huiyin.settings import Settings

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
JOB = ParkedJob(id="deliver:7", workflow="deliver", job_id="7", parked_at=NOW)
WORDS = "电梯又坏了，电话 13800138000"


class OneParkedJob:
    """A queue in which one job is parked; the real one parks after minutes of attempts."""

    def __init__(self) -> None:
        self._parked = [JOB]

    def parked(self, *, limit: int = 100) -> list[ParkedJob]:
        return self._parked[:limit]

    def retry(self, parked: ParkedJob) -> None:
        self._parked.remove(parked)

    def drop(self, parked: ParkedJob) -> None:
        self._parked.remove(parked)


@dataclass
class Case:
    """An implementation, and the id of the message that was given up in it."""

    operations: Operations
    message_id: int


def in_memory() -> Case:
    message = GivenUpMessage(
        id=1, channel="web", received_at=NOW, problem="RuntimeError", said="电梯又坏了"
    )
    parked = ParkedWork(id=JOB.id, name="deliver", about="7", parked_at=NOW)
    channel = ChannelHealth(name="web", open=True, last_received_at=NOW, unsent=1)
    operations = MemoryOperations(channels=[channel], given_up=[message], parked=[parked])
    return Case(operations=operations, message_id=1)


def fill(session: Session) -> int:
    """One update that was given up and one message that waits to go out."""
    address = ResidentAddress(channel="web", chat_id="abc")
    resident = make_resident(session, address, NOW)
    message = IncomingMessage(address=address, update_id="1", received_at=NOW, text=WORDS)
    row = ChatInbox(
        channel="web",
        update_id="1",
        resident=resident.id,
        payload=message.to_json(),
        status="dead",
        received_at=NOW,
        problem="RuntimeError",
    )
    session.add(row)
    session.add(ChatOutbox(delivery_key="k", resident=resident.id, made_at=NOW))
    session.commit()
    return row.id or 0


@pytest.fixture(params=["memory", "service"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    if request.param == "memory":
        yield in_memory()
        return
    service = Service(settings=Settings(data_dir=tmp_path / "data"))
    prepare_database(service)
    with service.open_session() as session:
        message_id = fill(session)
    yield Case(
        operations=ServiceOperations(
            service.open_session,
            OneParkedJob(),  # type: ignore[arg-type]
            open_channels=lambda: ["web"],
            now=lambda: NOW,
        ),
        message_id=message_id,
    )
    service.close()


class TestOperations:
    def test_channels_tell_how_they_do(self, case: Case) -> None:
        (web,) = case.operations.channels()
        assert (web.name, web.open, web.last_received_at) == ("web", True, NOW)
        assert (web.given_up, web.unsent, web.waiting, web.failed) == (1, 1, 0, 0)
        assert web.last_sent_at is None

    def test_a_message_is_answered_again_once(self, case: Case) -> None:
        (message,) = case.operations.given_up()
        assert (message.id, message.problem) == (case.message_id, "RuntimeError")
        assert message.said.startswith("电梯又坏了")
        assert "13800138000" not in message.said
        assert case.operations.answer_again(message.id)
        assert not case.operations.answer_again(message.id)
        assert case.operations.given_up() == []

    def test_an_unknown_message_is_not_answered(self, case: Case) -> None:
        assert not case.operations.answer_again(999)

    def test_a_job_is_retried_once(self, case: Case) -> None:
        (job,) = case.operations.parked()
        assert (job.id, job.name, job.about) == ("deliver:7", "deliver", "7")
        assert not case.operations.retry("deliver:8")
        assert case.operations.retry(job.id)
        assert not case.operations.retry(job.id)
        assert case.operations.parked() == []

    def test_a_job_is_dropped_once(self, case: Case) -> None:
        assert not case.operations.drop("deliver:8")
        assert case.operations.drop("deliver:7")
        assert not case.operations.drop("deliver:7")
        assert case.operations.parked() == []
