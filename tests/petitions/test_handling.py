"""The verbs of staff from filing to the archive, with everything that must come of each."""

from datetime import timedelta
from typing import Any

import pytest

from petitions import handling
from petitions.errors import (
    ActionNotAllowed,
    InvalidDraft,
    ReasonRequired,
    StaleCase,
)
from petitions.filing import join_case, supplement_petition, urge_case, withdraw_petition
from petitions.history import verify_history
from petitions.model import AttachmentRef, Outcome
from petitions.queries import case_page


def refused_because(refusal: Any) -> Any:
    return refusal.value.facts.get("because")


class TestTheWholeRoad:
    def test_from_filing_to_the_archive(self, world: Any) -> None:
        receipt = world.file(urgency="utility")
        steps = [
            (handling.screen_case, world.committee, {}),
            (handling.dispatch_case, world.committee, {}),
            (handling.sign_for, world.elevator, {}),
            (handling.start_handling, world.elevator, {}),
            (handling.record_contact, world.elevator, {"text": "已电话联系"}),
            (handling.reply, world.elevator, {"text": "更换了门机，已恢复运行。"}),
            (handling.close_case, world.committee, {"outcome": Outcome.RESOLVED}),
            (handling.archive_case, world.committee, {}),
        ]
        statuses = []
        for version, (verb, actor, extra) in enumerate(steps, start=2):
            world.later(minutes=5)
            case = world.do(
                verb, receipt.case_id, actor=actor, expected_version=version - 1, **extra
            )
            assert case.version == version
            statuses.append(case.status)
        assert statuses == [
            "screened",
            "dispatched",
            "signed_for",
            "handling",
            "handling",
            "replied",
            "closed",
            "archived",
        ]
        assert [entry.sequence for entry in world.entries(receipt.case_id)] == list(range(1, 10))
        assert [one.key for one in world.notices(resident="resident-1")] == [
            "case_screened",
            "case_dispatched",
            "case_signed_for",
            "case_replied",
            "case_closed",
        ]
        reply = world.notices(resident="resident-1")[3]
        assert reply.fields["text"] == "更换了门机，已恢复运行。"
        assert reply.fields["unit"] == "安达电梯维保公司"
        ready = [job_id for _, job_id in world.jobs.ready()]
        assert ready == [str(notice.id) for notice in world.notices()]
        assert world.look(verify_history, receipt.case_id).intact

    def test_screen_and_dispatch_is_one_click_and_one_message(self, world: Any) -> None:
        case_id = world.dispatched()
        case = world.case(case_id)
        assert (case.status, case.version, case.lead_unit) == ("dispatched", 3, "anda-elevator")
        assert [one.key for one in world.notices(resident="resident-1")] == ["case_dispatched"]
        assert world.notices(unit_id="anda-elevator")[0].key == "unit_case_dispatched"
        assert world.notices(unit_id="jincheng-property")[0].key == "unit_co_handling"

    def test_the_work_can_not_be_undone_by_leaving_without_commit(self, world: Any) -> None:
        case_id = world.file().case_id
        with world.open() as work:
            handling.screen_case(work, case_id, actor=world.committee, now=world.now)
        assert world.case(case_id).status == "registered"
        assert len(world.entries(case_id)) == 1


class TestReplyAndClose:
    def test_a_reply_needs_words(self, world: Any) -> None:
        case_id = world.in_handling()
        with pytest.raises(ReasonRequired) as refusal:
            world.do(handling.reply, case_id, actor=world.elevator, text="  ")
        assert refusal.value.facts == {"action": "reply", "field": "reply"}

    def test_a_reply_keeps_citations_and_evidence(self, world: Any) -> None:
        case_id = world.in_handling()
        world.do(
            handling.reply,
            case_id,
            actor=world.elevator,
            text="已修好",
            outcome=Outcome.RESOLVED,
            citations=["《特种设备安全法》第四十五条"],
            attachments=[AttachmentRef(kind="photo", ref="after.jpg")],
        )
        entry = world.entries(case_id)[-1]
        assert entry.facts["citations"] == ["《特种设备安全法》第四十五条"]
        assert entry.facts["evidence"] == 1
        page = world.look(case_page, case_id, actor=world.committee, now=world.now)
        assert page.attachments[0].sequence == entry.sequence

    @pytest.mark.parametrize("outcome", [Outcome.WITHDRAWN, Outcome.MERGED])
    def test_staff_can_not_close_as_withdrawn(self, world: Any, outcome: Outcome) -> None:
        case_id = world.replied()
        with pytest.raises(InvalidDraft):
            world.do(handling.close_case, case_id, actor=world.committee, outcome=outcome)

    def test_closing_without_a_reply_needs_words(self, world: Any) -> None:
        case_id = world.file().case_id
        world.do(handling.screen_case, case_id, actor=world.committee)
        close = {"actor": world.committee, "outcome": Outcome.OTHER_CHANNEL}
        with pytest.raises(ReasonRequired):
            world.do(handling.close_case, case_id, **close)
        case = world.do(handling.close_case, case_id, text="请向法院起诉。", **close)
        assert (case.status, case.outcome) == ("closed", "other_channel")

    def test_closed_stops_every_duty_and_opening_again_starts_new_ones(self, world: Any) -> None:
        case_id = world.replied()
        case = world.do(
            handling.close_case, case_id, actor=world.committee, outcome=Outcome.RESOLVED
        )
        assert case.next_due_at is None
        world.later(days=1)
        with pytest.raises(ReasonRequired):
            world.do(handling.reopen_case, case_id, actor=world.committee, reason="")
        case = world.do(handling.reopen_case, case_id, actor=world.committee, reason="又坏了")
        assert (case.status, case.outcome, case.reopen_count) == ("reopened", None, 1)
        assert case.next_due_at == world.now + timedelta(hours=24)
        assert case.due_at > world.now
        assert world.do(handling.start_handling, case_id, actor=world.elevator).status == "handling"

    def test_withdrawn_cases_stay_closed(self, world: Any) -> None:
        receipt = world.file()
        world.do(withdraw_petition, receipt.number, resident="resident-1")
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(handling.reopen_case, receipt.case_id, actor=world.committee, reason="x")
        assert refused_because(refusal) == "withdrawn"


class TestStaleness:
    def test_a_page_from_before_somebody_acted_is_refused(self, world: Any) -> None:
        receipt = world.file()
        world.do(supplement_petition, receipt.number, resident="resident-1", text="还有一部也坏了")
        with pytest.raises(StaleCase) as refusal:
            world.do(
                handling.screen_case, receipt.case_id, actor=world.committee, expected_version=1
            )
        assert refusal.value.facts == {
            "case_id": receipt.case_id,
            "expected_version": 1,
            "version": 2,
        }

    def test_urging_and_joining_do_not_make_a_page_stale(self, world: Any) -> None:
        receipt = world.file()
        world.do(urge_case, receipt.number, resident="resident-1")
        world.do(join_case, receipt.case_id, world.draft(resident="resident-2"))
        case = world.do(
            handling.screen_case, receipt.case_id, actor=world.committee, expected_version=1
        )
        assert case.version == 4

    def test_a_version_from_the_future_is_stale_too(self, world: Any) -> None:
        receipt = world.file()
        with pytest.raises(StaleCase):
            world.do(
                handling.screen_case, receipt.case_id, actor=world.committee, expected_version=9
            )
