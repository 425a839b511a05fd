"""The routes beside the conversation: switches, privacy notice, files, name and phone."""

from dataclasses import replace

from fastapi import Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from bot.channels.web_contact import CONTACT_PATH, ContactEntry
from bot.channels.web_pages import STATIC_FOLDER
from bot.channels.web_requests import RequestTooLarge, field, read_form
from bot.channels.web_text import LANGUAGES
from bot.channels.web_track import TrackProblem, TrackView
from bot.channels.web_views import PageProblem, Visit
from bot.channels.web_visits import (
    ELDER_COOKIE,
    LANGUAGE_COOKIE,
    NO_STORE,
    SECURITY_HEADERS,
    Refused,
    WebChat,
    WebVisits,
)

SCRIPT = "text/javascript; charset=utf-8"
STATIC_TYPES = {"chat.css": "text/css; charset=utf-8", "chat.js": SCRIPT, "voice.js": SCRIPT}
WIDGET_PATH = "/chat/widget.js"
TRACK_STATUS = {TrackProblem.MISSING: 422, TrackProblem.WRONG: 404, TrackProblem.TOO_OFTEN: 429}


class SideRoutes:
    """One method a route."""

    def __init__(self, chat: WebChat) -> None:
        self._chat = chat
        self._visits = WebVisits(chat)

    async def choose_elder(self, request: Request) -> Response:
        """长辈版 on or off."""
        return await self._choose(request, ELDER_COOKIE, "elder", frozenset({"0", "1"}))

    async def choose_language(self, request: Request) -> Response:
        """The language of the pages."""
        return await self._choose(request, LANGUAGE_COOKIE, "language", frozenset(LANGUAGES))

    async def _choose(
        self, request: Request, cookie: str, name: str, allowed: frozenset[str]
    ) -> Response:
        try:
            form = await read_form(request, max_upload_bytes=0)
            if not self._is_from_contact_page(form):
                self._visits.trusted_identity(request, field(form, "csrf"))
        except RequestTooLarge:
            return self._visits.problem_page(request, Refused(413, PageProblem.TOO_LARGE))
        except Refused as refused:
            return self._visits.problem_page(request, refused)
        target = _own_path(field(form, "next"), self._chat.pages.paths.chat)
        response = RedirectResponse(target, status_code=303, headers=NO_STORE)
        if field(form, name) in allowed:
            self._visits.set_cookie(request, response, cookie, field(form, name))
        return response

    def _is_from_contact_page(self, form: FormData) -> bool:
        """Whether a switch was used there, where a link stands for the identity of a browser."""
        path = field(form, "next")
        token = path.removeprefix(CONTACT_PATH)
        belongs = self._chat.identities.is_form_token(field(form, "csrf"), token)
        return token != path and belongs

    async def show_privacy(self, request: Request) -> Response:
        """The privacy notice."""
        return self._visits.page(request, self._chat.pages.render_privacy)

    # Where a petition stands

    async def show_track(self, request: Request) -> Response:
        """The form for number and receipt code."""
        return self._track_page(request, TrackView())

    async def track(self, request: Request) -> Response:
        """What was asked for; it is posted, so that no address ever holds a code."""
        try:
            form = await read_form(request, max_upload_bytes=0)
        except RequestTooLarge:
            return self._visits.problem_page(request, Refused(413, PageProblem.TOO_LARGE))
        view = await run_in_threadpool(
            self._chat.track.look,
            field(form, "number"),
            field(form, "code"),
            address=request.client.host if request.client else "",
            language=self._visits.language(request),
        )
        return self._track_page(request, view)

    def _track_page(self, request: Request, view: TrackView) -> Response:
        status = TRACK_STATUS[view.problem] if view.problem else 200
        render = self._chat.pages.render_track
        return self._visits.page(request, lambda visit: render(visit, view), status=status)

    async def serve_static(self, request: Request) -> Response:
        """The style and the script; their address changes with them."""
        name = request.path_params["name"]
        if name not in STATIC_TYPES:
            return self._visits.problem_page(request, Refused(404, PageProblem.NOT_FOUND))
        headers = {**SECURITY_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
        return FileResponse(STATIC_FOLDER / name, media_type=STATIC_TYPES[name], headers=headers)

    async def serve_widget(self, request: Request) -> Response:
        """The script that other sites load; they may, and it changes with a release."""
        headers = {
            **SECURITY_HEADERS,
            "Cache-Control": "public, max-age=3600",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return FileResponse(STATIC_FOLDER / "widget.js", media_type=SCRIPT, headers=headers)

    async def serve_file(self, request: Request) -> Response:
        """A photo that this browser sent, to see it again."""
        identity = self._visits.identity(request)
        ref = request.path_params["ref"]
        key = request.query_params.get("key", "")
        allowed = identity and self._chat.identities.is_file_key(key, identity, ref)
        path = self._chat.attachments.path_of(ref) if allowed else None
        if path is None:
            return self._visits.problem_page(request, Refused(404, PageProblem.NOT_FOUND))
        headers = {**SECURITY_HEADERS, "Cache-Control": "private, max-age=86400"}
        return FileResponse(path, headers=headers)

    # Name and phone

    async def show_contact(self, request: Request) -> Response:
        """The one-time form behind a link."""
        token = request.path_params["token"]
        view = await run_in_threadpool(self._chat.contact.view, token, request.url.path)
        if view is None:
            return self._visits.problem_page(request, Refused(410, PageProblem.LINK_OVER))
        page = self._chat.pages.render_contact(self._contact_visit(request), view)
        return HTMLResponse(page, headers=NO_STORE)

    def _contact_visit(self, request: Request) -> Visit:
        """The visit of a page whose forms belong to the link; its switches lead back to it."""
        visit = self._visits.visit_with(request, request.path_params["token"])
        return replace(visit, path=request.url.path)

    async def take_contact(self, request: Request) -> Response:
        """What was entered there."""
        token = request.path_params["token"]
        visit = self._contact_visit(request)
        try:
            form = await read_form(request, max_upload_bytes=0)
        except RequestTooLarge:
            return self._visits.problem_page(request, Refused(413, PageProblem.TOO_LARGE))
        if not self._chat.identities.is_form_token(field(form, "csrf"), token):
            return self._visits.problem_page(request, Refused(403, PageProblem.LINK_OVER))
        entry = ContactEntry(
            name=field(form, "name"),
            phone=field(form, "phone"),
            consent=field(form, "consent") == "yes",
        )
        if entry.problems():
            view = await run_in_threadpool(self._chat.contact.view, token, request.url.path, entry)
            if view:
                page = self._chat.pages.render_contact(visit, view)
                return HTMLResponse(page, status_code=422, headers=NO_STORE)
        elif await run_in_threadpool(self._chat.contact.take, token, entry):
            return HTMLResponse(self._chat.pages.render_contact_done(visit), headers=NO_STORE)
        return self._visits.problem_page(request, Refused(410, PageProblem.LINK_OVER))


def _own_path(path: str, home: str) -> str:
    """``path`` when it leads to a page of ours, else ``home``."""
    leads_here = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if leads_here and path.isprintable() else home
