"""Co-handling, whistle, merge and supervision."""

from typing import Any

import pytest

from petitions import handling
from petitions.errors import (
    ActionNotAllowed,
    NotPermitted,
    ReasonRequired,
)
from petitions.filing import join_case, urge_case
from petitions.history import verify_history
from petitions.queries import case_page, track_own


def refused_because(refusal: Any) -> Any:
    return refusal.value.facts.get("because")


class TestCooperation:
    def test_co_handlers_reply_in_part_and_the_lead_answers(self, world: Any) -> None:
        case_id = world.in_handling()
        world.do(
            handling.invite_co_handler,
            case_id,
            actor=world.elevator,
            unit_id="huaian-police",
            part="维持秩序",
        )
        with pytest.raises(ActionNotAllowed):
            world.do(
                handling.invite_co_handler,
                case_id,
                actor=world.elevator,
                unit_id="jincheng-property",
            )
        with pytest.raises(NotPermitted):
            world.do(handling.part_reply, case_id, actor=world.elevator, text="我是主办")
        with pytest.raises(NotPermitted):
            world.do(handling.reply, case_id, actor=world.police, text="我来答复")
        world.do(handling.part_reply, case_id, actor=world.police, text="已到场")
        page = world.look(case_page, case_id, actor=world.police, now=world.now)
        replies = {one.unit_id: one.reply for one in page.co_handlings}
        assert replies == {"jincheng-property": None, "huaian-police": "已到场"}
        assert world.notices(unit_id="anda-elevator")[-1].key == "unit_part_reply"

    def test_whistled_units_report_in_by_their_deadline(self, world: Any) -> None:
        case_id = world.in_handling(urgency="utility")
        units = ["huaian-police", "qinghe-power"]
        world.do(
            handling.whistle, case_id, actor=world.committee, unit_ids=units, reason="现场会商"
        )
        assert world.notices(unit_id="huaian-police")[-1].key == "unit_whistled"
        with pytest.raises(ActionNotAllowed):
            world.do(
                handling.whistle, case_id, actor=world.committee, unit_ids=units, reason="再吹"
            )
        with pytest.raises(NotPermitted):
            world.do(handling.report_in, case_id, actor=world.elevator)
        world.later(hours=3)
        world.do(handling.report_in, case_id, actor=world.police, text="已到")
        assert world.entries(case_id)[-1].facts == {"units": ["huaian-police"], "late": True}
        page = world.look(case_page, case_id, actor=world.committee, now=world.now)
        reported = {one.unit_id: one.reported_in_at for one in page.whistles}
        assert reported == {"huaian-police": world.now, "qinghe-power": None}
        running = [one for one in page.clocks if one.clock == "report_in"]
        assert {one.unit_id: one.state.stopped for one in running} == {
            "huaian-police": True,
            "qinghe-power": False,
        }

    def test_a_whistle_without_units_is_refused(self, world: Any) -> None:
        case_id = world.in_handling()
        with pytest.raises(ReasonRequired):
            world.do(handling.whistle, case_id, actor=world.committee, unit_ids=[], reason="没有人")

    def test_merging_takes_everybody_along(self, world: Any) -> None:
        target = world.dispatched()
        source = world.file(resident="resident-2", matter="3栋电梯不动了")
        world.do(join_case, source.case_id, world.draft(resident="resident-3"))
        case = world.do(
            handling.merge_case,
            source.case_id,
            actor=world.committee,
            into_case_id=target,
            reason="同一部电梯",
        )
        assert (case.id, case.supporter_count) == (target, 3)
        merged = world.case(source.case_id)
        assert (merged.status, merged.outcome, merged.merged_into) == ("closed", "merged", target)
        progress = world.look(track_own, source.number, resident="resident-2", now=world.now)
        assert (progress.case_id, progress.status.value) == (target, "dispatched")
        assert world.notices(resident="resident-2")[-1].key == "case_merged"
        world.do(handling.sign_for, target, actor=world.elevator)
        assert world.notices(resident="resident-2")[-1].key == "case_signed_for"
        assert world.do(urge_case, source.number, resident="resident-2").id == target
        for case_id in (target, source.case_id):
            assert world.look(verify_history, case_id).intact

    def test_what_can_not_be_merged(self, world: Any) -> None:
        first, secret = world.file(), world.file(confidential=True)
        for into, because in ((first.case_id, "same_case"), (secret.case_id, "different_regime")):
            with pytest.raises(ActionNotAllowed) as refusal:
                world.do(
                    handling.merge_case, first.case_id, actor=world.committee, into_case_id=into
                )
            assert refused_because(refusal) == because

    def test_supervision_tells_unit_and_committee(self, world: Any) -> None:
        case_id = world.dispatched()
        case = world.do(handling.supervise, case_id, actor=world.supervisor, reason="超期未签收")
        assert case.supervised
        for unit in ("anda-elevator", "huaiyin-committee"):
            assert world.notices(unit_id=unit)[-1].key == "unit_supervised"
        assert world.notices(resident="resident-1")[-1].key == "case_supervised"
