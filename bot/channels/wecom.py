"""Residents in an application of WeCom (企业微信).

WeCom calls again when it is not answered within five seconds, so a call is answered empty as
soon as it is stored, and replies follow by the application's own messages, at any time. Choices
are buttons of a card.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.channels.arrived import ArrivedPages
from bot.channels.base import AddressGone, ChannelCapabilities, MessageRefused
from bot.channels.cutting import cut_by_bytes
from bot.channels.plain_text import as_plain_text, without_link_tags
from bot.channels.webhooks import WebhookAnswer, WebhookCall
from bot.channels.wechat_api import Credential, PlatformApi, Trouble
from bot.channels.wechat_envelope import Envelope
from bot.channels.wechat_webhook import SealedWebhook
from bot.messages import (
    Attachment,
    AttachmentKind,
    Choice,
    IncomingMessage,
    OutgoingMessage,
    ResidentAddress,
)

NAME = "wecom"
OFFICIAL_SERVER = "https://qyapi.weixin.qq.com"
WEBHOOK_PATH = "/channels/wecom"
TAKEN = WebhookAnswer()
LONGEST_TEXT_BYTES = 2000
"""Of one message; the server takes 2048 and cuts the rest off."""
MOST_CARD_BUTTONS = 6
LONGEST_CARD_TEXT = 112
CARD_SIGN = "▼"
"""On a card below a text that is too long for it."""
MOST_MENU_BUTTONS = 3

TROUBLES: Mapping[int, Trouble] = {
    -1: Trouble.BUSY,
    40014: Trouble.EXPIRED,
    42001: Trouble.EXPIRED,
    45009: Trouble.BUSY,
    45033: Trouble.BUSY,
    60111: Trouble.GONE,  # No such member.
    81013: Trouble.GONE,  # Nobody of those named may see the application.
    40001: Trouble.OPERATOR,  # Secret wrong.
    40013: Trouble.OPERATOR,  # CorpID wrong.
    40056: Trouble.OPERATOR,  # AgentID wrong.
    60011: Trouble.OPERATOR,  # No right to this call.
    60020: Trouble.OPERATOR,  # Our address is not on the application's list.
}
"""WeCom's error numbers («全局错误码»)."""


class WeComChannel:
    """The channel of one self-built application (自建应用).

    Args:
        corp_id: The organisation's CorpID.
        agent_id: The application's AgentID.
        secret: Its Secret; it appears in no log and no error.
        token: The token set for receiving messages.
        aes_key: The EncodingAESKey set there.
        server: Root of the server.
        max_upload_bytes: Larger content is not taken.
        now: Tells the time in UTC.

    Raises:
        ValueError: A setting can't be right.
    """

    name = NAME

    def __init__(
        self,
        *,
        corp_id: str,
        agent_id: int,
        secret: str,
        token: str,
        aes_key: str,
        server: str | None = None,
        max_upload_bytes: int = 10 * 1024 * 1024,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not secret:
            raise ValueError("the Secret of the WeCom application must not be empty")
        self._envelope = Envelope(token=token, aes_key=aes_key, receiver=corp_id)
        self._agent_id = agent_id
        self._max_upload_bytes = max_upload_bytes
        self._now = now
        self._arrived = ArrivedPages()
        self._api = PlatformApi(
            server=server or OFFICIAL_SERVER,
            credential=Credential(
                method="GET",
                path="/cgi-bin/gettoken",
                query={"corpid": corp_id, "corpsecret": secret},
            ),
            troubles=TROUBLES,
        )

    @property
    def capabilities(self) -> ChannelCapabilities:
        """Buttons on cards; contact data may be asked for: the servers are in the country."""
        return ChannelCapabilities(
            max_text=600,
            contact_allowed=True,
            media=frozenset(AttachmentKind) - {AttachmentKind.CONTACT},
        )

    # Outgoing

    def send(
        self,
        address: ResidentAddress,
        message: OutgoingMessage,
        *,
        delivery_key: str,
        replaces: str | None = None,
    ) -> str:
        """Show ``message``; see :meth:`Channel.send`."""
        bodies = _bodies(message, delivery_key)
        if not bodies:
            raise MessageRefused("there is nothing to show in the message")
        arrived = self._arrived.under(delivery_key)
        for body in bodies[len(arrived) :]:
            arrived = self._arrived.note(delivery_key, self._send_one(address, body))
        return arrived[-1]

    def _send_one(self, address: ResidentAddress, body: Mapping[str, Any]) -> str:
        sent = {"touser": address.chat_id, "agentid": self._agent_id, **body}
        answer = self._api.call("/cgi-bin/message/send", sent)
        if answer.get("invaliduser"):
            raise AddressGone("the application can't reach this member")
        return str(answer.get("msgid", ""))[:100] or "sent"

    def fetch(self, attachment: Attachment) -> bytes:
        """Get the content behind ``attachment.remote``; WeCom keeps it for three days."""
        return self._api.fetch_media(attachment, most_bytes=self._max_upload_bytes)

    def register_commands(self, descriptions: Mapping[str, str]) -> None:
        """Set the application's menu: choice → label.

        Raises:
            DeliveryError: It did not work; the subclass tells what to do.
        """
        buttons = [
            {"type": "click", "name": label, "key": key}
            for key, label in list(descriptions.items())[:MOST_MENU_BUTTONS]
        ]
        path = f"/cgi-bin/menu/create?agentid={self._agent_id}"
        self._api.call(path, {"button": buttons})

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    # Incoming

    def webhook(self, receive: Callable[[IncomingMessage], object]) -> "WeComWebhook":
        """The address that WeCom calls; ``receive`` stores a message for good."""
        return WeComWebhook(self._envelope, receive, self._now)


class WeComWebhook(SealedWebhook):
    """What WeCom calls; the echo of its check is encrypted as messages are."""

    path = WEBHOOK_PATH
    channel = NAME
    taken = TAKEN

    def echo(self, call: WebhookCall) -> str:
        """The echo opened; see :meth:`SealedWebhook.echo`."""
        return self.open(call, call.query.get("echostr", "")).decode()


def _bodies(message: OutgoingMessage, delivery_key: str) -> list[dict[str, Any]]:
    """The application messages that show ``message``: texts, then a card with its buttons."""
    if not 0 < len(message.choices) <= MOST_CARD_BUTTONS:
        return _texts(as_plain_text(message))
    text = without_link_tags(message.text)
    fits = len(text) <= LONGEST_CARD_TEXT
    said_before = replace(message, text="") if fits else message
    texts = _texts(as_plain_text(said_before, number_choices=False))
    return [*texts, _card(text if fits else CARD_SIGN, message.choices, delivery_key)]


def _texts(text: str) -> list[dict[str, Any]]:
    return [
        {"msgtype": "text", "text": {"content": page}}
        for page in cut_by_bytes(without_link_tags(text), LONGEST_TEXT_BYTES)
    ]


def _card(text: str, choices: tuple[Choice, ...], delivery_key: str) -> dict[str, Any]:
    task = hashlib.sha256(delivery_key.encode()).hexdigest()
    buttons = [{"text": choice.label, "style": 1, "key": choice.payload} for choice in choices]
    return {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction",
            "sub_title_text": text,
            # A task is taken once: a repeat after a crash is refused, not shown again.
            "task_id": f"huiyin-{task}",
            "button_list": buttons,
        },
    }
