"""From the outbox to the resident, with a channel that fails in every way it can."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.channels.base import AddressGone, ChannelCapabilities, MessageRefused, RetryLater
from bot.delivery import GIVEN_UP_AFTER
from bot.dialogue.wording import phrasebook
from bot.messages import OutgoingMessage
from bot.notices import notice_message
from bot.pump import Pump
from bot.tables import ChatOutbox, ChatResident
from petitions.notices import RESIDENT_NOTICES
from petitions.tables import Notification
from tests.bot.chat_world import ChatWorld, Talk


@pytest.fixture
def resident(world: ChatWorld) -> str:
    """Somebody with two replies in the outbox."""
    world.inbox.receive(world.message("你好"))
    world.inbox.receive(world.message("谢谢"))
    resident = world.inbox.residents_waiting()[0]
    world.inbox.work_through(resident)
    return resident


def outbox(world: ChatWorld) -> list[ChatOutbox]:
    with Session(world.database, expire_on_commit=False) as database:
        return list(database.exec(select(ChatOutbox).order_by(col(ChatOutbox.id))))


def notifications(world: ChatWorld) -> list[Notification]:
    with Session(world.database, expire_on_commit=False) as database:
        query = select(Notification).where(col(Notification.resident).is_not(None))
        return list(database.exec(query))


def shown(world: ChatWorld) -> list[str]:
    return [message.key for message in world.channel.shown_to("wang")]


def test_replies_arrive_in_order_and_once(world: ChatWorld, resident: str) -> None:
    assert world.delivery.deliver_to(resident) == 2
    assert world.delivery.deliver_to(resident) == 0
    assert shown(world) == ["hello", "thanks"]
    assert {row.status for row in outbox(world)} == {"sent"}


def test_a_channel_that_is_down_is_tried_again_and_order_is_kept(
    world: ChatWorld, resident: str
) -> None:
    world.channel.failures += [RetryLater(30)]
    assert world.delivery.deliver_to(resident) == 0
    assert world.delivery.deliver_due() == 0
    world.later(seconds=31)
    assert world.delivery.deliver_due() == 2
    assert shown(world) == ["hello", "thanks"]


def test_a_channel_down_for_an_hour_gets_everything_afterwards(
    world: ChatWorld, resident: str
) -> None:
    world.channel.failures += [RetryLater(1) for _ in range(12)]
    for _ in range(60):
        world.later(minutes=2)
        world.delivery.deliver_due()
    assert shown(world) == ["hello", "thanks"]
    assert outbox(world)[0].attempts == 12


def test_who_blocked_us_gets_nothing_more_until_they_write(world: ChatWorld, resident: str) -> None:
    world.channel.failures += [AddressGone("blocked")]
    world.delivery.deliver_to(resident)
    assert {row.status for row in outbox(world)} == {"failed"}
    with Session(world.database) as database:
        assert database.get_one(ChatResident, resident).unreachable
    world.inbox.receive(world.message("你好"))
    world.inbox.work_through(resident)
    assert world.delivery.deliver_to(resident) == 1


def test_a_refused_message_is_parked_and_the_next_goes_on(world: ChatWorld, resident: str) -> None:
    world.channel.failures += [MessageRefused("never")]
    assert world.delivery.deliver_to(resident) == 1
    assert shown(world) == ["thanks"]
    assert [row.problem for row in outbox(world)] == ["MessageRefused", None]


def test_nothing_is_tried_for_ever(world: ChatWorld, resident: str) -> None:
    world.now += GIVEN_UP_AFTER
    world.later(minutes=1)
    world.channel.failures += [RetryLater(1), RetryLater(1)]
    world.delivery.deliver_to(resident)
    assert {row.status for row in outbox(world)} == {"failed"}


def test_two_workers_do_not_send_twice(world: ChatWorld, resident: str) -> None:
    threads = [
        threading.Thread(target=world.delivery.deliver_to, args=(resident,)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.delivery.deliver_to(resident)
    assert shown(world) == ["hello", "thanks"]


def test_each_step_of_the_case_reaches_the_resident_once(world: ChatWorld, talk: Talk) -> None:
    talk.say("锦绣家园3号楼电梯坏了")
    talk.tap("确认提交")
    world.work_to_reply("HY20261123-0001")
    world.deliver()
    for notification in notifications(world):
        world.delivery.deliver_notification(notification.id or 0)
    notices = [key for key in shown(world) if key.startswith("notice.")]
    assert notices == ["notice.case_dispatched", "notice.case_signed_for", "notice.case_replied"]
    assert {row.status for row in notifications(world)} == {"sent"}


def test_a_notice_speaks_the_language_of_the_conversation(world: ChatWorld, talk: Talk) -> None:
    talk.say("the street light is broken")
    talk.say("锦绣家园")
    talk.tap("Confirm")
    world.work_to_reply("HY20261123-0001")
    world.deliver()
    assert "has answered" in world.channel.shown_to("wang")[-1].text


def test_a_notice_to_somebody_gone_is_parked_for_the_desk(world: ChatWorld, talk: Talk) -> None:
    talk.say("锦绣家园3号楼电梯坏了")
    talk.tap("确认提交")
    world.work_to_reply("HY20261123-0001")
    world.channel.failures += [AddressGone("blocked")]
    world.deliver()
    assert {row.status for row in notifications(world)} == {"failed"}


def test_where_nothing_is_pushed_a_notice_has_arrived_when_it_is_stored(
    world: ChatWorld, talk: Talk
) -> None:
    world.channel.capabilities = ChannelCapabilities(pushes=False)
    talk.say("锦绣家园3号楼电梯坏了")
    talk.tap("确认提交")
    world.work_to_reply("HY20261123-0001")
    world.deliver()
    assert shown(world) == []
    assert {row.status for row in notifications(world)} == {"sent"}
    assert {row.status for row in outbox(world)} == {"sent"}


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
@pytest.mark.parametrize("key", [*RESIDENT_NOTICES.values(), "case_sent_back", "something_new"])
def test_every_notice_has_words_and_a_way_to_answer(key: str, language: str) -> None:
    message = notice_message(_notification(key), phrasebook(language))
    assert message.choices
    assert len(message.text) <= 200
    assert "HY20261123-0001" in message.text
    assert "{" not in message.text
    if key != "something_new":
        assert message.key == f"notice.{key}"


def _notification(key: str, **fields: Any) -> Notification:
    usual = {
        "number": "HY20261123-0001",
        "title": "电梯坏了两天没人修，老人下不了楼出不了门",
        "unit": "云河区人力资源和社会保障局",
        "outcome": "resolved",
        "due_at": "2026-11-24T01:00:00+00:00",
        "text": "已派人修复。",
    }
    return Notification(
        case_id=1,
        case_number="HY20261123-0001",
        petition_number="HY20261123-0001",
        resident="r_1",
        key=key,
        fields=usual | fields,
        made_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_a_tapped_card_is_replaced_by_its_receipt(world: ChatWorld, talk: Talk) -> None:
    talk.say("锦绣家园3号楼电梯坏了")
    world.delivery.deliver_due()
    card_id = outbox(world)[-1].external_id
    confirm = world.message(choice=talk.payload("确认提交"), tapped=card_id)
    world.inbox.answer(confirm)
    world.delivery.deliver_due()
    assert shown(world) == ["filing.filed"]


def test_the_pump_answers_and_delivers_by_itself(world: ChatWorld) -> None:
    pump = Pump(world.inbox, world.delivery, threads=2, sweep_seconds=0.05)
    pump.start()
    try:
        for name in "abc":
            world.inbox.receive(world.message("你好", chat=name))
        arrived = threading.Event()
        for _ in range(200):
            if all(world.channel.shown_to(name) for name in "abc"):
                break
            arrived.wait(0.05)
    finally:
        pump.stop()
    assert [world.channel.shown_to(name)[0].key for name in "abc"] == ["hello"] * 3


def test_the_pump_takes_up_what_was_left_from_before(world: ChatWorld) -> None:
    world.inbox.receive(world.message("你好"))
    pump = Pump(world.new_inbox(), world.delivery, threads=1, sweep_seconds=0.05)
    pump.start()
    try:
        waited = threading.Event()
        for _ in range(200):
            if world.channel.shown_to("wang"):
                break
            waited.wait(0.05)
    finally:
        pump.stop()
    assert shown(world) == ["hello"]


def test_messages_survive_their_json() -> None:
    message = OutgoingMessage(text="好", key="hello", urgent=True)
    assert OutgoingMessage.from_json(message.to_json()) == message
