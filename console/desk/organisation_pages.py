"""The pages of the organisation's editors, each made of what holds now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from console.auth import PostedForm, SignedIn, services_of
from console.desk.deadline_trials import DEADLINES, Trial, try_without
from console.errors import DeskError
from console.organisation_changes import ChangeLine, lines_of
from console.organisation_forms import fields_of, options_of, shown, typed
from console.pages import show
from console.problems import sentence_of, status_of
from console.staff import StaffMember, list_staff, names_of_staff
from petitions.errors import PetitionError
from petitions.organisation_content import Content, Row, content_of
from petitions.organisation_editing import (
    BUILDINGS,
    mark_of,
    needs_another_grid,
    thing_at,
)
from petitions.organisation_effects import helped_by, open_cases_of, running_clocks_of
from petitions.organisation_history import organisation_versions
from petitions.oversight_tables import OrganisationVersion

PLACE_OF_LIST = {
    "street": "/desk/organisation",
    "units": "/desk/organisation",
    **dict.fromkeys(("communities", "grids", "estates", BUILDINGS), "/desk/organisation/places"),
    "duties": "/desk/organisation/duties",
    DEADLINES: "/desk/organisation/deadlines",
}
CLOSABLE = frozenset({"communities", "grids", "estates", BUILDINGS, "units", "duties", DEADLINES})
VERSIONS_SHOWN = 30
FIRST_VALUES: Mapping[str, Row] = {DEADLINES: {"warn_at": 0.75}}
"""What stands in an empty form."""


@dataclass(frozen=True, kw_only=True)
class VersionLine:
    """One change of the organisation, in words."""

    version: OrganisationVersion
    lines: Sequence[ChangeLine]


def form_page(
    request: Request,
    me: SignedIn,
    kind: str,
    thing: str = "",
    *,
    form: PostedForm | None = None,
    error: DeskError | PetitionError | None = None,
    trial: Trial | None = None,
) -> Response:
    """The form of a thing, or of a new one; with what was typed after an error."""
    content = content_of(services_of(request).organisation)
    row = thing_at(content, kind, thing) if thing else {}
    estate = _estate(request, kind, thing, form)
    fields = fields_of(kind, new=not thing)
    return show(
        request,
        "organisation_edit.html",
        me=me,
        status=status_of(error) if error else 200,
        kind=kind,
        thing=thing,
        row=row,
        estate=thing_at(content, "estates", estate) if estate else None,
        fields=fields,
        options=options_of(content),
        values=typed(fields, form) if form else shown(fields, row or FIRST_VALUES.get(kind, {})),
        note=form.get("note") if form else "",
        seen=mark_of(row),
        trial=trial,
        closable=kind in CLOSABLE and bool(thing),
        back=PLACE_OF_LIST[kind],
        **_told(error),
    )


def closing_page(
    request: Request,
    me: SignedIn,
    kind: str,
    thing: str,
    *,
    form: PostedForm | None = None,
    error: DeskError | PetitionError | None = None,
) -> Response:
    """What closing a thing would mean, and the button that does it."""
    services = services_of(request)
    content = content_of(services.organisation)
    row = thing_at(content, kind, thing)
    with services.open_read_work() as work:
        cases = None if kind == DEADLINES else open_cases_of(work, kind, thing)
        clocks = running_clocks_of(work, thing) if kind == DEADLINES else 0
        helped = helped_by(work, thing) if kind == "units" else 0
    others = {key: name for key, name in options_of(content)["grids"].items() if key != thing}
    return show(
        request,
        "organisation_close.html",
        me=me,
        status=status_of(error) if error else 200,
        kind=kind,
        thing=thing,
        name=row.get("name") or row.get("number") or row.get("sentence"),
        cases=cases,
        clocks=clocks,
        trial=try_without(request, thing) if kind == DEADLINES else None,
        helped=helped,
        people=_people_of(request, thing) if kind == "units" else (),
        duties=_duties_left(content, row) if kind == "units" else (),
        grids=others if kind == "grids" and needs_another_grid(content, thing) else None,
        instead=form.get("instead") if form else "",
        note=form.get("note") if form else "",
        back=PLACE_OF_LIST[kind],
        **_told(error),
    )


def history_page(request: Request, me: SignedIn) -> Response:
    """The changes, newest first."""
    services = services_of(request)
    options = options_of(content_of(services.organisation))
    with services.open_read_work() as work:
        versions = organisation_versions(work, limit=VERSIONS_SHOWN)
    with services.reading() as session:
        names = names_of_staff(session)
    return show(
        request,
        "organisation_history.html",
        me=me,
        names=names,
        versions=[
            VersionLine(version=one, lines=lines_of(one.changes, options)) for one in versions
        ],
    )


def _told(error: DeskError | PetitionError | None) -> dict[str, Any]:
    if error is None:
        return {"error_field": "", "sentence": ""}
    return {"error_field": error.facts.get("field") or "", "sentence": sentence_of(error)}


def _estate(request: Request, kind: str, thing: str, form: PostedForm | None) -> str:
    if kind != BUILDINGS:
        return ""
    asked = form.get("estate") if form else request.query_params.get("estate", "")
    return thing.partition("/")[0] or asked


def _people_of(request: Request, unit_id: str) -> Sequence[StaffMember]:
    with services_of(request).reading() as session:
        return [one for one in list_staff(session) if one.active and one.unit_id == unit_id]


def _duties_left(content: Content, unit: Row) -> Sequence[str]:
    """Names of the duties that no unit would lead once this one is closed."""
    kind = unit["kind"]
    others = [one for one in content["organisation"]["units"] if one["kind"] == kind]
    if len(others) > 1:
        return ()
    return [duty["name"] for duty in content["duty_list"] if duty["lead"] == kind]
