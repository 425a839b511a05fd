"""The staff group in Telegram: the real library, our Bot API server, the desk's own rules."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_staff import TelegramStaff
from bot.delivery import Delivery
from bot.messages import IncomingMessage, ResidentAddress
from bot.staff_room import StaffRoom
from bot.staff_taps import StaffTaps
from console.tables import DeskAudit
from huiyin.staff_group import ServiceStaffDesk
from petitions import handling
from petitions.ports import DELIVER_NOTIFICATION
from petitions.reminders import remind_of_deadlines
from petitions.tables import CaseEntry
from tests.bot.telegram_helpers import make_channel
from tests.bot.telegram_server import SentMessage, TelegramServer
from tests.console.desk_world import Desk

pytest_plugins = ["tests.bot.telegram_fixtures"]

GROUP, NEW_GROUP = -5005, -1005005
LIFT_COMPANY, COMMITTEE, STRANGER = 41, 42, 43
SECRETS = ("王芳", "13800001234", "老人", "3栋", "2单元")


class StaffGroup:
    """A group beside a desk: what it shows, and what its members do."""

    def __init__(self, desk: Desk, telegram: TelegramServer, channel: TelegramChannel) -> None:
        self.desk, self.telegram = desk, telegram
        self.heard: list[IncomingMessage] = []
        channels = {channel.name: channel}
        self.room = StaffRoom(
            database=desk.engine,
            open_work=desk.work,
            channels=channels,
            group=ResidentAddress(channel="telegram", chat_id=str(GROUP)),
            case_address="https://desk.example.cn/desk/cases/".__add__,
            now=desk.now,
        )
        self.delivery = Delivery(
            database=desk.engine,
            open_work=desk.work,
            channels=channels,
            now=desk.now,
            staff=self.room,
        )
        taps = StaffTaps(ServiceStaffDesk(desk.services))
        self.staff = TelegramStaff(taps=taps, follow=self._follow)
        self._stopping = threading.Event()
        arguments = (self.heard.append, self._stopping, self.staff)
        self._thread = threading.Thread(target=channel.run, args=arguments)
        self._thread.start()

    def _follow(self, old: str, new: str) -> None:
        self.room.follow("telegram", old, new)

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(5)

    def deliver(self) -> None:
        """Run the jobs that tell residents and units."""
        self.desk.jobs.run_all(
            {DELIVER_NOTIFICATION: lambda job: self.delivery.deliver_notification(int(job))}
        )

    def messages(self, chat_id: int = GROUP) -> list[SentMessage]:
        return self.telegram.sent_messages(chat_id)

    def link(self, username: str, person: int) -> str:
        """Take a code at the desk and send it to the bot in private; what the bot says."""
        page = self.desk.signed_in(username).post("/desk/account/chat").text
        code = page.split("/staff ")[1].split("<")[0].strip()
        before = len(self.messages(person))
        self.telegram.push_text(person, f"/staff {code}")
        return self.telegram.wait_for_messages(person, before + 1)[-1].text

    def tap(self, label: str, person: int, message: SentMessage | None = None) -> dict[str, Any]:
        """Tap a button of the last message; what the person's app is told."""
        shown = message or self.messages()[-1]
        return self.press(shown, shown.button(label), person)

    def press(self, shown: SentMessage, payload: str, person: int) -> dict[str, Any]:
        before = len(self.telegram.called("answerCallbackQuery"))
        self.telegram.push_tap(GROUP, shown.message_id, payload, by=person)
        assert self.telegram.wait_until(
            lambda: len(self.telegram.called("answerCallbackQuery")) > before
        )
        return self.telegram.called("answerCallbackQuery")[-1]


@pytest.fixture
def group(desk: Desk, telegram: TelegramServer) -> Iterator[StaffGroup]:
    channel = make_channel(telegram)
    desk.services = desk.app.state.services = _with_chat(desk)
    group = StaffGroup(desk, telegram, channel)
    yield group
    group.stop()
    channel.close()


def _with_chat(desk: Desk) -> Any:
    return replace(desk.services, staff_chat="Telegram")


def dispatched(group: StaffGroup, **about: Any) -> str:
    """A lift is out and its company is to come; the number of the case."""
    number = group.desk.file(**about).case_number
    group.desk.do(handling.screen_and_dispatch, group.desk.case(number).id or 0, "committee")
    group.deliver()
    return number


def steps(group: StaffGroup, number: str, action: str) -> list[CaseEntry]:
    case_id = group.desk.case(number).id
    with group.desk.session() as session:
        query = select(CaseEntry).where(CaseEntry.case_id == case_id, CaseEntry.action == action)
        return list(session.exec(query))


def test_a_pressing_case_is_told_without_a_word_of_the_resident(group: StaffGroup) -> None:
    number = group.desk.file().case_number
    group.deliver()
    [shown] = group.messages()
    assert number in shown.text
    assert "紧急" in shown.text
    assert "锦绣家园" in shown.text
    assert not [secret for secret in SECRETS if secret in shown.all_words]
    assert shown.buttons == [
        {"text": "查看", "url": f"https://desk.example.cn/desk/cases/{number}"}
    ]


def test_an_ordinary_case_a_report_and_a_confidential_place_are_not_told(
    group: StaffGroup,
) -> None:
    group.desk.file(urgency="ordinary")
    group.desk.file(kind="report_misconduct", urgency="utility")
    group.deliver()
    assert group.messages() == []
    group.desk.file(confidential=True)
    group.deliver()
    [shown] = group.messages()
    assert "锦绣家园" not in shown.text


def test_a_tap_signs_for_the_case_once_and_the_message_follows(group: StaffGroup) -> None:
    number = dispatched(group)
    assert "已关联" in group.link("elevator", LIFT_COMPANY)
    shown = group.messages()[-1]
    payload = shown.button("签收")
    told = [group.press(shown, payload, LIFT_COMPANY) for _ in range(2)]
    assert [one["text"] for one in told] == ["好的，已签收。"] * 2
    [step] = steps(group, number, "sign_for")
    assert step.actor_id == "elevator"
    group.deliver()
    assert group.telegram.wait_until(lambda: "已签收" in shown.text)
    assert [one["text"] for one in shown.buttons] == ["查看"]
    with group.desk.session() as session:
        actions = set(session.exec(select(DeskAudit.action).where(DeskAudit.actor == "elevator")))
    assert {"link_chat", "act_from_chat"} <= actions


def test_the_same_button_works_again_after_the_case_came_back(group: StaffGroup) -> None:
    number = dispatched(group)
    case_id = group.desk.case(number).id or 0
    group.link("elevator", LIFT_COMPANY)
    group.tap("签收", LIFT_COMPANY)
    group.desk.do(handling.send_back, case_id, "elevator", reason="不归我们")
    group.desk.do(handling.dispatch_case, case_id, "committee")
    group.deliver()
    assert group.tap("签收", LIFT_COMPANY)["text"] == "好的，已签收。"
    assert len(steps(group, number, "sign_for")) == 2


def test_who_is_not_linked_or_may_not_changes_nothing(group: StaffGroup) -> None:
    number = dispatched(group)
    assert "关联" in group.tap("签收", STRANGER)["text"]
    group.link("curator", STRANGER)
    assert "关联" in group.tap("签收", STRANGER)["text"]
    group.link("heshun", COMMITTEE)
    refused = group.tap("签收", COMMITTEE)
    assert refused["show_alert"] in (True, "true")
    assert steps(group, number, "sign_for") == []
    assert group.desk.case(number).status == "dispatched"


def test_a_code_works_once_for_ten_minutes_and_a_link_can_be_taken_back(group: StaffGroup) -> None:
    browser = group.desk.signed_in("elevator")
    page = browser.post("/desk/account/chat").text
    code = page.split("/staff ")[1].split("<")[0].strip()
    group.desk.later(minutes=11)
    group.telegram.push_text(LIFT_COMPANY, f"/staff {code}")
    assert "关联码不对" in group.telegram.wait_for_messages(LIFT_COMPANY)[-1].text
    group.link("elevator", LIFT_COMPANY)
    assert "已关联" in browser.get("/desk/account").text
    number = dispatched(group)
    browser.post("/desk/account/chat/unlink")
    assert "没有关联" in browser.get("/desk/account").text
    assert "关联" in group.tap("签收", LIFT_COMPANY)["text"]
    assert steps(group, number, "sign_for") == []


def test_a_used_code_links_nobody_else(group: StaffGroup) -> None:
    page = group.desk.signed_in("elevator").post("/desk/account/chat").text
    code = page.split("/staff ")[1].split("<")[0].strip()
    group.telegram.push_text(LIFT_COMPANY, f"/staff {code}")
    group.telegram.wait_for_messages(LIFT_COMPANY)
    group.telegram.push_text(STRANGER, f"/staff {code.lower()}")
    assert "关联码不对" in group.telegram.wait_for_messages(STRANGER)[-1].text
    for _ in range(6):
        group.telegram.push_text(STRANGER, "/staff ABCD2345")
    told = group.telegram.wait_for_messages(STRANGER, 7)
    assert [one for one in told if "次数太多" in one.text]
    assert group.heard == []


def test_a_whistle_asks_for_reporting_in_and_names_who_is_awaited(group: StaffGroup) -> None:
    number = dispatched(group, urgency="ordinary")
    case_id = group.desk.case(number).id or 0
    group.desk.do(handling.sign_for, case_id, "elevator", start=True)
    group.desk.do(
        handling.whistle, case_id, "committee", unit_ids=["anda-elevator"], reason="现场会"
    )
    group.deliver()
    [shown] = group.messages()
    assert "吹哨" in shown.text
    assert "现场会" not in shown.text
    group.link("elevator", LIFT_COMPANY)
    assert group.tap("报到", LIFT_COMPANY)["text"] == "好的，已报到。"
    group.deliver()
    assert group.telegram.wait_until(lambda: "等" not in shown.text.splitlines()[-1])


def test_what_is_overdue_is_told_once(group: StaffGroup) -> None:
    dispatched(group, urgency="ordinary")
    group.desk.later(days=30)
    with group.desk.work() as work:
        remind_of_deadlines(work, now=group.desk.time)
        work.commit()
    group.deliver()
    group.delivery.deliver_due()
    assert [one.text.startswith("【超期】") for one in group.messages()].count(True) >= 1
    assert len({one.text for one in group.messages()}) == len(group.messages())


def test_a_group_that_moved_is_followed_by_word_and_by_error(group: StaffGroup) -> None:
    group.telegram.fail_next(
        "sendMessage",
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to=NEW_GROUP,
    )
    group.desk.file()
    group.deliver()
    group.delivery.deliver_due()
    assert len(group.messages(NEW_GROUP)) == 1
    chat = {"id": NEW_GROUP, "type": "supergroup", "title": "工作群"}
    group.telegram.push_message(NEW_GROUP, chat=chat, migrate_to_chat_id=-77)
    assert group.telegram.wait_until(lambda: group.room.address().chat_id == "-77")
    group.desk.file(estate="锦绣家园", building="5栋")
    group.deliver()
    assert group.telegram.wait_for_messages(-77)


def test_messages_wait_while_telegram_is_away(group: StaffGroup) -> None:
    group.telegram.fail_next("sendMessage", 502, "Bad Gateway")
    group.desk.file()
    group.deliver()
    assert group.messages() == []
    group.desk.later(minutes=1)
    group.delivery.deliver_due()
    assert len(group.messages()) == 1
