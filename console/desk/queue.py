"""The board and the queue: what waits, what is late, what is mine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from console.auth import Require, SignedIn, services_of
from console.desk.places import place_of
from console.desk.queue_query import PAGE_SIZE, QueueQuery, read_query
from console.pages import home_of, show
from console.permissions import DeskPermission
from console.wording.cases import STATUS
from petitions.errors import CaseNotFound
from petitions.notifications import notifications_of_unit
from petitions.organisation import Grid, Organisation, Unit
from petitions.permissions import units_of
from petitions.ports import UnitOfWork
from petitions.queries import BoardCounts, board_counts, case_by_number, queue
from petitions.tables import Case, Notification
from petitions.workflow import CaseStatus

router = APIRouter(prefix="/desk")

BOARD_STATES: tuple[CaseStatus, ...] = (
    CaseStatus.REGISTERED,
    CaseStatus.SCREENED,
    CaseStatus.DISPATCHED,
    CaseStatus.SIGNED_FOR,
    CaseStatus.OBJECTED,
    CaseStatus.HANDLING,
    CaseStatus.SUSPENDED,
    CaseStatus.REPLIED,
    CaseStatus.FOLLOWED_UP,
    CaseStatus.REOPENED,
    CaseStatus.IN_REVIEW,
    CaseStatus.IN_REREVIEW,
)
NOTICES_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One figure of the board and the list behind it."""

    label: str
    count: int
    address: str
    current: bool
    urgent: bool = False


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
            filters=wanted.filters,
            page=wanted.page,
            page_size=PAGE_SIZE,
        )
        notices = _notices(work, me)
    return show(
        request,
        "queue.html",
        me=me,
        query=wanted,
        page=page,
        tiles=tiles(counts, wanted),
        notices=notices,
        grids=grids_to_choose(services.organisation, me),
        units=units_to_choose(services.organisation, me),
        query_address=lambda number: "/desk" + wanted.address(page=number),
        place_of=lambda case: place_of(services.organisation, case),
        unit_called=lambda case: unit_called(services.organisation, case),
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
    return notifications_of_unit(work, unit, limit=NOTICES_SHOWN) if unit else ()


def tiles(counts: BoardCounts, query: QueueQuery) -> list[Tile]:
    """Late ones first, then the states that have any, in the order of the work."""
    late = Tile(
        label="已超时",
        count=counts.overdue,
        address=QueueQuery(overdue=True).address(),
        current=query.overdue,
        urgent=counts.overdue > 0,
    )
    all_open = Tile(
        label="全部在办",
        count=counts.total,
        address="",
        current=not query.is_narrowed,
    )
    return [all_open, late, *_state_tiles(counts, query)]


def _state_tiles(counts: BoardCounts, query: QueueQuery) -> list[Tile]:
    return [
        Tile(
            label=STATUS[state.value],
            count=counts.by_status.get(state.value, 0),
            address=QueueQuery(state=state.value).address(),
            current=query.state == state.value,
        )
        for state in BOARD_STATES
        if counts.by_status.get(state.value) or query.state == state.value
    ]


def unit_called(organisation: Organisation, case: Case) -> str:
    """Who has it, in the short name; before the dispatch, who is proposed."""
    unit_id = case.lead_unit or case.proposed_unit
    unit = next((one for one in organisation.units if one.id == unit_id), None)
    name = unit.called if unit else unit_id or ""
    return name if case.lead_unit else f"建议 {name}" if name else "待定"


def grids_to_choose(organisation: Organisation, me: SignedIn) -> tuple[Grid, ...]:
    """The grids of the own community, or all."""
    own = me.member.community_id
    return tuple(grid for grid in organisation.grids if own in (None, grid.community))


def units_to_choose(organisation: Organisation, me: SignedIn) -> tuple[Unit, ...]:
    """The units that cases can lie with; none to choose from for one who sees one unit's."""
    several = me.member.may(DeskPermission.SEE_FIGURES)
    return organisation.units if several else ()
