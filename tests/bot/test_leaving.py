"""A resident is forgotten: nothing personal is left anywhere, and the figures stay."""

import json
from datetime import timedelta

import pytest
from sqlmodel import Session, SQLModel, select

from bot.leaving import export_everything, forget_everything
from bot.messages import Attachment, AttachmentKind
from petitions.expiring import expire_contacts
from petitions.filing import file_petition, make_draft
from petitions.history import verify_history
from petitions.statistics import three_rates
from petitions.tables import Case, Petition
from tests.bot.chat_world import ChatWorld, Talk

SECRETS = ("电梯坏了三天", "13912345678", "3号楼", "wang")


@pytest.fixture
def filed(world: ChatWorld, talk: Talk, png: bytes) -> str:
    """A filed, answered petition with a photo; returns its resident."""
    talk.say("锦绣家园3号楼电梯坏了三天，电话13912345678")
    photo = world.attachments.keep(png)
    talk.send(photo)
    talk.tap("确认提交")
    petition = world.petitions()[0]
    world.work_to_reply(petition.number, "您反映的电梯坏了三天，已修好。")
    world.deliver()
    return petition.resident


def everything_stored(world: ChatWorld) -> str:
    """All rows of all tables as text."""
    with Session(world.database) as session:
        tables = SQLModel.metadata.sorted_tables
        rows = [list(map(str, session.execute(select(table)).all())) for table in tables]
    return json.dumps(rows, ensure_ascii=False)


def forget(world: ChatWorld, resident: str) -> None:
    with world.open() as work:
        forgotten = forget_everything(work, resident, now=world.now)
        work.commit()
    for ref in forgotten.files:
        world.attachments.forget(ref)


def rates(world: ChatWorld) -> object:
    with world.open() as work:
        return three_rates(
            work, since=world.now - timedelta(days=30), until=world.now + timedelta(days=1)
        )


def test_nothing_personal_is_left_and_the_figures_stay(world: ChatWorld, filed: str) -> None:
    before = rates(world)
    stored = everything_stored(world)
    assert all(secret in stored for secret in SECRETS if secret != "13912345678")
    forget(world, filed)
    stored = everything_stored(world)
    assert [secret for secret in SECRETS if secret in stored] == []
    assert rates(world) == before
    with world.open() as work:
        case = work.session.exec(select(Case)).one()
        assert (case.title, case.summary) == (case.category_second, "")
        assert verify_history(work, case.id or 0).intact
    assert list(world.attachments._folder.rglob("*.png")) == []


def test_an_open_petition_is_withdrawn_and_doing_it_again_changes_nothing(
    world: ChatWorld, talk: Talk
) -> None:
    talk.say("锦绣家园3号楼电梯坏了三天")
    talk.tap("确认提交")
    resident = world.petitions()[0].resident
    forget(world, resident)
    case = world.cases()[0]
    assert (case.status, case.outcome) == ("closed", "withdrawn")
    forget(world, resident)
    assert world.cases()[0].version == case.version
    # The same person is somebody new now.
    talk.say("锦绣家园5号楼漏水")
    talk.tap("确认提交")
    assert world.petitions()[1].resident != resident


def test_everything_known_is_exported(world: ChatWorld, filed: str) -> None:
    with world.open() as work:
        told = export_everything(work, filed)
    petition = told["petitions"][0]
    assert petition["matter"].startswith("锦绣家园3号楼")
    assert petition["contact_phone"] == "13912345678"
    assert {"code_seal", "salt", "idempotency_key"}.isdisjoint(petition)
    assert told["addresses"][0]["chat_id"] == "wang"
    assert len(told["attachments"]) == 1
    assert json.dumps(told, ensure_ascii=False)


def test_contact_expires_a_year_after_the_end(world: ChatWorld) -> None:
    for number in (1, 2):
        with world.open() as work:
            draft = make_draft(
                matter=f"第{number}件事，楼道灯坏了",
                resident=f"r_{number}",
                channel="web",
                contact_phone="13800001234",
                idempotency_key=f"key-{number}",
            )
            receipt = file_petition(work, draft, now=world.now)
            if number == 1:
                case = work.session.get_one(Case, receipt.case_id)
                case.status, case.closed_at = "closed", world.now
            work.commit()
    world.later(days=366)
    with world.open() as work:
        assert expire_contacts(work, now=world.now) == 1
        work.commit()
        left = [one.sealed_phone is not None for one in work.session.exec(select(Petition))]
    assert left == [False, True]


def test_a_location_is_no_file(world: ChatWorld, talk: Talk) -> None:
    talk.say("锦绣家园3号楼电梯坏了三天")
    talk.send(Attachment(kind=AttachmentKind.LOCATION, latitude=30.1, longitude=120.2))
    talk.tap("确认提交")
    forget(world, world.petitions()[0].resident)
    assert "120.2" not in everything_stored(world)
