"""Residents in a WeChat Official Account (公众号).

WeChat waits five seconds for an answer and calls three times with the same MsgId. So a call is
answered with «success» as soon as it is stored, and the reply follows as a customer-service
message, which is taken for 48 hours after the resident's last words and five times in a row;
what comes too late waits for the next words, and progress may come as a template message.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.arrived import ArrivedPages
from bot.channels.base import ChannelCapabilities, MessageRefused, WaitForResident
from bot.channels.cutting import cut_by_bytes
from bot.channels.plain_text import as_plain_text, without_link_tags
from bot.channels.webhooks import WebhookAnswer, WebhookCall
from bot.channels.wechat_api import Credential, PlatformApi, Trouble
from bot.channels.wechat_envelope import Envelope
from bot.channels.wechat_webhook import SealedWebhook
from bot.messages import (
    Attachment,
    AttachmentKind,
    IncomingMessage,
    News,
    OutgoingMessage,
    ResidentAddress,
)

NAME = "wechat"
OFFICIAL_SERVER = "https://api.weixin.qq.com"
WEBHOOK_PATH = "/channels/wechat"
SUCCESS = WebhookAnswer(text="success")
PUSH_WINDOW = timedelta(hours=48)
LONGEST_TEXT_BYTES = 2000
"""Of one message; the server takes 2048."""
LONGEST_TEMPLATE_VALUE = 20
MOST_MENU_BUTTONS = 3
LONGEST_MENU_LABEL = 4
"""Chinese characters of a button of the account's menu; longer ones are cut off by the app."""

TROUBLES: Mapping[int, Trouble] = {
    -1: Trouble.BUSY,
    40001: Trouble.EXPIRED,
    40014: Trouble.EXPIRED,
    42001: Trouble.EXPIRED,
    40003: Trouble.GONE,  # No such OpenID.
    43004: Trouble.GONE,  # No follower (any more).
    43019: Trouble.GONE,  # On the account's black list.
    45015: Trouble.WINDOW,  # 48 hours are over.
    45047: Trouble.WINDOW,  # Too many messages without a word of the resident.
    45009: Trouble.QUOTA,
    45011: Trouble.BUSY,
    40013: Trouble.OPERATOR,  # AppID wrong.
    40125: Trouble.OPERATOR,  # AppSecret wrong.
    40164: Trouble.OPERATOR,  # Our address is not on the account's list.
    48001: Trouble.OPERATOR,  # The account has no right to this call.
    50002: Trouble.OPERATOR,  # The account is blocked.
}
"""WeChat's error numbers («全局返回码»)."""


@dataclass(frozen=True, kw_only=True)
class ProgressTemplate:
    """A template message of the account for progress.

    Attributes:
        id: The template's id at WeChat.
        fields: Field of ours (number, title, state) → keyword of the template («thing2»).
    """

    id: str
    fields: Mapping[str, str]

    @classmethod
    def read(cls, written: str) -> "ProgressTemplate":
        """The template in a setting like ``{"id": "…", "number": "character_string1", …}``.

        Raises:
            ValueError: It is no such object.
        """
        data = json.loads(written)
        wanted = {"id", "number", "title", "state"}
        if not isinstance(data, dict) or not {"id"} < set(data) <= wanted:
            raise ValueError("the template needs an id and some of number, title and state")
        return cls(id=str(data.pop("id")), fields={name: str(key) for name, key in data.items()})

    def filled(self, news: News) -> dict[str, dict[str, str]]:
        """The template's data."""
        values = {"number": news.number, "title": news.title, "state": news.state}
        return {
            key: {"value": values[name][:LONGEST_TEMPLATE_VALUE]}
            for name, key in self.fields.items()
        }


class WeChatChannel:
    """The channel of one Official Account.

    Args:
        app_id: The account's AppID.
        app_secret: Its AppSecret; it appears in no log and no error.
        token: The token set for the server address.
        aes_key: The EncodingAESKey; only the safe mode (安全模式) is taken.
        template: The template message for progress; None keeps news for the next words.
        page: Address that a template message opens; None opens nothing.
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
        app_id: str,
        app_secret: str,
        token: str,
        aes_key: str,
        template: ProgressTemplate | None = None,
        page: str | None = None,
        server: str | None = None,
        max_upload_bytes: int = 10 * 1024 * 1024,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not app_secret:
            raise ValueError("the AppSecret of the Official Account must not be empty")
        self._envelope = Envelope(token=token, aes_key=aes_key, receiver=app_id)
        self._template = template
        self._page = page
        self._max_upload_bytes = max_upload_bytes
        self._now = now
        self._arrived = ArrivedPages()
        self._api = PlatformApi(
            server=server or OFFICIAL_SERVER,
            credential=Credential(
                method="POST",
                path="/cgi-bin/stable_token",
                query={},
                body={"grant_type": "client_credential", "appid": app_id, "secret": app_secret},
            ),
            troubles=TROUBLES,
        )

    @property
    def capabilities(self) -> ChannelCapabilities:
        """Choices are lines to tap; the servers are in the country, so contact may be asked for.

        With a template message news reaches residents after the window, too.
        """
        return ChannelCapabilities(
            max_text=600,
            push_window=None if self._template else PUSH_WINDOW,
            contact_allowed=True,
            media=frozenset(AttachmentKind) - {AttachmentKind.CONTACT, AttachmentKind.DOCUMENT},
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
        """Show ``message`` as customer-service messages; see :meth:`Channel.send`."""
        bodies = list(_bodies(message))
        if not bodies:
            raise MessageRefused("there is nothing to show in the message")
        try:
            return self._send_pages(address, bodies, delivery_key)
        except WaitForResident:
            if self._template is None or message.news is None:
                raise
            return self._send_template(address, message.news, self._template)

    def _send_pages(
        self, address: ResidentAddress, bodies: list[dict[str, Any]], delivery_key: str
    ) -> str:
        arrived = self._arrived.under(delivery_key)
        for number in range(len(arrived), len(bodies)):
            body = {"touser": address.chat_id, **bodies[number]}
            self._api.call("/cgi-bin/message/custom/send", body)
            arrived = self._arrived.note(delivery_key, f"{delivery_key}#{number}")
        return arrived[-1]

    def _send_template(
        self, address: ResidentAddress, news: News, template: ProgressTemplate
    ) -> str:
        body: dict[str, Any] = {
            "touser": address.chat_id,
            "template_id": template.id,
            "data": template.filled(news),
        }
        if self._page:
            body["url"] = self._page
        answer = self._api.call("/cgi-bin/message/template/send", body)
        return f"template:{answer.get('msgid', '')}"

    def fetch(self, attachment: Attachment) -> bytes:
        """Get the content behind ``attachment.remote``; WeChat keeps it for three days."""
        return self._api.fetch_media(attachment, most_bytes=self._max_upload_bytes)

    def register_commands(self, descriptions: Mapping[str, str]) -> None:
        """Set the account's menu: choice → label.

        Raises:
            DeliveryError: It did not work; the subclass tells what to do.
        """
        buttons = [
            {"type": "click", "name": label[:LONGEST_MENU_LABEL], "key": key}
            for key, label in list(descriptions.items())[:MOST_MENU_BUTTONS]
        ]
        self._api.call("/cgi-bin/menu/create", {"button": buttons})

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    # Incoming

    def webhook(self, receive: Callable[[IncomingMessage], object]) -> "WeChatWebhook":
        """The address that WeChat calls; ``receive`` stores a message for good."""
        return WeChatWebhook(self._envelope, receive, self._now)


class WeChatWebhook(SealedWebhook):
    """What WeChat calls; the check of our address carries its echo in the clear."""

    path = WEBHOOK_PATH
    channel = NAME
    taken = SUCCESS

    def echo(self, call: WebhookCall) -> str:
        """The echo as it came; see :meth:`SealedWebhook.echo`."""
        self.check(call, call.query.get("signature", ""))
        return call.query.get("echostr", "")


def _bodies(message: OutgoingMessage) -> list[dict[str, Any]]:
    """The customer-service messages that show ``message``; choices stand under the last one."""
    text = without_link_tags(as_plain_text(message, number_choices=False))
    pages = cut_by_bytes(text, LONGEST_TEXT_BYTES)
    bodies = [{"msgtype": "text", "text": {"content": page}} for page in pages]
    if not message.choices or not pages:
        return bodies
    menu = {
        "head_content": pages[-1],
        "list": [{"id": choice.payload, "content": choice.label} for choice in message.choices],
        "tail_content": "",
    }
    return [*bodies[:-1], {"msgtype": "msgmenu", "msgmenu": menu}]
