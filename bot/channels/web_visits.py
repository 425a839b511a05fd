"""One visit of the web chat: whose browser, which language, and what to say when it fails."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from bot.attachments import AttachmentStore
from bot.channels.web_contact import ContactPage
from bot.channels.web_history import WebHistory
from bot.channels.web_identity import COOKIE, COOKIE_DAYS, WebIdentities, WebIdentity
from bot.channels.web_pages import CONTENT_SECURITY_POLICY, WebPages
from bot.channels.web_text import LANGUAGES
from bot.channels.web_track import TrackPage
from bot.channels.web_views import PageProblem, Visit
from bot.inbox import Inbox
from bot.rate_limit import RateLimit

ELDER_COOKIE = "huiyin_elder"
LANGUAGE_COOKIE = "huiyin_language"
DAY_SECONDS = 24 * 60 * 60
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(self)",
}
NO_STORE = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
FILES_PATH = "/chat/files/"


@dataclass(frozen=True, kw_only=True)
class WebChat:
    """Everything the routes need.

    Attributes:
        contact: The one-time page for name and phone.
        track: Finds petitions by number and receipt code.
        limit: How fast one browser may talk.
        secure_cookies: Send cookies over HTTPS only.
        embed_origins: Other sites that may show the chat in a frame («https://www.example.cn»).
    """

    inbox: Inbox
    history: WebHistory
    attachments: AttachmentStore
    pages: WebPages
    contact: ContactPage
    track: TrackPage
    identities: WebIdentities
    now: Callable[[], datetime]
    limit: RateLimit
    secure_cookies: bool = False
    embed_origins: tuple[str, ...] = ()


class Refused(Exception):
    """A request that is not carried out; ``problem`` names the page that says why."""

    def __init__(
        self, status: int, problem: PageProblem, *, draft: str = "", wait_seconds: int = 10
    ) -> None:
        self.status = status
        self.problem = problem
        self.draft = draft
        self.wait_seconds = wait_seconds
        super().__init__(problem.value)


class WebVisits:
    """What every route needs to know of its request."""

    def __init__(self, chat: WebChat) -> None:
        self._chat = chat

    def identity(self, request: Request) -> WebIdentity | None:
        """The identity that the browser brings, or None."""
        return self._chat.identities.read(request.cookies.get(COOKIE))

    def trusted_identity(self, request: Request, csrf: str, *, draft: str = "") -> WebIdentity:
        """The identity of a form that came from our own page, not from somebody else's."""
        identity = self.identity(request)
        elsewhere = request.headers.get("sec-fetch-site") == "cross-site"
        if identity is None or elsewhere:
            raise Refused(403, PageProblem.SESSION_LOST, draft=draft)
        if not self._chat.identities.is_form_token(csrf, identity.token):
            raise Refused(403, PageProblem.SESSION_LOST, draft=draft)
        return identity

    def visit(self, request: Request, identity: WebIdentity) -> Visit:
        """How the page is to be shown to ``identity``."""
        return self.visit_with(request, identity.token)

    def visit_with(self, request: Request, token: str) -> Visit:
        """How a page is to be shown whose forms belong to ``token``."""
        return Visit(
            now=self._chat.now(),
            csrf=self._chat.identities.form_token(token),
            language=self.language(request),
            elder=request.cookies.get(ELDER_COOKIE) == "1",
            path=self._chat.pages.paths.chat,
        )

    def language(self, request: Request) -> str:
        """The language chosen, else the browser's own."""
        chosen = request.cookies.get(LANGUAGE_COOKIE)
        if chosen in LANGUAGES:
            return str(chosen)
        wanted = request.headers.get("accept-language", "").lower()
        first = wanted.partition(",")[0].partition(";")[0].strip()
        if first.startswith("en"):
            return "en"
        return "zh-TW" if first in ("zh-tw", "zh-hk", "zh-mo", "zh-hant") else "zh-CN"

    def file_address(self, identity: WebIdentity) -> Callable[[str], str]:
        """Turns the ``ref`` of an attachment into an address for this browser."""

        def address(ref: str) -> str:
            key = self._chat.identities.file_key(identity, ref)
            return f"{FILES_PATH}{quote(ref)}?key={key}"

        return address

    @property
    def page_headers(self) -> dict[str, str]:
        """Headers of every page: only the sites that are named may show it in a frame."""
        if not self._chat.embed_origins:
            return NO_STORE
        ancestors = f"frame-ancestors 'self' {' '.join(self._chat.embed_origins)}"
        policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", ancestors)
        return {**NO_STORE, "Content-Security-Policy": policy}

    def set_cookie(self, request: Request, response: Response, name: str, value: str) -> None:
        """Set a cookie that scripts can't read and other sites can't send along.

        In a frame of another site the browser keeps it for that site alone («Partitioned»):
        whoever talks there is nobody known from elsewhere.
        """
        response.set_cookie(
            name,
            value,
            max_age=COOKIE_DAYS * DAY_SECONDS,
            httponly=True,
            samesite="lax",
            secure=self._chat.secure_cookies,
        )
        if self._chat.secure_cookies and request.headers.get("sec-fetch-dest") == "iframe":
            written = response.headers["set-cookie"].replace("SameSite=lax", "SameSite=None")
            response.headers["set-cookie"] = f"{written}; Partitioned"

    def problem_page(self, request: Request, refused: Refused) -> Response:
        """The page that says why it was not done."""
        identity = self.identity(request) or self._chat.identities.make()
        page = self._chat.pages.render_problem(
            self.visit(request, identity),
            refused.problem,
            draft=refused.draft,
            wait_seconds=refused.wait_seconds,
        )
        response = HTMLResponse(page, status_code=refused.status, headers=self.page_headers)
        self.remember(request, response, identity)
        return response

    def problem_json(self, request: Request, refused: Refused) -> Response:
        """The same for the script."""
        visit = self.visit(request, self.identity(request) or self._chat.identities.make())
        sentence = visit.words.say(
            f"problem.{refused.problem.value}_help",
            limit=self._chat.attachments.max_bytes // (1024 * 1024),
            seconds=refused.wait_seconds,
        )
        headers = dict(NO_STORE)
        if refused.status == 429:
            headers["Retry-After"] = str(refused.wait_seconds)
        return JSONResponse({"message": sentence}, status_code=refused.status, headers=headers)

    def page(
        self, request: Request, render: Callable[[Visit], str], *, status: int = 200
    ) -> Response:
        """A page for whoever comes, with the cookie set at the first visit."""
        identity = self.identity(request) or self._chat.identities.make()
        visit = replace(self.visit(request, identity), path=request.url.path)
        response = HTMLResponse(render(visit), status_code=status, headers=self.page_headers)
        self.remember(request, response, identity)
        return response

    def remember(self, request: Request, response: Response, identity: WebIdentity) -> None:
        """Set the identity's cookie if the browser has none yet."""
        if identity.is_new:
            self.set_cookie(request, response, COOKIE, identity.token)
