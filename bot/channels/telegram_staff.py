"""What staff do in Telegram: taps in their group, the code that links an account."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.base import RetryLater
from bot.channels.telegram_connection import TelegramConnection
from bot.channels.telegram_updates import UpdateRead
from bot.staff_taps import StaffAnswer, StaffTaps

log = structlog.get_logger(__name__)

LONGEST_TAP_ANSWER = 200
"""Characters, as of https://core.telegram.org/bots/api#answercallbackquery."""


def _follow_nothing(old: str, new: str) -> None:
    """Nobody is told in a group."""


@dataclass(frozen=True, kw_only=True)
class TelegramStaff:
    """Takes the updates that are not a resident's.

    Attributes:
        taps: Answers staff.
        follow: Told of a group's old and new id.
    """

    taps: StaffTaps
    follow: Callable[[str, str], None] = _follow_nothing

    def take(self, read: UpdateRead, connection: TelegramConnection) -> bool:
        """Whether the update was ours; what raises here brings it again."""
        if read.moved:
            self.follow(*read.moved)
        elif read.joined:
            # The one way to learn the number that the setting wants; a group is nobody's name.
            log.info("telegram_group_joined", action="staff_group", chat_id=read.joined)
        elif read.staff_tap and read.tap:
            answer_tap(connection, read.tap, self.taps.tap(read.staff_tap))
        elif read.staff_code:
            account, code = read.staff_code
            _tell(connection, account.account, self.taps.link(account, code).text)
        else:
            return False
        return True


NO_STAFF = TelegramStaff(taps=StaffTaps(None))


def answer_tap(connection: TelegramConnection, tap: str, answer: StaffAnswer | None = None) -> None:
    """Tell the app that the tap has arrived; nobody waits for that, and it may fail."""

    async def tell(bot: Bot) -> None:
        with suppress(TelegramError):  # The button spins until the app gives up.
            if answer is None:
                await bot.answer_callback_query(tap)
                return
            text = answer.text[:LONGEST_TAP_ANSWER]
            await bot.answer_callback_query(tap, text=text, show_alert=not answer.done)

    with suppress(RetryLater):  # The connection is being closed.
        connection.begin(tell)


def _tell(connection: TelegramConnection, chat_id: str, text: str) -> None:
    """A word in private; whoever does not get it asks again, and the desk shows how it is."""

    async def tell(bot: Bot) -> None:
        with suppress(TelegramError):
            await bot.send_message(chat_id, text)

    with suppress(RetryLater):
        connection.begin(tell)
