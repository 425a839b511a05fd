"""Forced browsing: every role at every route. A new route has to be entered here."""

from collections.abc import Iterator

import pytest
from fastapi.routing import iter_route_contexts
from httpx import Response

from console.auth import FORGERY_HEADER
from console.permissions import GRANTS, STAFF_ROLES, DeskPermission
from petitions.workflow import Role
from tests.console.desk_world import Browser, Desk

CASES = GRANTS[DeskPermission.SEE_CASES]
FIGURES = GRANTS[DeskPermission.SEE_FIGURES]
WRITERS = GRANTS[DeskPermission.WRITE_LOG]
CURATORS = GRANTS[DeskPermission.CURATE]
ADMINS = GRANTS[DeskPermission.MANAGE_STAFF]
DELIVERIES = GRANTS[DeskPermission.SEE_DELIVERIES]
OPERATORS = GRANTS[DeskPermission.OPERATE]
EDITORS = GRANTS[DeskPermission.EDIT_ORGANISATION]
EVERYBODY = frozenset(STAFF_ROLES)

ROUTES: dict[tuple[str, str], frozenset[Role]] = {
    ("GET", "/desk"): EVERYBODY,
    ("GET", "/desk/account"): EVERYBODY,
    ("POST", "/desk/account/password"): EVERYBODY,
    ("POST", "/desk/account/second-factor"): EVERYBODY,
    ("POST", "/desk/account/second-factor/confirm"): EVERYBODY,
    ("POST", "/desk/account/second-factor/drop"): EVERYBODY,
    ("POST", "/desk/account/sessions/end"): EVERYBODY,
    ("POST", "/desk/account/chat"): EVERYBODY,
    ("POST", "/desk/account/chat/unlink"): EVERYBODY,
    ("POST", "/desk/account/tokens"): EVERYBODY,
    ("POST", "/desk/account/tokens/{token_id}/revoke"): EVERYBODY,
    ("POST", "/desk/sign-out"): EVERYBODY,
    ("GET", "/desk/version"): CASES,
    ("GET", "/desk/rail"): CASES,
    ("POST", "/desk/views"): CASES,
    ("POST", "/desk/views/{view_id}/forget"): CASES,
    ("POST", "/desk/bulk"): CASES,
    ("GET", "/desk/bulk/{bulk_id}"): CASES,
    ("GET", "/desk/bulk/{bulk_id}/version"): CASES,
    ("POST", "/desk/bulk/{bulk_id}/undo"): CASES,
    ("GET", "/desk/cases/{number}"): CASES,
    ("GET", "/desk/cases/{number}/version"): CASES,
    ("GET", "/desk/cases/{number}/next"): CASES,
    ("GET", "/desk/cases/{number}/previous"): CASES,
    ("POST", "/desk/cases/{number}/actions/{verb_name}"): CASES,
    ("POST", "/desk/cases/{number}/contact"): CASES,
    ("GET", "/desk/attachments/{attachment_id}"): CASES,
    ("GET", "/desk/cases/{number}/print"): CASES,
    ("GET", "/desk/cases/{number}/receipt"): CASES,
    ("GET", "/desk/cases/{number}/letters"): CASES,
    ("GET", "/desk/phone"): GRANTS[DeskPermission.SEARCH_PHONE],
    ("POST", "/desk/phone"): GRANTS[DeskPermission.SEARCH_PHONE],
    ("GET", "/desk/log"): WRITERS,
    ("POST", "/desk/log"): WRITERS,
    ("GET", "/desk/log/{entry_id}/file"): WRITERS,
    ("POST", "/desk/log/{entry_id}/file"): WRITERS,
    ("GET", "/desk/templates"): FIGURES,
    ("POST", "/desk/templates"): FIGURES,
    ("POST", "/desk/templates/{template_id}"): FIGURES,
    ("POST", "/desk/templates/{template_id}/drop"): FIGURES,
    ("GET", "/desk/supervision"): FIGURES,
    ("GET", "/desk/supervision/charts/{key}.svg"): FIGURES,
    ("GET", "/desk/supervision/adjusted"): FIGURES,
    ("POST", "/desk/supervision/exclusions"): FIGURES,
    ("POST", "/desk/supervision/exclusions/{number}/settle"): FIGURES,
    ("GET", "/desk/supervision/hot"): FIGURES,
    ("GET", "/desk/supervision/signs"): FIGURES,
    ("GET", "/desk/supervision/calls"): FIGURES,
    ("GET", "/desk/report"): FIGURES,
    ("GET", "/desk/report.pdf"): FIGURES,
    ("GET", "/desk/report.xlsx"): FIGURES,
    ("GET", "/desk/agenda"): FIGURES,
    ("GET", "/desk/screen"): FIGURES,
    ("GET", "/desk/export.{form}"): FIGURES,
    ("GET", "/desk/audit/export.{form}"): GRANTS[DeskPermission.READ_AUDIT],
    ("GET", "/desk/knowledge"): CURATORS,
    ("POST", "/desk/knowledge/import"): CURATORS,
    ("POST", "/desk/knowledge/publish"): CURATORS,
    ("GET", "/desk/knowledge/versions/{version_id}"): CURATORS,
    ("POST", "/desk/knowledge/versions/{version_id}/lapse"): CURATORS,
    ("GET", "/desk/knowledge/try"): CURATORS,
    ("GET", "/desk/knowledge/gate"): CURATORS,
    ("GET", "/desk/knowledge/versions/{version_id}/lapse"): CURATORS,
    ("POST", "/desk/knowledge/versions/{version_id}/submit"): CURATORS,
    ("POST", "/desk/knowledge/versions/{version_id}/hand-back"): CURATORS,
    ("GET", "/desk/knowledge/versions/{version_id}/facts"): CURATORS,
    ("POST", "/desk/knowledge/versions/{version_id}/facts"): CURATORS,
    ("GET", "/desk/knowledge/versions/{version_id}/text"): CURATORS,
    ("POST", "/desk/knowledge/versions/{version_id}/text"): CURATORS,
    ("GET", "/desk/knowledge/versions/{version_id}/bank/{passage_id}"): CURATORS,
    ("POST", "/desk/knowledge/versions/{version_id}/bank/{passage_id}"): CURATORS,
    ("GET", "/desk/knowledge/versions/{version_id}/recall"): CURATORS,
    ("POST", "/desk/knowledge/versions/{version_id}/recall"): CURATORS,
    ("GET", "/desk/knowledge/changes"): CURATORS,
    ("POST", "/desk/knowledge/rollback"): CURATORS,
    ("GET", "/desk/knowledge/trials"): CURATORS,
    ("POST", "/desk/knowledge/trials"): CURATORS,
    ("POST", "/desk/knowledge/trials/{trial_id}/remove"): CURATORS,
    ("GET", "/desk/knowledge/bank"): CURATORS,
    ("POST", "/desk/knowledge/bank/{entry_id}/remove"): CURATORS,
    ("GET", "/desk/knowledge/uses"): CURATORS,
    ("GET", "/desk/questions"): CURATORS,
    ("POST", "/desk/questions/drafts"): CURATORS,
    ("GET", "/desk/examples"): CURATORS,
    ("POST", "/desk/examples/{example_id}/accept"): CURATORS,
    ("POST", "/desk/examples/{example_id}/refuse"): CURATORS,
    ("GET", "/api/v1/examples"): CURATORS,
    ("POST", "/api/v1/examples/{example_id}/accept"): CURATORS,
    ("POST", "/api/v1/examples/{example_id}/refuse"): CURATORS,
    ("GET", "/desk/staff"): ADMINS,
    ("POST", "/desk/staff"): ADMINS,
    ("GET", "/desk/staff/{staff_id}"): ADMINS,
    ("POST", "/desk/staff/{staff_id}"): ADMINS,
    ("POST", "/desk/staff/{staff_id}/deactivate"): ADMINS,
    ("POST", "/desk/staff/{staff_id}/activate"): ADMINS,
    ("POST", "/desk/staff/{staff_id}/password"): ADMINS,
    ("POST", "/desk/staff/{staff_id}/unlock"): ADMINS,
    ("POST", "/desk/staff/{staff_id}/second-factor"): ADMINS,
    ("POST", "/desk/staff/{staff_id}/chat"): ADMINS,
    ("GET", "/desk/deliveries"): DELIVERIES,
    ("GET", "/desk/running"): OPERATORS,
    ("POST", "/desk/running/messages/{message_id}/answer"): OPERATORS,
    ("POST", "/desk/running/jobs/retry"): OPERATORS,
    ("POST", "/desk/running/jobs/drop"): OPERATORS,
    ("GET", "/api/v1/running/jobs"): OPERATORS,
    ("POST", "/api/v1/running/jobs/retry"): OPERATORS,
    ("POST", "/api/v1/running/jobs/drop"): OPERATORS,
    ("GET", "/desk/organisation"): EVERYBODY,
    ("GET", "/desk/organisation/places"): EVERYBODY,
    ("GET", "/desk/organisation/duties"): EVERYBODY,
    ("GET", "/desk/organisation/deadlines"): EVERYBODY,
    ("GET", "/desk/organisation/history"): EVERYBODY,
    ("GET", "/desk/organisation/edit/{kind}"): EDITORS,
    ("POST", "/desk/organisation/edit/{kind}"): EDITORS,
    ("GET", "/desk/organisation/edit/{kind}/{thing}"): EDITORS,
    ("POST", "/desk/organisation/edit/{kind}/{thing}"): EDITORS,
    ("GET", "/desk/organisation/edit/{kind}/{thing}/close"): EDITORS,
    ("POST", "/desk/organisation/edit/{kind}/{thing}/close"): EDITORS,
    ("GET", "/desk/audit"): GRANTS[DeskPermission.READ_AUDIT],
    ("GET", "/api/v1/me"): EVERYBODY,
    ("GET", "/api/v1/verbs"): CASES,
    ("GET", "/api/v1/board"): CASES,
    ("GET", "/api/v1/cases"): CASES,
    ("GET", "/api/v1/cases/{number}"): CASES,
    ("GET", "/api/v1/cases/{number}/letters"): CASES,
    ("POST", "/api/v1/cases/{number}/actions/{verb}"): CASES,
    ("POST", "/api/v1/cases/{number}/contact"): CASES,
    ("GET", "/api/v1/oversight/rates"): FIGURES,
    ("GET", "/api/v1/oversight/odd-closings"): FIGURES,
    ("GET", "/api/v1/oversight/calls"): FIGURES,
    ("GET", "/api/v1/oversight/burden"): FIGURES,
    ("GET", "/api/v1/oversight/hot-issues"): FIGURES,
    ("GET", "/api/v1/knowledge/documents"): CURATORS,
    ("POST", "/api/v1/knowledge/import"): CURATORS,
    ("GET", "/api/v1/knowledge/versions/{version_id}"): CURATORS,
    ("GET", "/api/v1/knowledge/versions/{version_id}/passages"): CURATORS,
    ("POST", "/api/v1/knowledge/versions/{version_id}/facts"): CURATORS,
    ("POST", "/api/v1/knowledge/versions/{version_id}/text"): CURATORS,
    ("POST", "/api/v1/knowledge/versions/{version_id}/submit"): CURATORS,
    ("POST", "/api/v1/knowledge/versions/{version_id}/hand-back"): CURATORS,
    ("POST", "/api/v1/knowledge/versions/{version_id}/lapse/preview"): CURATORS,
    ("POST", "/api/v1/knowledge/versions/{version_id}/lapse"): CURATORS,
    ("POST", "/api/v1/knowledge/gate"): CURATORS,
    ("POST", "/api/v1/knowledge/publish"): CURATORS,
    ("GET", "/api/v1/knowledge/changes"): CURATORS,
    ("POST", "/api/v1/knowledge/rollback"): CURATORS,
    ("GET", "/api/v1/knowledge/try"): CURATORS,
    ("GET", "/api/v1/knowledge/trials"): CURATORS,
    ("POST", "/api/v1/knowledge/trials"): CURATORS,
    ("POST", "/api/v1/knowledge/trials/{trial_id}/remove"): CURATORS,
    ("GET", "/api/v1/knowledge/bank"): CURATORS,
    ("POST", "/api/v1/knowledge/bank"): CURATORS,
    ("POST", "/api/v1/knowledge/bank/{entry_id}/remove"): CURATORS,
    ("GET", "/api/v1/knowledge/clusters"): CURATORS,
    ("POST", "/api/v1/knowledge/faq"): CURATORS,
    ("GET", "/api/v1/knowledge/uses"): CURATORS,
    ("GET", "/api/v1/knowledge/versions/{version_id}/recall"): CURATORS,
    ("POST", "/api/v1/knowledge/versions/{version_id}/recall"): CURATORS,
}
OPEN = {
    ("GET", "/verify"),
    ("POST", "/verify"),
    ("GET", "/desk/sign-in"),
    ("POST", "/desk/language"),
    ("POST", "/desk/sign-in"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/api/v1/openapi.json"),
}
ACCOUNTS = {
    Role.COMMITTEE: "committee",
    Role.DEPARTMENT: "elevator",
    Role.GRID_WORKER: "zhoumin",
    Role.SUPERVISOR: "supervisor",
    Role.CURATOR: "curator",
    Role.ADMIN: "admin",
}


def routes_of(desk: Desk) -> Iterator[tuple[str, str]]:
    for context in iter_route_contexts(desk.app.routes):
        for method in getattr(context, "methods", None) or ():
            if method != "HEAD":
                yield method, str(context.path)


def address_of(template: str) -> str:
    values = {
        "{number}": "HY20260302-0001",
        "{verb_name}": "note",
        "{verb}": "note",
        "{attachment_id}": "1",
        "{version_id}": "1",
        "{staff_id}": "2",
        "{token_id}": "1",
        "{trial_id}": "1",
        "{passage_id}": "1",
        "{message_id}": "1",
        "{key}": "units",
        "{kind}": "units",
        "{thing}": "qinghe-post",
        "{form}": "csv",
        "{entry_id}": "1",
        "{view_id}": "1",
        "{template_id}": "1",
        "{bulk_id}": "1",
    }
    for name, value in values.items():
        template = template.replace(name, value)
    return template


def ask(browser: Browser, method: str, template: str) -> Response:
    address = address_of(template)
    headers = {FORGERY_HEADER: browser.csrf}
    if method == "GET":
        return browser.client.get(address, follow_redirects=False)
    return browser.client.post(address, headers=headers, follow_redirects=False)


def test_every_route_stands_in_the_table(desk: Desk) -> None:
    assert set(routes_of(desk)) == set(ROUTES) | OPEN


@pytest.mark.parametrize("role", ACCOUNTS)
def test_a_role_opens_its_routes_and_no_others(desk: Desk, role: Role) -> None:
    desk.file()
    browser = desk.signed_in(ACCOUNTS[role])
    wrong = []
    for (method, template), roles in ROUTES.items():
        if template == "/desk/sign-out":
            continue
        refused = ask(browser, method, template).status_code in (401, 403)
        if refused is (role in roles):
            wrong.append((method, template, refused))
    assert wrong == []


def test_nobody_opens_anything_without_signing_in(desk: Desk) -> None:
    desk.file()
    browser = desk.browser()
    for method, template in ROUTES:
        answer = ask(browser, method, template)
        if template.startswith("/api/"):
            assert answer.status_code == 401, (method, template)
            assert answer.json()["key"] == "sign_in_needed"
        else:
            assert answer.status_code == 303, (method, template)
            assert answer.headers["location"].startswith("/desk/sign-in")


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é", "another session's"])
def test_no_change_without_the_session_s_own_token(desk: Desk, token: str | None) -> None:
    desk.file()
    other = desk.signed_in("supervisor")
    browser = desk.signed_in("committee")
    words = {"text": "x"} if token is None else {"text": "x", "csrf": token}
    if token == "another session's":
        words["csrf"] = other.csrf
    for method, template in ROUTES:
        if method == "POST":
            answer = browser.client.post(address_of(template), data=words)
            assert answer.status_code == 403, template
            if template.startswith("/desk"):
                assert "页面已经过期" in answer.text


def test_a_refused_look_is_written_down(desk: Desk) -> None:
    desk.signed_in("elevator").get("/desk/staff")
    log = desk.signed_in("admin").get("/desk/audit").text
    assert "越权访问被拒绝" in log
    assert "manage_staff" in log
