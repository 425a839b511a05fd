"""The case page and everything that is done on it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from console.auth import CaseNumber, PostedForm, Require, SignedIn, read_form, services_of
from console.case_actions import carry_out, look_up_contact
from console.desk.case_view import Attempt, CaseView, load_case_view
from console.desk.queue import units_to_choose
from console.desk.queue_query import QueueQuery, read_query
from console.errors import DeskError
from console.live import not_changed
from console.pages import show
from console.permissions import DeskPermission
from console.problems import sentence_of, status_of
from console.uploads import keep_photos
from console.verbs import Inputs
from petitions.beside import case_beside
from petitions.errors import CaseNotFound, PetitionError
from petitions.handling.annotating import Contact
from petitions.letters import letters_of
from petitions.once import LONGEST_KEY
from petitions.organisation import Organisation, Unit
from petitions.queries import case_by_number, queue

router = APIRouter(prefix="/desk")
Handler = Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_CASES))]
Form = Annotated[PostedForm, Depends(read_form)]
RAIL_SIZE = 20
RECUSE = "recuse"


@router.get("/cases/{number}")
def show_case(request: Request, me: Handler, number: CaseNumber) -> Response:
    """Everything on one case on one page."""
    return _page(request, me, number)


@router.get("/cases/{number}/version")
def tell_case_version(request: Request, me: Handler, number: CaseNumber) -> Response:
    """Tell an open case page whether the case has changed."""
    with services_of(request).open_read_work() as work:
        version = case_by_number(work, number, actor=me.actor).version
    return not_changed(request, str(version))


@router.get("/cases/{number}/next")
def show_next(request: Request, me: Handler, number: CaseNumber) -> Response:
    """Go to the case after this one in the list of the address."""
    return _beside(request, me, number, edge="last")


@router.get("/cases/{number}/previous")
def show_previous(request: Request, me: Handler, number: CaseNumber) -> Response:
    """Go to the case before this one in the list of the address."""
    return _beside(request, me, number, edge="first")


def _beside(request: Request, me: SignedIn, number: str, *, edge: str) -> Response:
    services = services_of(request)
    query = _list(request)
    now = services.clock.now()
    with services.open_read_work() as work:
        found = case_beside(
            work,
            case_by_number(work, number, actor=me.actor),
            actor=me.actor,
            now=now,
            filters=query.filters(now),
            backwards=edge == "first",
        )
    if found is None:
        sign = "&" if query.here else "?"
        return RedirectResponse(f"/desk{query.here}{sign}edge={edge}", status_code=303)
    return RedirectResponse(f"/desk/cases/{found}{query.here}", status_code=303)


@router.get("/rail")
def show_rail(request: Request, me: Handler) -> Response:
    """The list that somebody came from, as a piece for the side of a wide case page."""
    services = services_of(request)
    query = _list(request)
    with services.open_read_work() as work:
        rail = queue(
            work,
            actor=me.actor,
            now=services.clock.now(),
            filters=query.filters(services.clock.now()),
            page=query.page,
            page_size=RAIL_SIZE,
        )
    return show(request, "rail.html", me=me, rail=rail, query=query)


@router.post("/cases/{number}/actions/{verb_name}")
def act(request: Request, me: Handler, form: Form, number: CaseNumber, verb_name: str) -> Response:
    """Carry out one verb; a refusal shows the case as it is now with what was typed."""
    services = services_of(request)
    inputs = Inputs(words=form.words)
    try:
        photos = keep_photos(services, form.files.get("photos", ()))
        inputs = Inputs(words=form.words, attachments=photos)
        done = carry_out(
            services,
            me,
            number=number,
            verb_name=verb_name,
            inputs=inputs,
            expected_version=_version(form),
            key=form.get("form_key")[:LONGEST_KEY] or None,
        )
    except CaseNotFound:
        raise
    except (PetitionError, DeskError) as error:
        attempt = Attempt(
            verb=verb_name, inputs=inputs, error=error, expected_version=_version(form)
        )
        return _page(request, me, number, attempt=attempt)
    if verb_name == RECUSE:  # the case may not be shown to this person any more
        return RedirectResponse("/desk", status_code=303)
    query = _list(request).here
    sign = "&" if query else "?"
    address = f"/desk/cases/{done.number}{query}{sign}done={verb_name}"
    return RedirectResponse(address, status_code=303)


@router.post("/cases/{number}/contact")
def show_contact(request: Request, me: Handler, form: Form, number: CaseNumber) -> Response:
    """Show the contact in clear, once, on this answer only; who looked and why is kept."""
    try:
        contacts = look_up_contact(
            services_of(request), me, number=number, reason=form.get("reason")
        )
    except CaseNotFound:
        raise
    except PetitionError as error:
        attempt = Attempt(verb="reveal_contact", inputs=Inputs(words=form.words), error=error)
        return _page(request, me, number, attempt=attempt)
    return _page(request, me, number, contacts=contacts)


@router.get("/cases/{number}/print")
def print_case(request: Request, me: Handler, number: CaseNumber) -> Response:
    """The handling sheet (工单处理单) on paper: everything, without anything to press."""
    return _sheet(request, me, number, "print_case.html")


@router.get("/cases/{number}/receipt")
def print_receipt(request: Request, me: Handler, number: CaseNumber) -> Response:
    """What a resident takes home: the number, who handles it, by when. No contact data."""
    return _sheet(request, me, number, "print_receipt.html")


@router.get("/cases/{number}/letters")
def print_letters(request: Request, me: Handler, number: CaseNumber) -> Response:
    """The letters that a petition's steps owe the resident, each on a page of its own."""
    with services_of(request).open_read_work() as work:
        letters = letters_of(work, number, actor=me.actor)
    return show(request, "print_letters.html", me=me, number=number, letters=letters)


def _sheet(request: Request, me: SignedIn, number: str, template: str) -> Response:
    services = services_of(request)
    view = load_case_view(services, me, number)
    # Residents' pages are served beside the desk.
    track_address = f"{request.base_url}track"
    return show(request, template, me=me, view=view, track_address=track_address)


def _started_reply(request: Request, view: CaseView) -> str:
    """The words that a reply begins with, where the address asks for some."""
    wanted = request.query_params.get("text", "")
    if wanted == "suggested":
        return view.suggested_reply
    return next((one.text for one in view.ready_texts if str(one.id) == wanted), "")


def _version(form: PostedForm) -> int | None:
    word = form.get("expected_version")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else None


_FORM_FIELDS = {"reply": "text", "units": "unit_ids"}
"""Fields that petitions name otherwise than the forms do."""


def _field_of(attempt: Attempt | None) -> str:
    """The field of the form that an error stands beside."""
    named = str(attempt.error.facts.get("field", "")) if attempt else ""
    return _FORM_FIELDS.get(named, named)


def _unit_of(organisation: Organisation) -> Callable[[str], Unit | None]:
    units = {unit.id: unit for unit in organisation.units}
    return units.get


def _list(request: Request) -> QueueQuery:
    return read_query(request.query_params)


def _page(
    request: Request,
    me: SignedIn,
    number: str,
    *,
    attempt: Attempt | None = None,
    contacts: tuple[Contact, ...] = (),
) -> Response:
    services = services_of(request)
    view = load_case_view(services, me, number)
    return show(
        request,
        "case.html",
        me=me,
        status=status_of(attempt.error) if attempt else 200,
        view=view,
        query=_list(request),
        attempt=attempt,
        sentence=sentence_of(attempt.error) if attempt else None,
        error_field=_field_of(attempt),
        unit_of=_unit_of(services.organisation),
        contacts={contact.petition_number: contact for contact in contacts},
        done=request.query_params.get("done", "") if attempt is None else "",
        units=units_to_choose(services.organisation, me) or services.organisation.units,
        started_reply=_started_reply(request, view),
    )
