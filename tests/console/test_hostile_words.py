"""Whatever residents or staff write is shown as words and never runs."""

import re
from html.parser import HTMLParser

import pytest

from petitions import handling
from petitions.drafts import AttachmentRef
from petitions.filing import join_case, make_draft, urge_case
from petitions.follow_up import rate_case
from petitions.words import Satisfaction
from tests.console.desk_world import Desk

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}</textarea></title>"
RESIDENT_FIELDS = (
    "matter",
    "title",
    "category_first",
    "category_second",
    "place_text",
    "estate",
    "building",
    "place_detail",
    "happened_at_text",
    "wanted",
    "contact_name",
    "contact_phone",
    "on_behalf_of",
)


class Finder(HTMLParser):
    """Finds what could run, and inline code or style that the policy would block anyway."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        ours = str(names.get("src", "")).startswith("/static/")
        if tag in ("script", "iframe", "object", "embed", "style") and not ours:
            self.found.append(tag)
        if tag == "img" and not str(names.get("src", "")).startswith(("/static/", "/desk/")):
            self.found.append("img")
        self.found += [name for name in names if name.startswith("on") or name == "style"]
        self.found += [
            str(value)
            for name, value in attrs
            if name in ("href", "src", "action") and "script:" in str(value)
        ]


def what_could_run(page: str) -> list[str]:
    finder = Finder()
    finder.feed(page)
    return finder.found


def assert_harmless(page: str) -> None:
    assert what_could_run(page) == []
    assert "49</textarea>" not in page


def test_no_field_of_a_resident_runs_on_any_page(desk: Desk) -> None:
    receipts = [desk.file(**{field: EVIL}) for field in RESIDENT_FIELDS]
    browser = desk.signed_in("committee")
    pages = [browser.get("/desk"), browser.get(f"/desk?q={EVIL}"), browser.get("/desk/supervision")]
    for receipt in receipts:
        pages.append(browser.get(f"/desk/cases/{receipt.number}"))
        pages.append(browser.post(f"/desk/cases/{receipt.number}/contact", reason="核实"))
    for page in pages:
        assert page.status_code == 200
        assert_harmless(page.text)


def test_nothing_that_comes_later_runs_either(desk: Desk) -> None:
    evil_file = AttachmentRef(kind="document", ref="r", mime="text/html", name=EVIL)
    receipt = desk.file(attachments=(evil_file,), resident="r", channel=EVIL[:40])
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee", reason=EVIL)
    with desk.work() as work:
        draft = make_draft(matter=EVIL, resident="n", channel="web", idempotency_key="n")
        join_case(work, receipt.case_id, draft, now=desk.time)
        urge_case(work, receipt.number, resident="r", now=desk.time, text=EVIL)
        work.commit()
    desk.do(handling.sign_for, receipt.case_id, "elevator", start=True)
    desk.do(
        handling.invite_co_handler, receipt.case_id, "elevator", unit_id="qinghe-water", part=EVIL
    )
    desk.do(handling.reply, receipt.case_id, "elevator", text=EVIL, citations=(EVIL,))
    with desk.work() as work:
        rate_case(
            work,
            receipt.number,
            resident="r",
            result=Satisfaction.VERY_DISSATISFIED,
            comment=EVIL,
            now=desk.time,
        )
        work.commit()
    for username in ("committee", "elevator", "supervisor"):
        assert_harmless(desk.signed_in(username).get(f"/desk/cases/{receipt.number}").text)


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("note", {"text": ""}),
        ("reassign", {"unit_id": EVIL, "reason": EVIL}),
        ("merge", {"into": EVIL, "reason": EVIL}),
        ("correct", {"title": EVIL, "urgency": EVIL, "estate_id": EVIL, "reason": EVIL}),
        ("reply", {"text": EVIL, "outcome": EVIL, "citations": EVIL}),
        ("request_extension", {"days": EVIL, "reason": EVIL}),
        (EVIL.replace("/", ""), {"text": EVIL, EVIL: EVIL}),
    ],
)
def test_what_was_typed_comes_back_as_words(desk: Desk, verb: str, words: dict[str, str]) -> None:
    receipt = desk.file()
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    answer = desk.signed_in("committee").act(receipt.number, verb, **words)
    assert answer.status_code >= 400
    assert_harmless(answer.text)


def test_the_addresses_of_every_page_are_harmless_too(desk: Desk) -> None:
    for username, address in (
        ("committee", f"/desk?state={EVIL}&grid={EVIL}&unit={EVIL}&page={EVIL}"),
        ("committee", f"/desk/supervision?since={EVIL}&until={EVIL}"),
        ("admin", f"/desk/audit?actor={EVIL}&action={EVIL}"),
        ("admin", f"/desk/staff?done={EVIL}"),
        ("curator", f"/desk/knowledge?q={EVIL}&standing={EVIL}"),
        ("curator", f"/desk/knowledge/try?q={EVIL}"),
    ):
        answer = desk.signed_in(username).get(address)
        assert answer.status_code == 200
        assert_harmless(answer.text)
    assert_harmless(desk.browser().get(f"/desk/sign-in?next={EVIL}&out={EVIL}").text)
    assert_harmless(desk.browser().get(f"/desk/{EVIL}").text)


def test_every_answer_carries_the_strict_headers(desk: Desk) -> None:
    browser = desk.signed_in("committee")
    for address in ("/desk", "/desk/sign-in", "/nowhere", "/desk/cases/x", "/api/v1/me"):
        headers = browser.get(address).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
    assert browser.get("/desk").headers["cache-control"] == "no-store"
    assert "max-age" in browser.get("/static/desk.css").headers["cache-control"]


def test_every_form_that_changes_something_carries_the_token(desk: Desk) -> None:
    receipt = desk.file()
    pages = {
        "committee": ["/desk", f"/desk/cases/{receipt.number}", "/desk/account"],
        "admin": ["/desk/staff", "/desk/staff/1"],
        "curator": ["/desk/knowledge"],
    }
    for username, addresses in pages.items():
        browser = desk.signed_in(username)
        for address in addresses:
            page = browser.get(address).text
            for form in re.findall(r'<form method="post".*?</form>', page, re.S):
                assert f'name="csrf" value="{browser.csrf}"' in form


def test_every_field_has_a_label(desk: Desk) -> None:
    receipt = desk.file()
    browser = desk.signed_in("committee")
    for address in ("/desk", f"/desk/cases/{receipt.number}", "/desk/account"):
        page = browser.get(address).text
        ids = re.findall(r'<(?:input|select|textarea)[^>]*\bid="([^"]+)"', page)
        labelled = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', page))
        assert set(ids) <= labelled
        assert len(ids) == len(set(ids))
