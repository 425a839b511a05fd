"""Tables as CSV and XLSX that no spreadsheet takes for a formula (OWASP: CSV injection)."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Beginnings after which a spreadsheet calculates; the wide ones count in Chinese editions."""
CSV_MARK = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""
XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST_COLUMN = 50

Cell = str | int | float | None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table: a name, its heads and its rows."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def harmless(cell: Cell) -> Cell:
    """The same cell, as words where a spreadsheet would take it for a formula."""
    if not isinstance(cell, str):
        return cell
    kept = "".join(sign for sign in cell if sign.isprintable() or sign in "\n\t")
    return f"'{kept}" if kept.lstrip(" ").startswith(FORMULA_SIGNS) else kept


def as_csv(sheet: Sheet) -> bytes:
    """One table as CSV in UTF-8 with a mark."""
    content = io.StringIO()
    writer = csv.writer(content, quoting=csv.QUOTE_ALL)
    writer.writerow(sheet.heads)
    writer.writerows([harmless(cell) for cell in row] for row in sheet.rows)
    return (CSV_MARK + content.getvalue()).encode()


def as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """Several tables as one workbook, heads frozen, columns wide enough to read."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.append(list(sheet.heads))
        for row in sheet.rows:
            page.append([harmless(cell) for cell in row])
        for head in page[1]:
            head.font = Font(bold=True)
        page.freeze_panes = "A2"
        _widen(page, sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _widen(page: object, sheet: Sheet) -> None:
    for place, head in enumerate(sheet.heads, start=1):
        longest = max([len(head), *(len(str(row[place - 1] or "")) for row in sheet.rows[:200])])
        # A Chinese sign is as wide as two.
        width = min(WIDEST_COLUMN, 2 * longest + 2)
        page.column_dimensions[get_column_letter(place)].width = width  # type: ignore[attr-defined]
