"""Reads the organisation from a folder of three YAML files and checks that they agree."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from petitions.deadlines import AmountUnit, ClockName, DeadlineRule, RunsOn, WorkingCalendar
from petitions.errors import InvalidOrganisation
from petitions.organisation import (
    Building,
    Community,
    DutyItem,
    Estate,
    Grid,
    Named,
    Organisation,
    Spot,
    Unit,
)
from petitions.organisation_content import Content, content_of

ORGANISATION = "organisation.yaml"
DUTY_LIST = "duty_list.yaml"
DEADLINES = "deadlines.yaml"
NUMBER_CODE = re.compile(r"[A-Z]{1,4}")
# The safe loader written in C where PyYAML was built with it: ten times as fast.
_SAFE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_organisation(folder: Path) -> Organisation:
    """Read ``organisation.yaml``, ``duty_list.yaml`` and ``deadlines.yaml`` in ``folder``.

    ``organisation.yaml`` may carry ``working_days`` with ``worked`` and ``rest`` lists of
    dates that override the published calendar.

    Raises:
        InvalidOrganisation: A file is missing, can't be read or contradicts another; says
            which file and what is wrong.
    """
    content = {
        "organisation": _read(folder / ORGANISATION, dict),
        "duty_list": _read(folder / DUTY_LIST, list),
        "deadlines": _read(folder / DEADLINES, list),
    }
    return organisation_from(content)


def organisation_from(content: Content) -> Organisation:
    """Make an organisation of the content of its files.

    Raises:
        InvalidOrganisation: The parts contradict each other.
    """
    plan, duties, deadlines = (content[part] for part in ("organisation", "duty_list", "deadlines"))
    units = _make(ORGANISATION, _unit, plan.get("units", ()))
    organisation = Organisation(
        city=plan.get("city", ""),
        district=_named(plan.get("district") or {}),
        subdistrict=_named(plan.get("subdistrict") or {}),
        communities=_make(ORGANISATION, _community_reader(units), plan.get("communities", ())),
        grids=_make(ORGANISATION, _grid, plan.get("grids", ())),
        estates=_make(ORGANISATION, _estate, plan.get("estates", ())),
        units=units,
        roads=_make(ORGANISATION, _spot, plan.get("roads", ())),
        landmarks=_make(ORGANISATION, _spot, plan.get("landmarks", ())),
        duties=_make(DUTY_LIST, _duty, duties),
        deadline_rules=_make(DEADLINES, _deadline, deadlines),
        calendar=_calendar(plan.get("working_days") or {}),
    )
    _check(organisation)
    return organisation


def write_organisation(organisation: Organisation, folder: Path) -> None:
    """Write the three files; each replaces the one before at once, comments in it are lost."""
    folder.mkdir(parents=True, exist_ok=True)
    content = content_of(organisation)
    for part, name in zip(content, (ORGANISATION, DUTY_LIST, DEADLINES), strict=True):
        words = yaml.safe_dump(content[part], allow_unicode=True, sort_keys=False, width=100)
        beside = folder / f"{name}.new"
        beside.write_text(words, encoding="utf-8")
        beside.replace(folder / name)


def _read(path: Path, kind: type) -> Any:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _SAFE_LOADER)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidOrganisation(file=path.name, problem=str(error)) from error
    if not isinstance(content, kind):
        raise InvalidOrganisation(file=path.name, problem=f"{kind.__name__} expected")
    return content


def _make(file: str, maker: Any, rows: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
    made = []
    for row in rows or ():
        try:
            made.append(maker(row))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            problem = f"{type(error).__name__} {error} in {row}"
            raise InvalidOrganisation(file=file, problem=problem) from error
    return tuple(made)


def _named(row: Mapping[str, Any]) -> Named:
    return Named(id=str(row.get("id", "")), name=str(row.get("name", "")))


def _words(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(str(word) for word in row.get(key) or ())


def _community_reader(units: Iterable[Unit]) -> Any:
    # The files may name the committee as people do; inside, a unit is always its id.
    ids = {name: unit.id for unit in units for name in (*unit.names, unit.id)}

    def read(row: Mapping[str, Any]) -> Community:
        return Community(
            id=row["id"],
            name=row["name"],
            committee=ids[row["committee"]],
            number_code=str(row.get("number_code") or "").strip().upper(),
        )

    return read


def _grid(row: Mapping[str, Any]) -> Grid:
    return Grid(
        id=row["id"], name=row["name"], community=row["community"], worker=row.get("worker")
    )


def _building(row: Mapping[str, Any]) -> Building:
    return Building(
        number=str(row["number"]),
        grid=row["grid"],
        units=row.get("units"),
        floors=row.get("floors"),
        elevator=row.get("elevator"),
        responsible=row.get("responsible"),
    )


def _estate(row: Mapping[str, Any]) -> Estate:
    return Estate(
        id=row["id"],
        name=row["name"],
        community=row["community"],
        aliases=_words(row, "aliases"),
        roads=_words(row, "roads"),
        landmarks=_words(row, "landmarks"),
        buildings=tuple(_building(building) for building in row.get("buildings") or ()),
    )


def _spot(row: Mapping[str, Any]) -> Spot:
    return Spot(name=row["name"], grid=row.get("grid"), aliases=_words(row, "aliases"))


def _unit(row: Mapping[str, Any]) -> Unit:
    return Unit(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        short_name=row.get("short_name") or "",
        level=row.get("level") or "",
        serves=frozenset(_words(row, "serves")),
        aliases=_words(row, "aliases"),
        phone=row.get("phone"),
    )


def _duty(row: Mapping[str, Any]) -> DutyItem:
    return DutyItem(
        id=row["id"],
        name=row["name"],
        first=row["first"],
        second=row.get("second"),
        lead=row["lead"],
        keywords=_words(row, "keywords"),
        co_handlers=_words(row, "co_handlers"),
        level=row.get("level") or "",
        urgency=row.get("urgency"),
        basis=row.get("basis"),
        in_community_list=bool(row.get("in_community_list", True)),
    )


def _deadline(row: Mapping[str, Any]) -> DeadlineRule:
    applies = row.get("applies") or {}
    return DeadlineRule(
        id=row["id"],
        clock=ClockName(row["clock"]),
        amount=int(row["amount"]),
        unit=AmountUnit(row["unit"]),
        calendar=RunsOn(row.get("calendar", "always")),
        warn_at=float(row.get("warn_at", 0.75)),
        urgency=_one_or_more(applies.get("urgency")),
        regime=_one_or_more(applies.get("regime")),
        source=row.get("source") or "",
        article=row.get("article"),
        sentence=row.get("sentence") or "",
        retired=bool(row.get("retired", False)),
    )


def _one_or_more(value: Any) -> frozenset[str]:
    if value is None:
        return frozenset()
    return frozenset([value]) if isinstance(value, str) else frozenset(value)


def _calendar(row: Mapping[str, Any]) -> WorkingCalendar:
    def days(key: str) -> list[date]:
        return [date.fromisoformat(str(day)) for day in row.get(key) or ()]

    worked = dict.fromkeys(days("worked"), True)
    return WorkingCalendar(overrides={**worked, **dict.fromkeys(days("rest"), False)})


def _check(organisation: Organisation) -> None:
    """Refuse doubled ids and references to nothing."""
    communities = {one.id for one in organisation.communities}
    grids = {one.id for one in organisation.grids}
    estates = {one.id for one in organisation.estates}
    _no_doubles("communities", [one.id for one in organisation.communities])
    _check_number_codes(organisation.communities)
    _no_doubles("grids", [one.id for one in organisation.grids])
    _no_doubles("estates", [one.id for one in organisation.estates])
    _no_doubles("units", [one.id for one in organisation.units])
    _known("community", (one.community for one in organisation.grids), communities)
    _known("community", (one.community for one in organisation.estates), communities)
    _known("grid", (grid for one in organisation.estates for grid in one.grids), grids)
    spots = (*organisation.roads, *organisation.landmarks)
    _known("grid", (one.grid for one in spots if one.grid), grids)
    served = (place for unit in organisation.units for place in unit.serves)
    _known("place served", served, communities | estates)


def _check_number_codes(communities: Sequence[Community]) -> None:
    codes = [one.number_code for one in communities if one.number_code]
    wrong = [code for code in codes if not NUMBER_CODE.fullmatch(code)]
    if wrong:
        problem = f"number_code has one to four letters from A to Z: {wrong}"
        raise InvalidOrganisation(file=ORGANISATION, problem=problem)
    _no_doubles("number_code", codes)


def _no_doubles(what: str, ids: list[str]) -> None:
    doubled = sorted({one for one in ids if ids.count(one) > 1})
    if doubled:
        raise InvalidOrganisation(file=ORGANISATION, problem=f"{what} twice: {doubled}")


def _known(what: str, wanted: Iterable[str], known: set[str]) -> None:
    missing = sorted(set(wanted) - known)
    if missing:
        raise InvalidOrganisation(file=ORGANISATION, problem=f"unknown {what}: {missing}")
