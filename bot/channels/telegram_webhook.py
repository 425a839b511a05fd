"""Updates that Telegram brings to our address, proved by the secret that we gave it."""

import hmac
import json
import re
import threading
from collections.abc import Callable
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import InvalidToken

from bot.channels.telegram_connection import TelegramConnection
from bot.channels.telegram_errors import TelegramTokenRefused
from bot.channels.telegram_updates import TAKEN_UPDATES, BotIdentity
from bot.channels.webhooks import FORBIDDEN, WebhookAnswer, WebhookCall

log = structlog.get_logger(__name__)

WEBHOOK_PATH = "/channels/telegram"
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105
SECRET_SHAPE = re.compile(r"[\w-]{16,256}", re.ASCII)
DONE, UNREADABLE = WebhookAnswer(), WebhookAnswer(text="unreadable")


class TelegramWebhook:
    """Takes one update a call and stores it before Telegram is told that we have it.

    Args:
        connection: Where to ask who we are, once.
        store: Stores one update for good; what it raises brings the update again.
        secret: What Telegram sends along, 16 signs at least.

    Raises:
        ValueError: Telegram would not take the secret.
    """

    path = WEBHOOK_PATH

    def __init__(
        self,
        connection: TelegramConnection,
        store: Callable[[Update, BotIdentity], None],
        secret: str,
    ) -> None:
        if not SECRET_SHAPE.fullmatch(secret):
            raise ValueError("the webhook's secret must be 16 to 256 of A-Z a-z 0-9 _ -")
        self._connection = connection
        self._store = store
        self._secret = secret
        self._asking = threading.Lock()
        self._identity: BotIdentity | None = None

    def take(self, call: WebhookCall) -> WebhookAnswer:
        """Store the update of one call."""
        given = call.headers.get(SECRET_HEADER, "")
        if call.method != "POST" or not hmac.compare_digest(given.encode(), self._secret.encode()):
            return FORBIDDEN
        update = _update_in(call.body)
        if update is None:
            # It would come again for ever and hold up everybody behind it.
            return UNREADABLE
        self._store(update, self._who_we_are())
        return DONE

    def announce(self, address: str) -> None:
        """Tell Telegram to call ``address`` from now on.

        Raises:
            DeliveryError: It did not work; the subclass tells what to do.
        """

        async def announce(bot: Bot) -> None:
            await bot.set_webhook(
                f"{address}{WEBHOOK_PATH}",
                secret_token=self._secret,
                allowed_updates=list(TAKEN_UPDATES),
            )

        self._connection.call(announce)

    def _who_we_are(self) -> BotIdentity:
        with self._asking:
            if self._identity is None:
                self._identity = self._connection.call(_identity)
            return self._identity


async def _identity(bot: Bot) -> BotIdentity:
    try:
        user = await bot.get_me()
    except InvalidToken:
        raise TelegramTokenRefused from None
    return BotIdentity(id=user.id, username=user.username or "")


def _update_in(body: bytes) -> Update | None:
    try:
        written: Any = json.loads(body)
        return Update.de_json(written, None)
    except Exception as error:
        # Whatever a newer server sends that this library trips over: there is no list of it.
        log.error("update_unreadable", action="telegram_webhook", error=type(error).__name__)
        return None
