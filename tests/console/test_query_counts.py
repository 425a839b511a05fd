"""No page asks the database more than twelve times: every GET of the app, as every role.

The routes come from the app itself. A new one whose address holds an id, or that shows nothing
without words in its query, has to be entered in ``ADDRESSES``, or a test here fails.
"""

from collections.abc import Iterator, Mapping

import pytest

from console.bulk import carry_out_bulk
from petitions.workflow import Role
from tests.browser.desk_server import lively_desk
from tests.console.desk_world import Browser, Desk, QueryCount
from tests.console.test_lists import choose
from tests.console.test_permission_matrix import ACCOUNTS, OPEN, ROUTES, routes_of

MOST = 12
PERIOD = "since=2026-01-01&until=2026-12-31"
MOMENTS = "since=2026-01-01T00:00:00Z&until=2026-12-31T00:00:00Z"
EDIT = "/desk/organisation/edit/{kind}"
KINDS = {
    "communities": "jinxiu",
    "grids": "huaiyin-1",
    "estates": "jinxiu",
    "buildings": "jinxiu~3",
    "units": "jincheng-property",
    "duties": "D031",
    "deadlines": "sign-ordinary",
}
EVERY_CASE = "*"
"""Stands for each number of the sample's cases."""

ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "/desk": ("/desk", "/desk?overdue=1&q=电梯", "/desk?closed=1&page=2"),
    "/desk/cases/{number}": (f"/desk/cases/{EVERY_CASE}", f"/desk/cases/{EVERY_CASE}?overdue=1"),
    "/desk/cases/{number}/version": (f"/desk/cases/{EVERY_CASE}/version",),
    "/desk/cases/{number}/next": (f"/desk/cases/{EVERY_CASE}/next",),
    "/desk/cases/{number}/previous": (f"/desk/cases/{EVERY_CASE}/previous",),
    "/desk/cases/{number}/print": (f"/desk/cases/{EVERY_CASE}/print",),
    "/desk/cases/{number}/receipt": (f"/desk/cases/{EVERY_CASE}/receipt",),
    "/desk/cases/{number}/letters": (f"/desk/cases/{EVERY_CASE}/letters",),
    "/desk/bulk/{bulk_id}": ("/desk/bulk/1",),
    "/desk/bulk/{bulk_id}/version": ("/desk/bulk/1/version",),
    "/desk/attachments/{attachment_id}": ("/desk/attachments/1",),
    "/desk/log/{entry_id}/file": ("/desk/log/1/file",),
    "/desk/supervision": ("/desk/supervision", f"/desk/supervision?{PERIOD}"),
    "/desk/supervision/charts/{key}.svg": (f"/desk/supervision/charts/units.svg?{PERIOD}",),
    "/desk/report": ("/desk/report", "/desk/report?month=2026-10"),
    "/desk/export.{form}": ("/desk/export.csv", "/desk/export.xlsx"),
    "/desk/audit/export.{form}": ("/desk/audit/export.csv", "/desk/audit/export.xlsx"),
    "/desk/knowledge/gate": (
        "/desk/knowledge/gate?version_id=5",
        "/desk/knowledge/gate?version_id=5&version_id=6&version_id=1",
    ),
    "/desk/knowledge/try": ("/desk/knowledge/try", "/desk/knowledge/try?q=电动车停在哪里"),
    "/desk/knowledge/versions/{version_id}": tuple(
        f"/desk/knowledge/versions/{one}" for one in (1, 5, 6)
    ),
    "/desk/knowledge/versions/{version_id}/lapse": (
        "/desk/knowledge/versions/1/lapse?last_day=2026-12-31",
        "/desk/knowledge/versions/1/lapse?last_day=tomorrow",
        "/desk/knowledge/versions/5/lapse?last_day=2026-12-31",
    ),
    "/desk/knowledge/versions/{version_id}/facts": ("/desk/knowledge/versions/5/facts",),
    "/desk/knowledge/versions/{version_id}/text": ("/desk/knowledge/versions/5/text",),
    "/desk/knowledge/versions/{version_id}/recall": ("/desk/knowledge/versions/1/recall",),
    "/desk/knowledge/versions/{version_id}/bank/{passage_id}": (
        "/desk/knowledge/versions/1/bank/1",
    ),
    "/desk/staff/{staff_id}": ("/desk/staff/2",),
    EDIT: tuple(EDIT.format(kind=kind) for kind in KINDS),
    EDIT + "/{thing}": tuple(f"{EDIT.format(kind=k)}/{thing}" for k, thing in KINDS.items()),
    EDIT + "/{thing}/close": tuple(
        f"{EDIT.format(kind=k)}/{KINDS[k]}/close" for k in ("units", "buildings", "deadlines")
    ),
    "/api/v1/cases/{number}": (f"/api/v1/cases/{EVERY_CASE}",),
    "/api/v1/cases/{number}/letters": (f"/api/v1/cases/{EVERY_CASE}/letters",),
    "/api/v1/oversight/rates": (f"/api/v1/oversight/rates?{MOMENTS}",),
    "/api/v1/oversight/odd-closings": (f"/api/v1/oversight/odd-closings?{MOMENTS}",),
    "/api/v1/oversight/burden": (f"/api/v1/oversight/burden?{MOMENTS}",),
    "/api/v1/knowledge/try": ("/api/v1/knowledge/try?q=电动车停在哪里",),
    "/api/v1/knowledge/versions/{version_id}": ("/api/v1/knowledge/versions/1",),
    "/api/v1/knowledge/versions/{version_id}/passages": ("/api/v1/knowledge/versions/1/passages",),
    "/api/v1/knowledge/versions/{version_id}/recall": ("/api/v1/knowledge/versions/1/recall",),
}


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, dict[str, str]]]:
    """The sample street in the midst of its work, with one of everything that has an id."""
    desk, numbers = lively_desk(tmp_path_factory.mktemp("lively"))
    committee = desk.signed_in("committee")
    carry_out_bulk(desk.services, choose(desk, committee, "screen", numbers["gas"]))
    committee.post("/desk/views?q=电梯", name="电梯")
    desk.signed_in("zhoumin").post("/desk/log", kind="visit", place="锦绣家园3栋", text="扶手松了")
    curator = desk.signed_in("curator")
    curator.post(
        "/desk/knowledge/import",
        files={"files": ("fees.md", "# 停车收费\n\n第一条 每月一百元。".encode(), "text/markdown")},
    )
    yield desk, numbers
    desk.close()
    desk.engine.dispose()


def pages_of(desk: Desk) -> set[str]:
    """The path templates of all GET routes."""
    return {template for method, template in routes_of(desk) if method == "GET"}


def addresses_of(template: str, numbers: Mapping[str, str]) -> Iterator[str]:
    """What to open for a route; KeyError where an id is needed and none was entered."""
    for address in ADDRESSES[template] if "{" in template else ADDRESSES.get(template, (template,)):
        if EVERY_CASE in address:
            yield from (address.replace(EVERY_CASE, number) for number in numbers.values())
        else:
            yield address


def statements_of(browser: Browser, desk: Desk, address: str) -> tuple[int, list[str]]:
    with QueryCount(desk.engine) as asked:
        status = browser.client.get(address, follow_redirects=False).status_code
    return status, asked.statements


def test_every_page_has_addresses_to_open(lively: tuple[Desk, dict[str, str]]) -> None:
    pages = pages_of(lively[0])
    assert set(ADDRESSES) <= pages
    assert {page for page in pages if "{" in page} <= set(ADDRESSES)


def roles_of(template: str) -> list[Role]:
    """Who may open it; of an open page anybody."""
    roles = ROUTES.get(("GET", template), {Role.COMMITTEE})
    assert ("GET", template) in {*ROUTES, *OPEN}
    return sorted(roles)


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
