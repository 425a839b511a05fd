"""The port of every channel, and what a send can come to."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.messages import Attachment, AttachmentKind, OutgoingMessage, ResidentAddress


@dataclass(frozen=True, kw_only=True)
class ChannelCapabilities:
    """What a channel can do. Shared code asks for these, never for the channel's name.

    Attributes:
        max_text: Characters of one message; longer ones are cut into several.
        buttons: Whether choices are shown as buttons; else they are numbered lines.
        pushes: Whether we can speak first; else messages wait until they are fetched.
        edits: Whether a sent message can be replaced.
        shows_history: Whether the resident's app keeps what was said; else our page has to.
        push_window: For how long after the resident's last words we may speak first; None means
            for ever, or that the channel knows another way. Later messages are not tried: they
            wait until the resident writes again.
        media: What residents can send along; they are asked for nothing else.
        contact_allowed: Whether name and phone may be asked for here (not where the servers
            stand abroad: 个人信息保护法 art. 38–40); else a one-time link to our own form.
    """

    max_text: int = 4096
    buttons: bool = True
    pushes: bool = True
    edits: bool = False
    shows_history: bool = True
    push_window: timedelta | None = None
    media: frozenset[AttachmentKind] = frozenset(AttachmentKind)
    contact_allowed: bool = False


class DeliveryError(Exception):
    """A message did not arrive; the subclass tells what to do."""


class RetryLater(DeliveryError):
    """The channel is slow, gone or has had enough: try again after ``seconds``."""

    def __init__(self, seconds: float, reason: str = "") -> None:
        """Wait at least ``seconds``; ``reason`` is for logs and holds no personal data."""
        self.seconds = seconds
        super().__init__(reason or f"retry in {seconds:g} s")


class WaitForResident(DeliveryError):
    """The push window is over: keep the message and send it when the resident writes again."""


class AddressGone(DeliveryError):
    """The resident blocked us or the chat is gone: stop sending there."""


class AddressMoved(AddressGone):
    """The group is there under another id: send there from now on."""

    def __init__(self, chat_id: str) -> None:
        """``chat_id`` is the new one."""
        self.chat_id = chat_id
        super().__init__("the group has another id")


class MessageRefused(DeliveryError):
    """The channel will never take this message: park it and let a person look."""


class Channel(Protocol):
    """Brings messages to residents. Coming the other way, an adapter feeds the inbox."""

    @property
    def name(self) -> str:
        """The channel's name in addresses."""
        ...

    @property
    def capabilities(self) -> ChannelCapabilities:
        """What this channel can do."""
        ...

    def send(
        self,
        address: ResidentAddress,
        message: OutgoingMessage,
        *,
        delivery_key: str,
        replaces: str | None = None,
    ) -> str:
        """Show ``message`` to the resident.

        Args:
            address: Where to; its channel is this one.
            message: What to show.
            delivery_key: The same for each attempt; a channel that can, shows it once.
            replaces: The channel's id of a message to put this one in place of; ignored by
                channels that can't edit.

        Returns:
            The channel's own id of the (last) message sent.

        Raises:
            RetryLater: Try again after its seconds.
            WaitForResident: Keep it until the resident writes.
            AddressGone: Nobody is there any more.
            AddressMoved: The group has another id.
            MessageRefused: It will never be taken.
        """
        ...

    def fetch(self, attachment: Attachment) -> bytes:
        """Get the content behind ``attachment.remote``.

        Raises:
            RetryLater: Try again after its seconds.
            MessageRefused: The content is gone or too large.
        """
        ...
