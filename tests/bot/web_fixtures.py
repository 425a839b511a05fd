"""Fixtures of the web chat, as a plugin: ``pytest_plugins`` of a test file names it."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.channels.web import WebChat, chat_router
from bot.channels.web_channel import WebChannel
from bot.channels.web_contact import ContactPage
from bot.channels.web_history import WebHistory
from bot.channels.web_identity import WebIdentities
from bot.channels.web_pages import WebPages
from bot.channels.web_track import TrackPage
from bot.channels.web_views import Operator
from bot.rate_limit import RateLimit
from tests.bot.chat_world import ChatWorld
from tests.bot.web_browser import MAX_BYTES, Browser


@pytest.fixture
def web_world(world: ChatWorld) -> ChatWorld:
    world.channels["web"] = WebChannel()  # type: ignore[assignment]
    world.attachments.max_bytes = MAX_BYTES
    return world


@pytest.fixture
def app(web_world: ChatWorld) -> FastAPI:
    app = FastAPI()
    chat = WebChat(
        inbox=web_world.inbox,
        history=WebHistory(web_world.database),
        attachments=web_world.attachments,
        pages=WebPages(operator=Operator(name="槐荫社区"), max_upload_bytes=MAX_BYTES),
        contact=ContactPage(web_world.open, web_world.tell_time),
        track=TrackPage(web_world.open, web_world.tell_time, lambda: web_world.now.timestamp()),
        identities=WebIdentities(b"a secret of the tests only"),
        now=web_world.tell_time,
        limit=RateLimit(burst=20, per_second=1, clock=lambda: web_world.now.timestamp()),
    )
    app.include_router(chat_router(chat))
    return app


@pytest.fixture
def browser(app: FastAPI) -> Iterator[Browser]:
    with TestClient(app) as client:
        browser = Browser(client)
        browser.open()
        yield browser
