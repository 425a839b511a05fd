"""The residents' own check of a history: number and receipt code, posted, never in an address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from console.auth import PostedForm, read_form, services_of
from console.errors import TooManyAttempts
from console.language import noted, translate
from console.pages import show
from console.services import ConsoleServices
from console.throttle import SignInAttempt, ensure_not_locked, note_failure
from petitions.errors import PetitionNotFound, WrongReceiptCode
from petitions.public_check import PublicCheck, check_petition

router = APIRouter(include_in_schema=False)
LONGEST_NUMBER = 40
NOT_TOGETHER = noted("编号和查询码对不上，请再核对一下。")
WAIT = noted("试的次数有点多，请 {minutes} 分钟以后再试。")


@router.get("/verify")
def show_check(request: Request) -> Response:
    """The form."""
    return show(request, "verify.html", check=None, sentence="", number="")


@router.post("/verify")
def check(request: Request, form: Annotated[PostedForm, Depends(read_form)]) -> Response:
    """Recompute the chain; one sentence for a wrong number and for a wrong code."""
    number = form.get("number").strip().upper()[:LONGEST_NUMBER]
    found: PublicCheck | None = None
    sentence, status = "", 200
    try:
        found = _checked(services_of(request), request, number, form.get("code"))
    except TooManyAttempts as error:
        sentence, status = translate(WAIT).format(minutes=error.facts["minutes"]), 429
    except (PetitionNotFound, WrongReceiptCode):
        sentence, status = translate(NOT_TOGETHER), 404
    return show(
        request, "verify.html", status=status, check=found, sentence=sentence, number=number
    )


def _checked(services: ConsoleServices, request: Request, number: str, code: str) -> PublicCheck:
    """Check, with failures counted as those of signing in are.

    Raises:
        TooManyAttempts, PetitionNotFound, WrongReceiptCode: As they say.
    """
    address = request.client.host if request.client else ""
    attempt = SignInAttempt(username=f"verify:{number}", address=f"verify:{address}")
    now = services.clock.now()
    with services.reading() as session:
        ensure_not_locked(session, attempt, seal=services.seal, now=now)
    try:
        with services.open_read_work() as work:
            return check_petition(work, number, code, now=now)
    except (PetitionNotFound, WrongReceiptCode):
        with services.writing() as session:
            note_failure(session, attempt, seal=services.seal, now=now)
        raise
