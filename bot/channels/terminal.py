"""A chat in the terminal: numbered choices, plain lines, one resident."""

from collections.abc import Callable
from datetime import datetime
from typing import TextIO

from bot.channels.base import ChannelCapabilities, MessageRefused, RetryLater
from bot.channels.plain_text import as_plain_text
from bot.inbox import Inbox
from bot.messages import Attachment, IncomingMessage, OutgoingMessage, ResidentAddress

PROMPT = "> "
LEAVE = frozenset({"/quit", "/exit", "/q"})


class TerminalChannel:
    """Writes messages to a stream; choices are numbered and chosen by their number."""

    name = "terminal"
    capabilities = ChannelCapabilities(buttons=False, contact_allowed=True, media=frozenset())

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self._sent = 0

    def send(
        self,
        address: ResidentAddress,
        message: OutgoingMessage,
        *,
        delivery_key: str,
        replaces: str | None = None,
    ) -> str:
        """Print ``message``."""
        try:
            self._output.write(f"{as_plain_text(message)}\n\n")
            self._output.flush()
        except BrokenPipeError as error:
            raise MessageRefused("nobody reads the terminal any more") from error
        except OSError as error:
            raise RetryLater(1, "the terminal can't be written to") from error
        self._sent += 1
        return str(self._sent)

    def fetch(self, attachment: Attachment) -> bytes:
        """A terminal brings no attachments."""
        raise MessageRefused("a terminal brings no attachments")


def chat_in_terminal(
    inbox: Inbox,
    deliver: Callable[[str], object],
    lines: Callable[[str], str],
    *,
    chat_id: str,
    now: Callable[[], datetime],
) -> None:
    """Talk until ``/quit`` or the end of the input.

    Args:
        inbox: Takes what is typed.
        deliver: Sends what waits for a resident, given the pseudonym.
        lines: Asks for a line, given a prompt; raises EOFError at the end (``input``).
        chat_id: Whose conversation this is; the same id goes on with it.
        now: Tells the time in UTC.
    """
    address = ResidentAddress(channel=TerminalChannel.name, chat_id=chat_id)
    while True:
        try:
            text = lines(PROMPT)
        except (EOFError, KeyboardInterrupt):
            return
        if text.strip() in LEAVE:
            return
        received_at = now()
        message = IncomingMessage(
            address=address,
            update_id=f"{chat_id}:{received_at.timestamp()}",
            received_at=received_at,
            text=text,
        )
        deliver(inbox.answer(message).resident)
