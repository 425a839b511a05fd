"""A channel in memory: for tests, and as the smallest complete example of the port."""

from dataclasses import dataclass, field
from threading import Lock

from bot.channels.base import ChannelCapabilities, DeliveryError, MessageRefused
from bot.messages import Attachment, OutgoingMessage, ResidentAddress


@dataclass
class Shown:
    """One message as it stands in a chat."""

    id: str
    message: OutgoingMessage


@dataclass
class MemoryChannel:
    """Keeps every chat as a list of messages.

    Attributes:
        failures: Raised one by one by the next sends, to play a channel that is down.
        contents: What :meth:`fetch` finds, by the attachment's ``remote``.
    """

    name: str = "memory"
    capabilities: ChannelCapabilities = field(
        default_factory=lambda: ChannelCapabilities(edits=True, contact_allowed=True)
    )
    failures: list[DeliveryError] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    chats: dict[str, list[Shown]] = field(default_factory=dict)
    _by_key: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def send(
        self,
        address: ResidentAddress,
        message: OutgoingMessage,
        *,
        delivery_key: str,
        replaces: str | None = None,
    ) -> str:
        """Show ``message`` once a delivery key."""
        with self._lock:
            if self.failures:
                raise self.failures.pop(0)
            if delivery_key not in self._by_key:
                self._by_key[delivery_key] = self._show(address.chat_id, message, replaces)
            return self._by_key[delivery_key]

    def _show(self, chat_id: str, message: OutgoingMessage, replaces: str | None) -> str:
        chat = self.chats.setdefault(chat_id, [])
        edited = next((shown for shown in chat if shown.id == replaces), None)
        if edited and self.capabilities.edits:
            edited.message = message
            return edited.id
        chat.append(Shown(id=f"{chat_id}:{len(chat) + 1}", message=message))
        return chat[-1].id

    def shown_to(self, chat_id: str) -> list[OutgoingMessage]:
        """What stands in a chat now, oldest first."""
        with self._lock:
            return [shown.message for shown in self.chats.get(chat_id, [])]

    def fetch(self, attachment: Attachment) -> bytes:
        """The content put into ``contents``."""
        if attachment.remote not in self.contents:
            raise MessageRefused("there is no such content")
        return self.contents[attachment.remote]
