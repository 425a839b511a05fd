"""The operator's commands, on a database of their own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from bot.messages import ResidentAddress
from bot.residents import make_resident
from huiyin.bootstrap import Service
from huiyin.cli import app
from huiyin.preparation import prepare_database
from huiyin.settings import Settings
from petitions import handling
from petitions.actors import Actor
from petitions.filing import file_petition, make_draft
from petitions.tables import Notification, Petition
from petitions.workflow import Role

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
COMMITTEE = Actor(id="lin", name="lin", roles=frozenset({Role.COMMITTEE}), community_id="huaiyin")


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("HUIYIN_DATA_DIR", str(tmp_path / "data"))
    service = Service(settings=Settings())
    prepare_database(service)
    yield service
    service.close()


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result


def file_one(service: Service) -> str:
    """One petition of a resident who is still to be told that it was dispatched."""
    with service.open_work() as work:
        address = ResidentAddress(channel="web", chat_id="abc")
        resident = make_resident(work.session, address, NOW)
        draft = make_draft(
            matter="锦绣家园3栋电梯坏了，老人下不了楼",
            estate="锦绣家园",
            building="3栋",
            resident=resident.id,
            channel="web",
            contact_name="王芳",
            contact_phone="13800001234",
            idempotency_key="key-1",
        )
        receipt = file_petition(work, draft, now=NOW)
        handling.screen_and_dispatch(work, receipt.case_id, actor=COMMITTEE, now=NOW)
        work.commit()
    return receipt.number


def sealed_phone(service: Service) -> str:
    with service.open_session() as session:
        return session.exec(select(Petition.sealed_phone)).one() or ""


def test_backup_and_restore_by_command(service: Service, tmp_path: Path) -> None:
    number = file_one(service)
    written = run("backup", str(tmp_path / "all.zip"))
    file_again = make_draft(
        matter="后来又报的一件事", resident="r_2", channel="web", idempotency_key="key-2"
    )
    with service.open_work() as work:
        file_petition(work, file_again, now=NOW)
        work.commit()
    checked = run("restore", "--check", str(tmp_path / "all.zip"))
    restored = run("restore", "--yes", str(tmp_path / "all.zip"))
    assert written.stdout == checked.stdout == restored.stdout
    with service.open_session() as session:
        assert session.exec(select(Petition.number)).all() == [number]


def test_what_was_still_to_be_told_is_told_after_a_restore(
    service: Service, tmp_path: Path
) -> None:
    file_one(service)
    run("backup", str(tmp_path / "all.zip"))
    run("restore", "--yes", str(tmp_path / "all.zip"))
    with service.open_session() as session:
        pending = session.exec(select(Notification.id)).all()
    asked = service.jobs.waiting()
    assert {job for job in asked if ":restored-" in job} == {
        f"deliver_notification:{number}:{occasion(asked)}" for number in pending
    }


def occasion(asked: list[str]) -> str:
    return next(job.rpartition(":")[2] for job in asked if ":restored-" in job)


def test_rotating_the_key_reseals_and_a_running_process_follows(service: Service) -> None:
    file_one(service)
    before = sealed_phone(service)
    assert service.cipher.unseal(before) == "13800001234"
    result = run("rotate-key")
    assert "2 contact fields" in result.stderr
    after = sealed_phone(service)
    assert after != before
    # The service had loaded its keys before the rotation.
    assert service.cipher.unseal(after) == "13800001234"
    assert service.cipher.reseal(service.cipher.seal("x")) is None
    keys = service.settings.data_dir / "contact.keys"
    assert keys.stat().st_mode & 0o777 == 0o600
    assert "0 contact fields" in run("rotate-key", "--reseal-only").stderr
    with service.open_session() as session:
        index = session.exec(select(Petition.phone_index)).one()
    assert index == service.cipher.blind("13800001234")[0]


def test_keys_of_the_environment_are_not_changed_by_the_command(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYIN_CONTACT_KEYS", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
    result = CliRunner().invoke(app, ["rotate-key"])
    assert result.exit_code == 1
    assert "HUIYIN_CONTACT_KEYS" in str(result.exception)
