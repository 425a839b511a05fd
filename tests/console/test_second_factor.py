"""A one-time code at sign-in: asked for after the password, good once, never in the way else."""

import re

import pyotp
from sqlmodel import select

from console.tables import DeskSecondFactor
from tests.console.desk_world import PASSWORD, Browser, Desk


def turn_on(desk: Desk, username: str) -> pyotp.TOTP:
    browser = desk.signed_in(username)
    page = browser.post("/desk/account/second-factor", factor_password=PASSWORD).text
    found = re.search(r'class="secret">([A-Z2-7]{32})<', page)
    assert found
    totp = pyotp.TOTP(found[1])
    answer = browser.post("/desk/account/second-factor/confirm", code=totp.at(desk.time))
    assert "两步验证已开启" in answer.text
    return totp


def ticket_of(browser: Browser, username: str) -> str:
    page = browser.sign_in(username).text
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found, page[:300]
    return found[1]


def give_code(browser: Browser, ticket: str, code: str) -> str:
    words = {"csrf": browser.csrf, "ticket": ticket, "code": code}
    return browser.client.post("/desk/sign-in", data=words).text


def test_a_code_is_asked_for_and_opens_once(desk: Desk) -> None:
    totp = turn_on(desk, "committee")
    desk.later(seconds=60)
    browser, other = desk.browser(), desk.browser()
    code = totp.at(desk.time)
    assert "今天的工单" in give_code(browser, ticket_of(browser, "committee"), code)
    assert "已经用过" in give_code(other, ticket_of(other, "committee"), code)


def test_the_password_alone_opens_nothing(desk: Desk) -> None:
    turn_on(desk, "committee")
    browser = desk.browser()
    ticket_of(browser, "committee")
    assert browser.client.get("/desk", follow_redirects=False).status_code == 303


def test_a_ticket_is_worth_nothing_elsewhere_or_later(desk: Desk) -> None:
    totp = turn_on(desk, "committee")
    desk.later(seconds=60)
    browser, thief = desk.browser(), desk.browser()
    ticket = ticket_of(browser, "committee")
    thief.csrf = thief.client.get("/desk/sign-in").text.split('name="csrf" value="')[1][:64]
    assert "请重新输入" in give_code(thief, ticket, totp.at(desk.time))
    desk.later(minutes=6)
    assert "请重新输入" in give_code(browser, ticket, totp.at(desk.time))
    assert "请重新输入" in give_code(browser, "1.99999999999.x", totp.at(desk.time))


def test_guessing_codes_locks_like_guessing_passwords(desk: Desk) -> None:
    turn_on(desk, "committee")
    browser = desk.browser()
    ticket = ticket_of(browser, "committee")
    for _ in range(5):
        assert "动态码不对" in give_code(browser, ticket, "000000")
    assert "输错次数太多" in give_code(browser, ticket, "000000")


def test_the_secret_is_encrypted_at_rest(desk: Desk) -> None:
    totp = turn_on(desk, "committee")
    with desk.session() as session:
        row = session.exec(select(DeskSecondFactor)).one()
    assert totp.secret not in row.sealed_secret


def test_an_admin_helps_whoever_lost_the_phone_but_not_oneself(desk: Desk) -> None:
    turn_on(desk, "committee")
    admin = desk.signed_in("admin")
    ids = {one.username: one.id for one in desk.people()}
    assert admin.post(f"/desk/staff/{ids['admin']}/second-factor").status_code == 403
    admin.post(f"/desk/staff/{ids['committee']}/second-factor")
    assert "今天的工单" in desk.browser().sign_in("committee").text


def test_turning_it_on_or_off_needs_the_password(desk: Desk) -> None:
    browser = desk.signed_in("committee")
    answer = browser.post("/desk/account/second-factor", factor_password="wrong")
    assert answer.status_code == 422
    assert "secret" not in answer.text
    turn_on(desk, "committee")
    browser.post("/desk/account/second-factor/drop", factor_password="wrong")
    ticket_of(desk.browser(), "committee")
    browser.post("/desk/account/second-factor/drop", factor_password=PASSWORD)
    assert "今天的工单" in desk.browser().sign_in("committee").text


def test_other_devices_are_signed_out(desk: Desk) -> None:
    one, other = desk.signed_in("committee"), desk.signed_in("committee")
    one.post("/desk/account/sessions/end")
    assert other.client.get("/desk", follow_redirects=False).status_code == 303
    assert one.get("/desk/account").status_code == 200


def test_an_admin_unlocks_whoever_was_locked_everywhere(desk: Desk) -> None:
    for number in range(30):
        client = desk.browser()
        client.client.headers["x"] = str(number)
        client.sign_in("committee", "wrong word here")
    admin = desk.signed_in("admin")
    ids = {one.username: one.id for one in desk.people()}
    answer = admin.post(f"/desk/staff/{ids['committee']}/unlock")
    assert "已解除登录锁定" in answer.text
