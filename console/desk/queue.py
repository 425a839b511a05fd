"""The board and the queue: what waits, what is late, what is mine."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from console.auth import Require, SignedIn, services_of
from console.bulk import BULK_VERBS
from console.desk.board import state_tiles, tiles
from console.desk.places import place_of
from console.desk.queue_query import PAGE_SIZE, read_query
from console.language import Words, translate
from console.live import not_changed, queue_version
from console.pages import home_of, show
from console.permissions import DeskPermission
from console.saved_views import views_of
from console.verbs import find_verb
from petitions.errors import CaseNotFound
from petitions.notifications import notifications_of_unit
from petitions.organisation import Grid, Organisation, Unit
from petitions.permissions import units_of
from petitions.ports import UnitOfWork
from petitions.queries import board_counts, case_by_number, queue
from petitions.tables import Case, Notification
from petitions.workflow import TRANSITIONS

router = APIRouter(prefix="/desk")
NOTICES_SHOWN = 5
EDGES = Words({"first": "那已经是这个列表的第一件。", "last": "那已经是这个列表的最后一件。"})
"""Said to whoever went on from the last case of a list, or back from the first."""


@router.get("")
def show_queue(request: Request, me: Annotated[SignedIn, Depends(Require())]) -> Response:
    """Board and queue; whoever has no cases is taken to the own work."""
    if not me.member.may(DeskPermission.SEE_CASES):
        return RedirectResponse(home_of(me), status_code=303)
    services = services_of(request)
    wanted = read_query(request.query_params)
    with services.open_read_work() as work:
        if wanted.text and (number := _number_of(work, me, wanted.text)):
            return RedirectResponse(f"/desk/cases/{number}", status_code=303)
        counts = board_counts(work, actor=me.actor, now=services.clock.now())
        page = queue(
            work,
            actor=me.actor,
            now=services.clock.now(),
            filters=wanted.filters(services.clock.now()),
            page=wanted.page,
            page_size=PAGE_SIZE,
        )
        notices = _notices(work, me)
        views = views_of(work.session, me.member)
        version = queue_version(work, me.actor)
    return show(
        request,
        "queue.html",
        me=me,
        query=wanted,
        edge=EDGES.get(request.query_params.get("edge", "")),
        page=page,
        tiles=tiles(counts, wanted, me.member.roles),
        states=state_tiles(counts, wanted),
        views=views,
        version=version,
        bulk_verbs=bulk_verbs_for(me),
        notices=notices,
        grids=grids_to_choose(services.organisation, me),
        units=units_to_choose(services.organisation, me),
        query_address=lambda number: "/desk" + wanted.address(page=number),
        place_of=lambda case: place_of(services.organisation, case),
        unit_called=lambda case: unit_called(services.organisation, case),
    )


@router.get("/version")
def tell_queue_version(
    request: Request,
    me: Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_CASES))],
) -> Response:
    """Tell an open queue whether any of its cases has changed."""
    with services_of(request).open_read_work() as work:
        version = queue_version(work, me.actor)
    return not_changed(request, version)


def bulk_verbs_for(me: SignedIn) -> tuple[str, ...]:
    """What this person may do to several cases at once, as far as roles tell."""
    granted = {
        (rule_action, role) for (_, rule_action), rule in TRANSITIONS.items() for role in rule.roles
    }
    return tuple(
        name
        for name in BULK_VERBS
        if (verb := find_verb(name))
        and any((verb.action, role) in granted for role in me.member.roles)
    )


def _number_of(work: UnitOfWork, me: SignedIn, text: str) -> str | None:
    """The case that the words searched for are the whole number of."""
    if not text.upper().startswith("HY"):
        return None
    try:
        return case_by_number(work, text.upper(), actor=me.actor).number
    except CaseNotFound:
        return None


def _notices(work: UnitOfWork, me: SignedIn) -> Sequence[Notification]:
    unit = next(iter(sorted(units_of(me.actor, work.organisation))), None)
    if unit is None:
        return ()
    return notifications_of_unit(work, unit, person=me.actor.id, limit=NOTICES_SHOWN)


def unit_called(organisation: Organisation, case: Case) -> str:
    """Who has it, in the short name; before the dispatch, who is proposed."""
    unit_id = case.lead_unit or case.proposed_unit
    unit = next((one for one in organisation.units if one.id == unit_id), None)
    name = unit.called if unit else unit_id or ""
    if case.lead_unit:
        return name
    return translate("建议 {unit}").format(unit=name) if name else translate("待定")


def grids_to_choose(organisation: Organisation, me: SignedIn) -> tuple[Grid, ...]:
    """The grids of the own community, or all."""
    own = me.member.community_id
    return tuple(grid for grid in organisation.grids if own in (None, grid.community))


def units_to_choose(organisation: Organisation, me: SignedIn) -> tuple[Unit, ...]:
    """The units that cases can lie with; none to choose from for one who sees one unit's."""
    several = me.member.may(DeskPermission.SEE_FIGURES)
    return organisation.units if several else ()
