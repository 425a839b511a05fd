"""Accounts: nobody raises himself, nobody is left without an administrator."""

import pytest

from console.passwords import Passwords, make_password
from console.sample_accounts import create_first_accounts, read_sample_accounts
from console.staff import NewStaff, find_by_username
from petitions.workflow import Role
from tests.console.desk_world import CHEAP, SAMPLE, Desk

ADMIN_ID = 5


def test_a_new_account_gets_a_first_password_that_must_be_changed(desk: Desk) -> None:
    page = desk.signed_in("admin").post(
        "/desk/staff",
        username="ChenHong",
        name="陈红",
        roles=["department", "grid_worker"],
        unit_id="qinghe-water",
        community_id="huaiyin",
    )
    password = page.text.split('class="secret">')[1].split("<")[0]
    answer = desk.browser().sign_in("chenhong", password)
    assert "请先把初始密码改成自己的密码" in answer.text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"username": "1x"}, "用户名用小写字母开头"),
        ({"username": "a b"}, "用户名用小写字母开头"),
        ({"username": "committee"}, "已经有人用过"),
        ({"name": ""}, "这一项需要填写"),
        ({"roles": []}, "这一项需要填写"),
        ({"roles": ["system"]}, "没有这个选项"),
        ({"roles": ["resident"]}, "没有这个选项"),
        ({"unit_id": ""}, "需要选择所属单位"),
        ({"unit_id": "nowhere"}, "没有这个选项"),
        ({"community_id": "nowhere"}, "没有这个选项"),
    ],
)
def test_a_wrong_field_is_told_and_the_others_stay(
    desk: Desk, words: dict[str, str | list[str]], sentence: str
) -> None:
    right = {
        "username": "chenhong",
        "name": "陈红",
        "roles": ["department"],
        "unit_id": "qinghe-water",
    }
    answer = desk.signed_in("admin").post("/desk/staff", **{**right, **words})
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    with desk.session() as session:
        assert find_by_username(session, "chenhong") is None


def test_changing_roles_ends_the_sessions_of_before(desk: Desk) -> None:
    theirs = desk.signed_in("committee")
    answer = desk.signed_in("admin").post("/desk/staff/1", roles=["curator"])
    assert "账号已修改" in answer.text
    assert theirs.get("/desk").url.path == "/desk/sign-in"
    assert desk.signed_in("committee").get("/desk").url.path == "/desk/knowledge"


def test_nobody_changes_the_own_account(desk: Desk) -> None:
    browser = desk.signed_in("admin")
    for address in ("", "/deactivate", "/activate", "/password"):
        words = {"roles": ["admin", "supervisor"]} if not address else {}
        assert browser.post(f"/desk/staff/{ADMIN_ID}{address}", **words).status_code == 403
    with desk.session() as session:
        row = find_by_username(session, "admin")
        assert row
        assert row.roles == ["admin"]
        assert row.active


def test_the_last_administrator_stays(desk: Desk) -> None:
    first = desk.signed_in("admin")
    first.post("/desk/staff/1", roles=["admin"])
    second = desk.signed_in("committee")
    assert "账号已停用" in second.post(f"/desk/staff/{ADMIN_ID}/deactivate").text
    second.post(f"/desk/staff/{ADMIN_ID}/activate")
    assert "账号已修改" in second.post(f"/desk/staff/{ADMIN_ID}", roles=["curator"]).text


def test_deactivating_ends_the_session_at_once(desk: Desk) -> None:
    theirs = desk.signed_in("committee")
    desk.signed_in("admin").post("/desk/staff/1/deactivate")
    assert theirs.get("/desk").url.path == "/desk/sign-in"


def test_an_unknown_person_is_not_found(desk: Desk) -> None:
    browser = desk.signed_in("admin")
    assert browser.get("/desk/staff/999").status_code == 404
    assert browser.post("/desk/staff/999/activate").status_code == 404


def test_all_of_it_is_written_down(desk: Desk) -> None:
    browser = desk.signed_in("admin")
    browser.post("/desk/staff/1/password")
    browser.post("/desk/staff/1/deactivate")
    log = browser.get("/desk/audit").text
    assert "重置密码" in log
    assert "停用账号" in log
    assert "committee" in log


def test_the_log_is_read_page_by_page(desk: Desk) -> None:
    browser = desk.signed_in("admin")
    for _ in range(30):
        browser.post("/desk/staff/1/deactivate")
        browser.post("/desk/staff/1/activate")
    assert "第 1 页，共 2 页" in browser.get("/desk/audit").text
    only = browser.get("/desk/audit?action=sign_in&actor=admin").text
    assert "共 1 条" in only


def test_grids_come_from_the_organisation(desk: Desk) -> None:
    actor = desk.actor("zhoumin")
    assert actor.grid_ids == ("huaiyin-1",)
    assert desk.actor("committee").grid_ids == ()


def test_first_accounts_are_made_once(desk: Desk) -> None:
    people = read_sample_accounts(SAMPLE / "staff.yaml")
    assert len(people) == 16
    with desk.session() as session:
        again = create_first_accounts(
            session,
            people,
            passwords=CHEAP,
            organisation=desk.organisation,
            now=desk.time,
        )
    assert again == ()


def test_first_passwords_are_not_stored(desk: Desk) -> None:
    with desk.session() as session:
        session.connection().exec_driver_sql("DELETE FROM desk_staff")
        given = create_first_accounts(
            session,
            [NewStaff(username="one", name="一", roles=frozenset({Role.ADMIN}))],
            passwords=CHEAP,
            organisation=desk.organisation,
            now=desk.time,
        )
        row = find_by_username(session, "one")
        assert row
        assert given[0].password not in row.model_dump_json()
        assert row.password_hash.startswith("$argon2id$")
        session.commit()
    assert desk.browser().sign_in("one", given[0].password).url.path == "/desk/staff"


def test_made_passwords_differ_and_are_long() -> None:
    made = {make_password() for _ in range(100)}
    assert len(made) == 100
    assert all(len(password) == 17 for password in made)


def test_the_standard_cost_is_that_of_owasp() -> None:
    hashed = Passwords().hash("three plain words")
    assert "m=19456,t=2,p=1" in hashed
    assert Passwords().check("three plain words", hashed)
    assert not Passwords().check("three plain words", None)
    assert not Passwords().check("three plain words", "no hash at all")
