"""Long polling: each update is stored before Telegram may forget it.

Telegram forgets an update when it is asked for those behind it. So the next question is put
only after everything of the last answer is stored, and a crash in between brings the same
updates again; the inbox knows them by their id.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, wait

import structlog
from telegram import Bot, Update
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.base import RetryLater
from bot.channels.telegram_connection import Answer, Call, TelegramConnection
from bot.channels.telegram_errors import TelegramTokenRefused, flood_pause
from bot.channels.telegram_updates import TAKEN_UPDATES, BotIdentity

LONGEST_PAUSE_SECONDS = 60.0
_LOOKS_FOR_STOP_SECONDS = 0.1
log = structlog.get_logger(__name__)

Store = Callable[[Update, BotIdentity], None]
"""Stores one update for good; raising means that it isn't stored."""


class TelegramPolling:
    """Asks for updates until told to stop.

    Args:
        connection: Where to ask.
        store: Stores each update, in order.
        poll_timeout_seconds: How long the server holds a question while nothing happens.
        first_pause_seconds: Pause after a failure; doubled after each further one in a row.
    """

    def __init__(
        self,
        *,
        connection: TelegramConnection,
        store: Store,
        poll_timeout_seconds: float,
        first_pause_seconds: float,
    ) -> None:
        self._connection = connection
        self._store = store
        self._poll_seconds = round(poll_timeout_seconds)
        self._first_pause = first_pause_seconds
        self._failures = 0
        self._offset: int | None = None

    def run(self, stopping: threading.Event) -> None:
        """Store updates until ``stopping`` is set.

        Raises:
            TelegramTokenRefused: The token is not known (any more).
        """
        identity = self._sign_in(stopping)
        while identity and not stopping.is_set():
            updates = self._ask(self._get_updates, stopping)
            if updates is not None:
                self._store_all(updates, identity, stopping)

    def _sign_in(self, stopping: threading.Event) -> BotIdentity | None:
        """Learn who we are and end any webhook, which would keep updates from us."""
        while not stopping.is_set():
            identity = self._ask(sign_in, stopping)
            if identity is not None:
                log.info("telegram_polling", action="telegram_start", bot=identity.username)
                return identity
        return None

    async def _get_updates(self, bot: Bot) -> tuple[Update, ...]:
        return await bot.get_updates(
            offset=self._offset, timeout=self._poll_seconds, allowed_updates=TAKEN_UPDATES
        )

    def _ask(self, call: Call[Answer], stopping: threading.Event) -> Answer | None:
        """The answer, or None after a failure and its pause, or when we are to stop."""
        try:
            return _answer_unless(stopping, self._connection.begin(call))
        except InvalidToken:
            log.error("telegram_token_refused", action="telegram_poll")
            raise TelegramTokenRefused from None
        except (TelegramError, RetryLater, CancelledError) as error:
            self._pause_after(error, stopping)
            return None

    def _store_all(
        self, updates: Sequence[Update], identity: BotIdentity, stopping: threading.Event
    ) -> None:
        """Store in order; the first that can't be stored and those behind it come again."""
        for update in updates:
            try:
                self._store(update, identity)
            except Exception as error:
                # Whatever the store's trouble is (a locked database, a full disk): not ours.
                self._pause_after(error, stopping, update_id=update.update_id)
                return
            self._offset = update.update_id + 1
        self._failures = 0

    def _pause_after(
        self, error: BaseException, stopping: threading.Event, update_id: int | None = None
    ) -> None:
        self._failures += 1
        seconds = self._pause_seconds(error)
        log.warning(
            "telegram_out_of_reach" if update_id is None else "update_not_stored",
            action="telegram_poll",
            update_id=update_id,
            error=type(error).__name__,
            seconds=seconds,
        )
        stopping.wait(seconds)

    def _pause_seconds(self, error: BaseException) -> float:
        doubled: float = self._first_pause * 2 ** min(self._failures - 1, 16)
        pause = min(doubled, LONGEST_PAUSE_SECONDS)
        return max(pause, flood_pause(error)) if isinstance(error, RetryAfter) else pause


async def sign_in(bot: Bot) -> BotIdentity:
    """Who we are; afterwards updates come by polling."""
    user = await bot.get_me()
    await bot.delete_webhook(drop_pending_updates=False)
    return BotIdentity(id=user.id, username=user.username or "")


def _answer_unless(stopping: threading.Event, future: "Future[Answer]") -> Answer | None:
    """Wait for ``future``; None as soon as ``stopping`` is set."""
    while not future.done():
        if stopping.is_set():
            future.cancel()
            return None
        wait([future], timeout=_LOOKS_FOR_STOP_SECONDS)
    return future.result()
