"""Signing in and out. A new session gets a new cookie, whatever the browser brought along."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from console.audit import AuditAction, write_down
from console.auth import (
    PostedForm,
    Require,
    SignedIn,
    forgery_basis,
    forgery_token,
    read_form,
    services_of,
    session_cookie,
    visit_cookie,
)
from console.errors import DeskError, ForgeryTokenWrong, SignInRefused, TooManyAttempts
from console.language import LANGUAGE_COOKIE
from console.pages import show
from console.problems import sentence_of, status_of
from console.seals import new_token, token_digest
from console.second_factor import has_factor, make_ticket, read_ticket, take_code
from console.services import ConsoleServices
from console.sessions import LIFETIME, check_password, close_session, open_session
from console.staff import StaffMember, find_by_username, load_staff
from console.throttle import SignInAttempt, ensure_not_locked, forgive, note_failure

router = APIRouter(prefix="/desk")
LONGEST_USERNAME = 40
YEAR_SECONDS = 365 * 24 * 60 * 60


@router.get("/sign-in")
def show_sign_in(request: Request) -> Response:
    """The sign-in form."""
    return _form(request, username="", next_page=request.query_params.get("next", ""))


@router.post("/sign-in")
def sign_in(request: Request, form: Annotated[PostedForm, Depends(read_form)]) -> Response:
    """Check name and password, open a session, go to where the person wanted to go."""
    services = services_of(request)
    if forgery_basis(request) is None:
        raise ForgeryTokenWrong()
    username = form.get("username").lower()[:LONGEST_USERNAME]
    ticket = form.get("ticket")
    try:
        if ticket:
            member = _second_step(services, request, ticket, form.get("code"))
        else:
            member = _first_step(services, request, username, form.get("password"))
            if has_factor(services, member.id):
                return _code_form(request, member, next_page=form.get("next"))
    except DeskError as error:
        return _form(
            request, username=username, next_page=form.get("next"), error=error, ticket=ticket
        )
    token = _open(services, request, member)
    response = RedirectResponse(safe_page(form.get("next")) or "/desk", status_code=303)
    set_session_cookie(response, services, token)
    if member.language:  # else whoever sits here may have chosen one just now
        remember_language(response, services, member.language)
    response.delete_cookie(visit_cookie(services), path="/")
    return response


@router.post("/sign-out")
def sign_out(
    request: Request,
    me: Annotated[SignedIn, Depends(Require(even_with_old_password=True))],
) -> Response:
    """End this session."""
    services = services_of(request)
    with services.writing() as session:
        close_session(session, me.digest)
        write_down(
            session,
            AuditAction.SIGN_OUT,
            actor=me.member.username,
            now=services.clock.now(),
        )
    response = RedirectResponse("/desk/sign-in?out=1", status_code=303)
    response.delete_cookie(session_cookie(services), path="/")
    return response


def set_session_cookie(response: Response, services: ConsoleServices, token: str) -> None:
    """Give the browser the cookie of a new session."""
    response.set_cookie(
        session_cookie(services),
        token,
        max_age=int(LIFETIME.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=services.secure_cookies,
    )


def remember_language(response: Response, services: ConsoleServices, language: str) -> None:
    """Let this browser speak ``language``."""
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=YEAR_SECONDS,
        path="/",
        httponly=True,
        samesite="lax",
        secure=services.secure_cookies,
    )


def safe_page(address: str) -> str | None:
    """An address of our own desk, or None: nobody is sent elsewhere after signing in."""
    inside = address == "/desk" or address.startswith(("/desk/", "/desk?"))
    plain = (
        "\\" not in address and ".." not in address and not any(ord(sign) < 32 for sign in address)
    )
    return address if inside and plain else None


def _first_step(
    services: ConsoleServices, request: Request, username: str, password: str
) -> StaffMember:
    """Check name and password; a failure is counted and written down before it is told.

    Raises:
        TooManyAttempts, SignInRefused: As they say.
    """
    attempt = _attempt(request, username)
    try:
        _ensure_open(services, attempt)
        return _checked(services, username, password)
    except (TooManyAttempts, SignInRefused) as error:
        _note_failure(services, attempt, error)
        raise


def _second_step(
    services: ConsoleServices, request: Request, ticket: str, code: str
) -> StaffMember:
    """Check the one-time code of somebody whose password was right.

    Raises:
        SignInRefused: The ticket or the code doesn't hold; begin again.
        TooManyAttempts: As in the first step.
    """
    visitor = forgery_basis(request) or ""
    staff_id = read_ticket(services.seal, ticket, visitor, services.clock.now())
    if staff_id is None:
        raise SignInRefused(problem="ticket")
    with services.reading() as session:
        member = load_staff(session, staff_id)
    attempt = _attempt(request, member.username)
    try:
        _ensure_open(services, attempt)
        if not member.active:
            raise SignInRefused()
        take_code(services, staff_id, code)
    except (TooManyAttempts, SignInRefused) as error:
        _note_failure(services, attempt, error)
        raise
    return member


def _attempt(request: Request, username: str) -> SignInAttempt:
    return SignInAttempt(username=username, address=request.client.host if request.client else "")


def _ensure_open(services: ConsoleServices, attempt: SignInAttempt) -> None:
    with services.reading() as session:
        ensure_not_locked(session, attempt, seal=services.seal, now=services.clock.now())


def _open(services: ConsoleServices, request: Request, member: StaffMember) -> str:
    """Open a session for somebody who has shown everything that was asked for."""
    now = services.clock.now()
    agent = request.headers.get("user-agent", "")
    with services.writing() as session:
        forgive(session, _attempt(request, member.username), seal=services.seal)
        _close_old(session, request, services)
        write_down(session, AuditAction.SIGN_IN, actor=member.username, now=now)
        return open_session(session, member, agent=agent, seal=services.seal, now=now)


def _code_form(request: Request, member: StaffMember, *, next_page: str) -> Response:
    services = services_of(request)
    visitor = forgery_basis(request) or ""
    ticket = make_ticket(services.seal, member.id, visitor, services.clock.now())
    return _form(request, username=member.username, next_page=next_page, ticket=ticket)


def _checked(services: ConsoleServices, username: str, password: str) -> StaffMember:
    # Hashing takes long on purpose: on SQLite it must not hold the write lock.
    with services.reading() as session:
        return check_password(session, username, password, passwords=services.passwords)


def _close_old(session: Session, request: Request, services: ConsoleServices) -> None:
    old = request.cookies.get(session_cookie(services))
    if old:
        close_session(session, token_digest(old))


def _note_failure(services: ConsoleServices, attempt: SignInAttempt, error: DeskError) -> None:
    locked = isinstance(error, TooManyAttempts)
    action = AuditAction.SIGN_IN_LOCKED if locked else AuditAction.SIGN_IN_FAILED
    now = services.clock.now()
    with services.writing() as session:
        # A name that is nobody's is not kept: people type passwords into that field.
        known = find_by_username(session, attempt.username)
        write_down(session, action, actor=known.username if known else None, now=now)
        if not locked:
            note_failure(session, attempt, seal=services.seal, now=now)


def _form(
    request: Request,
    *,
    username: str,
    next_page: str,
    error: DeskError | None = None,
    ticket: str = "",
) -> Response:
    services = services_of(request)
    basis = forgery_basis(request) or new_token()
    response = show(
        request,
        "sign_in.html",
        status=status_of(error) if error else 200,
        username=username,
        ticket=_still_good(request, ticket, error),
        next_page=safe_page(next_page) or "",
        sentence=sentence_of(error) if error else None,
        signed_out="out" in request.query_params,
        csrf=forgery_token(services, token_digest(basis)),
    )
    if forgery_basis(request) is None:
        _set_visit_cookie(response, services, basis)
    return response


def _still_good(request: Request, ticket: str, error: DeskError | None) -> str:
    """The ticket for another try at the code; nothing where one has to begin again."""
    begin_again = error is not None and error.facts.get("problem") != "code"
    return "" if begin_again else ticket


def _set_visit_cookie(response: Response, services: ConsoleServices, basis: str) -> None:
    response.set_cookie(
        visit_cookie(services),
        basis,
        path="/",
        httponly=True,
        samesite="lax",
        secure=services.secure_cookies,
    )
