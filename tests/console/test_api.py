"""The API: the same actions, permissions and errors as the pages, as JSON."""

import pytest

from console.auth import FORGERY_HEADER
from petitions import handling
from tests.console.desk_world import PASSWORD, Browser, Desk


def bearer(desk: Desk, username: str) -> dict[str, str]:
    page = desk.signed_in(username).post("/desk/account/tokens", label="程序").text
    return {"Authorization": "Bearer " + page.split('class="secret">')[1].split("<")[0]}


@pytest.fixture
def program(desk: Desk) -> Browser:
    return desk.browser()


def test_the_document_describes_every_route(program: Browser) -> None:
    document = program.get("/api/v1/openapi.json").json()
    assert "/api/v1/cases/{number}/actions/{verb}" in document["paths"]
    assert {"HTTPBearer", "APIKeyCookie"} <= set(document["components"]["securitySchemes"])
    assert not [path for path in document["paths"] if path.startswith("/desk")]


def test_a_bearer_token_works_a_case(desk: Desk, program: Browser) -> None:
    receipt = desk.file()
    headers = bearer(desk, "committee")
    listed = program.client.get("/api/v1/cases", headers=headers).json()
    assert [case["number"] for case in listed["cases"]] == [receipt.number]
    case = program.client.get(f"/api/v1/cases/{receipt.number}", headers=headers).json()
    assert case["verbs"][0] == "screen_and_dispatch"
    assert case["petitions"][0]["contact_phone"] == "138****1234"
    assert case["history"]["intact"] is True
    done = program.client.post(
        f"/api/v1/cases/{receipt.number}/actions/screen_and_dispatch",
        headers=headers,
        json={"expected_version": case["version"], "inputs": {"unit_id": "anda-elevator"}},
    )
    assert done.json() == {"number": receipt.number, "status": "dispatched", "version": 3}


def test_a_stale_version_is_a_conflict(desk: Desk, program: Browser) -> None:
    receipt = desk.file()
    headers = bearer(desk, "committee")
    desk.do(handling.screen_case, receipt.case_id, "committee")
    answer = program.client.post(
        f"/api/v1/cases/{receipt.number}/actions/supervise",
        headers=headers,
        json={"expected_version": 1, "inputs": {"reason": "x"}},
    )
    assert answer.status_code == 409
    assert answer.json()["key"] == "stale_case"
    assert answer.json()["facts"]["version"] == 2


def test_values_of_all_sorts_are_taken(desk: Desk, program: Browser) -> None:
    receipt = desk.file(urgency="ordinary")
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    desk.do(handling.sign_for, receipt.case_id, "elevator", start=True)
    unit, committee = bearer(desk, "elevator"), bearer(desk, "committee")

    def act(verb: str, headers: dict[str, str], **inputs: object) -> int:
        address = f"/api/v1/cases/{receipt.number}/actions/{verb}"
        return program.client.post(address, headers=headers, json={"inputs": inputs}).status_code

    assert act("request_extension", unit, days=3, reason="等配件") == 200
    assert act("whistle", committee, unit_ids=["qinghe-water"], reason="到场") == 200
    assert act("reply", unit, text="修好了", citations=["《办法》第一条"]) == 200
    assert act("follow_up", committee, reached=True, resolved=False, satisfaction="1") == 200


@pytest.mark.parametrize(
    ("path", "body", "status", "key"),
    [
        ("actions/reassign", {"inputs": {"reason": "x"}}, 422, "invalid_input"),
        ("actions/close", {"inputs": {"outcome": "whatever"}}, 422, "invalid_input"),
        ("actions/resume", {"inputs": {}}, 409, "action_not_allowed"),
        ("actions/sign_for", {"inputs": {}}, 403, "not_permitted"),
        ("actions/no_such_verb", {"inputs": {}}, 404, "feature_missing"),
        ("actions/note", {"inputs": {"text": {"a": 1}}}, 422, "http_422"),
        ("actions/note", {"surprise": 1}, 422, "http_422"),
        ("contact", {"reason": ""}, 422, "http_422"),
    ],
)
def test_every_refusal_has_a_key_and_a_sentence(
    desk: Desk, program: Browser, path: str, body: dict[str, object], status: int, key: str
) -> None:
    receipt = desk.file()
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    answer = program.client.post(
        f"/api/v1/cases/{receipt.number}/{path}", headers=bearer(desk, "committee"), json=body
    )
    assert (answer.status_code, answer.json()["key"]) == (status, key)
    assert answer.json()["sentence"]


def test_a_case_of_others_is_not_found(desk: Desk, program: Browser) -> None:
    receipt = desk.file()
    headers = bearer(desk, "shuyuan")
    assert program.client.get("/api/v1/cases", headers=headers).json()["total"] == 0
    answer = program.client.get(f"/api/v1/cases/{receipt.number}", headers=headers)
    assert (answer.status_code, answer.json()["key"]) == (404, "case_not_found")


def test_a_session_s_cookie_needs_the_header_for_a_change(desk: Desk) -> None:
    receipt = desk.file()
    browser = desk.signed_in("committee")
    address = f"/api/v1/cases/{receipt.number}/actions/note"
    body = {"inputs": {"text": "备注"}}
    assert browser.client.post(address, json=body).status_code == 403
    token = browser.get("/api/v1/me").json()["csrf_token"]
    answer = browser.client.post(address, json=body, headers={FORGERY_HEADER: token})
    assert answer.status_code == 200


def test_a_contact_is_revealed_with_a_reason_only(desk: Desk, program: Browser) -> None:
    receipt = desk.file()
    answer = program.client.post(
        f"/api/v1/cases/{receipt.number}/contact",
        headers=bearer(desk, "committee"),
        json={"reason": "核实"},
    )
    assert answer.json()[0]["phone"] == "13800001234"


@pytest.mark.parametrize("scheme", ["Bearer wrong", "Bearer ", "Basic YTpi", "bearer"])
def test_a_wrong_token_opens_nothing(program: Browser, scheme: str) -> None:
    answer = program.client.get("/api/v1/me", headers={"Authorization": scheme})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_bearer_token_does_not_open_pages(desk: Desk, program: Browser) -> None:
    answer = program.client.get("/desk", headers=bearer(desk, "committee"))
    assert answer.url.path == "/desk/sign-in"


def test_a_wrong_bearer_does_not_fall_back_to_the_cookie(desk: Desk) -> None:
    browser = desk.signed_in("committee")
    receipt = desk.file()
    answer = browser.client.post(
        f"/api/v1/cases/{receipt.number}/actions/note",
        json={"inputs": {"text": "x"}},
        headers={"Authorization": "Bearer wrong"},
    )
    assert answer.status_code == 401


def test_a_token_ends_when_revoked_expired_or_its_owner_is_stopped(
    desk: Desk, program: Browser
) -> None:
    headers = bearer(desk, "committee")
    owner = desk.signed_in("committee")
    owner.post("/desk/account/tokens/1/revoke")
    assert program.client.get("/api/v1/me", headers=headers).status_code == 401
    late = bearer(desk, "supervisor")
    desk.later(days=91)
    assert program.client.get("/api/v1/me", headers=late).status_code == 401
    stopped = bearer(desk, "committee")
    desk.signed_in("admin").post("/desk/staff/1/deactivate")
    assert program.client.get("/api/v1/me", headers=stopped).status_code == 401


def test_nobody_revokes_the_token_of_somebody_else(desk: Desk, program: Browser) -> None:
    headers = bearer(desk, "committee")
    desk.signed_in("admin").post("/desk/account/tokens/1/revoke")
    assert program.client.get("/api/v1/me", headers=headers).status_code == 200


def test_changing_the_password_ends_the_tokens(desk: Desk, program: Browser) -> None:
    headers = bearer(desk, "committee")
    words = {"password": "another three words", "password_again": "another three words"}
    desk.signed_in("committee").post("/desk/account/password", old_password=PASSWORD, **words)
    assert program.client.get("/api/v1/me", headers=headers).status_code == 401


def test_using_a_token_is_noted(desk: Desk, program: Browser) -> None:
    headers = bearer(desk, "committee")
    assert "没有用过" in desk.signed_in("committee").get("/desk/account").text
    program.client.get("/api/v1/me", headers=headers)
    assert "没有用过" not in desk.signed_in("committee").get("/desk/account").text


def test_an_unknown_address_of_the_api_answers_in_json(program: Browser) -> None:
    answer = program.get("/api/v1/nothing")
    assert (answer.status_code, answer.json()["key"]) == (404, "http_404")
