"""The desk alone on a loopback port, on the lively sample: quick, as no model is loaded."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from sqlmodel import SQLModel

from console.operations import ChannelHealth, GivenUpMessage, MemoryOperations, ParkedWork
from console.pages import Pages
from huiyin.database import make_engine
from knowledge.importing import import_paths
from petitions.organisation_files import load_organisation
from tests.browser.sample_life import STORIES, Street, earlier_stories
from tests.browser.sample_questions import ask_lately, oversee
from tests.console.desk_world import SAMPLE, Desk, open_sample_accounts

START_TIMEOUT_SECONDS = 20
TEXTS = ("elevator-guide.md", "ebike-rule.md", "noise-guide.md", "property-fee-guide.md")


@dataclass(frozen=True, kw_only=True)
class DeskServer:
    """A running desk, its address, and the numbers of its cases by the stories' names."""

    desk: Desk
    url: str
    numbers: dict[str, str]


@contextlib.contextmanager
def desk_server(folder: Path) -> Iterator[DeskServer]:
    """Serve the sample until the block is left."""
    desk, numbers = lively_desk(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(desk.app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        _wait(server)
        yield DeskServer(desk=desk, url=f"http://127.0.0.1:{port}", numbers=numbers)
    finally:
        server.should_exit = True
        thread.join(10)
        desk.close()
        desk.engine.dispose()


def lively_desk(folder: Path) -> tuple[Desk, dict[str, str]]:
    """The desk on the sample, and the numbers of its cases by the stories' names."""
    desk = _make_desk(folder)
    return desk, _live(desk)


def _make_desk(folder: Path) -> Desk:
    engine = make_engine(f"sqlite:///{folder / 'desk.db'}")
    SQLModel.metadata.create_all(engine)
    organisation = load_organisation(SAMPLE)
    desk = Desk(engine, organisation, Pages())
    desk.time = datetime.now(UTC)
    open_sample_accounts(engine, organisation, desk.time)
    texts = desk.services.texts
    assert texts
    import_paths(desk.session, texts.embedder, [SAMPLE / "texts" / name for name in TEXTS])
    texts.base.refresh()
    ask_lately(texts, now=desk.time)
    desk.app.state.services = replace(desk.services, operations=_troubles(desk.time))
    return desk


def _troubles(now: datetime) -> MemoryOperations:
    """One of everything that an administrator may have to look at."""
    return MemoryOperations(
        channels=[
            ChannelHealth(name="web", open=True, last_received_at=now, last_sent_at=now),
            ChannelHealth(name="wechat", open=True, unsent=3, waiting=1, last_received_at=now),
            ChannelHealth(name="telegram", open=False, failed=2),
        ],
        given_up=[
            GivenUpMessage(
                id=7, channel="wechat", received_at=now, problem="TimedOut", said="楼道灯不亮"
            )
        ],
        parked=[
            ParkedWork(
                id="deliver_notification:31",
                name="deliver_notification",
                about="31",
                parked_at=now,
            )
        ],
    )


def _live(desk: Desk) -> dict[str, str]:
    stories: tuple[Any, ...] = (*earlier_stories(2), *STORIES)
    # Looked up before: inside of a story's transaction another one would wait for it.
    for username in {step.who for story in stories for step in story.steps if step.who}:
        desk.actor(username)
    street = Street(open_work=desk.work, actor_of=desk.actor, keep=desk.files.keep, now=desk.time)
    receipts = street.live(stories)
    with desk.work() as work:
        case_id = receipts["night work"].case_id
        oversee(work, case_id, asked_by=desk.actor("committee"), now=desk.time)
    return {name: one.number for name, one in receipts.items()}


def _wait(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError("the desk did not start")
        time.sleep(0.05)
