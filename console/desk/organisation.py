"""Who does what: units with their people, places, the duty list, the deadlines, to be looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from console.auth import Require, SignedIn, services_of
from console.language import Words, translate
from console.pages import show as show_page
from console.permissions import DeskPermission
from console.staff import StaffMember, list_staff
from petitions.deadlines import ClockName, DeadlineRule
from petitions.organisation import DutyItem, Estate, Grid, Organisation, Unit
from petitions.workflow import Role

router = APIRouter(prefix="/desk")
Reader = Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_ORGANISATION))]
UNITS_NAMED = 3
DONE = Words(
    {
        "saved": "已保存，现在就按新的来。",
        "added": "已新增，现在就可以用。",
        "closed": "已撤销，受影响的工单已经按说明处理。",
    }
)


@dataclass(frozen=True, kw_only=True)
class UnitLine:
    """A unit, where it works, and who works the desk for it."""

    unit: Unit
    serves: tuple[str, ...]
    people: tuple[StaffMember, ...]


@dataclass(frozen=True, kw_only=True)
class GridLine:
    """A grid with its community and its estates."""

    grid: Grid
    community: str
    estates: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DutyLine:
    """One line of the duty list with the units that lead and help."""

    duty: DutyItem
    lead: str
    helpers: str


@router.get("/organisation")
def show_units(request: Request, me: Reader) -> Response:
    """The units, each with its people."""
    services = services_of(request)
    organisation = services.organisation
    with services.reading() as session:
        people = [one for one in list_staff(session) if one.active]
    lines = [_unit_line(unit, organisation, people) for unit in organisation.units]
    words = _words(request)
    return _show(
        request,
        "organisation_units.html",
        me=me,
        q=words,
        lines=[line for line in lines if _speaks_of(words, _words_of_unit(line))],
    )


@router.get("/organisation/places")
def show_places(request: Request, me: Reader) -> Response:
    """Grids with their workers, estates with the buildings and who looks after each."""
    organisation = services_of(request).organisation
    return _show(
        request,
        "organisation_places.html",
        me=me,
        grids=[_grid_line(grid, organisation) for grid in organisation.grids],
    )


@router.get("/organisation/duties")
def show_duties(request: Request, me: Reader) -> Response:
    """The duty list: which unit leads, which help, and whether it is the community's work."""
    organisation = services_of(request).organisation
    words = _words(request)
    duties = [one for one in organisation.duties if _speaks_of(words, _words_of_duty(one))]
    return _show(
        request,
        "organisation_duties.html",
        me=me,
        q=words,
        lines=[_duty_line(duty, organisation) for duty in duties],
    )


@router.get("/organisation/deadlines")
def show_deadlines(request: Request, me: Reader) -> Response:
    """The rules of every clock, each with its source."""
    rules = services_of(request).organisation.deadline_rules
    standing = [rule for rule in rules if not rule.retired]
    return _show(
        request,
        "organisation_deadlines.html",
        me=me,
        clocks=_by_clock(standing),
        retired=[rule for rule in rules if rule.retired],
    )


def _show(request: Request, template: str, *, me: SignedIn, **context: Any) -> Response:
    """A page of this part, with the ways to the editors for those who may edit."""
    return show_page(
        request,
        template,
        me=me,
        may_edit=me.member.may(DeskPermission.EDIT_ORGANISATION),
        done=DONE.get(request.query_params.get("done", "")),
        **context,
    )


def _words(request: Request) -> str:
    return request.query_params.get("q", "").strip()[:100]


def _speaks_of(words: str, texts: Sequence[str]) -> bool:
    return not words or any(words in text for text in texts)


def _words_of_unit(line: UnitLine) -> Sequence[str]:
    return (*line.unit.names, *line.serves, *(one.name for one in line.people))


def _words_of_duty(duty: DutyItem) -> Sequence[str]:
    return (duty.name, duty.first, duty.second or "", *duty.keywords)


def _unit_line(unit: Unit, organisation: Organisation, people: Sequence[StaffMember]) -> UnitLine:
    names = {one.id: one.name for one in (*organisation.communities, *organisation.estates)}
    led = {one.id for one in organisation.communities if one.committee == unit.id}
    return UnitLine(
        unit=unit,
        serves=tuple(sorted(names.get(one, one) for one in unit.serves)),
        people=tuple(
            one
            for one in people
            if one.unit_id == unit.id or (Role.COMMITTEE in one.roles and one.community_id in led)
        ),
    )


def _grid_line(grid: Grid, organisation: Organisation) -> GridLine:
    community = organisation.community(grid.community)
    return GridLine(
        grid=grid,
        community=community.name if community else "",
        estates=tuple(_part(estate, grid) for estate in organisation.estates if _in(estate, grid)),
    )


def _in(estate: Estate, grid: Grid) -> bool:
    return grid.id in estate.grids


def _part(estate: Estate, grid: Grid) -> str:
    """The estate, with the buildings named where only some stand in the grid."""
    if estate.grids == {grid.id}:
        return estate.name
    numbers = translate("、").join(one.number for one in estate.buildings if one.grid == grid.id)
    return translate("{estate} {numbers} 号楼").format(estate=estate.name, numbers=numbers)


def _duty_line(duty: DutyItem, organisation: Organisation) -> DutyLine:
    return DutyLine(
        duty=duty,
        lead=_units_of_kind(organisation, duty.lead, duty.level),
        helpers=translate("、").join(
            name
            for kind in duty.co_handlers
            if (name := _units_of_kind(organisation, kind, duty.level))
        ),
    )


def _units_of_kind(organisation: Organisation, kind: str, level: str) -> str:
    """The units of a kind, wherever they work; those of the wanted level where there are any."""
    units = [unit for unit in organisation.units if unit.kind == kind]
    fitting = [unit for unit in units if unit.level == level] or units
    names = translate("、").join(unit.called for unit in fitting[:UNITS_NAMED])
    if len(fitting) <= UNITS_NAMED:
        return names
    return translate("{names}等 {n} 家").format(names=names, n=len(fitting))


def _by_clock(rules: Sequence[DeadlineRule]) -> Mapping[str, tuple[DeadlineRule, ...]]:
    order = list(ClockName)
    ordered = sorted(rules, key=lambda rule: order.index(rule.clock))
    return {
        clock.value: tuple(group) for clock, group in groupby(ordered, key=lambda rule: rule.clock)
    }
