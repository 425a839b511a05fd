"""What every channel promises, played on each: in memory, terminal, web, Telegram, WeChat, WeCom.

A new channel adds one function to ``CASES``; docs/howto/add-a-channel.md walks through it.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest

from bot.channels.base import Channel, DeliveryError
from bot.channels.memory import MemoryChannel
from bot.channels.plain_text import as_plain_text
from bot.channels.telegram import TelegramChannel
from bot.channels.terminal import TerminalChannel
from bot.channels.web_channel import WebChannel
from bot.channels.wechat import WeChatChannel
from bot.channels.wecom import WeComChannel
from bot.messages import (
    Attachment,
    AttachmentKind,
    CardRow,
    Choice,
    Link,
    OutgoingMessage,
    Quote,
    ResidentAddress,
)
from tests.bot.telegram_server import TOKEN, TelegramServer
from tests.bot.wechat_server import AES_KEY, APP_ID, APP_SECRET, PlatformServer
from tests.bot.wechat_server import TOKEN as WECHAT_TOKEN

PLAIN = OutgoingMessage(text="登记好了，编号 HY20261123-0001。")
RICH = OutgoingMessage(
    text="整理好了，请您看一下。",
    choices=(Choice(payload="card.confirm:k", label="确认提交"),),
    quote=Quote(text="第五条 禁止在楼道停放。", citation="《电动自行车管理规定》第五条"),
    card=(
        CardRow(
            label="地点",
            value="锦绣家园3号楼",
            edit=Choice(payload="card.edit:place:k", label="修改"),
        ),
        CardRow(label="缓急", value="停用抢修"),
    ),
    link=Link(url="https://example.org/contact/abc", label="填写联系方式"),
    slot="card:k",
)
HOSTILE = OutgoingMessage(
    text="<script>alert(1)</script> *_`[x](y) & 'DROP TABLE' \u202e 😀",
    quote=Quote(text="a < b && b > c", citation="<b>"),
)
LONG = OutgoingMessage(text="很长的话。" * 2500)


@dataclass(frozen=True, kw_only=True)
class ChannelCase:
    """A channel to try, an address on it, and all that stands in that chat."""

    channel: Channel
    address: ResidentAddress
    shown: Callable[[], str]


@contextmanager
def memory_case() -> Iterator[ChannelCase]:
    channel = MemoryChannel()
    yield ChannelCase(
        channel=channel,
        address=ResidentAddress(channel="memory", chat_id="1"),
        shown=lambda: "\n".join(map(as_plain_text, channel.shown_to("1"))),
    )


@contextmanager
def terminal_case() -> Iterator[ChannelCase]:
    output = io.StringIO()
    yield ChannelCase(
        channel=TerminalChannel(output),
        address=ResidentAddress(channel="terminal", chat_id="1"),
        shown=output.getvalue,
    )


@contextmanager
def web_case() -> Iterator[ChannelCase]:
    # What stands in the outbox is the chat; the channel has nothing to add to it.
    kept: list[OutgoingMessage] = []

    class Remembering(WebChannel):
        def send(
            self,
            address: ResidentAddress,
            message: OutgoingMessage,
            *,
            delivery_key: str,
            replaces: str | None = None,
        ) -> str:
            kept.append(message)
            return super().send(address, message, delivery_key=delivery_key, replaces=replaces)

    yield ChannelCase(
        channel=Remembering(),
        address=ResidentAddress(channel="web", chat_id="1"),
        shown=lambda: "\n".join(map(as_plain_text, kept)),
    )


@contextmanager
def telegram_case() -> Iterator[ChannelCase]:
    with TelegramServer() as server:
        channel = TelegramChannel(TOKEN, base_url=server.base_url)
        yield ChannelCase(
            channel=channel,
            address=ResidentAddress(channel="telegram", chat_id="1"),
            shown=lambda: "\n".join(one.all_words for one in server.sent_messages(1)),
        )
        channel.close()


@contextmanager
def wechat_case() -> Iterator[ChannelCase]:
    with PlatformServer() as server:
        channel = WeChatChannel(
            app_id=APP_ID,
            app_secret=APP_SECRET,
            token=WECHAT_TOKEN,
            aes_key=AES_KEY,
            server=server.url,
        )
        yield ChannelCase(
            channel=channel,
            address=ResidentAddress(channel="wechat", chat_id="o1"),
            shown=server.shown,
        )
        channel.close()


@contextmanager
def wecom_case() -> Iterator[ChannelCase]:
    with PlatformServer() as server:
        channel = WeComChannel(
            corp_id=APP_ID,
            agent_id=1,
            secret=APP_SECRET,
            token=WECHAT_TOKEN,
            aes_key=AES_KEY,
            server=server.url,
        )
        yield ChannelCase(
            channel=channel,
            address=ResidentAddress(channel="wecom", chat_id="wang"),
            shown=server.shown,
        )
        channel.close()


CASES: dict[str, Callable[[], AbstractContextManager[ChannelCase]]] = {
    "memory": memory_case,
    "telegram": telegram_case,
    "terminal": terminal_case,
    "web": web_case,
    "wechat": wechat_case,
    "wecom": wecom_case,
}


@pytest.fixture(params=sorted(CASES))
def case(request: pytest.FixtureRequest) -> Iterator[ChannelCase]:
    with CASES[request.param]() as made:
        yield made


class TestEveryChannel:
    def test_it_says_who_it_is_and_what_it_can(self, case: ChannelCase) -> None:
        assert case.channel.name == case.address.channel
        assert case.channel.capabilities.max_text >= 500

    def test_a_sent_message_has_an_id_and_is_shown(self, case: ChannelCase) -> None:
        assert case.channel.send(case.address, PLAIN, delivery_key="1")
        assert PLAIN.text in case.shown()

    def test_card_quote_link_and_choices_are_all_shown(self, case: ChannelCase) -> None:
        case.channel.send(case.address, RICH, delivery_key="1")
        shown = case.shown()
        for piece in (
            "整理好了",
            "确认提交",
            "禁止在楼道停放",
            "《电动自行车管理规定》第五条",
            "锦绣家园3号楼",
            "停用抢修",
            "填写联系方式",
            "https://example.org/contact/abc",
        ):
            assert piece in shown

    def test_words_are_shown_as_they_are_and_never_as_markup(self, case: ChannelCase) -> None:
        case.channel.send(case.address, HOSTILE, delivery_key="1")
        shown = case.shown()
        assert "<script>alert(1)</script> *_`[x](y) & 'DROP TABLE'" in shown
        assert "a < b && b > c" in shown

    def test_nothing_of_a_long_message_is_lost(self, case: ChannelCase) -> None:
        case.channel.send(case.address, LONG, delivery_key="1")
        assert case.shown().count("很长的话。") == 2500

    def test_a_repeat_under_the_same_key_does_no_harm(self, case: ChannelCase) -> None:
        first = case.channel.send(case.address, PLAIN, delivery_key="1")
        assert case.channel.send(case.address, PLAIN, delivery_key="1")
        assert first

    def test_replacing_a_message_that_is_gone_shows_a_new_one(self, case: ChannelCase) -> None:
        assert case.channel.send(case.address, PLAIN, delivery_key="1", replaces="999999")
        assert PLAIN.text in case.shown()

    def test_replacing_shows_the_new_words(self, case: ChannelCase) -> None:
        first = case.channel.send(case.address, RICH, delivery_key="1")
        case.channel.send(case.address, PLAIN, delivery_key="2", replaces=first)
        assert PLAIN.text in case.shown()

    def test_content_that_is_not_there_is_a_delivery_error(self, case: ChannelCase) -> None:
        gone = Attachment(kind=AttachmentKind.PHOTO, remote="no-such-file")
        with pytest.raises(DeliveryError):
            case.channel.fetch(gone)
