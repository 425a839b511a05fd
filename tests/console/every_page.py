"""Every page of the app, from its own table of routes, with what to put into the addresses.

A new route whose address holds an id, or that shows nothing without words in its query, has to
be entered in ``ADDRESSES``; the tests that look at every page fail until it is.
"""

from collections.abc import Iterator, Mapping

from console.bulk import carry_out_bulk
from petitions.workflow import Role
from tests.console.desk_world import Desk
from tests.console.test_lists import choose
from tests.console.test_permission_matrix import OPEN, ROUTES, routes_of

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


def add_one_of_each(desk: Desk, numbers: Mapping[str, str]) -> None:
    """Add to the lively sample what the addresses name besides."""
    committee = desk.signed_in("committee")
    carry_out_bulk(desk.services, choose(desk, committee, "screen", numbers["gas"]))
    committee.post("/desk/views?q=电梯", name="电梯")
    desk.signed_in("zhoumin").post("/desk/log", kind="visit", place="锦绣家园3栋", text="扶手松了")
    curator = desk.signed_in("curator")
    curator.post(
        "/desk/knowledge/import",
        files={"files": ("fees.md", "# 停车收费\n\n第一条 每月一百元。".encode(), "text/markdown")},
    )


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


def roles_of(template: str) -> list[Role]:
    """Who may open it; of an open page anybody."""
    roles = ROUTES.get(("GET", template), {Role.COMMITTEE})
    assert ("GET", template) in {*ROUTES, *OPEN}
    return sorted(roles)
