"""What is kept for a better moment: quiet hours, closed windows, many news at once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.channels.base import ChannelCapabilities, MessageRefused, WaitForResident
from bot.keeping import QuietHours
from bot.tables import ChatOutbox
from petitions import handling
from petitions.facets import Notification
from petitions.words import NotificationStatus
from petitions.workflow import Role
from tests.bot.chat_world import ChatWorld, Talk, staff

NIGHT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour_utc", "quiet"), [(12, False), (13, True), (15, True), (23, True), (0, False), (5, False)]
)
def test_quiet_hours_are_those_of_the_residents_clock(hour_utc: int, quiet: bool) -> None:
    end = QuietHours().end_after(datetime(2026, 11, 23, hour_utc, 30, tzinfo=UTC))
    assert (end is not None) is quiet
    if end:
        assert (end.hour, end.minute) == (0, 0)


def test_hours_within_one_day_and_none_at_all() -> None:
    noon = QuietHours(begin_hour=12, end_hour=14)
    assert noon.end_after(datetime(2026, 11, 23, 5, 0, tzinfo=UTC)) == datetime(
        2026, 11, 23, 6, 0, tzinfo=UTC
    )
    assert QuietHours(begin_hour=8, end_hour=8).end_after(NIGHT) is None


def file_one(talk: Talk, words: str = "锦绣家园3栋墙皮脱落，请派人修") -> None:
    talk.say(words)
    talk.tap("确认提交")


def shown(world: ChatWorld) -> list[str]:
    return [message.key for message in world.channel.shown_to("wang")]


def work_on(world: ChatWorld) -> None:
    """Two steps of staff that the resident is told about."""
    committee = staff("lin", Role.COMMITTEE, community_id=world.cases()[0].community_id)
    world.staff_do(handling.screen_and_dispatch, world.cases()[0].id or 0, committee)
    world.deliver()
    world.delivery.deliver_due()


class TestAtNight:
    def test_what_can_wait_waits_until_morning(self, world: ChatWorld, talk: Talk) -> None:
        file_one(talk)
        world.delivery.deliver_due()
        before = shown(world)
        world.now = NIGHT
        work_on(world)
        assert shown(world) == before
        world.now = MORNING
        world.delivery.deliver_due()
        assert len(shown(world)) > len(before)

    def test_who_writes_at_night_is_told_at_once(self, world: ChatWorld, talk: Talk) -> None:
        file_one(talk)
        world.now = NIGHT
        work_on(world)
        talk.say("谢谢")
        world.delivery.deliver_due()
        assert shown(world)[-1] == "thanks"
        assert any(key.startswith("notice.") for key in shown(world))

    def test_what_is_urgent_is_told_at_night(self, world: ChatWorld, talk: Talk) -> None:
        file_one(talk, "锦绣家园3栋停水了，请派人修")
        world.delivery.deliver_due()
        world.now = NIGHT
        work_on(world)
        assert any(key.startswith("notice.") for key in shown(world))


class TestAWindowThatIsClosed:
    def test_the_reply_comes_with_the_next_words_and_once(
        self, world: ChatWorld, talk: Talk
    ) -> None:
        talk.say("您好")
        world.channel.failures.append(WaitForResident("48 hours are over"))
        world.delivery.deliver_due()
        world.later(days=9)
        world.delivery.deliver_due()
        assert shown(world) == []
        talk.say("谢谢")
        world.delivery.deliver_due()
        assert shown(world) == ["hello", "thanks"]

    def test_nothing_more_is_tried_meanwhile(self, world: ChatWorld, talk: Talk) -> None:
        talk.say("您好")
        talk.say("谢谢")
        world.channel.failures.append(WaitForResident())
        world.delivery.deliver_due()
        assert shown(world) == []
        with Session(world.database) as session:
            assert {row.status for row in session.exec(select(ChatOutbox))} == {"kept"}


class TestManyNews:
    def reply_after_night(self, world: ChatWorld, talk: Talk) -> None:
        for words in ("锦绣家园3栋墙皮脱落，请派人修", "河畔公寓2栋楼道太脏，请派人扫"):
            file_one(talk, words)
        world.delivery.deliver_due()
        world.now = NIGHT
        for case in world.cases():
            world.work_to_reply(case.number)
        world.deliver()
        world.now = MORNING
        world.delivery.deliver_due()

    def test_are_one_message_beside_the_official_replies(
        self, world: ChatWorld, talk: Talk
    ) -> None:
        self.reply_after_night(world, talk)
        notices = [one for one in world.channel.shown_to("wang") if one.key.startswith("notice.")]
        keys = sorted(one.key for one in notices)
        assert keys == ["notice.case_replied", "notice.case_replied", "notice.digest"]
        digest = next(one for one in notices if one.key == "notice.digest")
        assert sorted(row.label for row in digest.card) == ["HY20261123-0001", "HY20261123-0002"]
        assert sorted(choice.label for choice in digest.choices) == ["查看 0001", "查看 0002"]

    def test_count_as_told(self, world: ChatWorld, talk: Talk) -> None:
        self.reply_after_night(world, talk)
        with Session(world.database) as session:
            mine = select(Notification).where(col(Notification.resident).is_not(None))
            assert {row.status for row in session.exec(mine)} == {NotificationStatus.SENT.value}


class TestAWindowThatIsOver:
    def test_a_notice_is_not_tried_and_comes_with_the_next_words(
        self, world: ChatWorld, talk: Talk
    ) -> None:
        world.channel.capabilities = ChannelCapabilities(push_window=timedelta(hours=48))
        file_one(talk)
        world.delivery.deliver_due()
        before = shown(world)
        world.later(hours=49)
        world.channel.failures = [MessageRefused("it must not be asked")]
        work_on(world)
        assert shown(world) == before
        assert len(world.channel.failures) == 1
        world.channel.failures = []
        talk.say("办得怎么样了")
        world.delivery.deliver_due()
        assert "notice.case_dispatched" in shown(world) or "notice.digest" in shown(world)

    def test_within_the_window_it_is_told_at_once(self, world: ChatWorld, talk: Talk) -> None:
        world.channel.capabilities = ChannelCapabilities(push_window=timedelta(hours=48))
        file_one(talk)
        world.later(hours=26)
        work_on(world)
        assert shown(world)[-1].startswith("notice.")
