"""The administrator's editors of the organisation: add, change, close, and what was changed."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from console.audit import AuditAction, Target, write_down
from console.auth import PostedForm, Require, SignedIn, read_form, services_of
from console.desk.deadline_trials import DEADLINES, ensure_no_rival, try_stated
from console.desk.organisation_pages import (
    CLOSABLE,
    PLACE_OF_LIST,
    closing_page,
    form_page,
    history_page,
)
from console.errors import DeskError, InvalidInput
from console.organisation_forms import FORMS, options_of, read_thing
from console.permissions import DeskPermission
from petitions.errors import PetitionError, UnknownThing
from petitions.organisation_content import Content, Row, content_of
from petitions.organisation_editing import (
    BUILDINGS,
    ID_PREFIXES,
    mark_of,
    thing_at,
    with_new,
    with_thing,
    without_thing,
)
from petitions.organisation_history import edit_organisation

router = APIRouter(prefix="/desk")
Editor = Annotated[SignedIn, Depends(Require(permission=DeskPermission.EDIT_ORGANISATION))]
Reader = Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_ORGANISATION))]
Form = Annotated[PostedForm, Depends(read_form)]
Kind = Annotated[str, Path(pattern=r"^[a-z]{1,20}$")]
ThingInAddress = Annotated[str, Path(pattern=r"^[^/]{1,120}$")]
NOTE_CHARACTERS = 500
ADDABLE = frozenset({*ID_PREFIXES, BUILDINGS})


@router.get("/organisation/history")
def show_history(request: Request, me: Reader) -> Response:
    """What was changed, when, by whom and why."""
    return history_page(request, me)


@router.get("/organisation/edit/{kind}")
def show_new(request: Request, me: Editor, kind: Kind) -> Response:
    """An empty form."""
    _ensure_known(kind, ADDABLE)
    return form_page(request, me, kind)


@router.post("/organisation/edit/{kind}")
def add(request: Request, me: Editor, kind: Kind, form: Form) -> Response:
    """Add what the form states; a deadline only once its effect on past cases was looked at."""
    _ensure_known(kind, ADDABLE)
    try:
        stated = _read(request, kind, form, new=True)
        if _is_untried(kind, form, stated):
            found = try_stated(request, "", stated)
            return form_page(request, me, kind, form=form, trial=found)
        edit = partial(_added, kind=kind, stated=stated, estate=form.get("estate"))
        _carry_out(request, me, edit, kind, form)
    except (DeskError, PetitionError) as error:
        return form_page(request, me, kind, form=form, error=error)
    return _back(kind, "added")


@router.get("/organisation/edit/{kind}/{thing}")
def show_thing(request: Request, me: Editor, kind: Kind, thing: ThingInAddress) -> Response:
    """The form of a thing as it is now."""
    _ensure_known(kind, FORMS)
    return form_page(request, me, kind, _id_of(kind, thing))


@router.post("/organisation/edit/{kind}/{thing}")
def change(request: Request, me: Editor, kind: Kind, thing: ThingInAddress, form: Form) -> Response:
    """State a thing anew; a deadline only once its effect on past cases was looked at."""
    _ensure_known(kind, FORMS)
    thing_id = _id_of(kind, thing)
    try:
        stated = _read(request, kind, form, new=False)
        if _is_untried(kind, form, stated):
            found = try_stated(request, thing_id, stated)
            return form_page(request, me, kind, thing_id, form=form, trial=found)
        edit = partial(_changed, kind=kind, thing=thing_id, stated=stated, seen=form.get("seen"))
        _carry_out(request, me, edit, kind, form, thing_id)
    except (DeskError, PetitionError) as error:
        return form_page(request, me, kind, thing_id, form=form, error=error)
    return _back(kind, "saved")


@router.get("/organisation/edit/{kind}/{thing}/close")
def show_closing(request: Request, me: Editor, kind: Kind, thing: ThingInAddress) -> Response:
    """What closing a thing would mean for open cases."""
    _ensure_known(kind, CLOSABLE)
    return closing_page(request, me, kind, _id_of(kind, thing))


@router.post("/organisation/edit/{kind}/{thing}/close")
def close(request: Request, me: Editor, kind: Kind, thing: ThingInAddress, form: Form) -> Response:
    """Close a thing; open cases follow in the same transaction."""
    _ensure_known(kind, CLOSABLE)
    thing_id = _id_of(kind, thing)
    try:
        edit = partial(
            without_thing, kind=kind, thing=thing_id, instead=form.get("instead") or None
        )
        _carry_out(request, me, edit, kind, form, thing_id)
    except (DeskError, PetitionError) as error:
        return closing_page(request, me, kind, thing_id, form=form, error=error)
    return _back(kind, "closed")


def _ensure_known(kind: str, kinds: Mapping[str, object] | frozenset[str]) -> None:
    if kind not in kinds:
        raise UnknownThing(kind=kind, thing="")


def _id_of(kind: str, thing: str) -> str:
    """The id behind an address; a building's slash does not stand in one."""
    return thing.replace("~", "/", 1) if kind == BUILDINGS else thing


def _is_untried(kind: str, form: PostedForm, stated: Row) -> bool:
    return kind == DEADLINES and form.get("tried") != mark_of(stated)


def _read(request: Request, kind: str, form: PostedForm, *, new: bool) -> Row:
    content = content_of(services_of(request).organisation)
    stated = read_thing(kind, form, options_of(content), new=new)
    if kind == BUILDINGS:
        _ensure_number(stated["number"])
    return stated


def _ensure_number(number: str) -> None:
    if not number.isalnum():
        raise InvalidInput(field="number", problem="building_number")


def _added(content: Content, *, kind: str, stated: Row, estate: str) -> Content:
    changed, thing = with_new(content, kind, stated, estate=estate)
    _ensure_name_is_free(changed, kind, thing, stated)
    if kind == DEADLINES:
        ensure_no_rival(changed, thing)
    return changed


def _changed(content: Content, *, kind: str, thing: str, stated: Row, seen: str) -> Content:
    if mark_of(thing_at(content, kind, thing)) != seen:
        raise InvalidInput(field="seen", problem="seen_another")
    changed = with_thing(content, kind, thing, stated)
    _ensure_name_is_free(changed, kind, thing, stated)
    return changed


def _ensure_name_is_free(content: Content, kind: str, thing: str, stated: Row) -> None:
    name = "number" if kind == BUILDINGS else "name"
    if name not in stated:
        return
    rows = _beside(content, kind, thing)
    if sum(str(row.get(name)) == stated[name] for row in rows) > 1:
        raise InvalidInput(field=name, problem="name_taken")


def _beside(content: Content, kind: str, thing: str) -> list[Row]:
    plan = content["organisation"]
    if kind == BUILDINGS:
        estate = thing.partition("/")[0]
        return [row for one in plan["estates"] if one["id"] == estate for row in one["buildings"]]
    rows: list[Row] = content["duty_list"] if kind == "duties" else plan.get(kind, [])
    return rows


def _carry_out(
    request: Request,
    me: SignedIn,
    edit: partial[Content],
    kind: str,
    form: PostedForm,
    thing: str = "",
) -> None:
    services = services_of(request)
    now = services.clock.now()
    with services.open_work() as work:
        edit_organisation(
            work,
            edit,
            author=me.member.username,
            note=form.get("note")[:NOTE_CHARACTERS] or None,
            now=now,
        )
        write_down(
            work.session,
            AuditAction.EDIT_ORGANISATION,
            actor=me.member.username,
            now=now,
            target=Target(kind=kind, id=thing[:80]),
        )
        work.commit()
    services.kept_organisation.refresh()


def _back(kind: str, done: str) -> Response:
    return RedirectResponse(f"{PLACE_OF_LIST[kind]}?done={done}", status_code=303)
