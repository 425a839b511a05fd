"""Cases by phone: for those who may, written down, and no phone readable anywhere."""

from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet
from sqlmodel import select

from petitions.contact_cipher import FernetCipher
from petitions.phone_search import phone_index, plain_phone
from petitions.tables import Petition
from tests.console.desk_world import Desk, QueryCount

PHONE = "13800001234"


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        (PHONE, PHONE),
        ("+86 138-0000-1234", PHONE),
        ("008613800001234", PHONE),
        ("电话 138 0000 1234 找王芳", PHONE),
        ("010-5550 0110", "01055500110"),
        ("13800001234、13900005678", PHONE),
        ("5栋3单元", None),
        ("", None),
    ],
)
def test_a_phone_is_read_as_bare_digits(typed: str, digits: str | None) -> None:
    assert plain_phone(typed) == digits


def test_the_case_is_found_and_the_search_is_written_down(
    desk: Desk, count_queries: Callable[[], QueryCount]
) -> None:
    number = desk.file().case_number
    desk.file(contact_phone="13900005678", matter="垃圾没人收", estate="书院南里")
    browser = desk.signed_in("committee")
    with count_queries() as asked:
        page = browser.post("/desk/phone", phone="138 0000 1234").text
    assert len(asked) <= 12
    assert number in page
    assert "1 件" in page
    log = desk.signed_in("admin").get("/desk/audit?action=search_phone").text
    assert log.count("按电话查找</td>") == 1
    assert PHONE not in log


def test_nobody_finds_what_lies_outside_of_their_community(desk: Desk) -> None:
    desk.file()
    other = next(
        one.username
        for one in desk.people()
        if one.community_id == "shuyuan" and "committee" in {role.value for role in one.roles}
    )
    assert "没有找到" in desk.signed_in(other).post("/desk/phone", phone=PHONE).text


def test_an_anonymous_resident_is_not_found(desk: Desk) -> None:
    desk.file(anonymous=True)
    assert "没有找到" in desk.signed_in("committee").post("/desk/phone", phone=PHONE).text


def test_words_that_are_no_phone_are_refused_beside_the_field(desk: Desk) -> None:
    answer = desk.signed_in("committee").post("/desk/phone", phone="1234")
    assert answer.status_code == 422
    assert "至少 7 位数字" in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_the_database_holds_no_phone_and_the_index_needs_the_key(desk: Desk) -> None:
    desk.file()
    with desk.session() as session:
        row = session.exec(select(Petition)).one()
    assert row.phone_index == phone_index(desk.cipher, PHONE)
    assert PHONE not in str(row.model_dump())
    assert phone_index(FernetCipher([Fernet.generate_key()]), PHONE) != row.phone_index


def test_a_new_key_in_front_still_finds_what_an_older_one_indexed() -> None:
    old, new = Fernet.generate_key(), Fernet.generate_key()
    kept = phone_index(FernetCipher([old]), PHONE)
    assert kept in FernetCipher([new, old]).blind(PHONE)
    assert kept != phone_index(FernetCipher([new, old]), PHONE)
