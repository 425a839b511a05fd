"""Sheets of questions and answers, told by the names of their columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.readers.markdown import clean, lines_of, one_line
from knowledge.readers.sheet_files import Merged, Sheet

QUESTION, ANSWER, CATEGORY, BASIS, COUNT = "question", "answer", "category", "basis", "count"
NAMES: Mapping[str, str] = {
    **dict.fromkeys(
        ("问题", "问", "提问", "常见问题", "咨询问题", "标准问题", "标准问", "问题内容"), QUESTION
    ),
    **dict.fromkeys(("question", "questions", "q", "faq"), QUESTION),
    **dict.fromkeys(("答案", "答", "回答", "答复", "回复", "解答", "标准答案", "标准答复"), ANSWER),
    **dict.fromkeys(
        ("答复内容", "回复内容", "答案内容", "answer", "answers", "a", "reply"), ANSWER
    ),
    **dict.fromkeys(("分类", "类别", "类目", "主题", "栏目", "category", "topic"), CATEGORY),
    **dict.fromkeys(("依据", "政策依据", "法律依据", "出处", "来源", "basis", "source"), BASIS),
    **dict.fromkeys(("序号", "编号", "no", "no.", "id", "#"), COUNT),
}
"""What columns are called, in small letters."""
UNSAID = re.compile(r"[\s:：*＊]|[（(][^）)]*[）)]")
"""What is written beside the name of a column: «问题（必填）»."""
HEADER_WITHIN_ROWS = 10
STRUCTURE = re.compile(
    r"#{1,6}\s|\||(?:\*\*)?问[：:]|Q[：:]|第\s*[一二三四五六七八九十百千零〇\d]+\s*[编章节条]",
    re.IGNORECASE,
)
"""Starts of lines that would open a passage of their own within an answer."""


@dataclass(frozen=True, kw_only=True)
class QuestionSheet:
    """A sheet of questions: Markdown with «问：…», «答：…», and the caption above the columns."""

    caption: str
    blocks: tuple[str, ...]


def question_sheet(sheet: Sheet) -> QuestionSheet | None:
    """The questions of a sheet; None where no columns are named so.

    A question without an answer is left out. Columns with other names follow the answer.
    """
    rows = _filled_down(sheet)
    for number, row in enumerate(rows[:HEADER_WITHIN_ROWS]):
        roles = [NAMES.get(_bare(name), "") for name in row]
        if QUESTION in roles and ANSWER in roles:
            above = [name for line in rows[:number] for name in line if name]
            blocks = tuple(_blocks(row, roles, rows[number + 1 :]))
            return QuestionSheet(caption=one_line(above[0]) if above else "", blocks=blocks)
    return None


def _filled_down(sheet: Sheet) -> list[list[str]]:
    """The rows with the words of merged cells in each row that they reach."""
    width = max((len(row) for row in sheet.rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in sheet.rows]
    for merged in sheet.merged:
        _fill_down(rows, merged)
    return rows


def _fill_down(rows: list[list[str]], merged: Merged) -> None:
    if merged.row >= len(rows) or merged.column >= len(rows[0]):
        return
    words = rows[merged.row][merged.column]
    for row in rows[merged.row + 1 : merged.last_row + 1]:
        row[merged.column] = words


def _bare(name: str) -> str:
    return UNSAID.sub("", clean(name)).lower()


def _blocks(
    names: Sequence[str], roles: Sequence[str], rows: Sequence[Sequence[str]]
) -> Iterator[str]:
    category = ""
    for row in rows:
        said = {role: words for role, words in zip(roles, row, strict=True) if role and words}
        if not said.get(QUESTION) or not said.get(ANSWER):
            continue
        if said.get(CATEGORY, "") not in ("", category):
            category = said[CATEGORY]
            yield f"## {one_line(category)}"
        yield "\n".join(_lines(said, _others(names, roles, row)))


def _others(names: Sequence[str], roles: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    for name, role, words in zip(names, roles, row, strict=True):
        if not role and name and words:
            yield f"{one_line(name)}：{one_line(words)}"


def _lines(said: Mapping[str, str], others: Iterator[str]) -> Iterator[str]:
    yield f"问：{one_line(said[QUESTION])}"
    yield f"答：{_held_together(said[ANSWER])}"
    if basis := said.get(BASIS):
        yield f"依据：{one_line(basis)}"
    yield from others


def _held_together(answer: str) -> str:
    """The answer line by line; a line that looks like a heading or article goes on instead."""
    kept: list[str] = []
    for line in lines_of(answer).split("\n"):
        if kept and STRUCTURE.match(line):
            kept[-1] += f" {line}"
        else:
            kept.append(line)
    return "\n".join(kept)
