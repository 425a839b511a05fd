"""Telegram's webhook: only with the secret, stored before it is acknowledged."""

import json
from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_webhook import SECRET_HEADER, TelegramWebhook
from bot.channels.webhooks import WebhookCall
from tests.bot.telegram_helpers import ANNA, Inbox, send
from tests.bot.telegram_server import TelegramServer

pytest_plugins = ["tests.bot.telegram_fixtures"]

SECRET = "a-secret-of-the-tests"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def webhook(telegram_channel: TelegramChannel, inbox: Inbox) -> TelegramWebhook:
    return telegram_channel.webhook(inbox.receive, SECRET)


def call(update: Any, *, secret: str = SECRET, method: str = "POST") -> WebhookCall:
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    return WebhookCall(method=method, query={}, headers={SECRET_HEADER: secret}, body=body)


def pushed(telegram: TelegramServer, **content: Any) -> dict[str, Any]:
    """An update as the server would bring it."""
    number = telegram.push_message(ANNA, **content)
    return telegram.update(number)


def test_an_update_is_stored_once(
    telegram: TelegramServer, webhook: TelegramWebhook, inbox: Inbox
) -> None:
    update = pushed(telegram, text="楼道灯坏了")
    assert [webhook.take(call(update)).status for _ in range(3)] == [200] * 3
    assert [one.text for one in inbox.messages] == ["楼道灯坏了"]
    assert len(telegram.called("getMe")) == 1


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "秘密"])
def test_without_the_secret_nothing_is_read(
    webhook: TelegramWebhook, inbox: Inbox, secret: str
) -> None:
    assert webhook.take(call({"update_id": 1}, secret=secret)).status == 403
    assert webhook.take(call({"update_id": 1}, method="GET")).status == 403
    assert not inbox.calls


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"update_id": {}}', b"\xff\xfe"])
def test_what_can_not_be_read_does_not_come_again(
    webhook: TelegramWebhook, inbox: Inbox, body: bytes
) -> None:
    assert webhook.take(call(body)).status == 200
    assert not inbox.calls


def test_what_can_not_be_stored_comes_again(
    telegram: TelegramServer, webhook: TelegramWebhook, inbox: Inbox
) -> None:
    inbox.failures = 1
    update = pushed(telegram, text="您好")
    with pytest.raises(OSError, match="full"):
        webhook.take(call(update))
    webhook.take(call(update))
    assert len(inbox.stored) == 1


def test_telegram_is_told_where_to_call(telegram: TelegramServer, webhook: TelegramWebhook) -> None:
    telegram.answer_instead("setWebhook", lambda _: True)
    webhook.announce("https://huiyin.example.cn")
    [told] = telegram.called("setWebhook")
    assert told["url"] == "https://huiyin.example.cn/channels/telegram"
    assert told["secret_token"] == SECRET
    assert "callback_query" in told["allowed_updates"]


@pytest.mark.parametrize("secret", ["", "short", "with spaces inside it", "x" * 300])
def test_a_secret_that_telegram_would_not_take(
    telegram_channel: TelegramChannel, inbox: Inbox, secret: str
) -> None:
    with pytest.raises(ValueError, match="secret must be"):
        telegram_channel.webhook(inbox.receive, secret)


def test_replies_still_go_out(telegram: TelegramServer, telegram_channel: TelegramChannel) -> None:
    send(telegram_channel, ANNA, "您好")
    assert [one.text for one in telegram.sent_messages(ANNA)] == ["您好"]
