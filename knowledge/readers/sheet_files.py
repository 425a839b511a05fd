"""The sheets of a workbook or of a file of separated values, as rows of cells."""

import csv
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from posixpath import join, normpath

from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from knowledge.errors import UnreadableFile
from knowledge.readers.encodings import decode
from knowledge.readers.markdown import WIDEST_TABLE
from knowledge.readers.packages import DAMAGED, office_parts, packed
from knowledge.readers.sheet_values import shown

MOST_ROWS = 20_000
MOST_MERGED = 20_000
DELIMITERS = ",\t;"
SAMPLE_BYTES, SAMPLE_ROWS = 200_000, 200
EVEN_SHARE = 0.95
"""Share of rows that must have as many fields as the first one."""
LONGEST_NAME = 30
"""Signs in the name of a column."""
NO_NAME = re.compile(r"[。！？{}<>\[\]]|^[#|>-]")
NAMED_DELIMITER = re.compile(r"\ufeff?sep=(.)\n")
"""A first line with which Excel is told how fields are separated."""
TEXT_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
"""How exports keep the leading zeros of a number: ="0571"."""
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)"')
UNCOUNTED = re.compile(
    rb'<(?:\w+:)?c\b(?![^>]*\bt="str")[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*'
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A formula whose result no program has worked out and stored yet."""
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, kw_only=True)
class Merged:
    """Cells that are shown as one; rows and columns count from 0, the last ones included."""

    row: int
    column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet without its blank rows; the others may differ in length."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[Merged, ...] = field(default=())


def workbook_sheets(content: bytes, source: str) -> list[Sheet]:
    """The visible sheets of a workbook, formulas by their results.

    Raises:
        UnreadableFile: It is damaged or too large, of the binary kind, or its formulas were
            never worked out.
    """
    parts = office_parts(content, source)
    if "xl/workbook.bin" in parts:
        reason = "这是二进制工作簿（.xlsb），读不了；请在 Excel 里另存为 .xlsx 再上传"
        raise UnreadableFile(source, reason)
    try:
        return list(_visible_sheets(parts, source))
    except UnreadableFile:
        raise
    except Exception as error:
        # A damaged file makes the library raise errors of no common base.
        raise UnreadableFile(source, DAMAGED) from error


def has_fields(content: bytes) -> bool:
    """Whether ``content`` is text in columns: named ones, and the same number in each row."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    sample = content if wide else content[:SAMPLE_BYTES]
    cut = len(sample) < len(content)
    words = decode(sample[: sample.rfind(b"\n") + 1] if cut else sample)
    return words is not None and _delimiter(words, cut=cut) is not None


def text_sheet(content: bytes, source: str) -> Sheet:
    """The sheet in a file of separated values.

    Raises:
        UnreadableFile: It is no such file, or a field or the file is too long.
    """
    words = decode(content) or ""
    delimiter = _delimiter(words, cut=False)
    if delimiter is None:
        raise UnreadableFile(source, "文件不是表格，或文字编码无法识别；请另存为 UTF-8 的 CSV 文件")
    try:
        fields = (map(_field, row) for row in _fields(words, delimiter))
        rows = tuple(words for _, words in _filled(fields, source, ""))
    except csv.Error as error:
        raise UnreadableFile(source, "表格里有一格内容太长；请检查引号是否成对") from error
    return Sheet(name="", rows=rows)


def _visible_sheets(parts: dict[str, bytes], source: str) -> Iterator[Sheet]:
    workbook = load_workbook(packed(parts), read_only=True, data_only=True, keep_links=False)
    paths = _sheet_paths(parts)
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            continue
        part = parts.get(paths.get(sheet.title, ""), b"")
        if uncounted := UNCOUNTED.search(part):
            place = uncounted[1].decode("ascii")
            reason = f"工作表「{sheet.title}」里的公式（如 {place}）还没有算出结果；"
            raise UnreadableFile(source, f"{reason}请用 Excel 或 WPS 打开、保存后再上传")
        # The size that a sheet declares is often wrong, and would cut it.
        sheet.reset_dimensions()
        numbered = dict(_filled(sheet.iter_rows(), source, sheet.title))
        yield Sheet(
            name=sheet.title,
            rows=tuple(numbered.values()),
            merged=tuple(_merged(part, sorted(numbered))),
        )


def _filled(
    rows: Iterable[Iterable[object]], source: str, name: str
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Number and words of each row that says something; sheets go on blank for a million rows.

    Raises:
        UnreadableFile: There are too many of them, or one is too wide.
    """
    where = f"工作表「{name}」" if name else "表格"
    filled = 0
    for number, row in enumerate(rows):
        words = tuple(cell if isinstance(cell, str) else _cell(cell) for cell in row)
        if not any(words):
            continue
        filled += 1
        if filled > MOST_ROWS:
            raise UnreadableFile(source, f"{where}超过 {MOST_ROWS} 行；请拆成几个较小的表格")
        if any(words[WIDEST_TABLE:]):
            raise UnreadableFile(source, f"{where}超过 {WIDEST_TABLE} 列；请删去多余的列再上传")
        yield number, words


def _cell(cell: object) -> str:
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "e":
        return ""
    return shown(value, getattr(cell, "number_format", None) or "General").strip()


def _sheet_paths(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part of each sheet by its name."""
    relations = fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {relation.get("Id"): relation.get("Target") or "" for relation in relations}
    return {
        element.get("name"): _path(targets.get(element.get(RELATION), ""))
        for element in fromstring(parts["xl/workbook.xml"]).iter()
        if element.tag.endswith("}sheet")
    }


def _path(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else normpath(join("xl", target))


def _merged(part: bytes, numbers: Sequence[int]) -> Iterator[Merged]:
    """The merged cells of a sheet, rows counted by those in ``numbers``, the ones not blank."""
    for found in islice(MERGED.finditer(part), MOST_MERGED):
        column, row, last_column, last_row = range_boundaries(found[1].decode("ascii"))
        first, last = bisect_left(numbers, row - 1), bisect_right(numbers, last_row - 1) - 1
        if first <= last:
            yield Merged(row=first, column=column - 1, last_row=last, last_column=last_column - 1)


def _delimiter(words: str, *, cut: bool) -> str | None:
    """What separates the fields of ``words``, or None where they are no table."""
    if named := NAMED_DELIMITER.match(words):
        return named[1]
    return next((sign for sign in DELIMITERS if _is_table(words, sign, cut)), None)


def _is_table(words: str, delimiter: str, cut: bool) -> bool:
    try:
        rows = [row for row, _ in zip(_fields(words, delimiter), range(SAMPLE_ROWS), strict=False)]
    except csv.Error:
        return False
    rows = [row for row in (rows[:-1] if cut else rows) if any(row)]
    if len(rows) < 2 or len(rows[0]) < 2 or not _are_names(rows[0]):
        return False
    even = sum(1 for row in rows if len(row) == len(rows[0]))
    return even >= EVEN_SHARE * len(rows)


def _are_names(row: Sequence[str]) -> bool:
    """Whether a row names the columns below it."""
    names = [name.strip() for name in row if name.strip()]
    short = all(len(name) <= LONGEST_NAME and not NO_NAME.search(name) for name in names)
    return short and len(names) >= 2 and len(set(names)) == len(names)


def _fields(words: str, delimiter: str) -> Iterator[list[str]]:
    rest = NAMED_DELIMITER.sub("", words, count=1)
    return csv.reader(rest.splitlines(keepends=True), delimiter=delimiter)


def _field(written: str) -> str:
    found = TEXT_FORMULA.fullmatch(written.strip())
    return found[1] if found else written.strip()
