"""Updates that were given up: seen, tried again, answered after all."""

from typing import Any

import pytest
from sqlmodel import Session

from bot.dead_letters import answer_again, dead_letters
from tests.bot.chat_world import ChatWorld


@pytest.fixture
def buried(world: ChatWorld, monkeypatch: pytest.MonkeyPatch) -> int:
    """The id of an update that failed as often as it may."""

    def fail(*_: Any) -> None:
        raise RuntimeError("我的电话 13800138000")

    with monkeypatch.context() as broken:
        broken.setattr(world.engine, "consider", fail)
        return world.inbox.answer(world.message("您好，电话 13800138000")).inbox_id


def test_a_letter_tells_what_and_why_without_numbers(world: ChatWorld, buried: int) -> None:
    with Session(world.database) as session:
        [letter] = dead_letters(session)
    assert (letter.inbox_id, letter.channel, letter.problem) == (buried, "memory", "RuntimeError")
    assert letter.said == "您好，电话 138****8000"


def test_tried_again_it_is_answered_behind_the_apology(world: ChatWorld, buried: int) -> None:
    with Session(world.database) as session:
        assert answer_again(session, buried, world.now)
        session.commit()
        resident = world.inbox.residents_waiting()[0]
    world.inbox.work_through(resident)
    world.delivery.deliver_due()
    assert [one.key for one in world.channel.shown_to("wang")] == ["broken", "hello"]
    with Session(world.database) as session:
        assert dead_letters(session) == []
        assert not answer_again(session, buried, world.now)


def test_what_is_no_dead_letter_is_left_alone(world: ChatWorld) -> None:
    answered = world.inbox.answer(world.message("您好"))
    with Session(world.database) as session:
        assert not answer_again(session, answered.inbox_id, world.now)
        assert not answer_again(session, 999, world.now)
