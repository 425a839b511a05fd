"""Cases by the phone of a resident: asked for with a form, so that no phone is in an address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from console.audit import AuditAction, write_down
from console.auth import PostedForm, Require, SignedIn, read_form, services_of
from console.desk.places import place_of
from console.errors import InvalidInput
from console.pages import show
from console.permissions import DeskPermission
from console.problems import sentence_of, status_of
from petitions.phone_search import cases_by_phone, plain_phone

router = APIRouter(prefix="/desk")
Searcher = Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEARCH_PHONE))]


@router.get("/phone")
def show_form(request: Request, me: Searcher) -> Response:
    """The form."""
    return show(request, "phone.html", me=me, cases=None, sentence="", place_of=None)


@router.post("/phone")
def search_phone(
    request: Request, me: Searcher, form: Annotated[PostedForm, Depends(read_form)]
) -> Response:
    """Search, and write down that it was done; the phone itself is kept nowhere."""
    services = services_of(request)
    phone = form.get("phone")
    if plain_phone(phone) is None:
        error = InvalidInput(field="phone", problem="phone")
        return show(
            request,
            "phone.html",
            me=me,
            status=status_of(error),
            cases=None,
            sentence=sentence_of(error),
            place_of=None,
        )
    with services.open_work() as work:
        cases = cases_by_phone(work, phone, actor=me.actor)
        now = services.clock.now()
        write_down(work.session, AuditAction.SEARCH_PHONE, actor=me.member.username, now=now)
        work.commit()
    return show(
        request,
        "phone.html",
        me=me,
        cases=cases,
        sentence="",
        place_of=lambda case: place_of(services.organisation, case),
    )
