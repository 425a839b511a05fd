"""No page asks the database more than twelve times: every GET of the app, as every role."""

from collections.abc import Iterator

import pytest

from petitions.workflow import Role
from tests.browser.desk_server import lively_desk
from tests.console.desk_world import Browser, Desk, QueryCount
from tests.console.every_page import (
    ADDRESSES,
    add_one_of_each,
    addresses_of,
    pages_of,
    roles_of,
)
from tests.console.test_permission_matrix import ACCOUNTS

MOST = 12


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, dict[str, str]]]:
    """The sample street in the midst of its work, with one of everything that has an id."""
    desk, numbers = lively_desk(tmp_path_factory.mktemp("lively"))
    add_one_of_each(desk, numbers)
    yield desk, numbers
    desk.close()
    desk.engine.dispose()


def statements_of(browser: Browser, desk: Desk, address: str) -> tuple[int, list[str]]:
    with QueryCount(desk.engine) as asked:
        status = browser.client.get(address, follow_redirects=False).status_code
    return status, asked.statements


def test_every_page_has_addresses_to_open(lively: tuple[Desk, dict[str, str]]) -> None:
    pages = pages_of(lively[0])
    assert set(ADDRESSES) <= pages
    assert {page for page in pages if "{" in page} <= set(ADDRESSES)


def test_no_page_asks_the_database_more_than_twelve_times(
    lively: tuple[Desk, dict[str, str]],
) -> None:
    desk, numbers = lively
    browsers = {role: desk.signed_in(name) for role, name in ACCOUNTS.items()}
    too_many: list[tuple[str, Role, int]] = []
    never_shown = []
    for template in sorted(pages_of(desk)):
        shown = False
        for role in roles_of(template):
            for address in addresses_of(template, numbers):
                status, statements = statements_of(browsers[role], desk, address)
                shown = shown or status in (200, 303)
                if len(statements) > MOST:
                    too_many.append((address, role, len(statements)))
        if not shown:
            never_shown.append(template)
    assert too_many == []
    assert never_shown == []


def test_the_gate_asks_as_often_whatever_is_kept(lively: tuple[Desk, dict[str, str]]) -> None:
    desk, _ = lively
    curator = desk.signed_in("curator")
    lapse = ADDRESSES["/desk/knowledge/versions/{version_id}/lapse"][0]
    addresses = (*ADDRESSES["/desk/knowledge/gate"], lapse)
    before = [len(statements_of(curator, desk, address)[1]) for address in addresses]
    for question in ("停哪儿", "能进电梯吗", "几点断电"):
        curator.post("/desk/knowledge/trials", question=question, kind="answer", phrase="电")
        curator.post("/desk/knowledge/versions/1/bank/1", question=question)
    assert [len(statements_of(curator, desk, address)[1]) for address in addresses] == before
