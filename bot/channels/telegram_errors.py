"""What each of Telegram's errors means for a delivery."""

import re
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.channels.base import AddressGone, AddressMoved, DeliveryError, MessageRefused, RetryLater

NETWORK_PAUSE_SECONDS = 5.0
OPERATOR_PAUSE_SECONDS = 60.0
"""When only an operator can mend it (a revoked token), asking often helps nobody."""

_NOBODY_THERE = re.compile(
    r"chat not found|user not found|peer_id_invalid|user is deactivated|group chat was upgraded"
    r"|not enough rights|have no rights|chat_write_forbidden|bot was kicked|bot is not a member",
    re.IGNORECASE,
)
_NOT_MODIFIED = "message is not modified"


class TelegramTokenRefused(Exception):
    """Telegram does not know the bot's token; nothing works until an operator mends it."""

    def __init__(self) -> None:
        """The sentence for the operator holds no part of the token."""
        super().__init__(
            "Telegram refuses the bot token: it is mistyped or was revoked; "
            "@BotFather shows the right one (docs/howto/set-up-telegram.md)"
        )


def delivery_error(error: TelegramError) -> DeliveryError:
    """What to do about ``error``; its reason names kinds of errors, nobody's words."""
    if isinstance(error, RetryAfter):
        return RetryLater(flood_pause(error), "Telegram has had enough messages for now")
    if isinstance(error, ChatMigrated):
        return AddressMoved(str(error.new_chat_id))
    if isinstance(error, Forbidden) or _says_nobody_is_there(error):
        return AddressGone("the chat is gone or the resident blocked us")
    if isinstance(error, BadRequest):
        return MessageRefused(f"Telegram refuses the message: {_kind(error)}")
    if isinstance(error, InvalidToken | Conflict):
        return RetryLater(OPERATOR_PAUSE_SECONDS, type(error).__name__)
    return RetryLater(NETWORK_PAUSE_SECONDS, f"Telegram is out of reach ({type(error).__name__})")


def flood_pause(error: RetryAfter) -> float:
    """Seconds to wait before anything else is sent."""
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def changes_nothing(error: BadRequest) -> bool:
    """Whether an edit was refused because the message reads like that already."""
    return _NOT_MODIFIED in error.message.lower()


def _says_nobody_is_there(error: TelegramError) -> bool:
    return isinstance(error, BadRequest) and bool(_NOBODY_THERE.search(error.message))


def _kind(error: BadRequest) -> str:
    """The fixed part of the server's sentence; what it quotes may be somebody's words."""
    return re.split(r"[\"'«“:]", error.message)[0].strip()[:80]
