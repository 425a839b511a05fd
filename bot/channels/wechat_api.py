"""Calls to the servers of WeChat and WeCom: one access token a process, errors by number.

Both platforms hand out the same access token again while it is good (WeChat: «稳定版接口调用凭据»),
so several processes share it without a place of their own to keep it. Tokens and secrets enter
an address below everything that logs addresses.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog

from bot.channels.base import (
    AddressGone,
    DeliveryError,
    MessageRefused,
    RetryLater,
    WaitForResident,
)
from bot.messages import Attachment

log = structlog.get_logger(__name__)

NETWORK_PAUSE_SECONDS = 5.0
OPERATOR_PAUSE_SECONDS = 60.0
"""When only an operator can mend it (a wrong secret), asking often helps nobody."""
RENEWED_BEFORE_SECONDS = 300
_HIDDEN = "hidden_query"


class Trouble(StrEnum):
    """What an error number means for us."""

    EXPIRED = "expired"
    BUSY = "busy"
    QUOTA = "quota"
    OPERATOR = "operator"
    GONE = "gone"
    WINDOW = "window"


_PAUSES = {Trouble.BUSY: NETWORK_PAUSE_SECONDS, Trouble.QUOTA: 1800.0}


@dataclass(frozen=True, kw_only=True)
class Credential:
    """How an access token is asked for: the call, and the names that stand in it."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Mapping[str, Any] | None = None


class _HidingTransport(httpx.BaseTransport):
    """Adds what must not be logged to the address, as the last thing before the network."""

    def __init__(self) -> None:
        self._network = httpx.HTTPTransport(retries=1)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` with its hidden part."""
        hidden = request.extensions.get(_HIDDEN, {})
        return self._network.handle_request(
            httpx.Request(
                request.method,
                request.url.copy_merge_params(hidden),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        )

    def close(self) -> None:
        """Close the connections."""
        self._network.close()


class PlatformApi:
    """Calls one platform's server.

    Args:
        server: Root of the server, such as ``https://api.weixin.qq.com``.
        credential: How to ask for an access token.
        troubles: What the platform's error numbers mean; a number that is not there refuses
            the message.
        timeout_seconds: How long one call may take.
        monotonic: Counts seconds.

    Raises:
        ValueError: The server's address can't be right.
    """

    def __init__(
        self,
        *,
        server: str,
        credential: Credential,
        troubles: Mapping[int, Trouble],
        timeout_seconds: float = 10.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the platform's address must begin with https:// or http://")
        self._credential = credential
        self._troubles = troubles
        self._monotonic = monotonic
        self._client = httpx.Client(
            base_url=server.rstrip("/"), timeout=timeout_seconds, transport=_HidingTransport()
        )
        self._asking = threading.Lock()
        self._token = ""
        self._good_until = 0.0

    def call(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post ``body`` and return the answer.

        Raises:
            DeliveryError: It failed; the subclass tells what to do.
        """
        return self._checked(self._with_token("POST", path, json=dict(body)))

    def fetch_media(self, attachment: Attachment, *, most_bytes: int) -> bytes:
        """The content behind ``attachment.remote``, which both platforms call a media_id.

        Raises:
            DeliveryError: There is none, it failed, or it is larger than ``most_bytes``.
        """
        if not attachment.remote:
            raise MessageRefused("the attachment has no content at the platform")
        query = {"media_id": attachment.remote}
        response = self._with_token("GET", "/cgi-bin/media/get", params=query)
        if _may_be_an_answer(response):
            self._checked(response)
        if len(response.content) > most_bytes:
            raise MessageRefused("the content is too large")
        return response.content

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    # Access tokens

    def _with_token(self, method: str, path: str, **what: Any) -> httpx.Response:
        token = self._access_token()
        response = self._send(method, path, {"access_token": token}, **what)
        if self._trouble_of(response) is not Trouble.EXPIRED:
            return response
        self._forget(token)
        return self._send(method, path, {"access_token": self._access_token()}, **what)

    def _access_token(self) -> str:
        with self._asking:
            if self._monotonic() >= self._good_until:
                self._ask_for_token()
            return self._token

    def _ask_for_token(self) -> None:
        asked = self._credential
        response = self._send(asked.method, asked.path, asked.query, json=asked.body)
        answer = _json(response)
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not isinstance(seconds, int):
            number = answer.get("errcode")
            log.error("platform_token_refused", action="platform_token", errcode=number)
            raise RetryLater(OPERATOR_PAUSE_SECONDS, f"no access token (errcode {number})")
        self._token = token
        self._good_until = self._monotonic() + max(seconds - RENEWED_BEFORE_SECONDS, 60)

    def _forget(self, token: str) -> None:
        with self._asking:
            if token == self._token:
                self._good_until = 0.0

    # One call

    def _send(
        self, method: str, path: str, hidden: Mapping[str, str], **what: Any
    ) -> httpx.Response:
        try:
            response = self._client.request(
                method, path, extensions={_HIDDEN: dict(hidden)}, **what
            )
        except httpx.HTTPError as error:
            raise RetryLater(NETWORK_PAUSE_SECONDS, type(error).__name__) from None
        if response.status_code >= 400:
            raise RetryLater(NETWORK_PAUSE_SECONDS, f"HTTP {response.status_code}")
        return response

    def _trouble_of(self, response: httpx.Response) -> Trouble | None:
        if not _may_be_an_answer(response):
            return None
        return self._troubles.get(_json(response).get("errcode", 0))

    def _checked(self, response: httpx.Response) -> dict[str, Any]:
        answer = _json(response)
        number = answer.get("errcode", 0)
        if number:
            raise self._error(number)
        return answer

    def _error(self, number: int) -> DeliveryError:
        trouble, said = self._troubles.get(number), f"errcode {number}"
        if trouble in _PAUSES:
            return RetryLater(_PAUSES[trouble], said)
        if trouble is Trouble.GONE:
            return AddressGone(said)
        if trouble is Trouble.WINDOW:
            return WaitForResident(said)
        if trouble in (Trouble.OPERATOR, Trouble.EXPIRED):
            log.error("platform_refuses_us", action="platform_call", errcode=number)
            return RetryLater(OPERATOR_PAUSE_SECONDS, said)
        return MessageRefused(said)


def _may_be_an_answer(response: httpx.Response) -> bool:
    """Whether the response is words and no file; the servers call their JSON text/plain, too."""
    kind = response.headers.get("content-type", "")
    return "json" in kind or kind.startswith("text/")


def _json(response: httpx.Response) -> dict[str, Any]:
    """The answer's object.

    Raises:
        RetryLater: It is none (a proxy's page).
    """
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise RetryLater(NETWORK_PAUSE_SECONDS, "the answer is not the platform's")
    return answer
