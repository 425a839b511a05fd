"""Notifications as rows: sent once, failed for good only when said so."""

from typing import Any

from petitions import handling
from petitions.model import NotificationStatus
from petitions.notices import (
    RESIDENT_NOTICES,
    STEPS_FOR_RESIDENT,
    TEXT_FOR_RESIDENT,
    UNIT_NOTICES,
)
from petitions.notifications import (
    load_notification,
    mark_failed,
    mark_sent,
    notifications_of_unit,
    pending_notifications,
)


def first(world: Any) -> Any:
    world.file()
    (notice,) = world.notices()
    return notice


def test_sent_is_sent(world: Any) -> None:
    notice = first(world)
    assert world.look(load_notification, notice.id).id == notice.id
    world.do(mark_sent, notice.id)
    assert world.look(load_notification, notice.id) is None
    world.do(mark_sent, notice.id)
    (after,) = world.notices()
    assert (after.status, after.attempts) == (NotificationStatus.SENT.value, 1)
    assert after.sent_at == world.now


def test_a_failure_waits_unless_it_is_final(world: Any) -> None:
    notice = first(world)
    with world.open() as work:
        mark_failed(work, notice.id, problem="timeout", final=False)
        work.commit()
    assert [one.id for one in world.look(pending_notifications)] == [notice.id]
    with world.open() as work:
        mark_failed(work, notice.id, problem="gone" * 100, final=True)
        work.commit()
    assert world.look(pending_notifications) == []
    (after,) = world.notices()
    assert (after.status, after.attempts, len(after.problem)) == ("failed", 2, 200)


def test_a_unit_reads_its_news_newest_first(world: Any) -> None:
    case_id = world.dispatched()
    world.do(handling.supervise, case_id, actor=world.supervisor, reason="快")
    news = world.look(notifications_of_unit, "anda-elevator")
    assert [one.key for one in news] == ["unit_supervised", "unit_case_dispatched"]


def test_whoever_acts_is_not_told_of_it(world: Any) -> None:
    case_id = world.dispatched()
    world.do(handling.object_to_dispatch, case_id, actor=world.elevator, reason="不归我们")
    assert "unit_objected" not in [one.key for one in world.notices(unit_id="anda-elevator")]


def test_each_notice_goes_to_exactly_one(world: Any) -> None:
    world.replied()
    assert all((one.resident is None) != (one.unit_id is None) for one in world.notices())


def test_the_tables_agree() -> None:
    assert set(RESIDENT_NOTICES) <= STEPS_FOR_RESIDENT
    assert set(RESIDENT_NOTICES) >= TEXT_FOR_RESIDENT
    assert all(key.startswith("case_") for key in RESIDENT_NOTICES.values())
    assert all(notice.key.startswith("unit_") for notice in UNIT_NOTICES.values())
