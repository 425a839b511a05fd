"""A full disk and a clock that jumps: nothing half is kept, nothing waits for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from bot.leases import Leases
from bot.tables import ChatInbox
from petitions.history import verify_history
from tests.bot.chat_fakes import RuleParser, ShelfOfTexts
from tests.bot.chat_world import ChatWorld, Talk
from tests.bot.conftest import organisation, talk, texts, world

__all__ = ["RuleParser", "ShelfOfTexts", "organisation", "talk", "texts", "world"]


def limit_pages(world: ChatWorld, pages: int) -> None:
    """Let the database grow no further than ``pages``; what it has stays."""

    def limit(connection: object, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    world.database.dispose()
    event.listen(world.database, "connect", limit)


def pages_of(world: ChatWorld) -> int:
    with world.database.connect() as connection:
        return int(connection.execute(text("PRAGMA page_count")).scalar_one())


def report_until_full(world: ChatWorld) -> tuple[list[str], str]:
    """File until the disk is full; the numbers that came back, and the chat that failed."""
    numbers: list[str] = []
    for count in range(500):
        chat = f"chat-{count}"
        try:
            resident = Talk(world, chat=chat)
            resident.say(f"锦绣家园3号楼电梯坏了{'很久' * 200}")
            if "单独登记" in resident.labels:
                resident.tap("单独登记")
            resident.tap("确认提交")
        except (OperationalError, AssertionError):
            return numbers, chat
        numbers.append(resident.text.split("HY")[1][:13])
    raise AssertionError("the disk never became full")


def test_a_full_disk_keeps_nothing_half_and_goes_on_once_there_is_room(world: ChatWorld) -> None:
    limit_pages(world, pages_of(world) + 60)
    numbers, failed = report_until_full(world)
    assert numbers
    assert [one.number.removeprefix("HY") for one in world.petitions()] == numbers
    limit_pages(world, 1_000_000)
    with world.open() as work:
        for case in world.cases():
            assert verify_history(work, case.id or 0).intact
    resident = Talk(world, chat=f"{failed}-again")
    resident.say("锦绣家园5号楼楼道灯坏了")
    resident.tap("确认提交")
    assert "HY" in resident.text
    assert len(world.petitions()) == len(numbers) + 1


def test_a_clock_set_back_blocks_nobody(world: ChatWorld, talk: Talk) -> None:
    """A crash leaves a lease behind, then the clock is set back by a day."""
    with Session(world.database) as session:
        talk.say("你好")
        resident = session.exec(select(ChatInbox.resident)).first()
    leases = Leases(world.database, world.tell_time)
    leases._take(f"talk:{resident}")  # never given back: the process died
    world.now -= timedelta(days=1)
    assert talk.say("锦绣家园3号楼电梯坏了")


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=400)])
def test_filing_goes_on_when_the_clock_jumps(world: ChatWorld, talk: Talk, jump: timedelta) -> None:
    for building in (3, 5):
        talk.say(f"锦绣家园{building}号楼电梯坏了")
        talk.tap("确认提交")
        world.now += jump
    numbers = [petition.number for petition in world.petitions()]
    assert len(set(numbers)) == 2
    with world.open() as work:
        assert all(verify_history(work, case.id or 0).intact for case in world.cases())
