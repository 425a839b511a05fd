"""The organisation as one XLSX workbook, a sheet a kind, for people who don't write YAML.

Lists are written with «、» between; what a sheet does not name keeps its default. A cell that a
spreadsheet would calculate is written as words, and read back without the mark.
"""

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from console.spreadsheets import FORMULA_SIGNS, Cell, Sheet, as_xlsx
from huiyin.errors import HuiyinError
from petitions.organisation import Organisation
from petitions.organisation_content import PARTS, Row, content_of
from petitions.organisation_files import organisation_from

BETWEEN = "、"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "about": ("what", "id", "name"),
    "communities": ("id", "name", "committee", "number_code"),
    "grids": ("id", "name", "community", "worker"),
    "estates": ("id", "name", "community", "aliases", "roads", "landmarks"),
    "buildings": ("estate", "number", "grid", "units", "floors", "elevator", "responsible"),
    "units": ("id", "name", "short_name", "kind", "level", "serves", "aliases", "phone"),
    "roads": ("name", "grid", "aliases"),
    "landmarks": ("name", "grid", "aliases"),
    "duty_list": (
        *("id", "name", "first", "second", "keywords", "lead", "co_handlers"),
        *("level", "urgency", "basis", "in_community_list"),
    ),
    "deadlines": (
        *("id", "clock", "urgency", "regime", "amount", "unit", "calendar", "warn_at"),
        *("source", "article", "sentence", "retired"),
    ),
    "working_days": ("day", "kind"),
}
"""The sheets with their columns, named as the fields of the YAML files are."""
_LISTS = {
    "estates": {"aliases", "roads", "landmarks"},
    "units": {"serves", "aliases"},
    "roads": {"aliases"},
    "landmarks": {"aliases"},
    "duty_list": {"keywords", "co_handlers"},
    "deadlines": {"urgency", "regime"},
}
_NUMBERS = {"buildings": {"units", "floors"}, "deadlines": {"amount"}}
_YES_NO = {"是": True, "否": False}


def workbook_of(organisation: Organisation) -> bytes:
    """Write the workbook."""
    content = content_of(organisation)
    plan = content["organisation"]
    rows: dict[str, list[Row]] = {part: plan.get(part, []) for part in PARTS}
    rows |= {"duty_list": content["duty_list"], "deadlines": list(map(_flat, content["deadlines"]))}
    rows["about"] = [
        {"what": "city", "name": plan.get("city", "")},
        *({"what": what, **plan.get(what, {})} for what in ("district", "subdistrict")),
    ]
    rows["buildings"] = [
        {"estate": estate["id"], **building}
        for estate in rows["estates"]
        for building in estate.get("buildings", [])
    ]
    rows["working_days"] = [
        {"day": day, "kind": kind}
        for kind, days in plan.get("working_days", {}).items()
        for day in days
    ]
    return as_xlsx(
        Sheet(
            name=name,
            heads=columns,
            rows=[[_cell(row.get(column)) for column in columns] for row in rows[name]],
        )
        for name, columns in COLUMNS.items()
    )


def _flat(rule: Row) -> Row:
    return {**rule, **rule["applies"]}


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        return BETWEEN.join(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    number: Cell = value
    return number


def read_workbook(path: Path) -> Organisation:
    """Read a workbook that :func:`workbook_of` wrote or people filled in.

    Raises:
        HuiyinError: It is no workbook, or a sheet is missing.
        InvalidOrganisation: Its parts contradict each other.
    """
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, InvalidFileException, KeyError, ValueError) as error:
        raise HuiyinError(f"{path}: not an XLSX file") from error
    with closing(book):
        missing = sorted(COLUMNS.keys() - set(book.sheetnames))
        if missing:
            raise HuiyinError(f"{path}: sheets missing: {', '.join(missing)}")
        sheets = {name: list(_rows(name, book[name])) for name in COLUMNS}
    return organisation_from(_content(sheets))


def _rows(name: str, sheet: Any) -> Iterable[Row]:
    lines = sheet.iter_rows(values_only=True)
    heads = [str(head or "").strip() for head in next(lines, ())]
    for line in lines:
        read = ((head, _read(name, head, cell)) for head, cell in zip(heads, line, strict=False))
        row = {head: value for head, value in read if head and value not in (None, "")}
        if row:
            yield row


def _read(name: str, head: str, cell: Any) -> Any:
    if cell is None or isinstance(cell, bool):
        return cell
    if head in _NUMBERS.get(name, ()) or head == "warn_at":
        return cell
    words = str(cell).strip()
    if words.startswith("'") and words[1:].lstrip().startswith(FORMULA_SIGNS):
        words = words[1:]
    if head in _LISTS.get(name, ()):
        return [word.strip() for word in words.split(BETWEEN) if word.strip()]
    return _YES_NO.get(words, words)


def _content(sheets: Mapping[str, list[Row]]) -> dict[str, Any]:
    about = {str(row.get("what")): row for row in sheets["about"]}
    estates = [
        {
            **estate,
            "buildings": [one for one in sheets["buildings"] if one.get("estate") == estate["id"]],
        }
        for estate in sheets["estates"]
    ]
    plan: dict[str, Any] = {part: sheets[part] for part in PARTS} | {"estates": estates}
    plan |= {
        "city": about.get("city", {}).get("name", ""),
        "district": about.get("district", {}),
        "subdistrict": about.get("subdistrict", {}),
        "working_days": {
            kind: [row["day"] for row in sheets["working_days"] if row.get("kind") == kind]
            for kind in ("worked", "rest")
        },
    }
    deadlines = [
        {**rule, "applies": {key: rule[key] for key in ("urgency", "regime") if key in rule}}
        for rule in sheets["deadlines"]
    ]
    return {"organisation": plan, "duty_list": sheets["duty_list"], "deadlines": deadlines}
