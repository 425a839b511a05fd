"""Spreadsheets: question sheets as questions with answers, other sheets as tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from knowledge.errors import UnreadableFile
from knowledge.readers.base import ReadText
from knowledge.readers.markdown import Cell, joined, table_blocks
from knowledge.readers.packages import package_kind
from knowledge.readers.question_sheets import question_sheet
from knowledge.readers.sheet_files import Merged, Sheet, has_fields, text_sheet, workbook_sheets

UNNAMED = re.compile(r"(?:Sheet|工作表|表)\s*\d*", re.IGNORECASE)


class SheetReader:
    """Reads workbooks (.xlsx, .xlsm, .xltx) and separated values (.csv, .tsv).

    Each visible sheet is one document; macros are never unpacked, run or kept. The first
    sheet that says something goes by the name of the file, the others add theirs behind «#».
    """

    def accepts(self, content: bytes, source: str) -> bool:
        """Whether ``content`` is a package with a workbook in it, or text in columns."""
        kind = package_kind(content)
        return kind.name == "excel" if kind else has_fields(content)

    def read(self, content: bytes, source: str) -> tuple[ReadText, ...]:
        """Read each sheet as one document.

        Raises:
            UnreadableFile: It is damaged or too large, or no sheet says anything.
        """
        packaged = package_kind(content) is not None
        sheets = workbook_sheets(content, source) if packaged else [text_sheet(content, source)]
        texts: list[ReadText] = []
        for sheet in sheets:
            place = f"{source}#{sheet.name}" if texts else source
            text = _written(sheet, place)
            if any(sign.isalnum() for sign in text.text):
                texts.append(text)
        if not texts:
            raise UnreadableFile(source, "表格里没有内容；请检查是否只有空白或没有填写答案")
        return tuple(texts)


def _written(sheet: Sheet, source: str) -> ReadText:
    named = "" if UNNAMED.fullmatch(sheet.name) else sheet.name
    questions = question_sheet(sheet)
    if questions is None:
        blocks: Sequence[str] = table_blocks(_cells(sheet))
        title = named
    else:
        blocks = questions.blocks
        title = questions.caption or named or PurePath(source).stem
    headed = [f"# {title}", *blocks] if title and blocks else blocks
    details: Mapping[str, object] = {"title": title} if title else {}
    return ReadText(source=source, text=joined(headed), details=details)


def _cells(sheet: Sheet) -> list[list[Cell]]:
    """The rows of a sheet; a merged cell stands once and reaches over the others."""
    starts = {(merged.row, merged.column): merged for merged in sheet.merged}
    covered = {place for merged in sheet.merged for place in _covered(merged, sheet)}
    return [
        [
            _cell(words, starts.get((number, column)))
            for column, words in enumerate(row)
            if (number, column) not in covered
        ]
        for number, row in enumerate(sheet.rows)
    ]


def _covered(merged: Merged, sheet: Sheet) -> Iterator[tuple[int, int]]:
    """The places below and beside the first cell of a merged one."""
    for row in range(merged.row, merged.last_row + 1):
        for column in range(merged.column, min(merged.last_column + 1, len(sheet.rows[row]))):
            if (row, column) != (merged.row, merged.column):
                yield row, column


def _cell(words: str, merged: Merged | None) -> Cell:
    if merged is None:
        return Cell(text=words)
    rows, columns = merged.last_row - merged.row, merged.last_column - merged.column
    return Cell(text=words, rows=rows + 1, columns=columns + 1)
