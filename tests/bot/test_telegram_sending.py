"""What residents see in Telegram, and what happens when it can't be shown."""

import threading
import time

import pytest

from bot.channels.base import AddressGone, DeliveryError, MessageRefused, RetryLater
from bot.channels.telegram import TelegramChannel
from bot.messages import (
    Attachment,
    AttachmentKind,
    CardRow,
    Choice,
    Link,
    Quote,
)
from tests.bot.telegram_helpers import (
    ANNA,
    GROUP,
    LIMIT,
    make_channel,
    send,
)
from tests.bot.telegram_server import TelegramServer

pytest_plugins = ["tests.bot.telegram_fixtures"]


# Outgoing: what residents see


def test_text_is_shown_as_it_is_written(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    words = "<script>alert('&amp;')</script> 1 < 2 & \"3\" <b>不是粗体</b>"
    number = send(telegram_channel, ANNA, words)
    [shown] = telegram.sent_messages(ANNA)
    assert shown.text == words
    assert str(shown.message_id) == number


def test_a_quote_stands_apart_with_its_citation(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    quote = Quote(text="第五条 不得在<楼道>停放电动自行车。", citation="《管理规定》第五条")
    send(telegram_channel, ANNA, "查到这一条:", quote=quote)
    [shown] = telegram.sent_messages(ANNA)
    assert "<blockquote>第五条 不得在&lt;楼道&gt;停放电动自行车。</blockquote>" in shown.html
    assert shown.text == "查到这一条:\n\n第五条 不得在<楼道>停放电动自行车。\n《管理规定》第五条"


def test_a_card_has_a_line_and_a_button_for_each_row(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    card = (
        CardRow(
            label="地点", value="锦绣家园3号楼", edit=Choice(payload="edit:place", label="修改")
        ),
        CardRow(label="时间", value="两天了", edit=Choice(payload="edit:time", label="修改")),
        CardRow(label="紧急", value="停水停电"),
    )
    confirm = Choice(payload="confirm:1", label="确认提交")
    send(telegram_channel, ANNA, "请核对。", card=card, choices=(confirm,))
    [shown] = telegram.sent_messages(ANNA)
    assert shown.text == "请核对。\n\n地点：锦绣家园3号楼\n时间：两天了\n紧急：停水停电"
    assert "<b>地点</b>：" in shown.html
    assert shown.button("修改 时间") == "edit:time"
    assert [[one["text"] for one in row] for row in shown.keyboard] == [
        ["确认提交"],
        ["修改 地点", "修改 时间"],
    ]


def test_short_choices_share_a_row_and_long_ones_do_not(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    labels = ("有用", "没用", "转成诉求", "电动自行车能不能上楼充电怎么规定的")
    choices = tuple(Choice(payload=f"c:{label}", label=label) for label in labels)
    send(telegram_channel, ANNA, choices=choices)
    [shown] = telegram.sent_messages(ANNA)
    assert [len(row) for row in shown.keyboard] == [3, 1]


def test_a_link_is_a_button(telegram_channel: TelegramChannel, telegram: TelegramServer) -> None:
    send(
        telegram_channel,
        ANNA,
        link=Link(url="https://huiyin.example.cn/c/abc", label="填写联系方式"),
    )
    [shown] = telegram.sent_messages(ANNA)
    assert shown.buttons == [{"text": "填写联系方式", "url": "https://huiyin.example.cn/c/abc"}]


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "huiyin"])
def test_an_address_that_telegram_takes_for_no_button_is_text(
    telegram_channel: TelegramChannel, telegram: TelegramServer, host: str
) -> None:
    send(telegram_channel, ANNA, link=Link(url=f"http://{host}/c?a=1&b=2", label="填写"))
    [shown] = telegram.sent_messages(ANNA)
    assert shown.text.endswith(f"填写: http://{host}/c?a=1&b=2")
    assert shown.buttons == []


def test_ten_thousand_characters_are_cut_at_sentences(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    sentence = "楼道里的灯坏了三个月没有人来修，晚上老人下楼看不清<台阶>。"
    text = sentence * (10_000 // len(sentence))
    choice = Choice(payload="ok", label="好的")
    last = send(telegram_channel, ANNA, text, choices=(choice,))
    shown = telegram.sent_messages(ANNA)
    assert [len(one.text) <= 4096 for one in shown] == [True] * 3
    assert all(one.text.endswith("。") for one in shown)
    assert "".join(one.text for one in shown) == text
    assert [len(one.buttons) for one in shown] == [0, 0, 1]
    assert last == str(shown[-1].message_id)


def test_paragraphs_are_kept_together(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    paragraphs = ["一" * 3000, "二" * 3000, "三" * 1000]
    send(telegram_channel, ANNA, "\n\n".join(paragraphs))
    assert [one.text for one in telegram.sent_messages(ANNA)] == [
        "一" * 3000,
        "二" * 3000 + "\n\n" + "三" * 1000,
    ]


def test_a_long_quote_stays_a_quote_on_each_page(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    send(
        telegram_channel, ANNA, "查到:", quote=Quote(text="规定如下。" * 1000, citation="《规定》")
    )
    shown = telegram.sent_messages(ANNA)
    assert len(shown) == 2
    assert all("<blockquote>" in one.html for one in shown)
    assert shown[-1].text.endswith("《规定》")


def test_emoji_are_never_torn(telegram_channel: TelegramChannel, telegram: TelegramServer) -> None:
    family = "👨‍👩‍👧‍👦"
    send(telegram_channel, ANNA, family * 1000)
    shown = telegram.sent_messages(ANNA)
    assert len(shown) > 1
    assert "".join(one.text for one in shown) == family * 1000
    assert all(one.text.endswith(family) and one.text.startswith(family) for one in shown)


def test_half_a_character_does_not_stop_a_message(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    send(telegram_channel, ANNA, "您好\ud83d。")
    assert telegram.sent_messages(ANNA)[0].text.startswith("您好")


def test_more_than_a_hundred_buttons_are_cut(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    send(
        telegram_channel,
        ANNA,
        choices=tuple(Choice(payload=f"{n}", label=f"{n}") for n in range(130)),
    )
    assert len(telegram.sent_messages(ANNA)[0].buttons) == 100


def test_nothing_to_show_is_refused(telegram_channel: TelegramChannel) -> None:
    with pytest.raises(MessageRefused):
        send(telegram_channel, ANNA, "  ")


# Outgoing: edits and repeats


def test_a_message_takes_the_place_of_another(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    first = send(telegram_channel, ANNA, "地点在哪里？", choices=(Choice(payload="a", label="甲"),))
    assert send(telegram_channel, ANNA, "时间呢？", replaces=first) == first
    [shown] = telegram.sent_messages(ANNA)
    assert (shown.text, shown.buttons, shown.edits) == ("时间呢？", [], 1)


def test_the_same_edit_twice_is_fine(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    first = send(telegram_channel, ANNA, "一")
    send(telegram_channel, ANNA, "二", replaces=first)
    assert send(telegram_channel, ANNA, "二", replaces=first) == first
    assert len(telegram.sent_messages(ANNA)) == 1


@pytest.mark.parametrize("replaces", ["999999", "not-a-number"])
def test_what_can_not_be_edited_is_sent(
    telegram_channel: TelegramChannel, telegram: TelegramServer, replaces: str
) -> None:
    number = send(telegram_channel, ANNA, "新的", replaces=replaces)
    assert [str(one.message_id) for one in telegram.sent_messages(ANNA)] == [number]


def test_a_text_too_long_for_an_edit_is_sent(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    first = send(telegram_channel, ANNA, "短的")
    send(telegram_channel, ANNA, "长。" * 3000, replaces=first)
    assert [one.edits for one in telegram.sent_messages(ANNA)] == [0, 0, 0]


def test_a_delivery_is_shown_once(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    first = send(telegram_channel, ANNA, "已登记。", delivery_key="d1")
    assert send(telegram_channel, ANNA, "已登记。", delivery_key="d1") == first
    assert len(telegram.sent_messages(ANNA)) == 1


def test_a_retry_goes_on_after_the_pages_that_arrived(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    text = "一" * 4000 + "\n\n" + "二" * 4000
    telegram.fail_next("sendMessage", 429, retry_after=1, after=1)
    with pytest.raises(RetryLater):
        send(telegram_channel, ANNA, text, delivery_key="d3")
    send(telegram_channel, ANNA, text, delivery_key="d3")
    assert [one.text[0] for one in telegram.sent_messages(ANNA)] == ["一", "二"]


# Outgoing: what goes wrong


def test_flood_control_tells_how_long_to_wait(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.fail_next("sendMessage", 429, "Too Many Requests: retry after 17", retry_after=17)
    with pytest.raises(RetryLater) as caught:
        send(telegram_channel, ANNA)
    assert caught.value.seconds == 17
    send(telegram_channel, ANNA)
    assert len(telegram.sent_messages(ANNA)) == 1


GONE = [
    (403, "Forbidden: bot was blocked by the user"),
    (403, "Forbidden: user is deactivated"),
    (403, "Forbidden: bot can't initiate conversation with a user"),
    (400, "Bad Request: chat not found"),
    (400, "Bad Request: PEER_ID_INVALID"),
]
LATER = [
    (500, "Internal Server Error"),
    (502, "Bad Gateway"),
    (401, "Unauthorized"),
    (409, "Conflict: terminated by other getUpdates request"),
    (200, "not ok, yet 200"),
]
REFUSED = [
    (400, 'Bad Request: can\'t parse entities: unsupported start tag "王小明"'),
    (400, "Bad Request: message is too long"),
]


@pytest.mark.parametrize(
    ("status", "description", "expected"),
    [
        *((status, words, AddressGone) for status, words in GONE),
        *((status, words, RetryLater) for status, words in LATER),
        *((status, words, MessageRefused) for status, words in REFUSED),
    ],
)
def test_each_error_tells_what_to_do(
    telegram_channel: TelegramChannel,
    telegram: TelegramServer,
    status: int,
    description: str,
    expected: type[DeliveryError],
) -> None:
    telegram.fail_next("sendMessage", status, description)
    with pytest.raises(expected) as caught:
        send(telegram_channel, ANNA)
    assert "王小明" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_group_that_moved_is_gone(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.fail_next("sendMessage", 400, "group chat was upgraded", migrate_to=-100)
    with pytest.raises(AddressGone):
        send(telegram_channel, GROUP)


def test_a_server_out_of_reach_is_tried_later(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.go_down()
    with pytest.raises(RetryLater):
        send(telegram_channel, ANNA)
    telegram.come_back()
    send(telegram_channel, ANNA)
    assert len(telegram.sent_messages(ANNA)) == 1


def test_a_server_that_does_not_answer_is_tried_later(telegram: TelegramServer) -> None:
    telegram_channel = make_channel(telegram, call_timeout_seconds=0.3)
    telegram.answer_instead("sendMessage", lambda _: time.sleep(0.8))
    with pytest.raises(RetryLater):
        send(telegram_channel, ANNA)
    telegram_channel.close()


def test_a_closed_channel_says_so(telegram: TelegramServer) -> None:
    telegram_channel = make_channel(telegram)
    send(telegram_channel, ANNA)
    telegram_channel.close()
    with pytest.raises(RetryLater):
        send(telegram_channel, ANNA)


def test_many_threads_send_at_once(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    threads = [threading.Thread(target=send, args=(telegram_channel, 2000 + n)) for n in range(30)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert all(len(telegram.sent_messages(2000 + n)) == 1 for n in range(30))


# Downloads


def remote(file_id: str | None) -> Attachment:
    return Attachment(kind=AttachmentKind.PHOTO, remote=file_id)


@pytest.mark.parametrize("file_id", ["unknown", None])
def test_content_that_is_gone_is_refused(
    telegram_channel: TelegramChannel, file_id: str | None
) -> None:
    with pytest.raises(MessageRefused):
        telegram_channel.fetch(remote(file_id))


def test_content_that_is_too_large_is_not_downloaded(
    telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.files["big"] = b"x" * (LIMIT + 1)
    telegram.fail_next("file", 500, "must not be asked")
    with pytest.raises(MessageRefused):
        telegram_channel.fetch(remote("big"))


@pytest.mark.parametrize(("status", "expected"), [(404, MessageRefused), (500, RetryLater)])
def test_a_download_that_fails(
    telegram_channel: TelegramChannel,
    telegram: TelegramServer,
    status: int,
    expected: type[DeliveryError],
) -> None:
    telegram.files["photo"] = b"x"
    telegram.fail_next("file", status, "no")
    with pytest.raises(expected):
        telegram_channel.fetch(remote("photo"))
