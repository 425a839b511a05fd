"""Changes one thing of an organisation, as plain data. Pure.

Things are named by kind and id as :func:`petitions.organisation_content.items_of` names them; a
building is «estate/number», and the city, the district and the street together are «street».
"""

import copy
import hashlib
from collections.abc import Mapping
from typing import Any

from petitions.errors import CannotClose, UnknownThing
from petitions.history import canonical_json
from petitions.organisation_content import Content, Row

STREET = "street"
BUILDINGS = "buildings"
ID_PREFIXES: Mapping[str, str] = {
    "communities": "community",
    "grids": "grid",
    "estates": "estate",
    "units": "unit",
    "duties": "duty",
    "deadlines": "deadline",
}
"""What can be added with an id of its own; the ids made here start like this."""
_FILES = {"duties": "duty_list", "deadlines": "deadlines"}


def thing_at(content: Content, kind: str, thing: str) -> Row:
    """One thing as it stands.

    Raises:
        UnknownThing: There is none, or it was closed.
    """
    found = next((row for row in _rows(content, kind, thing) if _is(kind, row, thing)), None)
    if found is None or found.get("retired"):
        raise UnknownThing(kind=kind, thing=thing)
    return dict(found)


def mark_of(row: Row) -> str:
    """Tells two states of a thing apart: whoever edits says which one was seen."""
    return hashlib.sha256(canonical_json(row).encode()).hexdigest()[:16]


def with_thing(content: Content, kind: str, thing: str, stated: Row) -> Content:
    """Put ``stated`` over what is known of a thing; what is not stated stays as it is."""
    changed = copy.deepcopy(dict(content))
    if kind == STREET:
        _state_street(changed["organisation"], stated)
        return changed
    rows = _rows(changed, kind, thing)
    known = next((row for row in rows if _is(kind, row, thing)), None)
    if known is None:
        raise UnknownThing(kind=kind, thing=thing)
    known.update(stated)
    return changed


def with_new(content: Content, kind: str, stated: Row, *, estate: str = "") -> tuple[Content, str]:
    """Add a thing at the end of its list; a building stands in ``estate``.

    Returns:
        The content and the id of what was added.
    """
    changed = copy.deepcopy(dict(content))
    row = dict(stated) if kind == BUILDINGS else {"id": _free_id(content, kind), **stated}
    _rows(changed, kind, f"{estate}/").append(row)
    return changed, f"{estate}/{row['number']}" if kind == BUILDINGS else str(row["id"])


def without_thing(
    content: Content, kind: str, thing: str, *, instead: str | None = None
) -> Content:
    """Close a thing. A deadline stays, retired, for the clocks that run by it.

    Args:
        content: What holds.
        kind: Which list.
        thing: Which of it.
        instead: The grid that takes over the buildings and streets of a closed one.

    Raises:
        UnknownThing: There is none.
        CannotClose: Something else leans on it; ``names`` says what.
    """
    thing_at(content, kind, thing)
    _ensure_free(content, kind, thing, instead)
    changed = copy.deepcopy(dict(content))
    rows = _rows(changed, kind, thing)
    if kind == "deadlines":
        next(row for row in rows if _is(kind, row, thing))["retired"] = True
        return changed
    rows[:] = [row for row in rows if not _is(kind, row, thing)]
    if kind == "grids":
        _move_to_grid(changed, thing, instead)
    if kind in ("estates", "communities"):
        for unit in changed["organisation"].get("units", []):
            unit["serves"] = [one for one in unit.get("serves", []) if one != thing]
    return changed


def needs_another_grid(content: Content, thing: str) -> bool:
    """Whether anything lies in this grid, so that closing it needs another one."""
    return any(row["grid"] == thing for row in _in_grids(content))


def _ensure_free(content: Content, kind: str, thing: str, instead: str | None) -> None:
    because, names = _leaning_on(content, kind, thing)
    if because:
        raise CannotClose(because=because, names=names)
    if kind == "grids" and needs_another_grid(content, thing):
        others = {row["id"] for row in _rows(content, "grids", "")} - {thing}
        if instead not in others:
            raise CannotClose(because="needs_another_grid", field="instead", names=[])


def _leaning_on(content: Content, kind: str, thing: str) -> tuple[str, list[str]]:
    plan = content["organisation"]
    if kind == "units":
        led = [one["name"] for one in plan["communities"] if one["committee"] == thing]
        return ("leads_community", led) if led else ("", [])
    if kind == "communities":
        inside = [*plan.get("grids", []), *plan.get("estates", [])]
        names = [one["name"] for one in inside if one["community"] == thing]
        if names:
            return "not_empty", names
    if kind in ("communities", "estates"):
        # A unit that serves nothing by name serves everywhere: that must not come about by itself.
        only = [one["name"] for one in plan.get("units", []) if one.get("serves") == [thing]]
        return ("served_alone", only) if only else ("", [])
    return "", []


def _move_to_grid(content: Content, closed: str, instead: str | None) -> None:
    for row in _in_grids(content):
        if row["grid"] == closed:
            row["grid"] = instead


def _in_grids(content: Content) -> list[Row]:
    plan = content["organisation"]
    buildings = [row for one in plan.get("estates", []) for row in one.get("buildings", [])]
    spots = [*plan.get("roads", []), *plan.get("landmarks", [])]
    return [row for row in (*buildings, *spots) if row.get("grid")]


def _state_street(plan: dict[str, Any], stated: Row) -> None:
    plan["city"] = stated.get("city", plan.get("city", ""))
    for part in ("district", "subdistrict"):
        if part in stated:
            plan[part] = {**plan.get(part, {}), "name": stated[part]}


def _rows(content: Content, kind: str, thing: str) -> list[Row]:
    """The list that a thing stands in; made where it is missing."""
    plan = content["organisation"]
    if kind == STREET:
        return [_street(plan)]
    if kind == BUILDINGS:
        estate = thing.partition("/")[0]
        for row in plan.get("estates", []):
            if row["id"] == estate:
                found: list[Row] = row.setdefault("buildings", [])
                return found
        raise UnknownThing(kind="estates", thing=estate)
    if kind not in ID_PREFIXES and kind not in _FILES:
        raise UnknownThing(kind=kind, thing=thing)
    rows: list[Row] = content[_FILES[kind]] if kind in _FILES else plan.setdefault(kind, [])
    return rows


def _street(plan: Mapping[str, Any]) -> Row:
    names = {part: plan.get(part, {}).get("name", "") for part in ("district", "subdistrict")}
    return {"id": STREET, "city": plan.get("city", ""), **names}


def _is(kind: str, row: Row, thing: str) -> bool:
    if kind == BUILDINGS:
        return str(row["number"]) == thing.partition("/")[2]
    return str(row["id"]) == thing


def _free_id(content: Content, kind: str) -> str:
    prefix = ID_PREFIXES[kind]
    taken = {row["id"] for row in _rows(content, kind, "")}
    return next(name for n in range(1, len(taken) + 2) if (name := f"{prefix}-{n}") not in taken)
