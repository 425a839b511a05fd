"""A channel in bad hours: down, killed, repeating itself. Each message is answered once."""

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import Session, func, select

from bot.channels.base import RetryLater
from bot.tables import ChatInbox
from huiyin.database import make_engine
from tests.bot.chat_world import ChatWorld
from tests.bot.telegram_helpers import ANNA, BEN
from tests.bot.telegram_server import TelegramServer

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 30


def keys_shown(world: ChatWorld, chat: str = "wang") -> list[str]:
    return [message.key for message in world.channel.shown_to(chat)]


def test_a_channel_down_for_an_hour_delays_and_loses_nothing(world: ChatWorld) -> None:
    said = ["你好", "谢谢", "楼道灯坏了没人管"]
    down_until = world.now.timestamp() + 3600
    for minute in range(70):
        if minute % 20 == 0 and said:
            world.inbox.answer(world.message(said.pop(0)))
        if world.now.timestamp() < down_until:
            world.channel.failures = [RetryLater(30)]
        else:
            world.channel.failures = []
        world.delivery.deliver_due()
        world.later(minutes=1)
    world.later(minutes=15)
    world.channel.failures = []
    world.delivery.deliver_due()
    assert keys_shown(world) == ["hello", "thanks", "filing.ask_place"]


@pytest.mark.parametrize("seed", range(3))
def test_updates_that_come_twice_and_out_of_order_are_answered_once(
    world: ChatWorld, seed: int
) -> None:
    residents = [f"r{number}" for number in range(10)]
    updates = [world.message("你好", chat=chat, update_id=f"u-{chat}") for chat in residents]
    storm = [*updates, *updates, *updates]
    random.Random(seed).shuffle(storm)
    for update in storm:
        world.inbox.receive(update)
    for resident in world.inbox.residents_waiting():
        world.inbox.work_through(resident)
    world.delivery.deliver_due()
    assert {chat: keys_shown(world, chat) for chat in residents} == {
        chat: ["hello"] for chat in residents
    }


@contextmanager
def bot_process(folder: Path, server: TelegramServer, *, pause_seconds: float) -> Iterator[None]:
    """A bot that is killed at the end of the block, as by ``kill -9``."""
    command = (sys.executable, "-m", "tests.bot.telegram_child")
    arguments = (str(folder), server.base_url, str(pause_seconds))
    process = subprocess.Popen([*command, *arguments], cwd=ROOT)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def updates_stored(folder: Path) -> int:
    path = folder / "chat.db"
    if not path.exists():
        return 0
    engine = make_engine(f"sqlite:///{path}")
    try:
        with Session(engine.execution_options(read_only=True)) as session:
            return session.exec(select(func.count()).select_from(ChatInbox)).one()
    except Exception:
        # The process has not made its tables yet.
        return 0
    finally:
        engine.dispose()


@pytest.mark.slow
def test_kill_9_between_receiving_and_answering_answers_once(tmp_path: Path) -> None:
    with TelegramServer() as server:
        server.push_text(ANNA, "你好")
        server.push_text(BEN, "楼道灯坏了没人管")
        with bot_process(tmp_path, server, pause_seconds=600):
            assert server.wait_until(lambda: updates_stored(tmp_path) == 2, PATIENCE_SECONDS)
        assert not server.sent_messages(ANNA)
        # Telegram may or may not have heard that we have them: they come once more.
        server.push_same_update_again()
        with bot_process(tmp_path, server, pause_seconds=0):
            for chat in (ANNA, BEN):
                assert server.wait_for_messages(chat, 1, PATIENCE_SECONDS)
            server.push_text(ANNA, "谢谢")
            assert len(server.wait_for_messages(ANNA, 2, PATIENCE_SECONDS)) == 2
        assert [one.text[:3] for one in server.sent_messages(ANNA)] == ["您好，", "不客气"]
        assert len(server.sent_messages(BEN)) == 1
