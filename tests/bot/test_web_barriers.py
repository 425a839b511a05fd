"""Every page of residents in a real browser: no barrier, nothing too small, nothing cut off."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Browser, Page, sync_playwright

from bot.channels.base import ChannelCapabilities
from tests.bot.chat_world import ChatWorld, Talk

axe_module = pytest.importorskip("axe_playwright_python.sync_playwright")
pytest_plugins = ["tests.bot.web_fixtures"]
pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
STATIC = Path(__file__).resolve().parents[2] / "console" / "static"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
SMALLEST_TARGET = 44
BROKEN_LIFT = "锦绣家园3号楼电体坏了两天了没人修"

TOO_SMALL = """least => [...document.querySelectorAll(
    "button, a.button, summary, input:not([type=hidden]):not([type=checkbox]), textarea, .call")]
  .filter(one => one.checkVisibility() && getComputedStyle(one).opacity !== "0")
  .filter(one => !one.classList.contains("unseen"))
  .map(one => [one.outerHTML.slice(0, 100), one.getBoundingClientRect()])
  .filter(([, box]) => box.height > 1 && box.height < least - 0.5)
  .map(([html, box]) => `${Math.round(box.height)} px: ${html}`)"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """The chat on a port of its own."""
    app.mount("/static", StaticFiles(directory=STATIC))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


class Visitor:
    """Somebody who walks through every page and notes what is wrong on the way."""

    def __init__(self, page: Page, width: int, *, asks_axe: bool) -> None:
        self.page = page
        self.width = width
        self._asks_axe = asks_axe
        self.wrong: list[tuple[str, Any]] = []

    def look(self, name: str) -> None:
        found = axe_module.Axe().run(self.page).response["violations"] if self._asks_axe else []
        self.wrong += [
            (name, one["id"], [node["html"][:120] for node in one["nodes"]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        self.wrong += [(name, one) for one in self.page.evaluate(TOO_SMALL, SMALLEST_TARGET)]
        if self.page.evaluate("document.documentElement.scrollWidth") > self.width:
            self.wrong.append((name, "runs off the screen"))

    def say(self, words: str) -> None:
        before = self.page.locator("[data-from=huiyin]").count()
        self.page.fill("#text", words)
        self.page.click("#send")
        self.page.locator("[data-from=huiyin]").nth(before).wait_for()


@pytest.mark.parametrize(
    ("size", "elder", "asks_axe"),
    # Colours and words are the same at every size, and axe takes seconds a page.
    [(PHONE, False, False), (PHONE, True, True), (DESK, False, True)],
    ids=["phone", "phone of an elder", "desk"],
)
def test_no_page_of_residents_has_a_barrier(
    chromium: Browser,
    address: str,
    web_world: ChatWorld,
    size: dict[str, int],
    elder: bool,
    asks_axe: bool,
) -> None:
    context = chromium.new_context(viewport=size, base_url=address, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    visitor = Visitor(page, size["width"], asks_axe=asks_axe)
    page.goto("/")
    if elder:
        page.click("button[name=elder]")
    visitor.look("first visit")
    visitor.say(BROKEN_LIFT)
    visitor.look("card")
    page.get_by_role("button", name="确认提交").click()
    page.get_by_text("登记好了").wait_for()
    receipt = re.search(r"(HY\d{8}-\d{4,})，查询码 (\w{8})", page.inner_text("main"))
    assert receipt
    page.reload()
    page.get_by_text("登记好了").wait_for()
    visitor.look("filed and reloaded")
    visitor.say("有人要跳楼")
    visitor.look("emergency")
    follow(visitor, receipt[1], receipt[2])
    page.goto("/chat/privacy")
    visitor.look("privacy")
    page.goto(f"/chat/contact/{contact_token(web_world)}")
    visitor.look("contact")
    page.locator("form.fields button").click()
    page.get_by_role("alert").wait_for()
    visitor.look("contact refused")
    context.close()
    assert visitor.wrong == []


def follow(visitor: Visitor, number: str, code: str) -> None:
    """The page that needs no chat: empty, wrong, right."""
    page = visitor.page
    page.goto("/track")
    visitor.look("track")
    for typed, name in (("ABCD2345", "track wrong"), (code, "track found")):
        page.fill("#number", number)
        page.fill("#code", typed)
        page.locator("form.fields button").click()
        page.get_by_text("对不上" if name == "track wrong" else "办理经过").wait_for()
        visitor.look(name)


def contact_token(world: ChatWorld) -> str:
    """A link as residents of an app abroad are sent it."""
    world.channel.capabilities = ChannelCapabilities(contact_allowed=False)
    talk = Talk(world)
    talk.say("锦绣家园5栋路灯不亮")
    talk.tap("留电话")
    return next(reply.link.url for reply in talk.replies if reply.link).rpartition("/")[2]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_without_a_script_everything_is_in_reach(
    chromium: Browser, address: str, size: dict[str, int]
) -> None:
    context = chromium.new_context(  # type: ignore[call-overload]
        viewport=size, base_url=address, locale="zh-CN", java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/")
    page.fill("#text", BROKEN_LIFT)
    page.click("#send")
    page.get_by_role("button", name="确认提交").click()
    receipt = re.search(r"(HY\d{8}-\d{4,})，查询码 (\w{8})", page.inner_text("main"))
    assert receipt
    page.goto("/track")
    page.fill("#number", receipt[1])
    page.fill("#code", receipt[2])
    page.locator("form.fields button").click()
    assert "办理经过" in page.inner_text("main")
    context.close()
