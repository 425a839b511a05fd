"""Suspension and extension."""

from datetime import timedelta
from typing import Any

import pytest

from petitions import handling
from petitions.errors import (
    ActionNotAllowed,
    NotPermitted,
    ReasonRequired,
)
from petitions.queries import case_page


def refused_because(refusal: Any) -> Any:
    return refusal.value.facts.get("because")


class TestPace:
    def test_suspending_pauses_the_promise_but_not_a_danger(self, world: Any) -> None:
        ordinary, danger = world.in_handling(), world.in_handling(urgency="emergency")
        due = {case_id: world.case(case_id).due_at for case_id in (ordinary, danger)}
        for case_id in due:
            world.do(handling.suspend, case_id, actor=world.elevator, reason="等待配件")
        world.later(days=2)
        for case_id in due:
            world.do(handling.resume, case_id, actor=world.elevator)
        assert world.case(ordinary).due_at == due[ordinary] + timedelta(days=2)
        assert world.case(danger).due_at == due[danger]
        page = world.look(case_page, ordinary, actor=world.committee, now=world.now)
        promise = next(one for one in page.clocks if one.clock == "feedback")
        (pause,) = promise.state.facts.pauses
        assert (pause.reason, pause.days) == ("等待配件", 2)
        notice = world.notices(resident="resident-1")[-4]
        assert (notice.key, notice.fields["text"]) == ("case_suspended", "等待配件")

    def test_an_extension_is_approved_by_somebody_else_and_only_once(self, world: Any) -> None:
        case_id = world.in_handling()
        due = world.case(case_id).due_at
        ask = {"actor": world.elevator, "days": 5, "reason": "配件缺货"}
        world.do(handling.request_extension, case_id, **ask)
        with pytest.raises(NotPermitted):
            world.do(handling.settle_extension, case_id, actor=world.elevator, approved=True)
        case = world.do(
            handling.settle_extension,
            case_id,
            actor=world.committee,
            approved=True,
            reason="配件确实缺货",
        )
        assert case.due_at == due + timedelta(days=5)
        assert world.notices(resident="resident-1")[-1].key == "case_extended"
        page = world.look(case_page, case_id, actor=world.committee, now=world.now)
        promise = next(one for one in page.clocks if one.clock == "feedback")
        (extension,) = promise.state.facts.extensions
        assert (extension.reason, extension.days) == ("配件缺货", 5)
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(handling.request_extension, case_id, **ask)
        assert refused_because(refusal) == "already_extended"

    def test_the_one_who_asks_does_not_approve(self, world: Any) -> None:
        own = {"matter": "楼上天天吵闹扰民，噪音太大"}
        case_id = world.file(**own).case_id
        case = world.do(handling.screen_and_dispatch, case_id, actor=world.committee)
        assert case.lead_unit == "huaiyin-committee"
        world.do(handling.sign_for, case_id, actor=world.committee, start=True)
        world.do(
            handling.request_extension, case_id, actor=world.committee, days=1, reason="多方调解"
        )
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(handling.settle_extension, case_id, actor=world.committee, approved=True)
        assert refused_because(refusal) == "same_person"

    @pytest.mark.parametrize(
        ("values", "days", "because"),
        [
            ({}, 8, "too_long"),
            ({"urgency": "utility"}, 1, "no_extension_rule"),
            ({"urgency": "emergency"}, 1, "no_extension_rule"),
        ],
    )
    def test_extensions_keep_to_the_rule(
        self, world: Any, values: dict[str, Any], days: int, because: str
    ) -> None:
        case_id = world.in_handling(**values)
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(
                handling.request_extension, case_id, actor=world.elevator, days=days, reason="x"
            )
        assert refused_because(refusal) == because

    def test_refusing_needs_a_request_and_a_reason(self, world: Any) -> None:
        case_id = world.in_handling()
        settle = {"actor": world.committee, "approved": False}
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(handling.settle_extension, case_id, reason="没有请求", **settle)
        assert refused_because(refusal) == "no_request"
        world.do(
            handling.request_extension, case_id, actor=world.elevator, days=2, reason="配件缺货"
        )
        with pytest.raises(ReasonRequired):
            world.do(handling.settle_extension, case_id, **settle)
        due = world.case(case_id).due_at
        case = world.do(handling.settle_extension, case_id, reason="有备件", **settle)
        assert (case.due_at, case.extension_days) == (due, None)
