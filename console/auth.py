"""Who is asking, and may they: dependencies of every route of the desk."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path, Request
from sqlalchemy.exc import OperationalError
from starlette.datastructures import UploadFile

from console.audit import AuditAction, Target, write_down
from console.errors import (
    ForgeryTokenWrong,
    PasswordChangeNeeded,
    PermissionMissing,
    SignInNeeded,
)
from console.permissions import DeskPermission
from console.seals import token_digest
from console.services import ConsoleServices
from console.sessions import OpenSession, find_session, find_token, touch
from console.staff import StaffMember
from petitions.actors import Actor

RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""An id in an address."""
CaseNumber = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,40}$")]
"""A case or petition number in an address."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORGERY_FIELD = "csrf"
FORGERY_HEADER = "X-CSRF-Token"
FORM_FIELDS_AT_MOST = 200
FORM_FILES_AT_MOST = 20
FIELD_BYTES_AT_MOST = 256 * 1024


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """The person behind a request.

    Attributes:
        csrf: Token for the forms of this session; empty for a bearer token, which no browser
            sends by itself.
    """

    member: StaffMember
    actor: Actor
    digest: str
    bearer: bool
    csrf: str


def services_of(request: Request) -> ConsoleServices:
    """What the application was made with."""
    services: ConsoleServices = request.app.state.services
    return services


def session_cookie(services: ConsoleServices) -> str:
    """Name of the session's cookie; the prefix pins it to this host where HTTPS is used."""
    return "__Host-desk" if services.secure_cookies else "desk"


def visit_cookie(services: ConsoleServices) -> str:
    """Name of the cookie that ties the sign-in form to a browser before there is a session."""
    return "__Host-desk-visit" if services.secure_cookies else "desk-visit"


def forgery_basis(request: Request) -> str | None:
    """The cookie that forms of this browser are tied to: the session's, else the visitor's."""
    services = services_of(request)
    names = (session_cookie(services), visit_cookie(services))
    return next((word for name in names if (word := request.cookies.get(name))), None)


def forgery_token(services: ConsoleServices, digest: str) -> str:
    """The token that belongs to a session or to a visitor's cookie."""
    return services.seal.of("forgery", digest)


@dataclass(frozen=True, kw_only=True)
class Require:
    """Lets a request through when somebody is signed in and may open this part.

    Used as a FastAPI dependency; ``permission`` None is for what everybody at the desk may do.
    """

    permission: DeskPermission | None = None
    even_with_old_password: bool = False

    def __call__(self, request: Request) -> SignedIn:
        """Find the person.

        Raises:
            SignInNeeded: Nobody is signed in.
            PasswordChangeNeeded: The first password has not been changed.
            PermissionMissing: The person's roles don't reach here; it is written down.
        """
        services = services_of(request)
        opened = _find_opened(request, services)
        if opened is None:
            raise SignInNeeded()
        if opened.stale:
            _note_use(services, opened)
        self._ensure_may(services, opened.member)
        return _signed_in(services, opened)

    def _ensure_may(self, services: ConsoleServices, member: StaffMember) -> None:
        if member.must_change and not self.even_with_old_password:
            raise PasswordChangeNeeded()
        if self.permission is None or member.may(self.permission):
            return
        with services.writing() as session:
            write_down(
                session,
                AuditAction.REFUSED,
                actor=member.username,
                now=services.clock.now(),
                target=Target(kind="permission", id=self.permission.value),
            )
        raise PermissionMissing(permission=self.permission.value)


def _note_use(services: ConsoleServices, opened: OpenSession) -> None:
    # Reading a page must not fail because somebody else is writing: the next one notes it.
    with suppress(OperationalError), services.writing() as session:
        touch(session, opened, services.clock.now())


def find_signed_in(request: Request) -> SignedIn | None:
    """The person behind a request, whatever they may do; None for a stranger."""
    services = services_of(request)
    opened = _find_opened(request, services)
    return _signed_in(services, opened) if opened else None


def _find_opened(request: Request, services: ConsoleServices) -> OpenSession | None:
    now = services.clock.now()
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    with services.reading() as session:
        if scheme.lower() == "bearer" and request.url.path.startswith("/api/"):
            return find_token(session, token.strip(), now=now)
        cookie = request.cookies.get(session_cookie(services))
        if not cookie:
            return None
        agent = request.headers.get("user-agent", "")
        return find_session(session, cookie, agent=agent, seal=services.seal, now=now)


def _signed_in(services: ConsoleServices, opened: OpenSession) -> SignedIn:
    return SignedIn(
        member=opened.member,
        actor=opened.member.actor(services.organisation),
        digest=opened.digest,
        bearer=opened.bearer,
        csrf="" if opened.bearer else forgery_token(services, opened.digest),
    )


@dataclass(frozen=True, kw_only=True)
class PostedForm:
    """A posted form: words and files by field, blanks cut off."""

    words: Mapping[str, tuple[str, ...]]
    files: Mapping[str, tuple[UploadFile, ...]]

    def get(self, field: str) -> str:
        """The first value of a field, or nothing."""
        return next(iter(self.words.get(field, ())), "")

    def all(self, field: str) -> tuple[str, ...]:
        """All values of a field that are not empty."""
        return tuple(value for value in self.words.get(field, ()) if value)


def clean(words: str) -> str:
    """Drop the signs that no database takes, and outer blanks."""
    return "".join(sign for sign in words if sign.isprintable() or sign in "\n\t").strip()


async def read_form(request: Request) -> PostedForm:
    """Read the form of a request; reading it again gives the same."""
    form = await request.form(
        max_fields=FORM_FIELDS_AT_MOST,
        max_files=FORM_FILES_AT_MOST,
        max_part_size=FIELD_BYTES_AT_MOST,
    )
    words: dict[str, list[str]] = {}
    files: dict[str, list[UploadFile]] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files.setdefault(name, []).append(value)
        else:
            words.setdefault(name, []).append(clean(value))
    return PostedForm(
        words={name: tuple(values) for name, values in words.items()},
        files={name: tuple(values) for name, values in files.items()},
    )


async def guard_against_forgery(request: Request) -> None:
    """Refuse a change that doesn't carry the token of the session it comes with.

    Runs before every route of the desk. A request without any cookie has nothing to forge:
    its route asks for a sign-in.

    Raises:
        ForgeryTokenWrong: The token is missing or belongs to another session.
    """
    services = services_of(request)
    cookie = forgery_basis(request)
    if request.method in SAFE_METHODS or cookie is None or _is_bearer(request):
        return
    token = request.headers.get(FORGERY_HEADER) or (await read_form(request)).get(FORGERY_FIELD)
    if not services.seal.matches("forgery", token_digest(cookie), token):
        raise ForgeryTokenWrong()


def _is_bearer(request: Request) -> bool:
    return request.headers.get("authorization", "").lower().startswith("bearer ")
