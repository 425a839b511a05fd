"""Where a supervisor looks closer: exclusions, hot issues, odd closings, calls to make."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from console.auth import CaseNumber, PostedForm, SignedIn, read_form, services_of
from console.desk.supervision import Overseer, Period, community_of, read_period
from console.language import Words
from console.pages import show
from console.paging import page_of
from console.problems import sentence_of, status_of
from console.staff import names_of_staff
from petitions.closing_signs import calls_to_make, odd_closings
from petitions.errors import CaseNotFound, PetitionError
from petitions.exclusions import ask_exclusion, rates_both_ways, settle_exclusion
from petitions.hot_watch import hot_issues_for, messages_behind
from petitions.queries import case_by_number

router = APIRouter(prefix="/desk")
Form = Annotated[PostedForm, Depends(read_form)]
SHOWN = 50
ISSUES_SHOWN = 10
MESSAGES_SHOWN = 20
DONE = Words(
    {
        "asked": "已申请，等另一个人审批。",
        "approved": "已同意，调整后的比例不再计算它。",
        "refused": "没有同意，它照常计算。",
    }
)


@router.get("/supervision/adjusted")
def show_adjusted(request: Request, me: Overseer) -> Response:
    """The rates raw and adjusted, what was left out and why, and what waits for a second person."""
    return _adjusted_page(request, me)


@router.post("/supervision/exclusions")
def ask(request: Request, me: Overseer, form: Form) -> Response:
    """Ask that a case be left out of the adjusted rates."""
    services = services_of(request)
    try:
        with services.open_work() as work:
            case = case_by_number(work, form.get("number"), actor=me.actor)
            ask_exclusion(
                work,
                case.id or 0,
                actor=me.actor,
                now=services.clock.now(),
                reason=form.get("reason"),
            )
            work.commit()
    except PetitionError as error:
        return _adjusted_page(request, me, form=form, error=error)
    return _back(request, "asked")


@router.post("/supervision/exclusions/{number}/settle")
def settle(request: Request, me: Overseer, number: CaseNumber, form: Form) -> Response:
    """Agree or not; only somebody else than who asked may."""
    services = services_of(request)
    approved = form.get("approved") == "1"
    try:
        with services.open_work() as work:
            case = case_by_number(work, number, actor=me.actor)
            settle_exclusion(
                work, case.id or 0, actor=me.actor, now=services.clock.now(), approved=approved
            )
            work.commit()
    except CaseNotFound:
        raise
    except PetitionError as error:
        return _adjusted_page(request, me, error=error)
    return _back(request, "approved" if approved else "refused")


@router.get("/supervision/hot")
def show_hot_issues(request: Request, me: Overseer) -> Response:
    """What many residents reported lately, with their own words."""
    with services_of(request).open_read_work() as work:
        issues = hot_issues_for(work, actor=me.actor)
        page = page_of(issues, request.query_params, ISSUES_SHOWN)
        messages = messages_behind(work, page.rows, actor=me.actor)
    return show(
        request,
        "hot.html",
        me=me,
        page=page,
        page_address=lambda number: f"/desk/supervision/hot?page={number}",
        messages=messages,
        limit=MESSAGES_SHOWN,
    )


@router.get("/supervision/signs")
def show_signs(request: Request, me: Overseer) -> Response:
    """Cases that show signs of having been closed on paper only."""
    period = _period(request)
    with services_of(request).open_read_work() as work:
        found = odd_closings(work, actor=me.actor, since=period.since, until=period.until)
    return show(
        request,
        "signs.html",
        me=me,
        period=period,
        page=page_of(found, request.query_params, SHOWN),
        page_address=lambda number: f"/desk/supervision/signs{period.address}&page={number}",
    )


@router.get("/supervision/calls")
def show_calls(request: Request, me: Overseer) -> Response:
    """Residents to be called back: the promise has ended and nobody asked them."""
    services = services_of(request)
    with services.open_read_work() as work:
        cases = calls_to_make(work, actor=me.actor, now=services.clock.now())
    return show(
        request,
        "calls.html",
        me=me,
        page=page_of(cases, request.query_params, SHOWN),
        page_address=lambda number: f"/desk/supervision/calls?page={number}",
    )


def _period(request: Request) -> Period:
    return read_period(request.query_params, services_of(request).clock.now())


def _back(request: Request, done: str) -> Response:
    address = f"/desk/supervision/adjusted{_period(request).address}&done={done}"
    return RedirectResponse(address, status_code=303)


def _adjusted_page(
    request: Request,
    me: SignedIn,
    *,
    form: PostedForm | None = None,
    error: PetitionError | None = None,
) -> Response:
    period = _period(request)
    with services_of(request).open_read_work() as work:
        rates = rates_both_ways(
            work,
            actor=me.actor,
            since=period.since,
            until=period.until,
            community_id=community_of(me),
        )
        names = names_of_staff(work.session)
    return show(
        request,
        "adjusted.html",
        me=me,
        names=names,
        status=status_of(error) if error else 200,
        period=period,
        rates=rates,
        form=form or PostedForm(words={}, files={}),
        sentence=sentence_of(error) if error else "",
        error_field="number" if isinstance(error, CaseNotFound) else "reason" if form else "",
        done=DONE.get(request.query_params.get("done", "")),
    )
