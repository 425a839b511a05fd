"""One person in two chats, and «删除我的数据»."""

import re
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.tables import ChatInbox, ChatOutbox
from petitions.ports import UnitOfWork
from tests.bot.chat_world import ChatWorld, Talk


def file_one(talk: Talk) -> str:
    talk.say("锦绣家园3栋墙皮脱落，请派人修")
    talk.tap("确认提交")
    return re.findall(r"HY\d{8}-\d{4}", talk.text)[0]


def code_shown(talk: Talk) -> str:
    talk.say("关联")
    return re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}", talk.text)[0]


@pytest.fixture
def other(world: ChatWorld) -> Talk:
    return Talk(world, "wang-on-the-web")


class TestLinking:
    def test_what_was_filed_in_one_chat_is_found_in_the_other(
        self, talk: Talk, other: Talk
    ) -> None:
        number = file_one(talk)
        other.say(f"关联 {code_shown(talk)}")
        assert other.keys == ["link.done"]
        other.say("我的诉求")
        assert number in other.text
        other.tap("催办")
        assert other.keys == ["case.urged"]

    def test_both_ways_and_with_a_third(self, world: ChatWorld, talk: Talk, other: Talk) -> None:
        number = file_one(other)
        other.say(f"关联 {code_shown(talk)}")
        third = Talk(world, "wang-third")
        third.say(f"link {code_shown(other).lower()}")
        for one in (talk, third):
            one.say("查进度")
            assert number in one.text

    def test_a_code_works_once(self, world: ChatWorld, talk: Talk, other: Talk) -> None:
        code = code_shown(talk)
        other.say(f"关联 {code}")
        third = Talk(world, "eve")
        third.say(f"关联 {code}")
        assert third.keys == ["link.wrong"]

    def test_a_code_is_over_soon(self, world: ChatWorld, talk: Talk, other: Talk) -> None:
        code = code_shown(talk)
        world.later(minutes=11)
        other.say(f"关联 {code}")
        assert other.keys == ["link.wrong"]

    def test_ones_own_code_and_a_guess_link_nothing(self, talk: Talk, other: Talk) -> None:
        talk.say(f"关联 {code_shown(talk)}")
        assert talk.keys == ["link.wrong"]
        other.say("关联 AAAA2222")
        assert other.keys == ["link.wrong"]

    def test_a_stranger_finds_nothing_without_it(self, talk: Talk, other: Talk) -> None:
        number = file_one(talk)
        other.say(f"查一下 {number}")
        assert other.keys == ["case.ask_code"]

    def test_a_form_goes_on_around_it(self, talk: Talk) -> None:
        talk.say("楼道灯坏了没人管")
        assert code_shown(talk)
        talk.say("槐荫里5号楼")
        assert talk.keys == ["filing.card"]


class Forgetful:
    """Stands for the function of petitions."""

    def __init__(self) -> None:
        self.forgotten: list[str] = []

    def __call__(self, work: UnitOfWork, *, resident: str, now: datetime) -> object:
        self.forgotten.append(resident)
        return None


def stored_words(world: ChatWorld) -> str:
    with Session(world.database) as session:
        rows: list[Any] = [*session.exec(select(ChatInbox)), *session.exec(select(ChatOutbox))]
        return "".join(str(row.payload) for row in rows if row.payload.get("key") != "forget.done")


class TestForgetting:
    @pytest.mark.parametrize(
        "words", ["删除我的数据", "把我的信息都删掉", "请帮我注销账号", "delete my data"]
    )
    def test_it_is_asked_once(self, talk: Talk, words: str) -> None:
        talk.say(words)
        assert talk.keys == ["forget.confirm"]
        talk.say(talk.labels[-1])
        assert talk.keys == ["forget.kept"]

    @pytest.mark.parametrize("words", ["楼道里的垃圾请清掉", "删除监控录像的物业要处罚"])
    def test_other_things_are_deleted_by_nobody(self, talk: Talk, words: str) -> None:
        talk.say(words)
        assert "forget.confirm" not in talk.keys

    def test_words_and_half_done_forms_are_gone_in_all_linked_chats(
        self, world: ChatWorld, talk: Talk, other: Talk
    ) -> None:
        forget = Forgetful()
        world.inbox = world.new_inbox(forget_petitions=forget)
        other.say("楼道灯坏了没人管，我叫王小明")
        other.say(f"关联 {code_shown(talk)}")
        world.delivery.deliver_due()
        talk.say("删除我的数据")
        talk.tap("确定删除")
        assert talk.keys == ["forget.done"]
        assert len(forget.forgotten) == 2
        world.delivery.deliver_due()
        assert "楼道灯" not in stored_words(world)
        other.say("槐荫里5号楼")
        assert "filing.card" not in other.keys or "楼道灯" not in str(other.card)

    def test_without_the_function_of_petitions_nothing_else_is_claimed(self, talk: Talk) -> None:
        talk.say("删除我的数据")
        talk.tap("确定删除")
        assert talk.keys == ["forget.done_chat"]
