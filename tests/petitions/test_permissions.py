"""Who may see and do what; above all, what the one reported must never learn."""

from dataclasses import replace
from typing import Any

import pytest

from petitions import handling
from petitions.actors import Actor
from petitions.errors import ActionNotAllowed, CaseNotFound, NotPermitted
from petitions.filing import urge_case
from petitions.model import Outcome, Role
from petitions.queries import QueueFilter, board_counts, case_by_number, case_page, queue


def seen_by(world: Any, actor: Any, **filters: Any) -> list[int]:
    page = world.look(queue, actor=actor, now=world.now, filters=QueueFilter(**filters))
    assert page.total == len(page.rows)
    counts = world.look(board_counts, actor=actor, now=world.now, filters=QueueFilter(**filters))
    assert counts.total == page.total
    return [row.case.id for row in page.rows]


class TestReach:
    def test_a_committee_sees_its_community_and_what_has_no_place(self, world: Any) -> None:
        ours = world.file().case_id
        theirs = world.file(matter="电梯坏了", estate="阳光花园", building="1栋").case_id
        nowhere = world.file(matter="我要反映问题", estate=None, building=None).case_id
        assert seen_by(world, world.committee) == [ours, nowhere]
        assert seen_by(world, world.other_committee) == [theirs, nowhere]
        assert seen_by(world, world.supervisor) == [ours, theirs, nowhere]

    def test_a_department_sees_what_it_leads_or_helps_with(self, world: Any) -> None:
        receipt = world.file()
        assert seen_by(world, world.elevator) == []
        world.do(handling.screen_and_dispatch, receipt.case_id, actor=world.committee)
        assert seen_by(world, world.elevator) == [receipt.case_id]
        assert seen_by(world, world.property) == [receipt.case_id]
        assert seen_by(world, world.police) == []

    def test_a_grid_worker_sees_the_own_grids(self, world: Any) -> None:
        ours = world.file().case_id
        world.file(matter="电梯坏了", estate="河畔公寓", building="A座")
        assert seen_by(world, world.grid_worker) == [ours]

    def test_what_one_may_not_see_does_not_exist(self, world: Any) -> None:
        receipt = world.file()
        with pytest.raises(CaseNotFound):
            world.look(case_page, receipt.case_id, actor=world.police, now=world.now)
        with pytest.raises(CaseNotFound):
            world.look(case_by_number, receipt.number, actor=world.other_committee)
        with pytest.raises(CaseNotFound):
            world.do(handling.screen_case, receipt.case_id, actor=world.other_committee)
        found = world.look(case_by_number, receipt.number, actor=world.committee)
        assert found.id == receipt.case_id


class TestVerbs:
    def test_departments_do_not_do_the_committees_part(self, world: Any) -> None:
        case_id = world.dispatched()
        with pytest.raises(NotPermitted):
            world.do(
                handling.reassign_case,
                case_id,
                actor=world.elevator,
                unit_id="huaian-police",
                reason="不想办",
            )
        with pytest.raises(NotPermitted):
            world.do(handling.supervise, case_id, actor=world.elevator, reason="x")

    def test_curators_and_admins_see_and_do_nothing(self, world: Any) -> None:
        case_id = world.dispatched()
        for role in (Role.CURATOR, Role.ADMIN):
            actor = Actor(id="x", roles=frozenset({role}), community_id="huaiyin")
            assert seen_by(world, actor) == []
            with pytest.raises(CaseNotFound):
                world.do(handling.add_note, case_id, actor=actor, text="x")

    def test_only_the_lead_unit_signs_for(self, world: Any) -> None:
        case_id = world.dispatched()
        for actor in (world.property, world.committee, world.grid_worker):
            with pytest.raises(NotPermitted):
                world.do(handling.sign_for, case_id, actor=actor)
        assert world.do(handling.sign_for, case_id, actor=world.elevator).status == "signed_for"

    def test_the_committee_handles_what_it_leads_itself(self, world: Any) -> None:
        receipt = world.file(matter="楼上天天吵闹，邻居噪音扰民")
        case = world.do(
            handling.screen_and_dispatch,
            receipt.case_id,
            actor=world.committee,
            unit_id="huaiyin-committee",
        )
        assert case.lead_unit == "huaiyin-committee"
        world.do(handling.sign_for, receipt.case_id, actor=world.committee, start=True)
        case = world.do(handling.reply, receipt.case_id, actor=world.committee, text="已上门调解。")
        assert case.status == "replied"

    def test_a_department_does_not_close_its_own_case(self, world: Any) -> None:
        case_id = world.replied()
        with pytest.raises(NotPermitted):
            world.do(handling.close_case, case_id, actor=world.elevator, outcome=Outcome.RESOLVED)

    def test_buttons_are_what_really_works(self, world: Any) -> None:
        case_id = world.dispatched()

        def buttons(actor: Any) -> set[str]:
            page = world.look(case_page, case_id, actor=actor, now=world.now)
            return {action.value for action in page.actions}

        assert {"sign_for", "object"} <= buttons(world.elevator)
        assert "part_reply" in buttons(world.property)
        assert not {"sign_for", "object"} & buttons(world.property)
        assert {"reassign", "merge", "correct"} <= buttons(world.committee)
        assert not {"sign_for", "part_reply", "urge", "withdraw"} & buttons(world.committee)


class TestReports:
    def report(self, world: Any) -> Any:
        return world.file(
            matter="举报槐荫社区书记和锦程物业串通，收好处费", kind="report_misconduct"
        )

    def test_a_report_goes_straight_to_the_discipline_body(self, world: Any) -> None:
        receipt = self.report(world)
        case = world.case(receipt.case_id)
        assert (case.status, case.regime) == ("dispatched", "report")
        assert case.lead_unit == "yunhe-discipline"
        actors = [entry.actor_role for entry in world.entries(receipt.case_id)]
        assert actors == ["resident", "system", "system"]
        assert [one.key for one in world.notices(unit_id="yunhe-discipline")] == [
            "unit_case_dispatched"
        ]

    def test_those_reported_and_the_ordinary_road_learn_nothing(self, world: Any) -> None:
        receipt = self.report(world)
        everybody = (
            world.committee,
            world.other_committee,
            world.property,
            world.elevator,
            world.grid_worker,
        )
        for actor in everybody:
            assert seen_by(world, actor) == []
            assert seen_by(world, actor, text="好处费", open_only=False) == []
            with pytest.raises(CaseNotFound):
                world.look(case_page, receipt.case_id, actor=actor, now=world.now)
            with pytest.raises(CaseNotFound):
                world.do(handling.add_note, receipt.case_id, actor=actor, text="谁举报的")
        assert world.notices(unit_id="huaiyin-committee") == []
        assert world.notices(unit_id="jincheng-property") == []

    def test_not_even_a_supervisor_of_the_unit_reported(self, world: Any) -> None:
        receipt = self.report(world)
        assert seen_by(world, world.supervisor) == [receipt.case_id]
        involved = replace(world.supervisor, unit_id="jincheng-property")
        assert seen_by(world, involved) == []

    def test_it_can_not_be_handed_to_those_reported(self, world: Any) -> None:
        receipt = self.report(world)
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(
                handling.reassign_case,
                receipt.case_id,
                actor=world.supervisor,
                unit_id="jincheng-property",
                reason="x",
            )
        assert refusal.value.facts["because"] == "shielded"

    def test_the_discipline_body_works_it_to_the_end(self, world: Any) -> None:
        receipt = self.report(world)
        world.do(handling.sign_for, receipt.case_id, actor=world.discipline, start=True)
        world.do(handling.reply, receipt.case_id, actor=world.discipline, text="已核查。")
        case = world.do(
            handling.close_case,
            receipt.case_id,
            actor=world.discipline,
            outcome=Outcome.EXPLAINED,
        )
        assert case.status == "closed"

    def test_the_resident_follows_the_own_report(self, world: Any) -> None:
        receipt = self.report(world)
        assert world.do(urge_case, receipt.number, resident="resident-1").urge_count == 1
        assert world.notices(unit_id="yunhe-discipline")[-1].key == "unit_urged"
