"""From a resident's words in Telegram to a petition and back, with the real inbox and outbox."""

import io
import json
import threading
from collections.abc import Iterator

import pytest
from PIL import Image
from sqlmodel import Session, select

from bot.pump import Pump
from bot.tables import ChatInbox
from petitions.facets import Attachment
from tests.bot.chat_world import LINK_ADDRESS, ChatWorld
from tests.bot.telegram_helpers import ANNA, BEN, make_channel
from tests.bot.telegram_server import SentMessage, TelegramServer

pytest_plugins = ["tests.bot.telegram_fixtures"]

BROKEN_LIFT = "锦绣家园3号楼电体坏了两天了没人修"


@pytest.fixture
def road(world: ChatWorld, telegram: TelegramServer) -> Iterator[ChatWorld]:
    """The whole way: Telegram, inbox, dialogue, petitions, outbox and back."""
    channel = make_channel(telegram)
    world.channels["telegram"] = channel
    pump = Pump(world.inbox, world.delivery, sweep_seconds=0.05)
    pump.start()
    stopping = threading.Event()
    args = (world.inbox.receive, stopping)
    polling = threading.Thread(target=channel.run, args=args)
    polling.start()
    yield world
    stopping.set()
    polling.join(5)
    pump.stop()
    channel.close()


def card_shown(telegram: TelegramServer, chat_id: int = ANNA) -> SentMessage:
    """The card of the petition, once it is there."""
    telegram.push_text(chat_id, BROKEN_LIFT)
    [card] = telegram.wait_for_messages(chat_id, seconds=10)
    assert "锦绣家园3号楼" in card.text
    return card


def filed(telegram: TelegramServer) -> SentMessage:
    card = card_shown(telegram)
    telegram.push_tap(ANNA, card.message_id, card.button("确认提交"))
    assert telegram.wait_until(lambda: "HY20261123-0001" in card.text, 10)
    return card


def test_three_times_the_same_tap_is_one_petition_and_one_answer(
    road: ChatWorld, telegram: TelegramServer
) -> None:
    card = card_shown(telegram)
    tap = telegram.push_tap(ANNA, card.message_id, card.button("确认提交"))
    for _ in range(2):
        telegram.push_same_update_again(tap)
    telegram.push_text(BEN, "您好")
    telegram.wait_for_messages(BEN)
    assert telegram.wait_until(lambda: "HY20261123-0001" in card.text, 10)
    assert len(road.petitions()) == 1
    assert len(telegram.sent_messages(ANNA)) == 1


def test_a_second_tap_is_told_that_it_is_filed_already(
    road: ChatWorld, telegram: TelegramServer
) -> None:
    card = card_shown(telegram)
    payload = card.button("确认提交")
    telegram.push_tap(ANNA, card.message_id, payload)
    telegram.push_tap(ANNA, card.message_id, payload)
    shown = telegram.wait_for_messages(ANNA, 2, seconds=10)
    assert len(road.petitions()) == 1
    assert [one.text.count("HY20261123-0001") for one in shown] == [1, 1]
    assert telegram.wait_until(lambda: len(telegram.answered_taps) == 2)


def test_a_row_is_changed_by_its_button(road: ChatWorld, telegram: TelegramServer) -> None:
    card = card_shown(telegram)
    telegram.push_tap(ANNA, card.message_id, card.button("修改 地点"))
    telegram.wait_for_messages(ANNA, 2, seconds=10)
    telegram.push_text(ANNA, "锦绣家园5号楼")
    shown = telegram.wait_for_messages(ANNA, 3, seconds=10)
    assert "锦绣家园5号楼" in shown[-1].text


def test_a_photo_joins_the_petition(road: ChatWorld, telegram: TelegramServer) -> None:
    telegram.push_photo(ANNA, jpeg(), caption=BROKEN_LIFT)
    [card] = telegram.wait_for_messages(ANNA, seconds=10)
    telegram.push_tap(ANNA, card.message_id, card.button("确认提交"))
    assert telegram.wait_until(road.petitions, 10)
    with Session(road.database) as session:
        [kept] = session.exec(select(Attachment)).all()
    assert kept.kind == "photo"


def test_a_contact_is_refused_and_not_kept(road: ChatWorld, telegram: TelegramServer) -> None:
    card_shown(telegram)
    contact = {"phone_number": "13800138000", "first_name": "王小明"}
    telegram.push_message(ANNA, contact=contact)
    shown = telegram.wait_for_messages(ANNA, 2, seconds=10)
    assert "境外" in shown[-1].text
    assert LINK_ADDRESS in shown[-1].text
    with Session(road.database) as session:
        kept = [json.dumps(row.payload) for row in session.exec(select(ChatInbox)).all()]
    assert not [row for row in kept if "138001" in row]


def test_the_reply_of_the_unit_comes_back(road: ChatWorld, telegram: TelegramServer) -> None:
    filed(telegram)
    road.work_to_reply("HY20261123-0001", text="电梯<已>修好。")
    road.deliver()
    assert telegram.wait_until(
        lambda: any("电梯<已>修好。" in one.text for one in telegram.sent_messages(ANNA))
    )


def test_an_answer_arrives_after_telegram_was_away(
    road: ChatWorld, telegram: TelegramServer
) -> None:
    telegram.fail_next("sendMessage", 502, "Bad Gateway")
    telegram.push_text(ANNA, BROKEN_LIFT)
    assert telegram.wait_until(lambda: telegram.called("sendMessage"), 10)
    assert telegram.wait_until(lambda: road.later(seconds=1) or telegram.sent_messages(ANNA), 10)
    assert len(telegram.called("sendMessage")) == 2


def test_each_resident_is_answered_in_order(road: ChatWorld, telegram: TelegramServer) -> None:
    residents = range(3001, 3009)
    for command in ("/start", "/help", "/new"):
        for resident in residents:
            telegram.push_text(resident, command)
    for resident in residents:
        telegram.wait_for_messages(resident, 3, seconds=20)
    said = {tuple(one.text for one in telegram.sent_messages(number)) for number in residents}
    assert [len(one) for one in said] == [3]


def jpeg() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (32, 32), "grey").save(content, format="JPEG")
    return content.getvalue()
