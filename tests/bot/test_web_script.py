"""What the script of the web chat does in a real browser, against a server made of answers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    Route,
    expect,
    sync_playwright,
)

from bot.channels.web_pages import CONTENT_SECURITY_POLICY, STATIC_FOLDER, WebPages
from bot.channels.web_views import Bubble, ChatView, Operator, Visit
from bot.messages import Choice, OutgoingMessage

pytestmark = pytest.mark.browser

ORIGIN = "http://huiyin.localhost"
CHROMIUM = Path("/usr/bin/chromium")
TOKENS = Path(__file__).resolve().parents[2] / "console" / "static" / "tokens.css"
NOW = datetime(2026, 11, 23, 6, 20, tzinfo=UTC)
CHOICES = (Choice(payload="useful:1", label="有用"), Choice(payload="file:1", label="转成诉求"))


class AnsweringServer:
    """Stands in for web.py: keeps what was sent, answers each message once."""

    def __init__(self) -> None:
        self.pages = WebPages(operator=Operator(name="槐安街道"))
        self.visit = Visit(now=NOW, csrf="token")
        self.bubbles: list[Bubble] = []
        self.posts: list[dict[str, str]] = []
        self.refusals: list[tuple[int, dict[str, str]] | None] = []
        self.answers_at_once = True
        self.problems: list[str] = []
        self.frame_ancestors = "'none'"

    def handle(self, route: Route) -> None:
        """One request of the browser."""
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        if path.startswith("/api/"):
            self._api(route)
        elif path.startswith("/chat/static/"):
            route.fulfill(path=STATIC_FOLDER / path.rpartition("/")[2])
        elif path.endswith("tokens.css") and TOKENS.exists():
            route.fulfill(path=TOKENS)
        elif path == "/":
            self._page(route)
        else:
            route.fulfill(status=404)

    def _policy(self) -> str:
        framed = f"frame-ancestors {self.frame_ancestors}"
        return CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", framed)

    def push(self, text: str, *choices: Choice) -> None:
        """Say something without being asked."""
        reply = OutgoingMessage(text=text, choices=choices)
        self.bubbles.append(Bubble(id=str(len(self.bubbles) + 1), at=NOW, reply=reply))

    def _page(self, route: Route) -> None:
        view = ChatView(bubbles=tuple(self.bubbles), last=str(len(self.bubbles)))
        route.fulfill(
            body=self.pages.render_chat(self.visit, view),
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": self._policy()},
        )

    def _api(self, route: Route) -> None:
        if route.request.method == "POST":
            self._take(route)
        else:
            after = int(route.request.url.partition("after=")[2] or 0)
            self._tell(route, after)

    def _take(self, route: Route) -> None:
        fields = _fields(route.request)
        self.posts.append(fields)
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal and not refusal[0]:
            route.abort("connectionreset")
        elif refusal:
            route.fulfill(status=refusal[0], json=refusal[1])
        else:
            self._answer(route, fields)

    def _answer(self, route: Route, fields: dict[str, str]) -> None:
        before = len(self.bubbles)
        said = fields.get("text") or f"[{fields.get('choice')}]"
        self.bubbles.append(Bubble(id=str(before + 1), at=NOW, said=said))
        if self.answers_at_once:
            self.push(f"收到：{said}", *CHOICES)
        self._tell(route, before)

    def _tell(self, route: Route, after: int) -> None:
        messages = self.pages.render_messages(self.visit, self.bubbles[after:])
        route.fulfill(
            body=json.dumps({"messages": messages, "last": str(len(self.bubbles))}),
            content_type="application/json",
        )


def _fields(request: Request) -> dict[str, str]:
    head = f"content-type: {request.headers['content-type']}\r\n\r\n".encode()
    form = message_from_bytes(head + (request.post_data_buffer or b""), policy=policy.HTTP)
    return {
        str(part.get_param("name", header="content-disposition")): _text(part)
        for part in form.iter_parts()
    }


def _text(part: Any) -> str:
    return bytes(part.get_payload(decode=True)).decode("utf-8", "replace")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            args=["--headless", "--no-sandbox", "--disable-gpu"],
            executable_path=CHROMIUM if CHROMIUM.exists() else None,
        )
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context
    context.close()


@pytest.fixture
def server() -> AnsweringServer:
    return AnsweringServer()


@pytest.fixture
def page(context: BrowserContext, server: AnsweringServer) -> Iterator[Page]:
    page = context.new_page()
    page.on("pageerror", lambda error: server.problems.append(str(error)))
    page.on("console", lambda line: _keep_policy_breaches(server, line.text))
    page.route("**/*", server.handle)
    page.goto(ORIGIN)
    yield page
    assert server.problems == []


def _keep_policy_breaches(server: AnsweringServer, line: str) -> None:
    if "Content Security Policy" in line:
        server.problems.append(line)


def _shown(page: Page) -> list[str]:
    return [words.strip() for words in page.locator("#messages .bubble").all_inner_texts()]


def _say(page: Page, words: str) -> None:
    page.fill("#text", words)
    page.click("#send")


def test_a_message_is_answered_without_loading_the_page(
    page: Page, server: AnsweringServer
) -> None:
    page.evaluate("window.isSamePage = true")
    _say(page, "电梯坏了\n<b>两天</b>")
    page.wait_for_selector("text=收到")
    assert _shown(page)[-2:] == ["电梯坏了\n<b>两天</b>", "收到：电梯坏了\n<b>两天</b>"]
    assert page.evaluate("window.isSamePage")
    assert page.input_value("#text") == ""
    assert server.posts[0]["csrf"] == "token"


def test_a_tap_sends_its_choice_and_the_old_buttons_go(page: Page, server: AnsweringServer) -> None:
    page.click("text=查我的诉求")
    page.wait_for_selector("text=收到：查我的诉求")
    page.click("button:has-text('有用')")
    page.wait_for_selector("text=收到：[useful:1]")
    assert server.posts[1]["choice"] == "useful:1"
    assert server.posts[1]["tapped"] == "2"
    assert page.locator(".choices").count() == 1


def test_a_double_tap_is_sent_once(page: Page, server: AnsweringServer) -> None:
    page.evaluate("for (const _ of [1, 2, 3]) document.querySelector('.choices button').click()")
    page.wait_for_selector("text=收到")
    assert len(server.posts) == 1


def test_what_was_typed_stays_when_it_could_not_be_sent_and_keeps_its_identity(
    page: Page, server: AnsweringServer
) -> None:
    server.refusals = [(0, {}), (429, {"message": "请等 5 秒再发。"}), None]
    _say(page, "漏水了")
    page.wait_for_selector("#problem:not([hidden])")
    assert page.input_value("#text") == "漏水了"
    page.click("#send")
    page.wait_for_selector("text=请等 5 秒再发。")
    page.click("#send")
    page.wait_for_selector("text=收到：漏水了")
    assert len({post["client_id"] for post in server.posts}) == 1
    assert page.is_hidden("#problem")
    _say(page, "漏水了")
    expect(page.locator("#messages .ours")).to_have_count(3)
    assert len({post["client_id"] for post in server.posts}) == 2


def test_a_lost_session_keeps_the_words_over_a_reload(page: Page, server: AnsweringServer) -> None:
    server.refusals = [(403, {})]
    page.locator("#text").press_sequentially("路灯不亮")
    page.click("#send")
    page.click("#problem a")
    page.wait_for_load_state()
    assert page.input_value("#text") == "路灯不亮"


def test_news_arrives_while_the_page_is_open_and_only_once(
    page: Page, server: AnsweringServer
) -> None:
    server.push("HY20261122-0007 有答复了")
    page.wait_for_selector("text=有答复了", timeout=8000)
    page.wait_for_timeout(3500)
    assert page.locator("text=有答复了").count() == 1


def test_an_answer_that_comes_later_is_announced_as_being_worked_on(
    page: Page, server: AnsweringServer
) -> None:
    server.answers_at_once = False
    _say(page, "高龄津贴怎么领")
    page.wait_for_selector("#status.working")
    server.push("查到了")
    page.wait_for_selector("text=查到了")
    assert page.inner_text("#status") == ""


def test_a_photo_that_is_too_large_is_said_before_it_is_sent(
    page: Page, server: AnsweringServer, tmp_path: Path
) -> None:
    large, small = tmp_path / "large.jpg", tmp_path / "small.jpg"
    large.write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    small.write_bytes(b"x")
    page.set_input_files("#photo", large)
    assert "10 MB" in page.inner_text("#problem")
    page.set_input_files("#photo", small)
    assert page.inner_text("#photo-chip .chip-words") == "照片：small.jpg"
    page.click("#send")
    page.wait_for_selector("text=收到")
    assert "photo" in server.posts[0]
    assert page.is_hidden("#enclosed")


def test_a_place_is_enclosed_when_the_resident_allows_it(
    page: Page, context: BrowserContext, server: AnsweringServer
) -> None:
    context.grant_permissions(["geolocation"], origin=ORIGIN)
    context.set_geolocation({"latitude": 39.9, "longitude": 116.4})
    page.click("#location")
    page.wait_for_selector("#location-chip:not([hidden])")
    page.click("#send")
    page.wait_for_selector(".ours >> text=收到")
    assert (server.posts[0]["latitude"], server.posts[0]["longitude"]) == ("39.90000", "116.40000")


def test_somebody_reading_further_up_is_not_pulled_down(
    page: Page, server: AnsweringServer
) -> None:
    for number in range(12):
        _say(page, f"第{number}句\n" * 3)
        expect(page.locator("#messages .own:not(.sending)")).to_have_count(number + 1)
    page.evaluate("document.getElementById('log').scrollTop = -600")
    server.push("您的诉求办结了")
    page.wait_for_selector("#news:not([hidden])", timeout=8000)
    assert page.evaluate("document.getElementById('log').scrollTop") < -500
    page.click("#news")
    expect(page.locator("text=您的诉求办结了")).to_be_in_viewport()


def test_in_elder_mode_what_was_said_before_is_folded_away(
    page: Page, server: AnsweringServer
) -> None:
    server.visit = Visit(now=NOW, csrf="token", elder=True)
    page.goto(ORIGIN)
    for words in ("电梯坏了", "三号楼"):
        _say(page, words)
        page.wait_for_selector(f"text=收到：{words}")
    assert _shown(page) == ["三号楼", "收到：三号楼"]
    page.click("#folded summary")
    assert page.is_visible("text=收到：电梯坏了")


class TestVoice:
    def test_a_voice_message_can_be_recorded_where_the_browser_can(self, page: Page) -> None:
        expect(page.locator("#voice")).to_be_visible()
        expect(page.locator("#voice")).to_have_attribute("aria-pressed", "false")

    def test_replies_are_read_aloud_in_the_elder_version_only(
        self, page: Page, server: AnsweringServer
    ) -> None:
        assert page.locator(".read-aloud").count() == 0
        server.visit = Visit(now=NOW, csrf="token", elder=True)
        page.reload()
        expect(page.get_by_role("button", name="读给我听")).to_have_count(1)
        page.locator("#text").fill("楼道灯坏了")
        page.get_by_role("button", name="发送").click()
        expect(page.locator("#messages .ours .read-aloud").last).to_be_visible()


class TestWidget:
    def test_a_button_on_another_site_opens_the_chat_in_a_frame(
        self, context: BrowserContext, server: AnsweringServer
    ) -> None:
        page = context.new_page()
        body = f'<h1>社区网站</h1><script src="{ORIGIN}/chat/widget.js" defer></script>'

        def handle(route: Route) -> None:
            url = route.request.url
            if url.startswith("http://site.localhost"):
                route.fulfill(body=body, content_type="text/html; charset=utf-8")
            elif url.endswith("widget.js"):
                route.fulfill(path=STATIC_FOLDER / "widget.js")
            else:
                server.handle(route)

        server.frame_ancestors = "http://site.localhost"
        page.route("**/*", handle)
        page.goto("http://site.localhost/")
        assert len(page.frames) == 1 or page.frames[1].url == "about:blank"
        # The shadow is closed to the page, not to the keyboard.
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        while not (framed := [one for one in page.frames if one.url.startswith(ORIGIN)]):
            page.wait_for_timeout(20)
        [frame] = framed
        expect(frame.locator("#text")).to_be_visible()
