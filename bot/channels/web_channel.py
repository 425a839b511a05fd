"""The web chat as a channel: nothing is pushed, the page fetches what is new."""

from bot.channels.base import ChannelCapabilities, MessageRefused
from bot.messages import Attachment, AttachmentKind, OutgoingMessage, ResidentAddress

WEB = "web"


class WebChannel:
    """Messages have arrived when they are stored; the conversation is read from there."""

    name = WEB
    capabilities = ChannelCapabilities(
        max_text=20_000,
        pushes=False,
        shows_history=False,
        contact_allowed=True,
        media=frozenset({AttachmentKind.PHOTO, AttachmentKind.VOICE, AttachmentKind.LOCATION}),
    )

    def send(
        self,
        address: ResidentAddress,
        message: OutgoingMessage,
        *,
        delivery_key: str,
        replaces: str | None = None,
    ) -> str:
        """Nothing to do: it is in the outbox, where the page finds it."""
        return delivery_key

    def fetch(self, attachment: Attachment) -> bytes:
        """Uploads are kept before their message is stored, so there is nothing to fetch."""
        raise MessageRefused("uploads are kept when they come")
