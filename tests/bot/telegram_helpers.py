"""What the tests of the Telegram channel share: a polling thread with an inbox, short calls."""

import threading
import time
from itertools import count
from typing import Any

from bot.channels.telegram import TelegramChannel
from bot.messages import IncomingMessage, OutgoingMessage, ResidentAddress
from tests.bot.telegram_server import TOKEN, TelegramServer

ANNA, BEN = 1001, 1002
GROUP = -5005
LIMIT = 5000
"""Bytes of the largest upload that the channel takes."""


def make_channel(server: TelegramServer, **settings: Any) -> TelegramChannel:
    return make_channel_at(server.base_url, **settings)


def make_channel_at(address: str, **settings: Any) -> TelegramChannel:
    usual = {
        "base_url": address,
        "max_upload_bytes": LIMIT,
        "poll_timeout_seconds": 2,
        "first_pause_seconds": 0.05,
        "call_timeout_seconds": 3,
    }
    return TelegramChannel(TOKEN, **(usual | settings))


class Inbox:
    """What a real inbox does: raises while it is broken, else keeps each update once."""

    def __init__(self) -> None:
        self.calls: list[IncomingMessage] = []
        self.stored: dict[str, IncomingMessage] = {}
        self.failures = 0

    def receive(self, message: IncomingMessage) -> None:
        self.calls.append(message)
        if self.failures:
            self.failures -= 1
            raise OSError("the disk is full")
        self.stored.setdefault(message.update_id, message)

    @property
    def messages(self) -> list[IncomingMessage]:
        return list(self.stored.values())


class Polling:
    """A channel that polls in a thread, with its inbox."""

    def __init__(self, telegram_channel: TelegramChannel, telegram: TelegramServer) -> None:
        self.inbox = Inbox()
        self.server = telegram
        self._stopping = threading.Event()
        args = (self.inbox.receive, self._stopping)
        self._thread = threading.Thread(target=telegram_channel.run, args=args)
        self._thread.start()

    def stop(self) -> float:
        """Stop polling; how long that took, in seconds."""
        began = time.monotonic()
        self._stopping.set()
        self._thread.join(5)
        assert not self._thread.is_alive()
        return time.monotonic() - began

    def received(self, count: int = 1) -> list[IncomingMessage]:
        """The messages stored, once there are ``count``."""
        assert self.server.wait_until(lambda: len(self.inbox.stored) >= count), self.inbox.stored
        return self.inbox.messages

    def all_confirmed(self, update_id: int) -> bool:
        return self.server.wait_until(lambda: self.server.confirmed_up_to > update_id)


def address(chat_id: int) -> ResidentAddress:
    return ResidentAddress(channel="telegram", chat_id=str(chat_id))


_keys = count()


def send(
    telegram_channel: TelegramChannel, chat_id: int, text: str = "您好", **content: Any
) -> str:
    replaces = content.pop("replaces", None)
    key = content.pop("delivery_key", f"key{next(_keys)}")
    message = OutgoingMessage(text=text, **content)
    return telegram_channel.send(address(chat_id), message, delivery_key=key, replaces=replaces)
