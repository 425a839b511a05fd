"""The desk alone on a loopback port, on the lively sample: quick, as no model is loaded."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from sqlmodel import Session, SQLModel

from console.pages import Pages
from console.sample_accounts import read_sample_accounts
from console.staff import create_staff
from huiyin.database import make_engine
from knowledge.importing import import_paths
from petitions.organisation_files import load_organisation
from tests.browser.sample_life import STORIES, Street, earlier_stories
from tests.console.desk_world import CHEAP, PASSWORD, SAMPLE, Desk

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
    desk = _make_desk(folder)
    numbers = _live(desk)
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


def _make_desk(folder: Path) -> Desk:
    engine = make_engine(f"sqlite:///{folder / 'desk.db'}")
    SQLModel.metadata.create_all(engine)
    organisation = load_organisation(SAMPLE)
    desk = Desk(engine, organisation, Pages())
    desk.time = datetime.now(UTC)
    with Session(engine) as session:
        for new in read_sample_accounts(SAMPLE / "staff.yaml"):
            create_staff(
                session,
                new,
                password=PASSWORD,
                passwords=CHEAP,
                organisation=organisation,
                now=desk.time,
                must_change=False,
            )
        session.commit()
    texts = desk.services.texts
    assert texts
    import_paths(desk.session, texts.embedder, [SAMPLE / "texts" / name for name in TEXTS])
    texts.base.refresh()
    return desk


def _live(desk: Desk) -> dict[str, str]:
    stories: tuple[Any, ...] = (*earlier_stories(2), *STORIES)
    # Looked up before: inside of a story's transaction another one would wait for it.
    for username in {step.who for story in stories for step in story.steps if step.who}:
        desk.actor(username)
    street = Street(open_work=desk.work, actor_of=desk.actor, keep=desk.files.keep, now=desk.time)
    return {name: one.number for name, one in street.live(stories).items()}


def _wait(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError("the desk did not start")
        time.sleep(0.05)
