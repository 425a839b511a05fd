"""The whole road in a real browser: filed in the chat, worked at the desk, answered in the chat."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live_service import LiveService, live_service

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, models_folder: Path) -> Iterator[LiveService]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian package chromium)")
    with live_service(tmp_path_factory.mktemp("live"), models_folder) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def test_a_broken_lift_is_filed_worked_and_answered(
    live: LiveService, browser: "playwright.Browser"
) -> None:
    chat = browser.new_context(viewport=PHONE).new_page()
    desk = browser.new_context(viewport=DESK).new_page()

    number = _file(chat, live.url)
    _sign_in(desk, live, "committee")
    _act(desk, live.url, number, "screen")
    _act(desk, live.url, number, "dispatch")

    unit = browser.new_context(viewport=DESK).new_page()
    _sign_in(unit, live, "elevator")
    _act(unit, live.url, number, "sign_for")
    _act(unit, live.url, number, "start")
    _act(unit, live.url, number, "reply", text="门机已更换，今天下午恢复运行。")

    chat.get_by_text("门机已更换").first.wait_for(timeout=30_000)


def _file(chat: "playwright.Page", url: str) -> str:
    chat.goto(url)
    _say(chat, "锦绣家园3号楼电体坏了两天了没人修，老人下不了楼")
    for _ in range(4):
        confirm = chat.get_by_role("button", name="确认提交")
        chat.wait_for_timeout(1_500)
        if confirm.count():
            break
        _say(chat, "尽快修好")
    confirm.last.click()
    chat.get_by_text(re.compile(r"HY\d{8}-\d{4,}")).first.wait_for(timeout=20_000)
    found = re.search(r"HY\d{8}-\d{4,}", chat.content())
    assert found
    return found.group()


def _say(chat: "playwright.Page", words: str) -> None:
    chat.fill("#text", words)
    chat.locator("#write button:not([type=button])").last.click()
    chat.wait_for_timeout(500)


def _sign_in(page: "playwright.Page", live: LiveService, username: str) -> None:
    page.goto(f"{live.url}/desk/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", live.passwords[username])
    page.locator("main button").last.click()
    page.wait_for_url(re.compile(r"/desk/?(\?.*)?$"))


def _act(page: "playwright.Page", url: str, number: str, verb: str, **fields: str) -> None:
    page.goto(f"{url}/desk/cases/{number}")
    form = page.locator(f"form[action*='/actions/{verb}']")
    folded = page.locator("details:not([open])").filter(has=form)
    if folded.count():
        folded.first.locator("> summary").click()
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("button").last.click()
    page.wait_for_load_state()
    assert "actions" not in page.url, page.locator("main").inner_text()[:400]
