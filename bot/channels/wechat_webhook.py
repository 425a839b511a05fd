"""What the webhooks of WeChat and WeCom share: prove, open, store, answer."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

import structlog

from bot.channels.webhooks import FORBIDDEN, WebhookAnswer, WebhookCall
from bot.channels.wechat_envelope import Envelope, EnvelopeRefused
from bot.channels.wechat_updates import read_update
from bot.channels.wechat_xml import XmlRefused, read_fields
from bot.messages import IncomingMessage

log = structlog.get_logger(__name__)


class SealedWebhook:
    """Checks, opens and stores what comes in an envelope; each platform proves our address its way.

    Attributes:
        path: Where the platform calls.
        channel: The channel's name in addresses.
        taken: What the platform is told once a message is stored.

    Args:
        envelope: Opens what the platform sends.
        receive: Stores a message for good.
        now: Tells the time in UTC.
    """

    path: ClassVar[str]
    channel: ClassVar[str]
    taken: ClassVar[WebhookAnswer]

    def __init__(
        self,
        envelope: Envelope,
        receive: Callable[[IncomingMessage], object],
        now: Callable[[], datetime],
    ) -> None:
        self._envelope = envelope
        self._receive = receive
        self._now = now

    def take(self, call: WebhookCall) -> WebhookAnswer:
        """Answer one call; whatever is not from the platform is refused without a word."""
        try:
            if call.method == "GET":
                return WebhookAnswer(text=self.echo(call))
            cipher_text = read_fields(call.body).get("Encrypt", "")
            message = read_update(read_fields(self.open(call, cipher_text)), self.channel)
        except (EnvelopeRefused, XmlRefused, UnicodeDecodeError) as refused:
            # A message of our own errors holds nothing of the call; that of a decoder would.
            reason = type(refused).__name__ if isinstance(refused, ValueError) else str(refused)
            log.warning("webhook_refused", action=self.channel, reason=reason)
            return FORBIDDEN
        if message is not None:
            self._receive(message)
        return self.taken

    def echo(self, call: WebhookCall) -> str:
        """What the platform wants to read when it checks our address.

        Raises:
            EnvelopeRefused: It is not the platform.
        """
        raise NotImplementedError

    def open(self, call: WebhookCall, cipher_text: str) -> bytes:
        """The message in a signed call.

        Raises:
            EnvelopeRefused: It was not signed or not encrypted by the platform.
        """
        signature = call.query.get("msg_signature", "")
        self._envelope.check(call.query, signature, cipher_text, now=self._now())
        return self._envelope.open(cipher_text)

    def check(self, call: WebhookCall, signature: str) -> None:
        """Make sure that the platform signed a call without a message.

        Raises:
            EnvelopeRefused: It did not.
        """
        self._envelope.check(call.query, signature, now=self._now())
