"""The chat in a frame of another site: who may, and which cookie is set there."""

from collections.abc import Iterator
from dataclasses import replace

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

IN_A_FRAME = {"sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site"}


@pytest.fixture
def chat(world: ChatWorld) -> WebChat:
    world.channels["web"] = WebChannel()  # type: ignore[assignment]
    return WebChat(
        inbox=world.inbox,
        history=WebHistory(world.database),
        attachments=world.attachments,
        pages=WebPages(operator=Operator(name="槐荫社区")),
        contact=ContactPage(world.open, world.tell_time),
        track=TrackPage(world.open, world.tell_time),
        identities=WebIdentities(b"a secret of the tests only"),
        now=world.tell_time,
        limit=RateLimit(),
        secure_cookies=True,
        embed_origins=("https://www.example.cn",),
    )


def client_of(chat: WebChat) -> TestClient:
    app = FastAPI()
    app.include_router(chat_router(chat))
    return TestClient(app, base_url="https://testserver")


@pytest.fixture
def client(chat: WebChat) -> Iterator[TestClient]:
    with client_of(chat) as client:
        yield client


def test_only_the_named_site_may_frame_the_chat(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "frame-ancestors 'self' https://www.example.cn" in policy
    assert "frame-ancestors 'none'" not in policy


def test_without_a_named_site_nobody_may(chat: WebChat) -> None:
    with client_of(replace(chat, embed_origins=())) as client:
        policy = client.get("/").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy


def test_a_frame_gets_a_cookie_of_that_site_alone(client: TestClient) -> None:
    cookie = client.get("/", headers=IN_A_FRAME).headers["set-cookie"]
    assert "SameSite=None" in cookie
    assert "Partitioned" in cookie
    assert "Secure" in cookie
    assert "HttpOnly" in cookie


def test_the_page_itself_keeps_its_stricter_cookie(client: TestClient) -> None:
    cookie = client.get("/").headers["set-cookie"]
    assert "SameSite=lax" in cookie
    assert "Partitioned" not in cookie


def test_any_site_may_load_the_script(client: TestClient) -> None:
    answer = client.get("/chat/widget.js")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-type"].startswith("text/javascript")


def test_a_voice_message_recorded_in_the_page_is_kept_as_voice(
    client: TestClient, world: ChatWorld
) -> None:
    page = client.get("/").text
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    webm = b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1f\x42\x86\x81\x01\x42\xf7\x81\x01"
    webm += b"\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm" + b"\x00" * 64
    sent = client.post(
        "/api/v1/chat/messages",
        data={"csrf": csrf, "client_id": "v1"},
        files={"photo": ("voice.webm", webm, "audio/webm")},
    )
    assert sent.status_code == 200
    assert "语音" in sent.json()["messages"][0]["html"]
