"""Writing routes that work in several transactions: sent again with the same key, done once.

A router made with ``route_class=CommandRoute`` gives the header ``Idempotency-Key`` to all its
writing routes. The actions on cases don't need it: they keep the key in their own transaction.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from console.auth import SAFE_METHODS, find_signed_in, services_of
from console.errors import DeskError
from console.services import ConsoleServices
from knowledge.errors import KnowledgeError
from petitions.errors import PetitionError
from petitions.once import LONGEST_KEY, Command, begin_once, finish_once, free_key

KEY_HEADER = "Idempotency-Key"
SHORTEST_KEY = 8
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=SHORTEST_KEY,
        max_length=LONGEST_KEY,
        description="Made by the caller: new for each wish, the same when it is sent again.",
    ),
]
REFUSALS = (DeskError, PetitionError, KnowledgeError, HTTPException, RequestValidationError)
"""What a route raises before it has done anything."""
Answer = Callable[[Request], Awaitable[Response]]


def _take_key(idempotency_key: IdempotencyKey = None) -> None:
    """Declare the header: it is looked at before the route's own work."""


class CommandRoute(APIRoute):
    """A route whose command is carried out once for each key; reading routes are as ever."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Make the route; a writing one also declares the header."""
        if set(options.get("methods") or ()) - SAFE_METHODS:
            options["dependencies"] = [*(options.get("dependencies") or ()), Depends(_take_key)]
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Answer a repeated command with its first answer."""
        answer = super().get_route_handler()
        if not set(self.methods or ()) - SAFE_METHODS:
            return answer

        async def answer_once(request: Request) -> Response:
            command = await _command_of(request)
            return await (_once(request, command, answer) if command else answer(request))

        return answer_once


async def _command_of(request: Request) -> Command | None:
    """The command behind a request; None without a key that can be used or a known caller."""
    key = request.headers.get(KEY_HEADER, "")
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        return None
    me = await run_in_threadpool(find_signed_in, request)
    if me is None:
        return None
    return Command(
        key=key,
        by=me.member.username,
        name=f"{request.method} {request.url.path}?{request.url.query}",
        content={"body": await _digest_body(request)},
    )


async def _digest_body(request: Request) -> str:
    """Tells a body from others; the signs between the parts of a form don't count."""
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return hashlib.sha256(await request.body()).hexdigest()
    digest = hashlib.sha256()
    for name, value in (await request.form()).multi_items():
        digest.update(f"\x1f{name}\x1f".encode())
        digest.update(
            await _digest_file(value) if isinstance(value, UploadFile) else value.encode()
        )
    return digest.hexdigest()


async def _digest_file(file: UploadFile) -> bytes:
    content = await file.read()
    await file.seek(0)
    return hashlib.sha256(f"{file.filename}\x1f".encode() + content).digest()


async def _once(request: Request, command: Command, answer: Answer) -> Response:
    services = services_of(request)
    known = await run_in_threadpool(_begin, services, command)
    if known is not None:
        return JSONResponse(known["content"], status_code=known["status"])
    try:
        response = await answer(request)
    except REFUSALS:
        await run_in_threadpool(_free, services, command)
        raise
    result = {"status": response.status_code, "content": json.loads(bytes(response.body))}
    await run_in_threadpool(_finish, services, command, result)
    return response


def _begin(services: ConsoleServices, command: Command) -> Mapping[str, Any] | None:
    with services.open_work() as work:
        known = begin_once(work, command, now=services.clock.now())
        work.commit()
        return known


def _finish(services: ConsoleServices, command: Command, result: Mapping[str, Any]) -> None:
    with services.open_work() as work:
        finish_once(work, command, result)
        work.commit()


def _free(services: ConsoleServices, command: Command) -> None:
    with services.open_work() as work:
        free_key(work, command)
        work.commit()
