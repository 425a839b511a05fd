"""The routes under ``/api/v1``."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from console.api import examples, knowledge, models, oversight, running, views
from console.api.once import IdempotencyKey
from console.auth import CaseNumber, Require, SignedIn, guard_against_forgery, services_of
from console.case_actions import carry_out, look_up_contact
from console.desk.queue_query import read_query
from console.permissions import DeskPermission
from console.verbs import VERBS, Inputs, offered
from console.wording.cases import VERB
from petitions.history import verify_history
from petitions.letters import letters_of
from petitions.queries import board_counts, case_by_number, case_page, queue

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": models.Problem} for status in (401, 403, 404, 409, 422)
}
# Only drawn into the document: who may do what is asked by ``Require``.
_SCHEMES = [
    Depends(HTTPBearer(auto_error=False, description="A token of «我的账号».")),
    Depends(APIKeyCookie(name="desk", auto_error=False, description="The desk's own session.")),
]
router = APIRouter(
    prefix="/api/v1",
    dependencies=[Depends(guard_against_forgery), *_SCHEMES],
    responses=REFUSALS,
    tags=["desk"],
)
Anybody = Annotated[SignedIn, Depends(Require())]
Handler = Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_CASES))]


@router.get("/me")
def who_am_i(me: Anybody) -> models.Me:
    """The person behind the request, and the token that changes need."""
    return views.me(me)


@router.get("/verbs")
def list_verbs(me: Handler) -> list[models.VerbDescription]:
    """Every verb with its fields; which of them a case offers stands in the case."""
    return [views.verb(verb, VERB[verb.name]) for verb in VERBS]


@router.get("/board")
def count_cases(request: Request, me: Handler) -> models.Board:
    """How many open cases this person sees."""
    services = services_of(request)
    with services.open_read_work() as work:
        return views.board(board_counts(work, actor=me.actor, now=services.clock.now()))


@router.get("/cases")
def list_cases(
    request: Request,
    me: Handler,
    state: Annotated[str, Query(description="A status of the case.")] = "",
    urgency: str = "",
    overdue: Annotated[str, Query(description="«1»: late ones only.")] = "",
    due: Annotated[str, Query(description="«today»: not late, but due today.")] = "",
    whistled: Annotated[str, Query(description="«1»: a unit has yet to report in.")] = "",
    grid: str = "",
    unit: str = "",
    q: Annotated[str, Query(description="Part of number, title or words.")] = "",
    closed: Annotated[str, Query(description="«1»: with what is closed.")] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> models.CaseList:
    """The queue, with the filters of the desk's page."""
    services = services_of(request)
    wanted = read_query(request.query_params)
    with services.open_read_work() as work:
        found = queue(
            work,
            actor=me.actor,
            now=services.clock.now(),
            filters=wanted.filters(services.clock.now()),
            page=page,
            page_size=page_size,
        )
    return views.case_list(found, services.organisation)


@router.get("/cases/{number}")
def read_case(request: Request, me: Handler, number: CaseNumber) -> models.CaseDetail:
    """Everything on one case, and the verbs that this person may use on it now."""
    services = services_of(request)
    with services.open_read_work() as work:
        case = case_by_number(work, number, actor=me.actor)
        page = case_page(work, case.id or 0, actor=me.actor, now=services.clock.now())
        history = verify_history(work, case.id or 0)
    verbs = offered(page, me.actor, services.organisation)
    return views.case_detail(page, history, verbs, services.organisation)


@router.get("/cases/{number}/letters")
def read_letters(request: Request, me: Handler, number: CaseNumber) -> list[models.Letter]:
    """The letters that a petition's steps owe the resident; none for other regimes."""
    with services_of(request).open_read_work() as work:
        return [views.letter(one) for one in letters_of(work, number, actor=me.actor)]


@router.post("/cases/{number}/actions/{verb}")
def act(
    request: Request,
    me: Handler,
    number: CaseNumber,
    verb: str,
    action: models.Action,
    idempotency_key: IdempotencyKey = None,
) -> models.Done:
    """Carry out one verb, as the desk's form would.

    Sent again with the same Idempotency-Key it is not done again: the first answer comes back.
    """
    done = carry_out(
        services_of(request),
        me,
        number=number,
        verb_name=verb,
        inputs=Inputs(words=views.words_of(action.inputs)),
        expected_version=action.expected_version,
        key=idempotency_key,
    )
    return models.Done(number=done.number, status=done.status, version=done.version)


@router.post("/cases/{number}/contact")
def show_contact(
    request: Request,
    me: Handler,
    number: CaseNumber,
    wish: models.RevealReason,
    idempotency_key: IdempotencyKey = None,
) -> list[models.RevealedContact]:
    """Show the contact in clear; who looked and why is kept, once for each Idempotency-Key."""
    contacts = look_up_contact(
        services_of(request), me, number=number, reason=wish.reason, key=idempotency_key
    )
    return [views.contact(one) for one in contacts]


router.include_router(examples.router)
router.include_router(knowledge.router)
router.include_router(oversight.router)
router.include_router(running.router)
