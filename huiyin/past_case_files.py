"""Past cases from a CSV or XLSX export, by a mapping file, with a report of refused rows."""

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from openpyxl.utils.exceptions import InvalidFileException

from huiyin.errors import HuiyinError
from huiyin.reports import read_time
from petitions.errors import InvalidDraft
from petitions.past_cases import FIELDS, read_past_case, take_over
from petitions.ports import UnitOfWork

ROWS_AT_A_TIME = 200
ALREADY = "already_taken_over"
TWICE = "twice_in_file"
SHOWN = frozenset({"number", "filed_at", "closed_at", "unit", "kind", "urgency", "outcome"})
"""Fields whose words may stand in the report: they name no person."""
Rows = list[tuple[int, Mapping[str, str]]]
"""Rows with their number in the file, their columns named by the fields."""


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """Which column fills which field, and what its words mean.

    Attributes:
        columns: Field → heading of the export.
        values: Field → word of the export → our word.
    """

    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class RefusedRow:
    """A row that was not taken, by its number in the file (the heading is row 1).

    ``value`` is what stands in the cell, for fields that name no person.
    """

    row: int
    field: str
    problem: str
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What came of an import."""

    rows: int
    taken: int
    refused: tuple[RefusedRow, ...]


def read_mapping(path: Path) -> Mapped:
    """Read ``columns`` and ``values`` from YAML.

    Raises:
        HuiyinError: It can't be read, or names a field that there is not.
    """
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        columns = {str(k): str(v) for k, v in content["columns"].items()}
        values = {
            str(field): {str(k): str(v) for k, v in words.items()}
            for field, words in (content.get("values") or {}).items()
        }
    except OSError as error:
        raise HuiyinError(f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, yaml.YAMLError, KeyError, AttributeError, TypeError) as error:
        raise HuiyinError(f"{path}: not a mapping file ({type(error).__name__})") from error
    unknown = sorted((columns.keys() | values.keys()) - set(FIELDS))
    if unknown:
        raise HuiyinError(f"{path}: unknown fields {unknown}; known are {list(FIELDS)}")
    return Mapped(columns=columns, values=values)


def read_table(path: Path, *, needed: Collection[str] = ()) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV (UTF-8 or GB 18030) or XLSX file by heading.

    Args:
        path: The file.
        needed: Headings that must be there.

    Raises:
        HuiyinError: The file can't be read, or a heading is missing.
    """
    rows = _xlsx_rows(path) if path.suffix.lower() == ".xlsx" else _csv_rows(path)
    heading = [cell.strip() for cell in next(rows, [])]
    if missing := [name for name in needed if name not in heading]:
        has = "、".join(filter(None, heading)) or "no headings"
        raise HuiyinError(f"{path}: no column {'、'.join(missing)}; the file has {has}")
    for row in rows:
        yield dict(zip(heading, (cell.strip() for cell in row), strict=False))


def _csv_rows(path: Path) -> Iterator[list[str]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise HuiyinError(f"{path}: {error.strerror}") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    yield from csv.reader(io.StringIO(text, newline=""))


def _xlsx_rows(path: Path) -> Iterator[list[str]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, InvalidFileException, KeyError, ValueError) as error:
        raise HuiyinError(f"{path}: not an XLSX file") from error
    with closing(book):
        for row in book.active.iter_rows(values_only=True):
            yield [_written(cell) for cell in row]


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else str(cell)


def import_past_cases(
    open_work: Callable[[], UnitOfWork], path: Path, mapping: Mapped, *, dry_run: bool
) -> ImportReport:
    """Take over every good row; ``dry_run`` checks all and stores nothing.

    A row that was taken over before is refused as such, so an import may be repeated after
    the refused rows have been mended.
    """
    table = enumerate(read_table(path, needed=mapping.columns.values()), 2)
    found: Rows = [(number, _mapped(row, mapping)) for number, row in table]
    rows, refused = _each_number_once(found)
    for start in range(0, len(rows), ROWS_AT_A_TIME):
        with open_work() as work:
            refused += _take_batch(work, rows[start : start + ROWS_AT_A_TIME])
            if not dry_run:
                work.commit()
    refused.sort(key=lambda one: one.row)
    return ImportReport(rows=len(found), taken=len(found) - len(refused), refused=tuple(refused))


def _each_number_once(
    found: Rows,
) -> tuple[Rows, list[RefusedRow]]:
    """The rows without those whose number stood higher up in the file, and these refused."""
    seen: set[str] = set()
    rows: Rows = []
    refused: list[RefusedRow] = []
    for number, row in found:
        case = row.get("number", "")
        if case and case in seen:
            refused.append(RefusedRow(row=number, field="number", problem=TWICE, value=case))
        else:
            rows.append((number, row))
        seen.add(case)
    return rows, refused


def _take_batch(work: UnitOfWork, rows: Rows) -> Iterator[RefusedRow]:
    for number, row in rows:
        try:
            taken = take_over(work, read_past_case(work, row, read_time))
        except InvalidDraft as error:
            yield _refused(number, row, error.facts["field"], error.facts["problem"])
            continue
        if taken is None:
            yield _refused(number, row, "number", ALREADY)


def _refused(number: int, row: Mapping[str, str], field: str, problem: str) -> RefusedRow:
    value = row.get(field, "") if field in SHOWN else ""
    return RefusedRow(row=number, field=field, problem=problem, value=value)


def _mapped(row: Mapping[str, str], mapping: Mapped) -> dict[str, str]:
    cells = {field: row.get(heading, "") for field, heading in mapping.columns.items()}
    return {field: mapping.values.get(field, {}).get(word, word) for field, word in cells.items()}
