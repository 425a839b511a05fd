"""What holds for every request: security headers, a limit on the body, figures.

Plain ASGI: nothing is buffered, so events can be streamed through.
"""

import time
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.language import CHINESE, LANGUAGE_COOKIE, speaking
from console.metrics import WebMetrics

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self), payment=()",
}
PRIVATE_PATHS = ("/desk", "/api/v1")
STATIC_PATHS = ("/static", "/chat-static")


class SecurityHeaders:
    """Adds the headers that a route has not set itself.

    Args:
        app: What answers.
        secure: The service stands behind TLS, so browsers are told to stay on it.
    """

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        """Keep what is given."""
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        for name, value in SECURITY_HEADERS.items():
            headers.setdefault(name, value)
        if self._secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if path.startswith(PRIVATE_PATHS):
            headers.setdefault("Cache-Control", "no-store")
        elif path.startswith(STATIC_PATHS):
            headers.setdefault("Cache-Control", "public, max-age=3600")


class ChooseLanguage:
    """Lets everything behind it speak the language of the browser's cookie."""

    def __init__(self, app: ASGIApp) -> None:
        """Keep what is given."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in the language that was chosen."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
        with speaking(cookies.get(LANGUAGE_COOKIE, CHINESE)):
            await self._app(scope, receive, send)


class BodyLimit:
    """Refuses bodies beyond the limit, declared or not, on the paths it guards.

    Args:
        app: What answers.
        max_bytes: The largest body.
        paths: Only requests under these are looked at.
        but_not: Requests under these look after themselves.
    """

    def __init__(
        self, app: ASGIApp, *, max_bytes: int, paths: tuple[str, ...], but_not: tuple[str, ...]
    ) -> None:
        """Keep what is given."""
        self._app = app
        self._max_bytes = max_bytes
        self._paths = paths
        self._but_not = but_not

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, counting the body on its way in."""
        if self._guards(scope):
            receive = self._counted(scope, receive)
        await self._app(scope, receive, send)

    def _guards(self, scope: Scope) -> bool:
        path = scope.get("path", "")
        guarded = path.startswith(self._paths) and not path.startswith(self._but_not)
        return scope["type"] == "http" and guarded

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        taken = 0
        declared = Headers(scope=scope).get("content-length", "")
        too_large = declared.isdigit() and int(declared) > self._max_bytes

        async def receive_counted() -> Message:
            # Raised while the body is read, so that the application's own error page answers.
            nonlocal taken
            message = {} if too_large else await receive()
            taken += len(message.get("body", b""))
            if too_large or taken > self._max_bytes:
                raise HTTPException(413)
            return message

        return receive_counted


class CountRequests:
    """Notes route pattern, status and duration of every request."""

    def __init__(self, app: ASGIApp, *, metrics: WebMetrics) -> None:
        """Keep what is given."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer and note it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            seconds = time.perf_counter() - started
            self._metrics.note(scope["method"], _pattern(scope), status, seconds)


def _pattern(scope: Scope) -> str:
    route = scope.get("route")
    return getattr(route, "path", None) or "other"
