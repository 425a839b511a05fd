"""Residents in Telegram: long polling or a webhook in, the Bot API out."""

import re
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from traceback import extract_tb

import structlog
from telegram import Bot, BotCommand, Update
from telegram.error import InvalidToken

from bot.channels.arrived import ArrivedPages
from bot.channels.base import AddressGone, ChannelCapabilities, MessageRefused
from bot.channels.telegram_connection import OFFICIAL_SERVER, TelegramConnection, server_root
from bot.channels.telegram_errors import TelegramTokenRefused
from bot.channels.telegram_pages import edit_page, send_page
from bot.channels.telegram_polling import Store, TelegramPolling
from bot.channels.telegram_rendering import LONGEST_TEXT, Page, render
from bot.channels.telegram_staff import NO_STAFF, TelegramStaff, answer_tap
from bot.channels.telegram_updates import NOTHING, BotIdentity, UpdateRead, UpdateReader
from bot.channels.telegram_webhook import TelegramWebhook
from bot.messages import Attachment, IncomingMessage, OutgoingMessage, ResidentAddress

__all__ = ["TelegramChannel", "TelegramTokenRefused"]

NAME = "telegram"
_TOKEN_SHAPE = re.compile(r"\d+:[\w-]{20,}")
log = structlog.get_logger(__name__)


class TelegramChannel:
    """The channel of one bot.

    Sending works in any process; :meth:`run` takes updates in and belongs in one process only,
    for Telegram serves one poller a bot. Nothing is opened before the first call.

    Args:
        token: The bot's token; it appears in no log and no error.
        base_url: Root of another Bot API server; None means Telegram's own.
        proxy_url: HTTP proxy to reach the server through, where it is blocked.
        max_upload_bytes: Larger photos, recordings and files are not taken.
        call_timeout_seconds: How long one call may take.
        poll_timeout_seconds: How long the server holds a question for updates, in whole seconds.
        first_pause_seconds: Pause after a failed question; doubled up to a minute.
        now: Tells the time in UTC.

    Raises:
        ValueError: A setting can't be right.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str | None = None,
        proxy_url: str | None = None,
        max_upload_bytes: int = 10 * 1024 * 1024,
        call_timeout_seconds: float = 10.0,
        poll_timeout_seconds: float = 30.0,
        first_pause_seconds: float = 1.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        _check_settings(token, proxy_url, max_upload_bytes, call_timeout_seconds)
        self._max_upload_bytes = max_upload_bytes
        self._poll_timeout_seconds = poll_timeout_seconds
        self._first_pause_seconds = first_pause_seconds
        self._reader = UpdateReader(channel=NAME, max_upload_bytes=max_upload_bytes, now=now)
        self._connection = TelegramConnection(
            token=token,
            server=server_root(base_url or OFFICIAL_SERVER),
            proxy_url=proxy_url,
            call_timeout_seconds=call_timeout_seconds,
        )
        self._arrived = ArrivedPages()
        self._gone: set[str] = set()

    @property
    def name(self) -> str:
        """The channel's name in addresses."""
        return NAME

    @property
    def capabilities(self) -> ChannelCapabilities:
        """Buttons and edits; contact data is never asked for: the servers stand abroad."""
        return ChannelCapabilities(max_text=LONGEST_TEXT, edits=True, contact_allowed=False)

    # Outgoing

    def send(
        self,
        address: ResidentAddress,
        message: OutgoingMessage,
        *,
        delivery_key: str,
        replaces: str | None = None,
    ) -> str:
        """Show ``message``, cut into several when it is long; see :meth:`Channel.send`.

        A repeat under the same key goes on after the pages that this process has seen arrive.
        """
        if address.chat_id in self._gone:
            raise AddressGone("the resident blocked us")
        pages = render(message)
        if not pages:
            raise MessageRefused("there is nothing to show in the message")
        arrived = self._arrived.under(delivery_key)
        for page in pages[len(arrived) :]:
            replaced = replaces if len(pages) == 1 else None
            arrived = self._arrived.note(delivery_key, self._show(address, page, replaced))
        return arrived[-1]

    def _show(self, address: ResidentAddress, page: Page, replaces: str | None) -> str:
        async def show(bot: Bot) -> str:
            edited = await edit_page(bot, address.chat_id, page, replaces) if replaces else None
            return edited or await send_page(bot, address.chat_id, page)

        return self._connection.call(show)

    def fetch(self, attachment: Attachment) -> bytes:
        """Get the content behind ``attachment.remote``; see :meth:`Channel.fetch`."""
        remote = attachment.remote
        if not remote:
            raise MessageRefused("the attachment has no content in Telegram")

        async def download(bot: Bot) -> bytes:
            file = await bot.get_file(remote)
            if (file.file_size or 0) > self._max_upload_bytes:
                raise MessageRefused("the content is too large")
            try:
                return bytes(await file.download_as_bytearray())
            except InvalidToken:  # How the library reads any 404, also that of a lost file.
                raise MessageRefused("the content is gone") from None

        content = self._connection.call(download)
        if len(content) > self._max_upload_bytes:
            raise MessageRefused("the content is too large")
        return content

    def register_commands(self, zh: Mapping[str, str], en: Mapping[str, str]) -> None:
        """Set the menu: command (without its slash) → description, English for English apps.

        Raises:
            DeliveryError: It did not work; the subclass tells what to do.
        """

        async def register(bot: Bot) -> None:
            await bot.set_my_commands(_commands(zh))
            await bot.set_my_commands(_commands(en), language_code="en")

        self._connection.call(register)

    # Incoming

    def check_token(self) -> str:
        """Ask Telegram who we are, for a start that fails at once and clearly.

        Returns:
            The bot's name, without the @.

        Raises:
            TelegramTokenRefused: Telegram does not know the token.
            RetryLater: Telegram is out of reach; :meth:`run` will go on trying.
        """

        async def ask(bot: Bot) -> str:
            try:
                return (await bot.get_me()).username or ""
            except InvalidToken:
                raise TelegramTokenRefused from None

        return self._connection.call(ask)

    def run(
        self,
        receive: Callable[[IncomingMessage], object],
        stopping: threading.Event,
        staff: TelegramStaff = NO_STAFF,
    ) -> None:
        """Hand every update to ``receive`` until ``stopping`` is set; blocks until then.

        Args:
            receive: Stores a message for good. When it raises, the same message and those
                after it come again; the next ones of a crashed process do, too. So it sees a
                message at least once, and each resident's messages in their order.
            stopping: Set it to end within a second.
            staff: Takes what staff do in their group; raising brings it again, too.

        Raises:
            TelegramTokenRefused: Telegram does not know the token (any more).
        """

        polling = TelegramPolling(
            connection=self._connection,
            store=self._storing(receive, staff),
            poll_timeout_seconds=self._poll_timeout_seconds,
            first_pause_seconds=self._first_pause_seconds,
        )
        polling.run(stopping)

    def webhook(
        self,
        receive: Callable[[IncomingMessage], object],
        secret: str,
        staff: TelegramStaff = NO_STAFF,
    ) -> TelegramWebhook:
        """The address that Telegram calls instead of being polled.

        Raises:
            ValueError: Telegram would not take the secret.
        """
        return TelegramWebhook(self._connection, self._storing(receive, staff), secret)

    def _storing(self, receive: Callable[[IncomingMessage], object], staff: TelegramStaff) -> Store:
        def store(update: Update, identity: BotIdentity) -> None:
            read = self._read(update, identity)
            if not staff.take(read, self._connection):
                self._take(read, receive)

        return store

    def _read(self, update: Update, identity: BotIdentity) -> UpdateRead:
        try:
            return self._reader.read(update, identity)
        except Exception as error:
            # It would come again for ever and hold up everybody behind it.
            where = [f"{frame.name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
            log.error(
                "update_unreadable",
                action="telegram_poll",
                update_id=update.update_id,
                error=type(error).__name__,
                where=where[-3:],
            )
            return NOTHING

    def _take(self, read: UpdateRead, receive: Callable[[IncomingMessage], object]) -> None:
        # First who is there: an answer may be on its way while the message is still being stored.
        if read.left:
            self._gone.add(read.left)
        if read.returned:
            self._gone.discard(read.returned)
        if read.message:
            receive(read.message)
        if read.tap:
            answer_tap(self._connection, read.tap)

    def close(self) -> None:
        """Close the connection; nothing can be sent afterwards."""
        self._connection.close()


def _check_settings(
    token: str, proxy_url: str | None, max_upload_bytes: int, call_timeout_seconds: float
) -> None:
    if not _TOKEN_SHAPE.fullmatch(token):
        raise ValueError("the Telegram token must look like 123456789:ABC…, as @BotFather gives it")
    if proxy_url and not re.match(r"https?://[^/\s]+", proxy_url):
        raise ValueError("the Telegram proxy's address must begin with http:// or https://")
    if max_upload_bytes < 1 or call_timeout_seconds <= 0:
        raise ValueError("Telegram's upload limit and timeout must be above zero")


def _commands(descriptions: Mapping[str, str]) -> list[BotCommand]:
    return [BotCommand(command, text) for command, text in descriptions.items()]
