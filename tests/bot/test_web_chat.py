"""The web chat over HTTP, without a browser: forms, the script's calls, and those who mean harm."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.channels.web_history import Place
from bot.channels.web_identity import COOKIE, WebIdentities
from bot.rate_limit import RateLimit
from tests.bot.chat_world import LINK_ADDRESS, ChatWorld, Talk
from tests.bot.web_browser import Browser

pytest_plugins = ["tests.bot.web_fixtures"]


def test_the_first_visit_greets_and_sets_a_cookie_that_scripts_can_not_read(
    browser: Browser,
) -> None:
    assert "回音" in browser.page
    assert len(browser.client.cookies[COOKIE]) == 43
    assert "set-cookie" not in browser.client.get("/").headers
    fresh = TestClient(browser.client.app).get("/").headers["set-cookie"].lower()
    assert "httponly" in fresh
    assert "samesite=lax" in fresh


def test_pages_may_run_and_load_only_what_is_ours(browser: Browser) -> None:
    headers = browser.client.get("/").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "geolocation=(self)" in headers["permissions-policy"]
    assert headers["cache-control"] == "no-store"
    assert not re.search(r"<style|<script>|style=\"|onclick", browser.page)


def test_a_petition_is_filed_by_plain_forms(browser: Browser, web_world: ChatWorld) -> None:
    page = browser.send(text="锦绣家园3号楼电体坏了两天了没人修")
    assert "<dt>地点</dt>" in page
    assert "锦绣家园3号楼" in page
    page = browser.send(choice=browser.button("确认提交"))
    assert "HY20261123-0001" in page
    assert len(web_world.petitions()) == 1
    assert web_world.petitions()[0].channel == "web"


def test_sending_the_same_form_twice_counts_once(browser: Browser, web_world: ChatWorld) -> None:
    browser.send(text="锦绣家园3号楼漏水")
    fields = browser.fields(choice=browser.button("确认提交"))
    for _ in range(3):
        browser.client.post("/chat", data=fields)
    assert len(web_world.petitions()) == 1
    assert browser.open().count("HY20261123-0001") == 1


def test_the_script_gets_the_same_as_json(browser: Browser) -> None:
    said = browser.post(text="电动车能推上楼吗").json()["messages"]
    assert [message["from"] for message in said] == ["resident", "huiyin"]
    assert "禁止在楼道" in said[1]["html"]
    news = browser.client.get("/api/v1/chat/messages", params={"after": "0-0"}).json()
    assert [message["id"] for message in news["messages"]] == [m["id"] for m in said]
    assert browser.client.get("/api/v1/chat/messages", params={"after": news["last"]}).json() == {
        "messages": [],
        "last": news["last"],
    }


def test_the_same_client_id_gets_the_same_answer(browser: Browser) -> None:
    first = browser.post(text="锦绣家园3号楼漏水", client_id="abc").json()
    again = browser.post(text="锦绣家园3号楼漏水", client_id="abc").json()
    assert [said["id"] for said in first["messages"]] == [said["id"] for said in again["messages"]]


def test_a_notice_arrives_while_the_page_is_open(browser: Browser, web_world: ChatWorld) -> None:
    browser.send(text="锦绣家园3号楼电梯坏了")
    browser.send(choice=browser.button("确认提交"))
    last = re.findall(r'data-last="([^"]+)"', browser.page)[0]
    web_world.later(minutes=3)
    web_world.work_to_reply("HY20261123-0001")
    web_world.deliver()
    news = browser.client.get("/api/v1/chat/messages", params={"after": last}).json()
    assert "电梯已修好" in news["messages"][-1]["html"]
    assert "非常满意" in news["messages"][-1]["html"]


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>漏水", '"><img src=x onerror=alert(1)>', "{{7*7}} ' OR 1=1 --"],
)
def test_markup_is_shown_as_words(browser: Browser, hostile: str) -> None:
    page = browser.send(text=hostile)
    assert hostile not in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_photo_comes_along_and_only_its_sender_sees_it_again(
    browser: Browser, png: bytes, app: FastAPI
) -> None:
    said = browser.post(text="墙裂了", files={"photo": ("a.png", png, "image/png")}).json()
    address = re.findall(r'<img src="([^"]+)"', said["messages"][0]["html"])[0]
    address = address.replace("&amp;", "&")
    shown = browser.client.get(address)
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "image/png"
    stranger = Browser(TestClient(app))
    stranger.open()
    assert stranger.client.get(address).status_code == 404
    assert browser.client.get(address.replace("key=", "key=0")).status_code == 404


def test_a_file_that_is_no_photo_is_refused_in_the_chat(browser: Browser) -> None:
    said = browser.post(files={"photo": ("a.png", b"MZ program", "image/png")}).json()
    assert "没有收下" in said["messages"][-1]["html"]


@pytest.mark.parametrize("megabytes", [2, 20])
def test_a_large_upload_is_refused_kindly(browser: Browser, megabytes: int) -> None:
    content = b"\xff\xd8\xff" + b"0" * (megabytes * 1024 * 1024)
    files = {"photo": ("a.jpg", content, "image/jpeg")}
    response = browser.post(files=files)
    assert response.status_code == 413
    assert "1 MB" in response.json()["message"]
    page = browser.client.post("/chat", data=browser.fields(), files=files)
    assert page.status_code == 413
    assert "1 MB" in page.text


def test_a_location_comes_along(browser: Browser, web_world: ChatWorld) -> None:
    browser.post(text="路灯坏了", latitude="31.2", longitude="121.4")
    browser.open()
    browser.send(choice=browser.button("确认提交"))
    assert web_world.petitions()


@pytest.mark.parametrize("latitude", ["", "nan", "91", "north", "1e999"])
def test_a_strange_location_is_passed_over(browser: Browser, latitude: str) -> None:
    assert browser.post(text="你好", latitude=latitude, longitude="121").status_code == 200


@pytest.mark.parametrize("text", ["", "   ", "😀", "字" * 10_000, "字" * 30_000, "a\x00b"])
def test_every_text_gets_a_sensible_answer(browser: Browser, text: str) -> None:
    said = browser.post(text=text)
    assert said.status_code == 200
    assert said.json()["messages"][-1]["from"] == "huiyin"


def test_a_text_longer_than_any_form_is_refused(browser: Browser) -> None:
    assert browser.post(text="字" * 500_000).status_code == 413


@pytest.mark.parametrize("change", [{"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "é"}])
def test_a_form_from_elsewhere_is_refused(browser: Browser, change: dict[str, str]) -> None:
    assert browser.post(text="你好", **change).status_code == 403
    page = browser.client.post("/chat", data=browser.fields(text="写好的话", **change))
    assert page.status_code == 403
    assert "写好的话" in page.text


def test_a_form_sent_from_another_site_is_refused(browser: Browser) -> None:
    response = browser.client.post(
        "/chat", data=browser.fields(text="你好"), headers={"sec-fetch-site": "cross-site"}
    )
    assert response.status_code == 403


def test_without_a_cookie_nothing_is_told(app: FastAPI) -> None:
    client = TestClient(app)
    assert client.get("/api/v1/chat/messages").status_code == 401
    assert client.post("/api/v1/chat/messages", data={"text": "你好"}).status_code == 403


def test_one_resident_never_sees_another(browser: Browser, app: FastAPI) -> None:
    browser.send(text="锦绣家园3号楼漏水")
    stranger = Browser(TestClient(app))
    assert "漏水" not in stranger.open()
    news = stranger.client.get("/api/v1/chat/messages", params={"after": "0-0"}).json()
    assert news["messages"] == []


def test_a_flood_is_slowed_down_kindly(browser: Browser, web_world: ChatWorld) -> None:
    statuses = [browser.post(text="你好", client_id=f"c{n}").status_code for n in range(22)]
    assert statuses == [200] * 20 + [429] * 2
    refused = browser.post(text="你好", client_id="x")
    assert refused.headers["retry-after"] == "1"
    assert "请等 1 秒" in refused.json()["message"]
    web_world.later(seconds=5)
    assert browser.post(text="你好", client_id="y").status_code == 200


def test_a_conversation_resumes_after_a_reload_and_reaches_back(browser: Browser) -> None:
    for number in range(18):
        browser.post(text=f"你好 {number}", client_id=f"c{number}")
    browser.open()
    assert "你好 0" in browser.page


def test_older_messages_are_a_page_away(browser: Browser, web_world: ChatWorld) -> None:
    for number in range(35):
        web_world.later(seconds=10)
        browser.post(text=f"你好 {number}号", client_id=f"c{number}")
    page = browser.open()
    assert "你好 0号" not in page
    earlier = re.findall(r'href="(\?before=\d+)"', page)[0]
    older = browser.open(f"/{earlier}")
    assert "你好 0号" in older
    assert "你好 34号" not in older


def test_elder_mode_and_language_stay_chosen(browser: Browser) -> None:
    browser.client.post("/chat/elder", data={"csrf": browser.csrf, "elder": "1", "next": "/"})
    assert "data-elder" in browser.open()
    browser.client.post("/chat/language", data={"csrf": browser.csrf, "language": "en"})
    assert 'lang="en"' in browser.open()
    browser.client.post("/chat/language", data={"csrf": browser.csrf, "language": "xx"})
    assert 'lang="en"' in browser.open()


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_switch_never_leads_to_another_site(browser: Browser, target: str) -> None:
    response = browser.client.post(
        "/chat/elder",
        data={"csrf": browser.csrf, "elder": "1", "next": target},
        follow_redirects=False,
    )
    assert response.headers["location"] == "/"


def test_the_language_of_the_browser_is_heard(app: FastAPI) -> None:
    page = TestClient(app).get("/", headers={"accept-language": "en-GB,en;q=0.9"}).text
    assert 'lang="en"' in page


def test_static_files_are_the_two_and_no_other(browser: Browser) -> None:
    for name in re.findall(r'"(/chat/static/[^"]+)"', browser.page):
        response = browser.client.get(name)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
    assert browser.client.get("/chat/static/../web.py").status_code == 404
    assert browser.client.get("/chat/static/web.py").status_code == 404


def test_the_privacy_notice_is_there(browser: Browser) -> None:
    assert "个人信息保护法" in browser.open("/chat/privacy")


@pytest.mark.parametrize("written", ["", "x", "1-", "-1", "1-2-3", "٣-٤", "9" * 30 + "-1"])
def test_a_strange_place_means_the_beginning(written: str) -> None:
    assert Place.read(written) == Place()


class TestContactPage:
    """The one-time local form, asked for from a channel whose servers stand abroad."""

    @pytest.fixture
    def link(self, abroad: Talk) -> str:
        abroad.say("锦绣家园3栋漏水")
        abroad.tap("留电话")
        link = abroad.replies[-1].link
        assert link is not None
        assert link.url.startswith(LINK_ADDRESS)
        return link.url.removeprefix("http://localhost")

    def entry(self, browser: Browser, link: str, **change: str) -> dict[str, str]:
        csrf = re.findall(r'name="csrf" value="([^"]+)"', browser.open(link))[-1]
        usual = {"csrf": csrf, "name": "王芳", "phone": "13800001111", "consent": "yes"}
        return {**usual, **change}

    def test_name_and_phone_reach_the_petition_and_nothing_else(
        self, browser: Browser, link: str, abroad: Talk, web_world: ChatWorld
    ) -> None:
        assert "漏水" in browser.open(link)
        done = browser.client.post(link, data=self.entry(browser, link))
        assert done.status_code == 200
        web_world.delivery.deliver_due()
        told = [message.key for message in web_world.channel.shown_to("wang")]
        assert told[-1] == "contact.received"
        abroad.say("跳过")
        assert abroad.card["联系方式"] == "王** 138****1111"
        abroad.tap("确认提交")
        sealed = web_world.petitions()[0].sealed_phone
        assert sealed is not None
        assert web_world.cipher.unseal(sealed) == "13800001111"

    def test_a_link_works_once(self, browser: Browser, link: str) -> None:
        entry = self.entry(browser, link)
        assert browser.client.post(link, data=entry).status_code == 200
        assert browser.client.post(link, data=entry).status_code == 410
        assert browser.client.get(link).status_code == 410

    def test_a_link_ends(self, browser: Browser, link: str, web_world: ChatWorld) -> None:
        web_world.later(minutes=31)
        assert browser.client.get(link).status_code == 410
        assert "链接" in browser.client.get(link).text

    def test_a_link_ends_with_the_form(self, browser: Browser, link: str, abroad: Talk) -> None:
        abroad.say("跳过")
        abroad.tap("确认提交")
        assert browser.client.get(link).status_code == 410

    def test_its_switches_lead_back_to_it(self, browser: Browser, link: str) -> None:
        csrf = self.entry(browser, link)["csrf"]
        fields = re.findall(r'name="next" value="([^"]+)"', browser.open(link))
        assert set(fields) == {link}
        for path, wish in (("/chat/elder", {"elder": "1"}), ("/chat/language", {"language": "en"})):
            done = browser.client.post(
                path, data={"csrf": csrf, "next": link, **wish}, follow_redirects=False
            )
            assert (done.status_code, done.headers["location"]) == (303, link)
        assert "Your name" in browser.open(link)

    def test_another_page_cannot_use_its_switches(self, browser: Browser, link: str) -> None:
        wrong = {"csrf": "0" * 64, "next": link, "elder": "1"}
        assert browser.client.post("/chat/elder", data=wrong).status_code == 403

    def test_a_guessed_link_opens_nothing(self, browser: Browser) -> None:
        assert browser.client.get("/chat/contact/abcdef").status_code == 410

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"name": ""}, "请写怎么称呼您"),
            ({"name": "王" * 41}, "称呼太长"),
            ({"phone": ""}, "请写电话号码"),
            ({"phone": "abc"}, "这个号码好像不对"),
            ({"consent": ""}, "同意以后才能保存"),
        ],
    )
    def test_a_fault_stands_beside_its_field_and_what_was_typed_stays(
        self, browser: Browser, link: str, change: dict[str, str], sentence: str
    ) -> None:
        response = browser.client.post(link, data=self.entry(browser, link, **change))
        assert response.status_code == 422
        assert sentence in response.text
        if "phone" not in change:
            assert 'value="13800001111"' in response.text
        assert browser.client.get(link).status_code == 200

    def test_without_its_token_the_form_is_not_taken(self, browser: Browser, link: str) -> None:
        response = browser.client.post(link, data=self.entry(browser, link, csrf="0" * 64))
        assert response.status_code == 403


def test_a_rate_limit_lets_bursts_through_and_slows_floods() -> None:
    now = 0.0
    limit = RateLimit(burst=2, per_second=0.5, clock=lambda: now)
    assert [limit.seconds_to_wait("a") for _ in range(3)] == [0, 0, 2]
    assert limit.seconds_to_wait("b") == 0
    now = 2.0
    assert limit.seconds_to_wait("a") == 0


def test_a_cookie_that_we_did_not_make_is_none() -> None:
    identities = WebIdentities(b"a secret of the tests only")
    assert identities.read(None) is None
    assert identities.read("short") is None
    assert identities.read("é" * 43) is None
    made = identities.make()
    assert identities.read(made.token) is not None
    assert made.token not in made.chat_id
