"""The Telegram channel: nothing lost, nothing twice; its start and its privacy."""

import logging
import threading
import time
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.channels.base import AddressGone, MessageRefused, RetryLater
from bot.channels.telegram import TelegramChannel, TelegramTokenRefused
from bot.messages import (
    IncomingMessage,
)
from tests.bot.telegram_helpers import (
    ANNA,
    BEN,
    Polling,
    make_channel,
    send,
)
from tests.bot.telegram_server import BOT_NAME, TOKEN, TelegramServer

pytest_plugins = ["tests.bot.telegram_fixtures"]


# Incoming: nothing lost, nothing twice


def test_an_update_is_confirmed_only_after_it_is_stored(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    confirmed_while_storing: list[int] = []
    stopping = threading.Event()
    first = telegram.push_text(ANNA, "一")
    telegram.push_text(ANNA, "二")

    def receive(message: IncomingMessage) -> None:
        confirmed_while_storing.append(telegram.confirmed_up_to)
        if message.text == "二":
            stopping.set()

    telegram_channel.run(receive, stopping)
    assert max(confirmed_while_storing) <= first


def test_the_same_update_three_times_is_one_message(
    polling: Polling, telegram: TelegramServer
) -> None:
    number = telegram.push_text(ANNA, "电梯坏了")
    polling.received()
    for _ in range(2):
        telegram.push_same_update_again(number)
        time.sleep(0.05)
    last = telegram.push_text(ANNA, "完")
    assert [one.text for one in polling.received(2)] == ["电梯坏了", "完"]
    assert [one.update_id for one in polling.inbox.calls].count(str(number)) == 3
    assert polling.all_confirmed(last)


def test_what_could_not_be_stored_comes_again_in_order(
    polling: Polling, telegram: TelegramServer
) -> None:
    polling.inbox.failures = 2
    telegram.push_text(ANNA, "一")
    telegram.push_text(BEN, "二")
    last = telegram.push_text(ANNA, "三")
    assert [one.text for one in polling.received(3)] == ["一", "二", "三"]
    assert [one.text for one in polling.inbox.calls] == ["一", "一", "一", "二", "三"]
    assert polling.all_confirmed(last)


def test_a_process_that_dies_between_storing_and_confirming_loses_nothing(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    class Killed(BaseException):
        pass

    stored: list[str] = []

    def store_and_die(message: IncomingMessage) -> None:
        stored.append(message.text)
        raise Killed

    telegram.push_text(ANNA, "一")
    telegram.push_text(ANNA, "二")
    with pytest.raises(Killed):
        telegram_channel.run(store_and_die, threading.Event())
    assert stored == ["一"]
    reborn = Polling(telegram_channel, telegram)
    assert [one.text for one in reborn.received(2)] == ["一", "二"]
    reborn.stop()


def test_an_unreadable_update_does_not_hold_up_the_next(
    polling: Polling, telegram: TelegramServer
) -> None:
    broken = telegram.push(message={"message_id": "?", "surprise": ["王小明"]})
    last = telegram.push_text(ANNA, "后面的")
    assert [one.text for one in polling.received()] == ["后面的"]
    assert polling.all_confirmed(last)
    assert broken < last


def test_polling_goes_on_after_the_server_was_away(
    polling: Polling, telegram: TelegramServer
) -> None:
    telegram.push_text(ANNA, "之前")
    polling.received()
    telegram.go_down()
    telegram.push_text(ANNA, "中间")
    time.sleep(0.3)
    telegram.come_back()
    assert [one.text for one in polling.received(2)] == ["之前", "中间"]


@pytest.mark.parametrize("status", [409, 500, 502])
def test_polling_goes_on_after_refusals(
    polling: Polling, telegram: TelegramServer, status: int
) -> None:
    telegram.fail_next("getUpdates", status, "no", times=2)
    telegram.push_text(ANNA, "一")
    telegram.push_text(ANNA, "二")
    assert len(polling.received(2)) == 2


def test_polling_honours_flood_control(telegram: TelegramServer) -> None:
    telegram.fail_next("getUpdates", 429, "Too Many Requests", retry_after=1)
    telegram_channel = make_channel(telegram)
    telegram.push_text(ANNA, "一")
    began = time.monotonic()
    polling = Polling(telegram_channel, telegram)
    polling.received()
    assert time.monotonic() - began >= 1
    polling.stop()
    telegram_channel.close()


def test_a_webhook_left_behind_is_ended(polling: Polling, telegram: TelegramServer) -> None:
    assert telegram.wait_until(lambda: telegram.webhook_deleted)
    assert telegram.called("deleteWebhook") == [{"drop_pending_updates": False}]


def test_it_stops_within_a_second(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    polling = Polling(telegram_channel, telegram)
    assert telegram.wait_until(lambda: telegram.called("getUpdates"))
    assert polling.stop() < 1


def test_it_stops_while_the_server_is_away(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.go_down()
    polling = Polling(telegram_channel, telegram)
    time.sleep(0.2)
    assert polling.stop() < 1


# Who is there


def test_nothing_is_sent_to_a_resident_who_blocked_us(
    polling: Polling, telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.block(ANNA)
    telegram.push_text(BEN, "完")
    polling.received()
    before = len(telegram.called("sendMessage"))
    with pytest.raises(AddressGone):
        send(telegram_channel, ANNA)
    assert len(telegram.called("sendMessage")) == before
    telegram.unblock(ANNA)
    telegram.push_text(BEN, "又完")
    polling.received(2)
    send(telegram_channel, ANNA)
    assert len(telegram.sent_messages(ANNA)) == 1


def test_a_blocked_resident_is_noticed_without_being_told(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.block(ANNA, tell=False)
    with pytest.raises(AddressGone):
        send(telegram_channel, ANNA)


# Starting


def test_the_menu_is_set_in_both_languages(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram_channel.register_commands(
        {"new": "反映问题", "my": "我的诉求"}, {"new": "Report a problem"}
    )
    assert telegram.commands == {
        "": [
            {"command": "new", "description": "反映问题"},
            {"command": "my", "description": "我的诉求"},
        ],
        "en": [{"command": "new", "description": "Report a problem"}],
    }


def test_a_good_token_names_the_bot(telegram_channel: TelegramChannel) -> None:
    assert telegram_channel.check_token() == BOT_NAME


def test_a_refused_token_is_said_clearly_and_ends_polling(telegram: TelegramServer) -> None:
    telegram.token = "987654321:another-token-than-the-one-we-have"
    telegram_channel = make_channel(telegram)
    for start in (
        telegram_channel.check_token,
        lambda: telegram_channel.run(print, threading.Event()),
    ):
        with pytest.raises(TelegramTokenRefused, match="BotFather") as caught:
            start()  # type: ignore[operator]
        assert TOKEN not in repr(caught.value)
    telegram_channel.close()


def test_a_token_revoked_while_running_ends_polling(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.fail_next("getUpdates", 401, "Unauthorized")
    with pytest.raises(TelegramTokenRefused):
        telegram_channel.run(print, threading.Event())


def test_out_of_reach_at_the_start_is_not_a_wrong_token(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.go_down()
    with pytest.raises(RetryLater):
        telegram_channel.check_token()


@pytest.mark.parametrize(
    ("token", "settings"),
    [
        ("", {}),
        ("secret-without-number", {}),
        ("123:short", {}),
        (TOKEN, {"base_url": "telegram.example.cn"}),
        (TOKEN, {"proxy_url": "127.0.0.1:7890"}),
        (TOKEN, {"max_upload_bytes": 0}),
        (TOKEN, {"call_timeout_seconds": 0}),
    ],
)
def test_settings_that_can_not_be_right_are_refused(token: str, settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Telegram") as caught:
        TelegramChannel(token, **settings)
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize("ending", ["", "/", "/bot", "/bot/"])
def test_the_address_of_a_server_may_end_as_it_likes(telegram: TelegramServer, ending: str) -> None:
    telegram_channel = make_channel(telegram, base_url=telegram.base_url + ending)
    assert telegram_channel.check_token() == BOT_NAME
    telegram_channel.close()


def test_it_goes_through_a_proxy(telegram: TelegramServer) -> None:
    telegram_channel = make_channel(telegram, proxy_url="http://127.0.0.1:9")
    with pytest.raises(RetryLater):
        telegram_channel.check_token()
    telegram_channel.close()


# Privacy


def test_neither_the_token_nor_words_reach_the_log(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Of our own lines at every level, of the libraries' from the level we let them have."""
    caplog.set_level(logging.DEBUG)
    telegram_channel = make_channel(telegram)
    with capture_logs() as ours:
        _go_through_everything(telegram, telegram_channel)
    telegram_channel.close()
    written = [record.getMessage() + str(record.exc_info) for record in caplog.records]
    assert any("getUpdates" in line for line in written)
    assert not [line for line in (*written, *map(str, ours)) if TOKEN in line]
    loud = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert not [line for line in (*loud, *map(str, ours)) if "王小明" in line]
    assert {line["event"] for line in ours} == {
        "telegram_polling",
        "telegram_out_of_reach",
        "update_not_stored",
        "update_unreadable",
    }


def _go_through_everything(telegram: TelegramServer, telegram_channel: TelegramChannel) -> None:
    telegram.fail_next("getUpdates", 502, "王小明")
    telegram.fail_next("sendMessage", 400, "Bad Request: wrong 王小明")
    polling = Polling(telegram_channel, telegram)
    polling.inbox.failures = 1
    telegram.push_text(ANNA, "我叫王小明")
    telegram.push(message={"message_id": "?", "surprise": ["王小明"]})
    polling.received()
    with pytest.raises(MessageRefused):
        send(telegram_channel, ANNA, "王小明您好")
    telegram.go_down()
    with pytest.raises(RetryLater):
        send(telegram_channel, ANNA, "王小明您好")
    polling.stop()


def test_an_answer_that_is_no_json_is_not_logged(
    telegram_channel: TelegramChannel, telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    telegram.answer_instead("sendMessage", lambda _: b"<html>\xe7\x8e\x8b")
    with pytest.raises(RetryLater):
        send(telegram_channel, ANNA)
    assert not [record for record in caplog.records if "<html>" in record.getMessage()]


def test_nothing_is_opened_before_the_first_call() -> None:
    before = threading.active_count()
    TelegramChannel(TOKEN, base_url="http://127.0.0.1:1")
    assert threading.active_count() == before
