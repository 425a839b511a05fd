"""Who gets a case: dispatch, objection, sending back."""

from typing import Any

import pytest

from petitions import handling
from petitions.errors import (
    ActionNotAllowed,
    CaseNotFound,
    NotPermitted,
    ReasonRequired,
    UnknownUnit,
)
from petitions.model import LegalRegime
from petitions.queries import case_page, track_own


def refused_because(refusal: Any) -> Any:
    return refusal.value.facts.get("because")


class TestDispatch:
    def test_another_unit_may_be_chosen_and_must_exist(self, world: Any) -> None:
        case_id = world.file().case_id
        world.do(handling.screen_case, case_id, actor=world.committee)
        with pytest.raises(UnknownUnit):
            world.do(handling.dispatch_case, case_id, actor=world.committee, unit_id="nobody")
        case = world.do(
            handling.dispatch_case, case_id, actor=world.committee, unit_id="jincheng-property"
        )
        assert case.lead_unit == "jincheng-property"
        entry = world.entries(case_id)[-1]
        assert entry.facts["proposed"] is False
        assert entry.facts["co_handlers"] == []

    def test_without_any_unit_the_committee_must_name_one(self, world: Any) -> None:
        case_id = world.file(matter="楼道灯坏了", estate=None, building=None).case_id
        world.do(handling.screen_case, case_id, actor=world.committee)
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(handling.dispatch_case, case_id, actor=world.committee)
        assert refused_because(refusal) == "no_unit"

    def test_reassigning_needs_a_reason_and_lets_idle_helpers_go(self, world: Any) -> None:
        case_id = world.dispatched()
        with pytest.raises(ReasonRequired):
            world.do(
                handling.reassign_case,
                case_id,
                actor=world.committee,
                unit_id="huaian-police",
                reason=" ",
            )
        world.do(
            handling.reassign_case,
            case_id,
            actor=world.committee,
            unit_id="huaian-police",
            reason="涉及治安",
        )
        page = world.look(case_page, case_id, actor=world.committee, now=world.now)
        assert page.case.lead_unit == "huaian-police"
        assert page.co_handlings == ()
        with pytest.raises(CaseNotFound):
            world.do(handling.sign_for, case_id, actor=world.elevator)


class TestObjection:
    def test_upheld_the_case_waits_for_another_unit(self, world: Any) -> None:
        case_id = world.dispatched()
        with pytest.raises(ReasonRequired):
            world.do(handling.object_to_dispatch, case_id, actor=world.elevator, reason="")
        world.do(
            handling.object_to_dispatch, case_id, actor=world.elevator, reason="不是我们维保的"
        )
        assert world.notices(unit_id="huaiyin-committee")[-1].key == "unit_objected"
        case = world.do(
            handling.settle_objection, case_id, actor=world.committee, upheld=True, reason="属实"
        )
        assert (case.status, case.lead_unit) == ("screened", None)
        assert world.notices(unit_id="anda-elevator")[-1].key == "unit_objection_upheld"

    def test_overruled_the_unit_is_designated_and_can_not_object_again(self, world: Any) -> None:
        case_id = world.dispatched()
        world.do(handling.object_to_dispatch, case_id, actor=world.elevator, reason="不归我们")
        case = world.do(
            handling.settle_objection,
            case_id,
            actor=world.committee,
            upheld=False,
            reason="维保合同在你处",
        )
        assert (case.status, case.designated) == ("dispatched", True)
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(handling.object_to_dispatch, case_id, actor=world.elevator, reason="还是不归")
        assert refused_because(refusal) == "designated"

    def test_a_unit_that_gave_it_back_and_gets_it_again_must_take_it(self, world: Any) -> None:
        case_id = world.in_handling()
        world.do(handling.send_back, case_id, actor=world.elevator, reason="不归我们")
        case = world.do(handling.dispatch_case, case_id, actor=world.committee)
        assert case.designated
        world.do(handling.sign_for, case_id, actor=world.elevator)
        with pytest.raises(ActionNotAllowed):
            world.do(handling.send_back, case_id, actor=world.elevator, reason="真的不归")

    def test_the_time_to_object_runs_out(self, world: Any) -> None:
        case_id = world.dispatched()
        world.later(days=3)
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(handling.object_to_dispatch, case_id, actor=world.elevator, reason="晚了")
        assert refused_because(refusal) == "objection_window_closed"

    @pytest.mark.parametrize(("days", "late"), [(7, False), (8, True)])
    def test_on_a_petition_there_are_five_working_days(
        self, world: Any, days: int, late: bool
    ) -> None:
        """信访工作条例 art. 23: a weekend lies between, so the seventh day is the fifth."""
        case_id = world.file().case_id
        world.do(handling.screen_case, case_id, actor=world.committee, regime=LegalRegime.PETITION)
        world.do(handling.dispatch_case, case_id, actor=world.committee)
        world.later(days=days)
        if not late:
            case = world.do(
                handling.object_to_dispatch, case_id, actor=world.elevator, reason="不归我们"
            )
            assert case.status == "objected"
            return
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(handling.object_to_dispatch, case_id, actor=world.elevator, reason="晚了")
        assert refused_because(refusal) == "objection_window_closed"

    def test_a_unit_that_was_right_once_can_not_object_a_second_time(self, world: Any) -> None:
        case_id = world.dispatched()
        world.do(handling.object_to_dispatch, case_id, actor=world.elevator, reason="不归我们")
        world.do(
            handling.settle_objection, case_id, actor=world.committee, upheld=True, reason="属实"
        )
        case = world.do(
            handling.dispatch_case, case_id, actor=world.committee, unit_id="anda-elevator"
        )
        assert case.designated
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(handling.object_to_dispatch, case_id, actor=world.elevator, reason="还是不归")
        assert refused_because(refusal) == "designated"


class TestSendBack:
    def test_the_unit_gives_the_case_back_with_a_reason(self, world: Any) -> None:
        case_id = world.in_handling()
        with pytest.raises(ReasonRequired):
            world.do(handling.send_back, case_id, actor=world.elevator, reason="")
        case = world.do(handling.send_back, case_id, actor=world.elevator, reason="查明不是电梯")
        assert (case.status, case.lead_unit) == ("screened", None)
        assert world.notices(unit_id="huaiyin-committee")[-1].fields["text"] == "查明不是电梯"
        assert "case_sent_back" not in [one.key for one in world.notices(resident="resident-1")]

    def test_the_committee_sends_a_poor_reply_back_and_the_promise_runs_on(
        self, world: Any
    ) -> None:
        case_id = world.replied()
        promised = world.case(case_id).due_at
        with pytest.raises(NotPermitted):
            world.do(handling.send_back, case_id, actor=world.elevator, reason="x")
        case = world.do(handling.send_back, case_id, actor=world.committee, reason="没有说明原因")
        assert (case.status, case.lead_unit) == ("handling", "anda-elevator")
        assert case.due_at == case.next_due_at == promised
        notice = world.notices(resident="resident-1")[-1]
        assert (notice.key, notice.fields["text"]) == ("case_sent_back", None)
        progress = world.look(track_own, case.number, resident="resident-1", now=world.now)
        assert progress.reply is None
