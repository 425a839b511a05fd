"""Past cases from a CSV or XLSX export, by a mapping file, with a report of refused rows."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    """A row that was not taken, by its number in the file (the heading is row 1)."""

    row: int
    field: str
    problem: str


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
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, AttributeError) as error:
        raise HuiyinError(f"{path}: not a mapping file ({type(error).__name__})") from error
    unknown = sorted((columns.keys() | values.keys()) - set(FIELDS))
    if unknown:
        raise HuiyinError(f"{path}: unknown fields {unknown}; known are {list(FIELDS)}")
    return Mapped(columns=columns, values=values)


def read_table(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV (UTF-8 or GB 18030) or XLSX file by heading.

    Raises:
        HuiyinError: The file can't be read.
    """
    rows = _xlsx_rows(path) if path.suffix.lower() == ".xlsx" else _csv_rows(path)
    heading = [cell.strip() for cell in next(rows, [])]
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
    rows = [(number, _mapped(row, mapping)) for number, row in enumerate(read_table(path), 2)]
    refused: list[RefusedRow] = []
    for start in range(0, len(rows), ROWS_AT_A_TIME):
        with open_work() as work:
            refused += _take_batch(work, rows[start : start + ROWS_AT_A_TIME])
            if not dry_run:
                work.commit()
    return ImportReport(rows=len(rows), taken=len(rows) - len(refused), refused=tuple(refused))


def _take_batch(
    work: UnitOfWork, rows: Sequence[tuple[int, Mapping[str, str]]]
) -> Iterator[RefusedRow]:
    for number, row in rows:
        try:
            taken = take_over(work, read_past_case(work, row, read_time))
        except InvalidDraft as error:
            yield RefusedRow(row=number, field=error.facts["field"], problem=error.facts["problem"])
            continue
        if taken is None:
            yield RefusedRow(row=number, field="number", problem=ALREADY)


def _mapped(row: Mapping[str, str], mapping: Mapped) -> dict[str, str]:
    cells = {field: row.get(heading, "") for field, heading in mapping.columns.items()}
    return {field: mapping.values.get(field, {}).get(word, word) for field, word in cells.items()}
