"""Fixtures of the Telegram channel, as a plugin: ``pytest_plugins`` of a test file names it."""

from collections.abc import Iterator

import pytest

from bot.channels.telegram import TelegramChannel
from tests.bot.telegram_helpers import Polling, make_channel
from tests.bot.telegram_server import TelegramServer


@pytest.fixture(scope="module")
def one_telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture(scope="module")
def one_telegram_channel(one_telegram: TelegramServer) -> Iterator[TelegramChannel]:
    channel = make_channel(one_telegram)
    yield channel
    channel.close()


@pytest.fixture
def telegram(one_telegram: TelegramServer) -> TelegramServer:
    one_telegram.reset()
    return one_telegram


@pytest.fixture
def telegram_channel(
    telegram: TelegramServer, one_telegram_channel: TelegramChannel
) -> TelegramChannel:
    """One for all tests of a file: it must not mind what happened before."""
    return one_telegram_channel


@pytest.fixture
def polling(telegram_channel: TelegramChannel, telegram: TelegramServer) -> Iterator[Polling]:
    thread = Polling(telegram_channel, telegram)
    yield thread
    thread.stop()
