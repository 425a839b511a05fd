"""WeChat and WeCom: what is believed, what it means, and how replies go out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.channels.base import AddressGone, MessageRefused, RetryLater, WaitForResident
from bot.channels.webhooks import webhook_router
from bot.channels.wechat import ProgressTemplate, WeChatChannel
from bot.channels.wecom import WeComChannel
from bot.messages import (
    Attachment,
    AttachmentKind,
    Choice,
    IncomingMessage,
    News,
    OutgoingMessage,
    ResidentAddress,
)
from tests.bot.wechat_server import (
    AES_KEY,
    APP_ID,
    APP_SECRET,
    RESIDENT,
    TOKEN,
    Platform,
    PlatformServer,
    update_xml,
)

NOW = datetime.fromtimestamp(1_795_000_003, UTC)
TEMPLATE = '{"id": "tmpl", "number": "character_string1", "title": "thing2", "state": "phrase3"}'
NOTICE = OutgoingMessage(
    text="HY20261123-0001「灯坏了」物业公司答复了。",
    news=News(number="HY20261123-0001", title="灯坏了" * 10, state="物业公司已经答复"),
)


@pytest.fixture
def server() -> Iterator[PlatformServer]:
    with PlatformServer() as running:
        yield running


def wechat(server: PlatformServer, **more: Any) -> WeChatChannel:
    return WeChatChannel(
        app_id=APP_ID,
        app_secret=APP_SECRET,
        token=TOKEN,
        aes_key=AES_KEY,
        server=server.url,
        now=lambda: NOW,
        **more,
    )


def wecom(server: PlatformServer) -> WeComChannel:
    return WeComChannel(
        corp_id=APP_ID,
        agent_id=1000002,
        secret=APP_SECRET,
        token=TOKEN,
        aes_key=AES_KEY,
        server=server.url,
        now=lambda: NOW,
    )


MAKERS = {"wechat": wechat, "wecom": wecom}


class Road:
    """One platform's webhook over HTTP, with what it stored."""

    def __init__(self, channel: WeChatChannel | WeComChannel) -> None:
        self.channel = channel
        self.stored: dict[str, IncomingMessage] = {}
        self.calls = 0
        app = FastAPI()
        app.include_router(webhook_router([channel.webhook(self._receive)]))
        self.client = TestClient(app, raise_server_exceptions=False)
        self.path = f"/channels/{channel.name}"
        self.broken = False

    def _receive(self, message: IncomingMessage) -> None:
        self.calls += 1
        if self.broken:
            raise OSError("the disk is full")
        self.stored.setdefault(message.update_id, message)

    def post(self, query: dict[str, str], body: bytes) -> Any:
        return self.client.post(self.path, params=query, content=body)

    def bring(self, xml: str, **changes: Any) -> Any:
        return self.post(*Platform().call(xml, **changes))

    def only(self) -> IncomingMessage:
        [message] = self.stored.values()
        return message


@pytest.fixture(params=sorted(MAKERS))
def road(request: pytest.FixtureRequest, server: PlatformServer) -> Iterator[Road]:
    channel = MAKERS[request.param](server)
    yield Road(channel)
    channel.close()


class TestWhatIsBelieved:
    def test_the_address_is_proved_to_wechat(self, server: PlatformServer) -> None:
        road = Road(wechat(server))
        query = {"timestamp": "1795000000", "nonce": "7", "echostr": "5837397576500011341"}
        query["signature"] = Platform().sign("1795000000", "7")
        assert road.client.get(road.path, params=query).text == query["echostr"]
        query["signature"] = "0" * 40
        assert road.client.get(road.path, params=query).status_code == 403

    def test_the_address_is_proved_to_wecom(self, server: PlatformServer) -> None:
        road, platform = Road(wecom(server)), Platform()
        echo = platform.encrypt(b"1616140317555161061")
        query = {**platform.query(echo), "echostr": echo}
        assert road.client.get(road.path, params=query).text == "1616140317555161061"

    def test_a_message_is_acknowledged_at_once(self, road: Road) -> None:
        answer = road.bring(update_xml("text", Content="楼道灯坏了"))
        assert (answer.status_code, answer.text) in ((200, "success"), (200, ""))
        assert road.only().text == "楼道灯坏了"
        assert road.only().address == ResidentAddress(channel=road.channel.name, chat_id=RESIDENT)

    def test_three_calls_with_one_id_are_one_message(self, road: Road) -> None:
        xml = update_xml("text", Content="漏水", MsgId="42")
        for _ in range(3):
            assert road.bring(xml).status_code == 200
        assert road.calls == 3
        assert list(road.stored) == ["42"]

    def test_what_can_not_be_stored_is_called_again(self, road: Road) -> None:
        road.broken = True
        assert road.bring(update_xml("text", Content="漏水")).status_code == 500

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda query, body: ({**query, "msg_signature": "0" * 40}, body),
            lambda query, body: ({**query, "nonce": "other"}, body),
            lambda query, body: ({**query, "msg_signature": "签名"}, body),
            lambda query, body: ({}, body),
            lambda query, body: (
                query,
                body.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[A"),
            ),
            lambda query, body: (query, b""),
            lambda query, body: (query, b"<xml><Encrypt>"),
            lambda query, body: (query, b"\xff\xfe\x00garbage"),
            lambda query, body: (query, b"<xml></xml>"),
        ],
    )
    def test_what_was_tampered_with_is_refused(self, road: Road, spoil: Any) -> None:
        query, body = Platform().call(update_xml("text", Content="x"))
        assert road.post(*spoil(query, body)).status_code == 403
        assert road.calls == 0

    def test_a_call_recorded_long_ago_is_refused(self, road: Road) -> None:
        answer = road.bring(update_xml("text", Content="x"), timestamp=1_795_000_003 - 3600)
        assert answer.status_code == 403
        assert road.calls == 0

    def test_a_message_for_another_account_is_refused(self, road: Road) -> None:
        answer = road.bring(update_xml("text", Content="x"), receiver="wx-somebody-else")
        assert answer.status_code == 403

    @pytest.mark.parametrize("cipher_text", ["", "AAAA", "@@@", "A" * 64])
    def test_a_signed_but_broken_cipher_text_is_refused(self, road: Road, cipher_text: str) -> None:
        body = f"<xml><Encrypt>{cipher_text}</Encrypt></xml>".encode()
        assert road.post(Platform().query(cipher_text), body).status_code == 403

    @pytest.mark.parametrize(
        "bomb",
        [
            '[<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>',
            '[<!ENTITY b SYSTEM "file:///etc/passwd">]><xml><Encrypt>&b;</Encrypt></xml>',
        ],
    )
    def test_an_xml_bomb_goes_off_nowhere(self, road: Road, bomb: str) -> None:
        bomb = f"<!DOCTYPE x {bomb}"
        assert road.post({}, bomb.encode()).status_code == 403
        assert road.bring(bomb).status_code == 403
        assert road.calls == 0

    def test_an_endless_body_is_refused(self, road: Road) -> None:
        assert road.post({}, b"<xml>" + b"x" * 600_000).status_code == 413


class TestWhatItMeans:
    def test_a_photo_is_fetched_later(self, road: Road, server: PlatformServer) -> None:
        server.media["m1"] = b"\xff\xd8picture"
        road.bring(update_xml("image", PicUrl="http://x", MediaId="m1"))
        [photo] = road.only().attachments
        assert photo.kind is AttachmentKind.PHOTO
        assert road.channel.fetch(photo) == b"\xff\xd8picture"

    def test_a_voice_that_was_recognised_is_read_as_typed(self, road: Road) -> None:
        road.bring(update_xml("voice", MediaId="m2", Format="amr", Recognition="楼道灯坏了"))
        assert road.only().attachments[0].kind is AttachmentKind.VOICE
        assert road.only().text == "楼道灯坏了"

    def test_a_location(self, road: Road) -> None:
        road.bring(update_xml("location", Location_X="39.9", Location_Y="116.4", Label="锦绣家园"))
        [spot] = road.only().attachments
        assert (spot.latitude, spot.longitude, spot.name) == (39.9, 116.4, "锦绣家园")

    @pytest.mark.parametrize("spot", [("nan", "1"), ("91", "1"), ("", ""), ("a", "b")])
    def test_a_location_that_is_none(self, road: Road, spot: tuple[str, str]) -> None:
        road.bring(update_xml("location", Location_X=spot[0], Location_Y=spot[1]))
        assert road.only().problem == "unknown_type"

    def test_the_menu_and_a_new_follower(self, road: Road) -> None:
        road.bring(update_xml("event", Event="subscribe", created=1))
        road.bring(update_xml("event", Event="CLICK", EventKey="my", created=2))
        assert [one.choice for one in road.stored.values()] == ["start", "my"]

    def test_an_event_called_again_is_the_same_update(self, road: Road) -> None:
        for _ in range(2):
            road.bring(update_xml("event", Event="subscribe", created=5))
        assert len(road.stored) == 1

    def test_a_tapped_line_and_a_tapped_card(self, road: Road) -> None:
        road.bring(update_xml("text", Content="确认提交", bizmsgmenuid="card.confirm:k"))
        road.bring(update_xml("event", Event="template_card_event", EventKey="skip", TaskId="t"))
        assert [one.choice for one in road.stored.values()] == ["card.confirm:k", "skip"]

    @pytest.mark.parametrize("event", ["unsubscribe", "VIEW", "TEMPLATESENDJOBFINISH", "LOCATION"])
    def test_events_that_say_nothing(self, road: Road, event: str) -> None:
        assert road.bring(update_xml("event", Event=event)).status_code == 200
        assert not road.stored

    def test_something_unknown_is_told(self, road: Road) -> None:
        road.bring(update_xml("hologram"))
        assert road.only().problem == "unknown_type"

    def test_a_link_is_read(self, road: Road) -> None:
        road.bring(update_xml("link", Title="通知", Description="停水", Url="http://x.cn"))
        assert road.only().text == "通知\n停水\nhttp://x.cn"


def send(channel: WeChatChannel | WeComChannel, message: OutgoingMessage, key: str = "k") -> str:
    address = ResidentAddress(channel=channel.name, chat_id=RESIDENT)
    return channel.send(address, message, delivery_key=key)


class TestReplies:
    def test_the_token_is_asked_for_once(self, road: Road, server: PlatformServer) -> None:
        for key in "abc":
            send(road.channel, OutgoingMessage(text="您好"), key)
        assert server.tokens_given == 1
        assert [one["touser"] for one in server.sent] == [RESIDENT] * 3

    def test_a_token_that_ran_out_is_renewed(self, road: Road, server: PlatformServer) -> None:
        send(road.channel, OutgoingMessage(text="一"), "a")
        server.revoke_token()
        send(road.channel, OutgoingMessage(text="二"), "b")
        assert len(server.sent) == 2

    def test_a_repeat_under_the_same_key_shows_nothing_twice(
        self, road: Road, server: PlatformServer
    ) -> None:
        for _ in range(2):
            send(road.channel, OutgoingMessage(text="您好"))
        assert len(server.sent) == 1

    def test_a_long_text_goes_on_after_the_page_that_arrived(
        self, road: Road, server: PlatformServer
    ) -> None:
        long = OutgoingMessage(text="很长的一句话。" * 300)
        server.refusals = [0, -1]
        server.refusals.pop(0)
        with pytest.raises(RetryLater):
            send(road.channel, long)
        send(road.channel, long)
        assert server.shown().count("很长的一句话。") == 300

    @pytest.mark.parametrize(
        ("number", "error"),
        [(-1, RetryLater), (45009, RetryLater), (40013, RetryLater), (99999, MessageRefused)],
    )
    def test_each_error_says_what_to_do(
        self, road: Road, server: PlatformServer, number: int, error: type[Exception]
    ) -> None:
        server.refusals = [number]
        with pytest.raises(error):
            send(road.channel, OutgoingMessage(text="您好"))

    def test_who_left_is_gone(self, server: PlatformServer) -> None:
        server.refusals = [43004, 60111]
        for channel in (wechat(server), wecom(server)):
            with pytest.raises(AddressGone):
                send(channel, OutgoingMessage(text="您好"))

    def test_a_wrong_secret_is_tried_again_and_never_shown(
        self, road: Road, server: PlatformServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("DEBUG")
        server.good_secret = False
        with pytest.raises(RetryLater) as raised:
            send(road.channel, OutgoingMessage(text="您好"))
        assert raised.value.seconds >= 60
        assert APP_SECRET not in f"{raised.value}{caplog.text}"

    def test_no_token_stands_in_a_log(
        self, road: Road, server: PlatformServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("DEBUG")
        send(road.channel, OutgoingMessage(text="您好"))
        assert server.token not in caplog.text
        assert APP_SECRET not in caplog.text

    def test_a_server_that_is_down_is_tried_again(self, road: Road, server: PlatformServer) -> None:
        server.down = True
        with pytest.raises(RetryLater):
            send(road.channel, OutgoingMessage(text="您好"))

    def test_a_link_in_somebodys_words_is_not_followed(
        self, road: Road, server: PlatformServer
    ) -> None:
        send(road.channel, OutgoingMessage(text='<a href="http://evil.cn">点我</a>'))
        assert "<a" not in server.shown()

    def test_content_that_is_gone_or_too_large(self, server: PlatformServer) -> None:
        channel = wechat(server, max_upload_bytes=10)
        server.media["big"] = b"x" * 11
        for remote in ("big", "gone", None):
            with pytest.raises(MessageRefused):
                channel.fetch(Attachment(kind=AttachmentKind.PHOTO, remote=remote))

    def test_the_menu_is_set(self, road: Road, server: PlatformServer) -> None:
        road.channel.register_commands({"new": "反映问题", "my": "我的诉求", "help": "帮助"})
        [menu] = server.menus
        assert [one["key"] for one in menu["button"]] == ["new", "my", "help"]


class TestTheWindowOfWeChat:
    @pytest.mark.parametrize("number", [45015, 45047])
    def test_after_it_a_message_waits_for_the_resident(
        self, server: PlatformServer, number: int
    ) -> None:
        server.refusals = [number, number]
        channel = wechat(server)
        for message in (OutgoingMessage(text="您好"), NOTICE):
            with pytest.raises(WaitForResident):
                send(channel, message, message.text)

    def test_progress_comes_as_a_template_message(self, server: PlatformServer) -> None:
        server.window_open = False
        channel = wechat(server, template=ProgressTemplate.read(TEMPLATE), page="https://x.cn/")
        send(channel, NOTICE)
        [sent] = server.templates
        assert sent["template_id"] == "tmpl"
        assert sent["url"] == "https://x.cn/"
        assert sent["data"]["character_string1"] == {"value": "HY20261123-0001"}
        assert len(sent["data"]["thing2"]["value"]) == 20

    def test_choices_are_lines_to_tap(self, server: PlatformServer) -> None:
        choice = Choice(payload="skip", label="跳过")
        send(wechat(server), OutgoingMessage(text="您希望怎么处理？", choices=(choice,)))
        [body] = server.sent
        assert body["msgmenu"]["list"] == [{"id": "skip", "content": "跳过"}]


@pytest.mark.parametrize(
    "settings",
    [
        {"token": "x"},
        {"token": "有汉字的"},
        {"aes_key": "short"},
        {"app_id": ""},
        {"app_secret": ""},
    ],
)
def test_a_setting_that_can_not_be_right_is_told_at_once(settings: dict[str, str]) -> None:
    usual = {"app_id": APP_ID, "app_secret": APP_SECRET, "token": TOKEN, "aes_key": AES_KEY}
    with pytest.raises(ValueError, match=r"must|empty"):
        WeChatChannel(**(usual | settings))  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["[]", "{}", '{"id": "x"}', '{"id": "x", "colour": "y"}'])
def test_a_template_that_can_not_be_right(written: str) -> None:
    with pytest.raises(ValueError, match="template needs"):
        ProgressTemplate.read(written)
