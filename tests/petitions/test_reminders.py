"""Warnings at three quarters of the time and when it has run out, each once."""

from typing import Any

from petitions import handling
from petitions.reminders import OVERDUE_KEY, WARNING_KEY, remind_of_deadlines


def keys(world: Any, unit: str) -> list[str]:
    return [
        one.fields["clock"] + ":" + one.key
        for one in world.notices(unit_id=unit)
        if one.key in (WARNING_KEY, OVERDUE_KEY)
    ]


def test_the_unit_is_warned_once_and_told_once_when_late(world: Any) -> None:
    world.dispatched(urgency="emergency")
    assert world.do(remind_of_deadlines) == 0
    world.later(minutes=12)
    assert world.do(remind_of_deadlines) == 2
    assert world.do(remind_of_deadlines) == 0
    world.later(minutes=4)
    assert world.do(remind_of_deadlines) == 2
    assert world.do(remind_of_deadlines) == 0
    assert keys(world, "anda-elevator") == [
        f"sign_for:{WARNING_KEY}",
        f"contact:{WARNING_KEY}",
        f"sign_for:{OVERDUE_KEY}",
        f"contact:{OVERDUE_KEY}",
    ]
    notice = world.notices(unit_id="anda-elevator")[-1]
    assert notice.fields["due_at"] < world.now.isoformat()
    assert ("deliver_notification", str(notice.id)) in world.jobs.ready()


def test_what_nobody_screened_is_the_committees_affair(world: Any) -> None:
    world.file()
    world.later(hours=2, minutes=1)
    world.do(remind_of_deadlines)
    assert keys(world, "huaiyin-committee") == [f"register:{OVERDUE_KEY}"]


def test_done_paused_and_windows_are_silent(world: Any) -> None:
    done = world.replied()
    paused = world.in_handling()
    world.do(handling.record_contact, paused, actor=world.elevator)
    world.do(handling.suspend, paused, actor=world.elevator, reason="等待配件")
    world.later(days=30)
    assert world.do(remind_of_deadlines) == 0
    assert world.case(done).next_due_at is None


def test_a_whistled_unit_is_reminded_itself(world: Any) -> None:
    case_id = world.in_handling(urgency="emergency")
    world.do(
        handling.whistle,
        case_id,
        actor=world.committee,
        unit_ids=["huaian-police"],
        reason="有人被困",
    )
    world.later(minutes=31)
    world.do(remind_of_deadlines)
    assert keys(world, "huaian-police") == [f"report_in:{OVERDUE_KEY}"]
