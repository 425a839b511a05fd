"""Figures with their n, messages that did not arrive, and what operators look at."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from petitions import handling
from petitions.follow_up import follow_up_case
from petitions.notifications import mark_failed, pending_notifications
from petitions.words import Satisfaction
from petitions.workflow import Outcome
from tests.console.desk_world import Desk, QueryCount


@pytest.fixture
def worked(desk: Desk) -> Desk:
    """One case worked to a satisfied end, one still open."""
    receipt = desk.file()
    desk.file(urgency="ordinary")
    desk.do(handling.screen_and_dispatch, receipt.case_id, "committee")
    desk.do(handling.sign_for, receipt.case_id, "elevator", start=True)
    desk.do(handling.record_contact, receipt.case_id, "elevator")
    desk.do(handling.reply, receipt.case_id, "elevator", text="修好了")
    desk.do(
        follow_up_case,
        receipt.case_id,
        "committee",
        reached=True,
        resolved=True,
        satisfaction=Satisfaction.SATISFIED,
    )
    desk.do(handling.close_case, receipt.case_id, "committee", outcome=Outcome.RESOLVED)
    return desk


def test_the_three_rates_stand_with_their_n(worked: Desk) -> None:
    page = worked.signed_in("committee").get("/desk/supervision").text
    for words in (
        "立案 2 件",
        "按时联系 1 件，应联系 1 件",
        "居民认为已解决 1 件，表过态 1 件",
        "满意和非常满意 1 件，已评价 1 件",
        "安达电梯维保公司",
        "100.0%",
    ):
        assert words in page, words


def test_a_committee_sees_the_figures_of_its_own_community(worked: Desk) -> None:
    assert "立案 0 件" in worked.signed_in("shuyuan").get("/desk/supervision").text
    assert "立案 2 件" in worked.signed_in("supervisor").get("/desk/supervision").text


@pytest.mark.parametrize(
    ("address", "cases"),
    [
        ("?since=2026-03-01&until=2026-03-31", 2),
        ("?since=2026-04-01&until=2026-04-30", 0),
        ("?since=2026-03-31&until=2026-03-01", 2),
        ("?since=soon&until=later", 2),
        ("?since=0001-01-01&until=9999-12-31", 2),
    ],
)
def test_the_period_stands_in_the_address(worked: Desk, address: str, cases: int) -> None:
    page = worked.signed_in("committee").get(f"/desk/supervision{address}").text
    assert f"立案 {cases} 件" in page


def test_figures_ask_the_database_a_bounded_number_of_times(
    worked: Desk, count_queries: Callable[[], QueryCount]
) -> None:
    browser = worked.signed_in("committee")
    with count_queries() as queries:
        browser.get("/desk/supervision")
    assert len(queries) <= 12, "\n".join(queries.statements)


def test_messages_that_did_not_arrive_are_listed(worked: Desk) -> None:
    browser = worked.signed_in("admin")
    assert "所有消息都已送达" in browser.get("/desk/deliveries").text
    with worked.work() as work:
        row = next(row for row in pending_notifications(work) if row.resident)
        mark_failed(work, row.id or 0, problem="address_gone", final=True)
        work.commit()
    page = browser.get("/desk/deliveries").text
    assert "没有送达" in page
    assert "对方已经收不到" in page
    assert "resident-1" not in page


def test_alive_and_ready(desk: Desk) -> None:
    browser = desk.browser()
    assert browser.get("/healthz").json() == {"status": "ok"}
    assert browser.get("/readyz").json()["status"] == "ready"
    parts = {"database": True, "index": False}
    desk.app.state.services = replace(desk.services, is_ready=lambda: parts)
    answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not_ready", "parts": parts}


def test_metrics_count_by_pattern_and_name_nobody(desk: Desk) -> None:
    receipt = desk.file()
    browser = desk.signed_in("committee")
    browser.get(f"/desk/cases/{receipt.number}")
    browser.get("/desk?q=王芳")
    browser.get("/nowhere/13800001234")
    figures = browser.get("/metrics").text
    assert 'route="/desk/cases/{number}",status="200"' in figures
    assert "process_" in figures
    for words in (receipt.number, "王芳", "13800001234"):
        assert words not in figures


def test_an_accident_tells_staff_what_to_do_and_keeps_the_headers(desk: Desk) -> None:
    def broken() -> dict[str, bool]:
        raise RuntimeError("13800001234")

    desk.app.state.services = replace(desk.services, is_ready=broken)
    browser = desk.browser()
    browser.client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    answer = browser.get("/readyz")
    assert answer.status_code == 500
    assert "系统出了点问题" in answer.text
    assert "13800001234" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
