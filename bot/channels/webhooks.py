"""Addresses that platforms call with updates: one route a platform, each with its own proof."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

MOST_BODY_BYTES = 512 * 1024
"""An update carries words and handles of files, never the files."""


@dataclass(frozen=True, kw_only=True)
class WebhookCall:
    """One call of a platform; names of ``headers`` are in lower case."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class WebhookAnswer:
    """What the platform is told."""

    status: int = 200
    text: str = ""


FORBIDDEN = WebhookAnswer(status=403)


class Webhook(Protocol):
    """Takes the calls of one platform.

    ``take`` looks at the caller's proof before it reads anything else, and answers with success
    only after every update of the call is stored. Whatever it raises is a 500: the platform
    calls again.
    """

    @property
    def path(self) -> str:
        """Where the platform calls."""
        ...

    def take(self, call: WebhookCall) -> WebhookAnswer:
        """Take one call."""
        ...


def webhook_router(webhooks: Sequence[Webhook]) -> APIRouter:
    """The routes of ``webhooks``."""
    router = APIRouter()
    for webhook in webhooks:
        router.add_api_route(
            webhook.path,
            _handler(webhook),
            methods=["GET", "POST"],
            include_in_schema=False,
            response_model=None,
        )
    return router


def _handler(webhook: Webhook) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("", status_code=413)
        call = WebhookCall(
            method=request.method,
            query=dict(request.query_params),
            headers=dict(request.headers),
            body=body,
        )
        answer = await run_in_threadpool(webhook.take, call)
        return PlainTextResponse(answer.text, status_code=answer.status)

    return handle


async def _body(request: Request) -> bytes | None:
    """The body, or None when it is longer than any update."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY_BYTES:
            return None
    return bytes(body)
