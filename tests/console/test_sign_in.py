"""Signing in: no fixation, no guessing, no way in without the token of our own form."""

import pytest
from sqlmodel import col, select

from console.desk.sign_in import safe_page
from console.tables import DeskAudit, DeskSession
from tests.console.desk_world import PASSWORD, Desk, csrf_of


def test_a_good_sign_in_opens_the_board(desk: Desk) -> None:
    answer = desk.browser().sign_in("committee")
    assert answer.url.path == "/desk"
    assert "今天的工单" in answer.text
    assert "林晓梅" in answer.text


def test_an_unknown_page_asks_to_sign_in_and_goes_on_from_there(desk: Desk) -> None:
    browser = desk.browser()
    asked = browser.get("/desk/supervision?since=2026-01-01")
    assert asked.url.path == "/desk/sign-in"
    words = {
        "csrf": csrf_of(asked),
        "username": "committee",
        "password": PASSWORD,
        "next": asked.url.params["next"],
    }
    answer = browser.client.post("/desk/sign-in", data=words)
    assert str(answer.url).endswith("/desk/supervision?since=2026-01-01")


def test_the_cookie_of_before_the_sign_in_is_worth_nothing_after_it(desk: Desk) -> None:
    browser = desk.browser()
    browser.client.cookies.set("desk", "planted-by-somebody-else", domain="testserver.local")
    browser.sign_in("committee")
    with desk.session() as session:
        assert len(session.exec(select(DeskSession)).all()) == 1
    stolen = desk.browser()
    stolen.client.cookies.set("desk", "planted-by-somebody-else")
    assert stolen.get("/desk").url.path == "/desk/sign-in"


def test_signing_in_again_ends_the_session_before(desk: Desk) -> None:
    browser = desk.signed_in("committee")
    first = browser.client.cookies["desk"]
    browser.sign_in("committee")
    assert browser.client.cookies["desk"] != first
    old = desk.browser()
    old.client.cookies.set("desk", first)
    assert old.get("/desk").url.path == "/desk/sign-in"


def test_only_a_digest_of_the_cookie_is_stored(desk: Desk) -> None:
    browser = desk.signed_in("committee")
    with desk.session() as session:
        row = session.exec(select(DeskSession)).one()
    assert browser.client.cookies["desk"] not in row.model_dump_json()


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(desk: Desk) -> None:
    browser = desk.browser()
    token = csrf_of(browser.get("/desk/sign-in"))
    words = {"csrf": token, "username": "committee", "password": PASSWORD}
    answer = browser.client.post("/desk/sign-in", data=words, follow_redirects=False)
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("desk="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_signing_out_ends_the_session_on_the_server(desk: Desk) -> None:
    browser = desk.signed_in("committee")
    cookie = browser.client.cookies["desk"]
    browser.post("/desk/sign-out")
    again = desk.browser()
    again.client.cookies.set("desk", cookie)
    assert again.get("/desk").url.path == "/desk/sign-in"


@pytest.mark.parametrize("span", [{"hours": 2}, {"hours": 12}])
def test_a_session_ends_when_idle_and_in_the_end(desk: Desk, span: dict[str, float]) -> None:
    browser = desk.signed_in("committee")
    desk.later(**span)
    assert browser.get("/desk").url.path == "/desk/sign-in"


def test_a_session_in_use_lasts_the_working_day_and_no_longer(desk: Desk) -> None:
    browser = desk.signed_in("committee")
    for _ in range(11):
        desk.later(hours=1)
        assert browser.get("/desk").url.path == "/desk"
    desk.later(hours=1)
    assert browser.get("/desk").url.path == "/desk/sign-in"


def test_a_stolen_cookie_in_another_browser_opens_nothing(desk: Desk) -> None:
    browser = desk.signed_in("committee")
    answer = browser.client.get("/desk", headers={"User-Agent": "another browser"})
    assert answer.url.path == "/desk/sign-in"


@pytest.mark.parametrize("username", ["committee", "nobody", "", "林晓梅", "<script>"])
def test_a_wrong_password_and_an_unknown_name_are_told_alike(desk: Desk, username: str) -> None:
    answer = desk.browser().sign_in(username, "wrong password")
    assert answer.status_code == 401
    assert "用户名或者密码不对" in answer.text
    assert "<script>" not in answer.text.replace('<script src="/static/desk.js', "")


def test_a_closed_account_does_not_open(desk: Desk) -> None:
    desk.signed_in("admin").post("/desk/staff/1/deactivate")
    assert desk.browser().sign_in("committee").status_code == 401


def test_guessing_locks_for_a_while_and_then_opens_again(desk: Desk) -> None:
    browser = desk.browser()
    for _ in range(5):
        assert browser.sign_in("committee", "wrong password").status_code == 401
    locked = browser.sign_in("committee")
    assert locked.status_code == 429
    assert "分钟后再试" in locked.text
    desk.later(minutes=16)
    assert browser.sign_in("committee").url.path == "/desk"


def test_guessing_at_one_name_does_not_lock_a_colleague(desk: Desk) -> None:
    browser = desk.browser()
    for _ in range(6):
        browser.sign_in("committee", "wrong password")
    assert browser.sign_in("supervisor").url.path == "/desk"


def test_a_stranger_elsewhere_does_not_lock_staff_out_with_a_few_guesses(desk: Desk) -> None:
    stranger = desk.browser()
    stranger.client._transport.client = ("203.0.113.9", 1)  # type: ignore[attr-defined]
    for _ in range(6):
        stranger.sign_in("committee", "wrong password")
    assert desk.browser().sign_in("committee").url.path == "/desk"


def test_many_guesses_from_everywhere_lock_the_name(desk: Desk) -> None:
    for address in range(6):
        browser = desk.browser()
        browser.client._transport.client = (f"203.0.113.{address}", 1)  # type: ignore[attr-defined]
        for _ in range(5):
            browser.sign_in("committee", "wrong password")
    assert desk.browser().sign_in("committee").status_code == 429


def test_the_form_without_its_token_is_refused(desk: Desk) -> None:
    browser = desk.browser()
    words = {"username": "committee", "password": PASSWORD}
    assert browser.client.post("/desk/sign-in", data=words).status_code == 403
    browser.get("/desk/sign-in")
    assert browser.client.post("/desk/sign-in", data=words).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/desk",
        "/desk/../../etc",
        "/\\elsewhere.example",
        "/desk\\@elsewhere.example",
        "javascript:alert(1)",
        "/deskelsewhere",
        "/chat",
        "/desk/\r\nSet-Cookie: a=b",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(desk: Desk, address: str) -> None:
    browser = desk.browser()
    token = csrf_of(browser.get("/desk/sign-in"))
    words = {"csrf": token, "username": "committee", "password": PASSWORD, "next": address}
    answer = browser.client.post("/desk/sign-in", data=words, follow_redirects=False)
    assert answer.headers["location"] == (safe_page(address) or "/desk")
    assert answer.headers["location"].startswith("/desk")


def test_the_log_tells_of_sign_ins_but_never_what_was_typed(desk: Desk) -> None:
    browser = desk.browser()
    browser.sign_in("my-own-password-typed-into-the-name", "wrong password")
    browser.sign_in("committee", "wrong password")
    browser.sign_in("committee")
    with desk.session() as session:
        rows = session.exec(select(DeskAudit).order_by(col(DeskAudit.id))).all()
    assert [(row.action, row.actor) for row in rows] == [
        ("sign_in_failed", None),
        ("sign_in_failed", "committee"),
        ("sign_in", "committee"),
    ]


def test_a_first_password_has_to_be_changed_before_anything_else(desk: Desk) -> None:
    admin = desk.signed_in("admin")
    page = admin.post("/desk/staff/1/password").text
    password = page.split('class="secret">')[1].split("<")[0]
    browser = desk.browser()
    assert browser.sign_in("committee", password).url.path == "/desk/account"
    assert browser.get("/desk/supervision").url.path == "/desk/account"
    changed = browser.post(
        "/desk/account/password",
        old_password=password,
        password="another three words",
        password_again="another three words",
    )
    assert "密码已修改" in changed.text
    assert browser.get("/desk").url.path == "/desk"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"password": "short", "password_again": "short"}, "至少 10 个字符"),
        ({"password": PASSWORD, "password_again": PASSWORD}, "和原来的一样"),
        ({"password": "committee-2026", "password_again": "committee-2026"}, "太容易猜到"),
        ({"password": "three other words", "password_again": "and another"}, "两次输入"),
        ({"old_password": "wrong", "password": "three other words"}, "当前密码不对"),
    ],
)
def test_a_bad_new_password_is_refused_beside_its_field(
    desk: Desk, words: dict[str, str], sentence: str
) -> None:
    browser = desk.signed_in("committee")
    typed = {"old_password": PASSWORD, **words}
    typed.setdefault("password_again", typed["password"])
    answer = browser.post("/desk/account/password", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_changing_the_password_ends_all_other_sessions(desk: Desk) -> None:
    other = desk.signed_in("committee")
    browser = desk.signed_in("committee")
    browser.post(
        "/desk/account/password",
        old_password=PASSWORD,
        password="another three words",
        password_again="another three words",
    )
    assert browser.get("/desk").url.path == "/desk"
    assert other.get("/desk").url.path == "/desk/sign-in"
