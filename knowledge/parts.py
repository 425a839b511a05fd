"""The parts of a passage that are compared with a question, and quoted.

A passage is what is cited; a question often meets just one sentence of it, one item of a list
or one row of a table. Each part remembers its lines, and reads on its own: an item carries
the words that introduce the list, a row carries the header of its table.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.splitting import sentences

SHORTEST_PART = 14
"""Characters below which a sentence goes together with the next one."""
ITEM = re.compile(r"[（(][一二三四五六七八九十\d]+[）)]|\d{1,2}[.．、]|[-*•]\s")
RULE = re.compile(r"[\s|:：-]+")
MARKUP = re.compile(r"\*\*|__|`|^#{1,6}\s+|^>\s?", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A stretch of a passage. ``line`` is the number of its line, counted from 0."""

    line: int
    reading: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a passage as it is read out. ``lead`` is the line that introduces it."""

    number: int
    reading: str
    lead: str | None


def parts_of(text: str) -> list[Part]:
    """The parts of a passage, in order; one that stands alone gives a single part."""
    return [
        Part(line=line.number, reading=reading)
        for line in lines_of(text)
        for reading in _readings(line)
    ]


def lines_of(text: str) -> list[Line]:
    """The lines that can be read out, markup left aside and table rows with their headers."""
    return list(_read_lines(MARKUP.sub("", text)))


def _read_lines(text: str) -> Iterator[Line]:
    header: list[str] | None = None
    lead: str | None = None
    for number, raw in enumerate(text.split("\n")):
        words = raw.strip()
        if not words:
            continue
        if words.startswith("|"):
            cells = _cells(words)
            if header is None:
                header = cells
            elif not RULE.fullmatch(words):
                yield Line(number=number, reading=read_row(header, cells), lead=lead)
            continue
        header = None
        item = ITEM.match(words) is not None
        yield Line(number=number, reading=words, lead=lead if item else None)
        if not item:
            lead = words if words.endswith(("：", ":")) else None


def read_row(header: list[str], cells: list[str]) -> str:
    """A table row as a sentence: «小区：锦绣家园；首车（元/月）：150»."""
    named = zip(header, cells, strict=False)
    return "；".join(f"{name}：{value}" if name else value for name, value in named if value)


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _readings(line: Line) -> Iterator[str]:
    lead = _last_sentence(line.lead) if line.lead else ""
    whole = ""
    for sentence in sentences(line.reading):
        whole += sentence
        if len(whole) >= SHORTEST_PART:
            yield lead + whole
            whole = ""
    if whole:
        yield lead + whole


def _last_sentence(words: str) -> str:
    return sentences(words)[-1].strip()
