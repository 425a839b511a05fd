"""What residents of Telegram send, as the inbox gets it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel
from bot.messages import (
    Attachment,
    AttachmentKind,
    Choice,
    IncomingMessage,
)
from tests.bot.telegram_helpers import (
    ANNA,
    BEN,
    GROUP,
    LIMIT,
    Polling,
    address,
    send,
)
from tests.bot.telegram_server import BOT_ID, BOT_NAME, TelegramServer

pytest_plugins = ["tests.bot.telegram_fixtures"]


# Incoming: content


def test_text_comes_with_address_and_language(polling: Polling, telegram: TelegramServer) -> None:
    number = telegram.push_text(ANNA, "锦绣家园3号楼电体坏了")
    [message] = polling.received()
    assert message.address == address(ANNA)
    assert message.update_id == str(number)
    assert message.text == "锦绣家园3号楼电体坏了"
    assert message.language_hint == "zh-hans"
    assert message.received_at.tzinfo is not None
    assert (message.choice, message.edited, message.problem) == (None, False, None)
    assert IncomingMessage.from_json(json.loads(json.dumps(message.to_json()))) == message


@pytest.mark.parametrize("command", ["/start", "/start p42", "/help", "/new", "/my", "/cancel"])
def test_commands_come_as_text(polling: Polling, telegram: TelegramServer, command: str) -> None:
    telegram.push_text(ANNA, command)
    assert polling.received()[0].text == command


def test_our_own_name_is_taken_off_a_command(polling: Polling, telegram: TelegramServer) -> None:
    telegram.push_text(ANNA, f"/my@{BOT_NAME}")
    assert polling.received()[0].text == "/my"


def test_the_largest_photo_is_taken(
    polling: Polling, telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    telegram.push_photo(ANNA, b"\xff\xd8" + b"x" * 2000, caption="就是这里")
    [message] = polling.received()
    [photo] = message.attachments
    assert message.text == "就是这里"
    assert (photo.kind, photo.mime, photo.size_bytes) == (AttachmentKind.PHOTO, "image/jpeg", 2002)
    assert telegram_channel.fetch(photo) == b"\xff\xd8" + b"x" * 2000


def test_of_a_large_photo_a_smaller_version_is_taken(
    polling: Polling, telegram: TelegramServer
) -> None:
    telegram.push_photo(ANNA, b"x" * 8000)
    [message] = polling.received()
    assert message.problem is None
    assert message.attachments[0].size_bytes == 4000


def test_each_photo_of_an_album_comes_by_itself(polling: Polling, telegram: TelegramServer) -> None:
    telegram.push_photo(ANNA, caption="三张", media_group_id="9")
    telegram.push_photo(ANNA, media_group_id="9")
    telegram.push_photo(ANNA, media_group_id="9")
    messages = polling.received(3)
    assert [one.text for one in messages] == ["三张", "", ""]
    assert len({one.attachments[0].remote for one in messages}) == 3


@pytest.mark.parametrize(
    ("kind", "about", "expected", "mime"),
    [
        ("voice", {}, AttachmentKind.VOICE, "audio/ogg"),
        ("audio", {"file_name": "会议.mp3"}, AttachmentKind.VOICE, "audio/mpeg"),
        ("video", {}, AttachmentKind.VIDEO, "video/mp4"),
        ("video_note", {}, AttachmentKind.VIDEO, "video/mp4"),
        ("animation", {}, AttachmentKind.VIDEO, "video/mp4"),
        ("document", {"mime_type": "application/pdf"}, AttachmentKind.DOCUMENT, "application/pdf"),
        ("document", {"mime_type": "image/png"}, AttachmentKind.PHOTO, "image/png"),
        ("document", {}, AttachmentKind.DOCUMENT, None),
    ],
)
def test_files(
    polling: Polling,
    telegram_channel: TelegramChannel,
    telegram: TelegramServer,
    kind: str,
    about: dict[str, Any],
    expected: AttachmentKind,
    mime: str | None,
) -> None:
    telegram.push_file(ANNA, kind, b"content", **about)
    [attachment] = polling.received()[0].attachments
    assert (attachment.kind, attachment.mime, attachment.size_bytes) == (expected, mime, 7)
    assert attachment.name == about.get("file_name")
    assert telegram_channel.fetch(attachment) == b"content"


def test_a_location_comes_as_one(polling: Polling, telegram: TelegramServer) -> None:
    telegram.push_message(ANNA, location={"latitude": 38.04, "longitude": 114.51})
    [place] = polling.received()[0].attachments
    assert (place.kind, place.latitude, place.longitude) == (AttachmentKind.LOCATION, 38.04, 114.51)


def test_a_venue_comes_with_its_name(polling: Polling, telegram: TelegramServer) -> None:
    spot = {"latitude": 38.04, "longitude": 114.51}
    venue = {"location": spot, "title": "锦绣家园", "address": "槐安路12号"}
    telegram.push_message(ANNA, location=spot, venue=venue)
    [place] = polling.received()[0].attachments
    assert (place.name, place.latitude) == ("锦绣家园 槐安路12号", 38.04)


def test_of_a_contact_nothing_is_kept(polling: Polling, telegram: TelegramServer) -> None:
    contact = {"phone_number": "13800138000", "first_name": "王小明", "user_id": 7}
    telegram.push_message(ANNA, contact=contact)
    [message] = polling.received()
    assert message.attachments == (Attachment(kind=AttachmentKind.CONTACT),)
    assert "138" not in json.dumps(message.to_json())
    assert "王小明" not in json.dumps(message.to_json(), ensure_ascii=False)


def test_a_sticker_is_its_emoji(polling: Polling, telegram: TelegramServer) -> None:
    telegram.push_file(ANNA, "sticker", b"webp", emoji="👍")
    [message] = polling.received()
    assert (message.text, message.attachments) == ("👍", ())


def test_a_file_that_is_too_large_is_not_taken(polling: Polling, telegram: TelegramServer) -> None:
    telegram.push_file(ANNA, "video", b"x", file_size=LIMIT + 1)
    [message] = polling.received()
    assert (message.problem, message.attachments) == ("too_large", ())


def test_a_poll_is_no_petition(polling: Polling, telegram: TelegramServer) -> None:
    poll = {
        "id": "1",
        "question": "?",
        "options": [],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }
    telegram.push_message(ANNA, poll=poll)
    assert polling.received()[0].problem == "unknown_type"


def test_an_edited_message_says_so(polling: Polling, telegram: TelegramServer) -> None:
    telegram.push_message(ANNA, kind="edited_message", text="不是3栋是5栋", edit_date=1_795_009_999)
    [message] = polling.received()
    assert (message.text, message.edited) == ("不是3栋是5栋", True)
    assert message.received_at == datetime.fromtimestamp(1_795_009_999, UTC)


def test_a_moving_location_is_not_followed(polling: Polling, telegram: TelegramServer) -> None:
    spot = {"latitude": 1.0, "longitude": 2.0, "live_period": 900}
    telegram.push_message(ANNA, kind="edited_message", location=spot, edit_date=1_795_009_999)
    telegram.push_text(ANNA, "完")
    assert [one.text for one in polling.received()] == ["完"]


def test_notices_of_telegram_are_passed_over(polling: Polling, telegram: TelegramServer) -> None:
    telegram.push_message(ANNA, message_auto_delete_timer_changed={"message_auto_delete_time": 60})
    telegram.push(channel_post={"message_id": 1, "date": 1, "chat": {"id": -9, "type": "channel"}})
    telegram.push_message(ANNA, text="我也是机器人", **{"from": {**_bot("other_bot"), "id": 5}})
    telegram.push_text(ANNA, "完")
    assert [one.text for one in polling.received()] == ["完"]


def _bot(username: str) -> dict[str, Any]:
    return {"id": BOT_ID, "is_bot": True, "first_name": "b", "username": username}


# Incoming: taps


def test_a_tap_is_stored_and_ends_spinning(
    polling: Polling, telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    number = send(
        telegram_channel, ANNA, choices=(Choice(payload="card.confirm:k1", label="确认"),)
    )
    telegram.push_tap(ANNA, int(number), "card.confirm:k1", tap_id="t1")
    [message] = polling.received()
    assert (message.choice, message.text, message.tapped) == ("card.confirm:k1", "", number)
    assert message.address == address(ANNA)
    assert telegram.wait_until(lambda: telegram.answered_taps == ["t1"])


def test_a_tap_too_old_to_be_answered_counts_all_the_same(
    polling: Polling, telegram: TelegramServer
) -> None:
    telegram.fail_next("answerCallbackQuery", 400, "Bad Request: query is too old")
    telegram.push_tap(ANNA, 77, "my")
    telegram.push_text(ANNA, "完")
    assert [(one.choice, one.text) for one in polling.received(2)] == [("my", ""), (None, "完")]


def test_a_payload_too_long_comes_back_as_the_words_of_its_button(
    polling: Polling, telegram_channel: TelegramChannel, telegram: TelegramServer
) -> None:
    long_payload = "topic:" + "很长的话题" * 9
    choices = (
        Choice(payload="topic:1", label="停车"),
        Choice(payload=long_payload, label="电动车"),
        Choice(payload="", label="空的"),
    )
    number = send(telegram_channel, ANNA, choices=choices)
    shown = telegram.sent_messages(ANNA)[0]
    telegram.push_tap(ANNA, int(number), shown.button("电动车"))
    telegram.push_tap(ANNA, int(number), shown.button("停车"))
    messages = polling.received(2)
    assert [(one.text, one.choice) for one in messages] == [("电动车", None), ("", "topic:1")]


def test_a_long_payload_of_a_message_telegram_no_longer_shows_is_an_unknown_choice(
    polling: Polling, telegram: TelegramServer
) -> None:
    telegram.push_tap(ANNA, 424242, "~3")
    assert polling.received()[0].choice == "~3"


# Incoming: groups


def in_group(text: str, **content: Any) -> dict[str, Any]:
    chat = {"id": GROUP, "type": "supergroup", "title": "锦绣家园"}
    return {"chat": chat, "text": text, **content}


def test_in_a_group_only_what_is_addressed_to_us_is_read(
    polling: Polling, telegram: TelegramServer
) -> None:
    name = f"@{BOT_NAME}"
    mention = [{"type": "mention", "offset": 3, "length": len(name)}]
    ours = {"message_id": 1, "date": 1, "chat": {"id": GROUP, "type": "supergroup"}}
    telegram.push_message(ANNA, **in_group("随便聊聊"))
    telegram.push_message(ANNA, **in_group("/my@another_bot", entities=_command(15)))
    telegram.push_message(ANNA, **in_group(f"麻烦 {name} 物业费怎么交", entities=mention))
    telegram.push_message(
        ANNA, **in_group("谢谢", reply_to_message={**ours, "from": _bot(BOT_NAME)})
    )
    telegram.push_message(ANNA, **in_group(f"/my{name}", entities=_command(3 + len(name))))
    messages = polling.received(3)
    assert [one.text for one in messages] == ["麻烦  物业费怎么交", "谢谢", "/my"]


def _command(length: int) -> list[dict[str, Any]]:
    return [{"type": "bot_command", "offset": 0, "length": length}]


def test_who_asks_in_a_group_is_answered_in_private(
    polling: Polling, telegram: TelegramServer
) -> None:
    name = f"@{BOT_NAME}"
    mention = [{"type": "mention", "offset": 0, "length": len(name)}]
    telegram.push_message(BEN, **in_group(f"{name} 我的诉求到哪了", entities=mention))
    assert polling.received()[0].address == address(BEN)
