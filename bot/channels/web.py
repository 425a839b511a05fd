"""The web chat over HTTP: plain forms that work everywhere, and the same as JSON for the script."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from bot.channels.web_contact import CONTACT_PATH
from bot.channels.web_history import Place, Stretch
from bot.channels.web_identity import WebIdentity
from bot.channels.web_requests import RequestTooLarge, read_chat_form
from bot.channels.web_saying import address_of, message_of
from bot.channels.web_side_routes import WIDGET_PATH, SideRoutes
from bot.channels.web_views import ChatView, PageProblem
from bot.channels.web_visits import FILES_PATH, NO_STORE, Refused, WebChat, WebVisits
from bot.inbox import Answered

__all__ = ["WebChat", "chat_router"]

Handler = Callable[[Request], Awaitable[Response]]


def chat_router(chat: WebChat) -> APIRouter:
    """The routes of the web chat; the desk's app takes them in."""
    routes, beside = WebRoutes(chat), SideRoutes(chat)
    paths = chat.pages.paths
    router = APIRouter(tags=["chat"])
    pages: tuple[tuple[str, str, Handler], ...] = (
        ("GET", paths.chat, routes.show_chat),
        ("POST", paths.send, routes.send),
        ("POST", paths.elder, beside.choose_elder),
        ("POST", paths.language, beside.choose_language),
        ("GET", paths.privacy, beside.show_privacy),
        ("GET", paths.track, beside.show_track),
        ("POST", paths.track, beside.track),
        ("GET", f"{paths.static}/{{name}}", beside.serve_static),
        ("GET", WIDGET_PATH, beside.serve_widget),
        ("GET", f"{FILES_PATH}{{ref:path}}", beside.serve_file),
        ("GET", f"{CONTACT_PATH}{{token}}", beside.show_contact),
        ("POST", f"{CONTACT_PATH}{{token}}", beside.take_contact),
    )
    for method, path, handler in pages:
        router.add_api_route(
            path, handler, methods=[method], include_in_schema=False, response_model=None
        )
    router.add_api_route(
        paths.messages,
        routes.list_messages,
        methods=["GET"],
        response_model=None,
        summary="Messages after a place in one's own conversation",
        openapi_extra={"parameters": [_AFTER_PARAMETER]},
    )
    router.add_api_route(
        paths.messages,
        routes.post_message,
        methods=["POST"],
        response_model=None,
        summary="Say something or tap a button; returns the replies",
        openapi_extra={"requestBody": _MESSAGE_BODY},
    )
    return router


class WebRoutes:
    """One method a route; each reads the request, calls the inbox or history, renders."""

    def __init__(self, chat: WebChat) -> None:
        self._chat = chat
        self._visits = WebVisits(chat)

    # The conversation

    async def show_chat(self, request: Request) -> Response:
        """The chat page."""
        identity = self._visits.identity(request) or self._chat.identities.make()
        before = request.query_params.get("before", "")
        stretch = await run_in_threadpool(
            self._chat.history.recent,
            address_of(identity),
            self._visits.file_address(identity),
            before=int(before) if before.isdecimal() and len(before) <= 18 else None,
        )
        page = self._chat.pages.render_chat(
            self._visits.visit(request, identity), _chat_view(stretch)
        )
        response = HTMLResponse(page, headers=self._visits.page_headers)
        self._visits.remember(request, response, identity)
        return response

    async def send(self, request: Request) -> Response:
        """A plain form: say it and come back to the page."""
        try:
            await self._say(request)
        except Refused as refused:
            return self._visits.problem_page(request, refused)
        return RedirectResponse(self._chat.pages.paths.chat, status_code=303, headers=NO_STORE)

    async def post_message(self, request: Request) -> Response:
        """The same for the script."""
        try:
            identity, answered = await self._say(request)
        except Refused as refused:
            return self._visits.problem_json(request, refused)
        files = self._visits.file_address(identity)
        said = await run_in_threadpool(self._chat.history.of_update, answered.inbox_id, files)
        visit = self._visits.visit(request, identity)
        messages = self._chat.pages.render_messages(visit, said.bubbles)
        return JSONResponse({"messages": messages}, headers=NO_STORE)

    async def list_messages(self, request: Request) -> Response:
        """What is new after a place."""
        identity = self._visits.identity(request)
        if identity is None:
            return self._visits.problem_json(request, Refused(401, PageProblem.SESSION_LOST))
        place = Place.read(request.query_params.get("after", ""))
        stretch = await run_in_threadpool(
            self._chat.history.after,
            address_of(identity),
            place,
            self._visits.file_address(identity),
        )
        visit = self._visits.visit(request, identity)
        messages = self._chat.pages.render_messages(visit, stretch.bubbles)
        return JSONResponse({"messages": messages, "last": str(stretch.last)}, headers=NO_STORE)

    async def _say(self, request: Request) -> tuple[WebIdentity, Answered]:
        limit = self._chat.attachments.max_bytes
        try:
            form = await read_chat_form(request, max_upload_bytes=limit)
        except RequestTooLarge:
            raise Refused(413, PageProblem.TOO_LARGE) from None
        identity = self._visits.trusted_identity(request, form.csrf, draft=form.text)
        wait = self._chat.limit.seconds_to_wait(identity.chat_id)
        if wait:
            raise Refused(429, PageProblem.TOO_FAST, draft=form.text, wait_seconds=wait)
        message = await run_in_threadpool(
            message_of,
            form,
            identity=identity,
            attachments=self._chat.attachments,
            language=self._visits.language(request),
            now=self._chat.now(),
        )
        if message.problem == "too_large" and not message.text:
            raise Refused(413, PageProblem.TOO_LARGE)
        return identity, await run_in_threadpool(self._chat.inbox.answer, message)


def _chat_view(stretch: Stretch) -> ChatView:
    earlier = f"?before={stretch.earlier}" if stretch.earlier else None
    return ChatView(
        bubbles=stretch.bubbles,
        last=str(stretch.last),
        is_waiting=stretch.is_waiting,
        earlier=earlier,
    )


_AFTER_PARAMETER = {
    "name": "after",
    "in": "query",
    "required": False,
    "schema": {"type": "string"},
    "description": "The `last` of the answer before; without it, from the beginning.",
}
_MESSAGE_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["csrf", "client_id"],
                "properties": {
                    "csrf": {"type": "string"},
                    "client_id": {
                        "type": "string",
                        "description": "The same again is the same message.",
                    },
                    "text": {"type": "string"},
                    "choice": {"type": "string", "description": "Payload of a button."},
                    "photo": {"type": "string", "format": "binary"},
                    "latitude": {"type": "number"},
                    "longitude": {"type": "number"},
                },
            }
        }
    },
}
