"""Commands on cases: hot issues, taking over past cases, checking a history, simulating."""

import json
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import select
from typer.testing import CliRunner

from huiyin.cli import app
from huiyin.errors import HuiyinError
from huiyin.past_case_files import import_past_cases, read_mapping, read_table
from petitions.history import verify_history
from petitions.model import Notification
from petitions.statistics import three_rates
from petitions.tables import Case, CaseClock
from tests.petitions.conftest import World

MAPPING = """
columns: {number: 工单编号, filed_at: 受理时间, matter: 内容, estate: 小区, unit: 承办单位,
          closed_at: 办结时间, outcome: 结果, reply: 答复, satisfaction: 满意度, resolved: 是否解决}
values:
  outcome: {办结: resolved, 解释: explained}
  satisfaction: {满意: "4", 不满意: "2"}
"""
HEADING = (
    "工单编号",
    "受理时间",
    "内容",
    "小区",
    "承办单位",
    "办结时间",
    "结果",
    "答复",
    "满意度",
    "是否解决",
)
GOOD = (
    "A-1",
    "2024-03-01 09:00:00",
    "3栋电梯停运",
    "锦绣家园",
    "",
    "2024-03-02 10:00",
    "办结",
    "已修好",
    "满意",
    "是",
)
ROWS = (
    GOOD,
    ("A-2", "前天", "路灯不亮", "", "", "", "", "", "", ""),
    ("A-3", "2024-03-01 09:00:00", "", "", "", "", "", "", "", ""),
    ("A-4", "2024-03-01 09:00:00", "垃圾没人清", "", "没有这个单位", "", "", "", "", ""),
    ("A-5", "2024-03-05 09:00:00", "噪音", "", "", "2024-03-01 09:00:00", "", "", "", ""),
    ("A-6", "2024/3/5 9:00:00", "下水道堵塞", "", "", "", "怪", "", "", ""),
)


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def csv_file(folder: Path, encoding: str = "gb18030") -> Path:
    path = folder / "export.csv"
    lines = "\r\n".join(",".join(row) for row in (HEADING, *ROWS))
    path.write_bytes(lines.encode(encoding))
    return path


def test_good_rows_are_taken_over_and_the_others_refused_with_the_reason(
    world: World, tmp_path: Path, mapping: Path
) -> None:
    file = csv_file(tmp_path)
    dry = import_past_cases(world.open, file, read_mapping(mapping), dry_run=True)
    assert (dry.rows, dry.taken) == (6, 1)
    with world.open(read_only=True) as work:
        assert work.session.exec(select(Case)).all() == []
    report = import_past_cases(world.open, file, read_mapping(mapping), dry_run=False)
    assert [(r.row, r.field, r.problem) for r in report.refused] == [
        (3, "filed_at", "not_a_time"),
        (4, "matter", "missing"),
        (5, "unit", "unknown_unit"),
        (6, "closed_at", "before_filed_at"),
        (7, "outcome", "unknown_word"),
    ]
    with world.open(read_only=True) as work:
        (case,) = work.session.exec(select(Case)).all()
        assert (case.status, case.outcome, case.satisfaction, case.resolved) == (
            "closed",
            "resolved",
            4,
            True,
        )
        assert case.number.startswith("HY20240301-")
        assert case.estate_id == "jinxiu"
        assert verify_history(work, case.id or 0).intact
        # What is past stirs nobody and runs no clock.
        assert work.session.exec(select(Notification)).all() == []
        assert work.session.exec(select(CaseClock)).all() == []
        rates = three_rates(work, since=case.opened_at, until=world.now)
        assert (rates.cases, rates.satisfaction.met) == (1, 1)
    assert world.jobs.ready() == []


def test_past_cases_count_in_the_day_of_their_community(
    world: World, tmp_path: Path, mapping: Path
) -> None:
    rows = [HEADING, GOOD, ("A-7", *GOOD[1:3], "阳光花园", *GOOD[4:]), ("A-8", *GOOD[1:])]
    file = tmp_path / "export.csv"
    file.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    import_past_cases(world.open, file, read_mapping(mapping), dry_run=False)
    with world.open(read_only=True) as work:
        numbers = work.session.exec(select(Case.number).order_by(Case.number)).all()
    assert numbers == ["HY20240301-0001", "HY20240301-0002", "HYSH20240301-0001"]


def test_a_repeat_takes_nothing_twice(world: World, tmp_path: Path, mapping: Path) -> None:
    file = csv_file(tmp_path, "utf-8-sig")
    for expected in ((1, 5), (0, 6)):
        report = import_past_cases(world.open, file, read_mapping(mapping), dry_run=False)
        assert (report.taken, len(report.refused)) == expected
    assert report.refused[0].problem == "already_taken_over"


def test_a_number_that_stands_twice_is_refused_as_such(
    world: World, tmp_path: Path, mapping: Path
) -> None:
    file = tmp_path / "export.csv"
    rows = (HEADING, GOOD, GOOD)
    file.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    for dry_run in (True, False):
        report = import_past_cases(world.open, file, read_mapping(mapping), dry_run=dry_run)
        assert report.taken == 1
        (twice,) = report.refused
        assert (twice.row, twice.problem, twice.value) == (3, "twice_in_file", GOOD[0])


def test_the_report_shows_what_stands_in_the_cell_but_no_words_of_residents(
    world: World, tmp_path: Path, mapping: Path
) -> None:
    report = import_past_cases(world.open, csv_file(tmp_path), read_mapping(mapping), dry_run=True)
    shown = {one.field: one.value for one in report.refused}
    assert shown["unit"] == "没有这个单位"
    assert shown["outcome"] == "怪"
    assert shown["matter"] == ""


@pytest.mark.parametrize("content", ["", "编号,时间\nA-1,2024-03-01\n"])
def test_a_column_that_the_file_lacks_is_named(
    world: World, tmp_path: Path, mapping: Path, content: str
) -> None:
    file = tmp_path / "export.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(HuiyinError, match="no column"):
        import_past_cases(world.open, file, read_mapping(mapping), dry_run=True)


def test_a_mapping_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(HuiyinError, match="No such file"):
        read_mapping(tmp_path / "mapping.yaml")


def test_xlsx_is_read_like_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEADING, GOOD):
        book.active.append(row)
    book.save(tmp_path / "export.xlsx")
    assert list(read_table(tmp_path / "export.xlsx")) == [dict(zip(HEADING, GOOD, strict=True))]


def test_a_mapping_names_known_fields_only(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("columns: {phone: 电话}", encoding="utf-8")
    with pytest.raises(HuiyinError, match="phone"):
        read_mapping(path)


def test_hot_groups_a_file(tmp_path: Path) -> None:
    words = [("云栖花园电梯停运", "三栋电梯停运一周"), ("云栖花园电梯停运没人修", "三栋电梯停运")]
    rows = [
        {"id": number, "time": f"2026/5/{number} 8:00:00", "title": title, "body": body}
        for number, (title, body) in enumerate(words, 1)
    ]
    source, target = tmp_path / "s.jsonl", tmp_path / "e.jsonl"
    source.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    done = CliRunner().invoke(app, ["hot", "--input", str(source), "--output", str(target)])
    assert done.exit_code == 0
    (event,) = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert set(event) == {"event_id", "name", "ids", "place", "first", "last", "heat"}
    assert (event["ids"], event["place"]) == ([1, 2], "云栖花园")
    assert event["first"] == "2026-05-01T08:00:00+08:00"
