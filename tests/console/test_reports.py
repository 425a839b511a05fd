"""Figures from every side, and what leaves the desk as a file: right, harmless, written down."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from console.spreadsheets import Sheet, as_csv, as_xlsx, harmless
from petitions import handling
from petitions.breakdown import assess_whistles, break_down
from petitions.follow_up import rate_case
from petitions.statistics import three_rates
from petitions.words import Satisfaction
from tests.console.desk_world import Desk, QueryCount

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1", '=HYPERLINK("x")']


@pytest.fixture
def worked(desk: Desk) -> dict[str, str]:
    """One case answered, rated and whistled for; one that waits."""
    done, waiting = desk.file(resident="r"), desk.file(estate="槐荫里小区", building="1")
    desk.do(handling.screen_and_dispatch, done.case_id, "committee", unit_id="anda-elevator")
    desk.do(handling.sign_for, done.case_id, "elevator", start=True)
    desk.do(handling.record_contact, done.case_id, "elevator")
    units = ["jincheng-property", "yunhe-market"]
    desk.do(handling.whistle, done.case_id, "committee", unit_ids=units, reason="请到场")
    desk.do(handling.report_in, done.case_id, "jincheng")
    desk.do(handling.reply, done.case_id, "elevator", text="修好了。")
    with desk.work() as work:
        level = Satisfaction.SATISFIED
        rate_case(work, done.number, resident="r", result=level, resolved=True, now=desk.time)
        work.commit()
    desk.later(days=3)
    return {"done": done.number, "waiting": waiting.number}


def test_the_breakdown_agrees_with_the_three_rates(desk: Desk, worked: dict[str, str]) -> None:
    span = {"since": desk.time - timedelta(days=9), "until": desk.time}
    with desk.work(read_only=True) as work:
        rates, sides = three_rates(work, **span), break_down(work, **span)
    total = sides.total
    assert (total.cases, total.response, total.resolution) == (
        rates.cases,
        rates.response,
        rates.resolution,
    )
    assert (total.satisfaction, total.unrated) == (rates.satisfaction, rates.unrated)
    for side in (sides.by_grid, sides.by_category, sides.by_week):
        assert sum(tally.cases for tally in side.values()) == total.cases
    assert sides.by_unit["anda-elevator"].resolution.met == 1


def test_the_whistle_is_seen_from_both_sides(desk: Desk, worked: dict[str, str]) -> None:
    span = {"since": desk.time - timedelta(days=9), "until": desk.time}
    with desk.work(read_only=True) as work:
        found = assess_whistles(work, now=desk.time, **span)
    in_time = {one.unit_id: (one.in_time.met, one.in_time.n) for one in found.called}
    assert in_time == {"jincheng-property": (1, 1), "yunhe-market": (0, 1)}
    [caller] = found.callers
    assert (caller.community_id, caller.whistles) == ("huaiyin", 2)
    assert (caller.cases.met, caller.cases.n) == (1, 2)
    assert (caller.resolved.met, caller.resolved.n) == (1, 1)


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert str(harmless(cell)).startswith("'")
    sheet = Sheet(name="x", heads=("a",), rows=[(cell,)])
    rows = list(csv.reader(io.StringIO(as_csv(sheet).decode("utf-8-sig"))))
    assert rows[1][0].startswith("'")
    page = load_workbook(io.BytesIO(as_xlsx([sheet])))["x"]
    assert page["A2"].data_type == "s"
    assert str(page["A2"].value).startswith("'")


@pytest.mark.parametrize("cell", ["电梯", "1=1", 5, None, 0.5, ""])
def test_plain_cells_stay_as_they_are(cell: str | int | float | None) -> None:
    assert harmless(cell) == cell


def test_a_resident_s_formula_is_harmless_in_the_export(desk: Desk) -> None:
    desk.file(title='=cmd|"/c calc"!A0')
    answer = desk.signed_in("committee").get("/desk/export.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="cases.csv"'
    assert "\"'=cmd|" in answer.text
    log = desk.signed_in("admin").get("/desk/audit").text
    assert "导出工单" in log


def test_an_export_holds_what_the_list_shows(desk: Desk, worked: dict[str, str]) -> None:
    content = desk.signed_in("committee").get("/desk/export.xlsx?state=registered").content
    page = load_workbook(io.BytesIO(content))["工单"]
    assert [row[0].value for row in page.iter_rows(min_row=2)] == [worked["waiting"]]
    other = desk.signed_in("shuyuan").get("/desk/export.csv?closed=1").text
    assert worked["waiting"] not in other


def test_the_monthly_report_comes_as_page_pdf_and_workbook(
    desk: Desk, worked: dict[str, str]
) -> None:
    browser = desk.signed_in("supervisor")
    assert "2026年3月诉求办理月报" in browser.get("/desk/report?month=2026-03").text
    pdf = PdfReader(io.BytesIO(browser.get("/desk/report.pdf?month=2026-03").content))
    assert len(pdf.pages) >= 1
    book = load_workbook(io.BytesIO(browser.get("/desk/report.xlsx?month=2026-03").content))
    assert book.sheetnames == ["各主办单位", "各网格", "各类别", "各周", "被吹哨单位", "吹哨社区"]
    assert "这个月没有立案" in browser.get("/desk/report?month=2020-02").text
    assert browser.get("/desk/report?month=nonsense").status_code == 200


def test_a_chart_is_an_image_that_runs_nothing(desk: Desk, worked: dict[str, str]) -> None:
    answer = desk.signed_in("supervisor").get("/desk/supervision/charts/units.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "安达电梯维保公司" in answer.text
    assert desk.signed_in("supervisor").get("/desk/supervision/charts/x.svg").status_code == 404


def test_the_agenda_leaves_confidential_cases_and_reports_out(desk: Desk) -> None:
    desk.file(title="普通难题", urgency="long_standing")
    desk.file(title="保密难题", urgency="long_standing", confidential=True)
    desk.file(title="举报难题", urgency="long_standing", kind="report_misconduct")
    page = desk.signed_in("supervisor").get("/desk/agenda").text
    assert "普通难题" in page
    assert "保密难题" not in page
    assert "举报难题" not in page


def test_the_big_screen_names_nobody(desk: Desk, worked: dict[str, str]) -> None:
    page = desk.signed_in("supervisor").get("/desk/screen").text.split("<main")[1]
    for personal in ("王芳", "1234", "电梯停用三天", worked["waiting"]):
        assert personal not in page
    assert "等得最久" in page


def test_the_audit_log_leaves_as_a_file(desk: Desk) -> None:
    admin = desk.signed_in("admin")
    text = admin.get("/desk/audit/export.csv?actor=admin").text
    assert "登录" in text
    assert "admin" in text
    assert admin.get("/desk/audit/export.xlsx").content.startswith(b"PK")


@pytest.mark.parametrize(
    ("username", "address"),
    [
        ("committee", "/desk"),
        ("committee", "/desk/cases/{done}"),
        ("committee", "/desk/cases/{waiting}/print"),
        ("elevator", "/desk/cases/{done}"),
        ("committee", "/desk/log"),
        ("supervisor", "/desk/supervision"),
        ("supervisor", "/desk/report"),
        ("supervisor", "/desk/agenda"),
        ("supervisor", "/desk/screen"),
        ("supervisor", "/desk/deliveries"),
        ("curator", "/desk/knowledge"),
        ("admin", "/desk/staff"),
        ("admin", "/desk/audit"),
        ("admin", "/desk/account"),
    ],
)
def test_no_page_asks_the_database_more_than_twelve_times(
    desk: Desk,
    worked: dict[str, str],
    count_queries: Callable[[], QueryCount],
    username: str,
    address: str,
) -> None:
    browser = desk.signed_in(username)
    with count_queries() as asked:
        assert browser.get(address.format_map(worked)).status_code == 200
    assert len(asked) <= 12, "\n".join(asked.statements)
