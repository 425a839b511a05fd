"""The one connection to the Bot API: where the token goes and how calls come to an end."""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import structlog
from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels.base import DeliveryError, RetryLater
from bot.channels.telegram_errors import (
    NETWORK_PAUSE_SECONDS,
    TelegramTokenRefused,
    delivery_error,
)

OFFICIAL_SERVER = "https://api.telegram.org"
_STAND_IN = "TOKEN-IS-PUT-IN-BY-THE-TRANSPORT"
_CONNECTIONS = 16
"""At once, one of them held by the question for updates."""
log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")
Call = Callable[[Bot], Coroutine[Any, Any, Answer]]


class _TokenTransport(httpx.AsyncBaseTransport):
    """Puts the token into the address as the last thing before the network.

    The Bot API wants it in the path, and libraries log paths and put them into errors: above
    this transport there is only a stand-in that may be logged by anybody.
    """

    def __init__(self, token: str, proxy_url: str | None) -> None:
        self._token = token.encode()
        limits = httpx.Limits(max_connections=_CONNECTIONS)
        self._network = httpx.AsyncHTTPTransport(limits=limits, proxy=proxy_url)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` to its true address."""
        path = request.url.raw_path.replace(_STAND_IN.encode(), self._token)
        true_request = httpx.Request(
            request.method,
            request.url.copy_with(raw_path=path),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return await self._network.handle_async_request(true_request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._network.aclose()


class _CallRequest(HTTPXRequest):
    """As the library's, but an answer that can't be read is not logged: it may hold words."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer's JSON object.

        Raises:
            TelegramError: It is none.
        """
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


class _PollRequest(_CallRequest):
    """As above; one update that the library can't read does not hold up those behind it."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer's JSON object with unreadable updates emptied."""
        answer = _CallRequest.parse_json_payload(payload)
        result = answer.get("result")
        if not isinstance(result, list):
            return answer
        return {**answer, "result": [_readable(update) for update in result]}


def _readable(update: dict[str, Any]) -> dict[str, Any]:
    try:
        Update.de_json(update, None)
    except Exception:
        number = update["update_id"]
        # Whatever a newer server sends that this library trips over: there is no list of it.
        log.error("update_unreadable", action="telegram_poll", update_id=number)
        return {"update_id": number}
    return update


class TelegramConnection:
    """Calls the Bot API from any thread, on a private event loop.

    Args:
        token: The bot's token.
        server: Root address of the Bot API server, such as ``https://api.telegram.org``.
        proxy_url: HTTP proxy to go through, if any.
        call_timeout_seconds: How long one call may take.
    """

    def __init__(
        self, *, token: str, server: str, proxy_url: str | None, call_timeout_seconds: float
    ) -> None:
        self._token = token
        self._server = server_root(server)
        self._proxy_url = proxy_url
        self._seconds = call_timeout_seconds
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._bot: Bot | None = None
        self._closed = False

    def call(self, call: Call[Answer]) -> Answer:
        """Make a call and wait for its answer.

        Raises:
            DeliveryError: It failed; the subclass tells what to do.
        """
        future = self.begin(call)
        try:
            # The library gives up on each phase by itself; this guards against a hung loop.
            return future.result(timeout=4 * self._seconds)
        except DeliveryError:
            raise
        except TelegramError as error:
            raise delivery_error(error) from None
        except (TimeoutError, CancelledError):
            future.cancel()
            raise RetryLater(NETWORK_PAUSE_SECONDS, "no answer from Telegram") from None

    def begin(self, call: Call[Answer]) -> "Future[Answer]":
        """Start a call; its future raises the library's own errors, so keep it inside.

        Raises:
            RetryLater: The connection is closed.
        """
        loop, bot = self._started()
        return asyncio.run_coroutine_threadsafe(_guarded(call, bot), loop)

    def _started(self) -> tuple[asyncio.AbstractEventLoop, Bot]:
        with self._starting:
            if self._closed:
                raise RetryLater(NETWORK_PAUSE_SECONDS, "the connection to Telegram is closed")
            if self._loop is None or self._bot is None:
                self._loop, self._bot = _running_loop(), self._make_bot()
            return self._loop, self._bot

    def _make_bot(self) -> Bot:
        transport = _TokenTransport(self._token, self._proxy_url)
        return Bot(
            token=_STAND_IN,
            base_url=f"{self._server}/bot",
            base_file_url=f"{self._server}/file/bot",
            request=self._request(_CallRequest, transport),
            get_updates_request=self._request(_PollRequest, transport),
        )

    def _request(self, kind: type[_CallRequest], transport: _TokenTransport) -> _CallRequest:
        return kind(
            read_timeout=self._seconds,
            write_timeout=self._seconds,
            connect_timeout=self._seconds,
            pool_timeout=self._seconds,
            httpx_kwargs={"transport": transport},
        )

    def close(self) -> None:
        """Give up calls under way and end the loop's thread; nothing can be called afterwards."""
        with self._starting:
            self._closed = True
            loop, bot, self._loop, self._bot = self._loop, self._bot, None, None
        if loop is None or bot is None:
            return
        ending = asyncio.run_coroutine_threadsafe(_shut(bot), loop)
        ending.add_done_callback(lambda _: loop.call_soon_threadsafe(loop.stop))


async def _guarded(call: Call[Answer], bot: Bot) -> Answer:
    try:
        return await call(bot)
    except (TelegramError, DeliveryError, TelegramTokenRefused):
        raise
    except Exception as error:
        # An answer that looks like none of Telegram's (a proxy's page) trips the library up.
        raise TelegramError(f"answer not understood: {type(error).__name__}") from None


async def _shut(bot: Bot) -> None:
    ours = asyncio.current_task()
    for task in asyncio.all_tasks() - {ours}:
        task.cancel()
    await bot.request.shutdown()


def _running_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
        finally:
            loop.close()

    threading.Thread(target=run, name="telegram-calls", daemon=True).start()
    return loop


def server_root(address: str) -> str:
    """The root of a Bot API server, from its address with or without ``/bot`` at the end.

    Raises:
        ValueError: It is no http(s) address.
    """
    root = address.rstrip("/").removesuffix("/bot").rstrip("/")
    parts = urlsplit(root)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("the Telegram server's address must begin with https:// or http://")
    return root
