"""From the community to the street and the district, by rule and by order."""

from typing import Any

import pytest

from petitions import handling
from petitions.errors import ActionNotAllowed, NotPermitted
from petitions.escalation import escalate_late_cases
from petitions.model import Role
from petitions.queries import QueueFilter, queue
from tests.petitions.conftest import staff

STREET = staff("shi", Role.DEPARTMENT, unit_id="huaian-office")
DISTRICT = staff("qu", Role.DEPARTMENT, unit_id="yunhe-office")


def seen_by(world: Any, actor: Any) -> list[int]:
    found = world.look(queue, actor=actor, now=world.now, filters=QueueFilter(open_only=False))
    return [row.case.id for row in found.rows]


class TestByRule:
    def test_what_is_late_goes_to_the_street_and_then_to_the_district(self, world: Any) -> None:
        case_id = world.in_handling()
        assert world.do(escalate_late_cases) == 0
        world.later(days=9)
        assert world.do(escalate_late_cases) == 1
        assert world.do(escalate_late_cases) == 0
        assert world.case(case_id).level == "subdistrict"
        world.later(days=7)
        assert world.do(escalate_late_cases) == 1
        case = world.case(case_id)
        assert (case.level, case.status, case.lead_unit) == (
            "district",
            "handling",
            "anda-elevator",
        )
        world.later(days=60)
        assert world.do(escalate_late_cases) == 0

    def test_the_history_says_why_and_everybody_concerned_is_told(self, world: Any) -> None:
        case_id = world.in_handling()
        world.later(days=9)
        world.do(escalate_late_cases)
        entry = world.entries(case_id)[-1]
        assert (entry.action, entry.actor_role) == ("escalate", "system")
        assert entry.text == "承诺的时限过后1日仍未答复，由街道督办。"
        assert entry.facts == {
            "from_level": "community",
            "level": "subdistrict",
            "rule": "late-community",
        }
        for unit in ("anda-elevator", "huaiyin-committee", "huaian-office"):
            assert world.notices(unit_id=unit)[-1].key == "unit_escalated"
        assert world.notices(resident="resident-1")[-1].key == "case_escalated"

    def test_under_supervision_it_goes_on_at_once(self, world: Any) -> None:
        case_id = world.in_handling(urgency="utility")
        world.do(handling.supervise, case_id, actor=world.supervisor, reason="老人下不了楼")
        world.later(hours=25)
        assert world.do(escalate_late_cases) == 1
        assert world.entries(case_id)[-1].facts["rule"] == "supervised-community"

    def test_who_was_answered_or_waits_is_left_alone(self, world: Any) -> None:
        world.replied()
        waiting = world.in_handling(resident="two")
        world.do(handling.suspend, waiting, actor=world.elevator, reason="等配件")
        world.later(days=40)
        assert world.do(escalate_late_cases) == 0

    def test_a_report_is_never_shown_to_more_people(self, world: Any) -> None:
        world.file(kind="report_misconduct", matter="举报锦程物业的工作人员收钱不办事")
        world.later(days=90)
        assert world.do(escalate_late_cases) == 0


class TestWhoSeesIt:
    def test_the_office_of_the_level_sees_it_from_then_on(self, world: Any) -> None:
        case_id = world.in_handling()
        assert (seen_by(world, STREET), seen_by(world, DISTRICT)) == ([], [])
        world.do(handling.escalate_case, case_id, actor=world.supervisor, reason="推诿")
        assert (seen_by(world, STREET), seen_by(world, DISTRICT)) == ([case_id], [])
        world.do(handling.escalate_case, case_id, actor=world.supervisor, reason="仍未解决")
        assert (seen_by(world, STREET), seen_by(world, DISTRICT)) == ([case_id], [case_id])


class TestByOrder:
    def test_only_a_supervisor_may(self, world: Any) -> None:
        case_id = world.in_handling()
        for actor in (world.committee, world.elevator):
            with pytest.raises(NotPermitted):
                world.do(handling.escalate_case, case_id, actor=actor, reason="x")

    def test_there_is_nothing_above_the_district(self, world: Any) -> None:
        case_id = world.in_handling()
        for _ in range(2):
            world.do(handling.escalate_case, case_id, actor=world.supervisor, reason="快")
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(handling.escalate_case, case_id, actor=world.supervisor, reason="快")
        assert refusal.value.facts["because"] == "highest_level"

    def test_a_report_stays_where_it_is(self, world: Any) -> None:
        report = world.file(kind="report_misconduct", matter="举报锦程物业的人收钱不办事")
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(handling.escalate_case, report.case_id, actor=world.supervisor, reason="快")
        assert refusal.value.facts["because"] == "report"
