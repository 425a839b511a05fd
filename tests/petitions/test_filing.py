"""Filing: once, never twice, never lost; and what residents do with their petitions."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from petitions import handling
from petitions.errors import (
    ActionNotAllowed,
    InvalidDraft,
    PetitionNotFound,
    ReasonRequired,
)
from petitions.filing import (
    file_petition,
    join_case,
    preview_routing,
    supplement_petition,
    urge_case,
    withdraw_petition,
)
from petitions.model import AttachmentRef, Case, CaseStatus, NumberSequence, Outcome, Petition
from petitions.numbers import next_number
from petitions.queries import case_page
from petitions.receipts import ALPHABET


def at_once(work: Callable[[int], Any], times: int) -> list[Any]:
    """Run ``work`` in parallel threads that start together."""
    gate = threading.Barrier(min(times, 8))

    def wait_and_work(index: int) -> Any:
        if index < gate.parties:
            gate.wait()
        return work(index)

    with ThreadPoolExecutor(gate.parties) as pool:
        return list(pool.map(wait_and_work, range(times)))


class TestFiling:
    def test_a_receipt_has_number_code_unit_reason_and_deadline(self, world: Any) -> None:
        receipt = world.file()
        assert receipt.number == "HY20260302-0001"
        assert re.fullmatch(f"[{ALPHABET}]{{8}}", receipt.code)
        assert receipt.lead_unit == "anda-elevator"
        assert receipt.routing_reason["fields"]["unit"] == "安达电梯维保公司"
        assert receipt.due_at == world.now.replace(hour=15, minute=59, second=59) + timedelta(
            days=7
        )
        case = world.case(receipt.case_id)
        assert (case.status, case.version) == (CaseStatus.REGISTERED.value, 1)
        assert case.proposed_unit == "anda-elevator"
        assert case.lead_unit is None

    def test_the_same_key_gives_the_same_receipt(self, world: Any) -> None:
        first = world.file(idempotency_key="tap")
        world.later(minutes=5)
        again = world.file(idempotency_key="tap")
        assert (again.number, again.code) == (first.number, first.code)
        assert again.repeated
        assert not first.repeated
        assert self._count(world, Petition) == self._count(world, Case) == 1

    def test_a_double_tap_at_the_same_moment_files_once(self, world: Any) -> None:
        receipts = at_once(lambda _: world.file(idempotency_key="tap"), 8)
        assert len({(one.number, one.code) for one in receipts}) == 1
        assert self._count(world, Petition) == 1
        assert [one.repeated for one in receipts].count(False) == 1

    def test_somebody_elses_key_opens_nothing(self, world: Any) -> None:
        first = world.file(idempotency_key="tap")
        other = world.file(idempotency_key="tap", resident="resident-2")
        assert other.number != first.number

    def test_five_hundred_numbers_in_threads_are_five_hundred(self, world: Any) -> None:
        def take(_: int) -> str:
            with world.open() as work:
                number = next_number(work.session, world.now)
                work.commit()
            return number

        numbers = sorted(at_once(take, 500))
        assert numbers == [f"HY20260302-{count:04d}" for count in range(1, 501)]

    def test_petitions_filed_in_threads_are_all_there_once(self, world: Any) -> None:
        receipts = at_once(lambda index: world.file(resident=f"r{index}"), 48)
        numbers = {receipt.number for receipt in receipts}
        assert numbers == {f"HY20260302-{count:04d}" for count in range(1, 49)}
        assert self._count(world, Petition) == self._count(world, Case) == 48

    def test_numbers_go_on_after_9999_and_start_anew_each_day(self, world: Any) -> None:
        with world.open() as work:
            work.session.add(NumberSequence(heading="HY20260302", last=9999))
            work.commit()
        assert world.file().number == "HY20260302-10000"
        world.later(hours=15)  # past midnight in Shanghai, still the same day in UTC
        assert world.file().number == "HY20260303-0001"

    def test_a_rollback_leaves_nothing(self, world: Any) -> None:
        with world.open() as work:
            file_petition(work, world.draft(), now=world.now)
        assert self._count(world, Petition) == 0
        assert world.jobs.ready() == []
        assert world.file().number.endswith("-0001")

    def test_the_committee_is_told_in_the_same_transaction(self, world: Any) -> None:
        world.file(urgency="emergency", emergency_service="119")
        (notice,) = world.notices(unit_id="huaiyin-committee")
        assert notice.key == "unit_new_case"
        assert notice.fields["urgency"] == "emergency"
        assert world.jobs.ready() == [("deliver_notification", str(notice.id))]

    def test_contact_is_sealed_and_the_anonymous_leave_none(self, world: Any) -> None:
        world.file(contact_name="张三", contact_phone="13800000000")
        world.file(contact_name="李四", contact_phone="13900000000", anonymous=True)
        with world.open() as work:
            named, anonymous = work.session.exec(select(Petition)).all()
        assert "138" not in (named.sealed_phone or "")
        assert world.cipher.unseal(named.sealed_phone) == "13800000000"
        assert anonymous.sealed_name is anonymous.sealed_phone is None

    def test_what_was_said_is_kept_as_it_was(self, world: Any) -> None:
        hard = "'; DROP TABLE petition_petition; --<script>alert(1)</script>😀 電梯壞了"
        receipt = world.file(matter=hard + "\x00\ud800", place_text="  锦绣家园3栋  ")
        with world.open() as work:
            (petition,) = work.session.exec(select(Petition)).all()
        assert petition.matter == hard
        assert petition.place_text == "锦绣家园3栋"
        assert receipt.number == petition.number

    def test_attachments_come_along(self, world: Any) -> None:
        photo = AttachmentRef(kind="photo", ref="a1", mime="image/jpeg", size_bytes=10)
        receipt = world.file(attachments=(photo,))
        page = world.look(case_page, receipt.case_id, actor=world.committee, now=world.now)
        assert [one.ref for one in page.attachments] == ["a1"]
        assert page.attachments[0].petition_number == receipt.number

    def test_the_card_can_show_the_routing_before_anything_is_stored(self, world: Any) -> None:
        routing = world.look(preview_routing, world.draft())
        assert routing.lead_unit == "anda-elevator"
        assert self._count(world, Case) == 0

    def _count(self, world: Any, table: Any) -> int:
        with world.open(read_only=True) as work:
            return len(work.session.exec(select(table)).all())


class TestResidentVerbs:
    def test_urging_tells_the_unit_that_has_it(self, world: Any) -> None:
        receipt = world.file()
        world.do(urge_case, receipt.number, resident="resident-1")
        assert [one.key for one in world.notices(unit_id="huaiyin-committee")] == [
            "unit_new_case",
            "unit_urged",
        ]
        world.do(handling.screen_and_dispatch, receipt.case_id, actor=world.committee)
        world.do(urge_case, receipt.number, resident="resident-1")
        assert world.notices(unit_id="anda-elevator")[-1].key == "unit_urged"
        assert world.case(receipt.case_id).urge_count == 2

    def test_supplements_need_words_or_pictures(self, world: Any) -> None:
        receipt = world.file()
        with pytest.raises(ReasonRequired):
            world.do(supplement_petition, receipt.number, resident="resident-1", text=" ")
        photo = AttachmentRef(kind="photo", ref="b2")
        case = world.do(
            supplement_petition,
            receipt.number,
            resident="resident-1",
            text="",
            attachments=(photo,),
        )
        assert case.version == 2
        with pytest.raises(InvalidDraft):
            world.do(supplement_petition, receipt.number, resident="resident-1", text="长" * 20_001)

    @pytest.mark.parametrize(
        "verb",
        [urge_case, withdraw_petition, lambda *a, **k: supplement_petition(*a, text="x", **k)],
    )
    def test_nobody_acts_on_anothers_petition(self, world: Any, verb: Any) -> None:
        receipt = world.file()
        with pytest.raises(PetitionNotFound):
            world.do(verb, receipt.number, resident="resident-2")
        assert world.case(receipt.case_id).version == 1

    def test_the_last_one_to_withdraw_closes_the_case(self, world: Any) -> None:
        receipt = world.file()
        joined = world.do(join_case, receipt.case_id, world.draft(resident="resident-2"))
        case = world.do(withdraw_petition, receipt.number, resident="resident-1")
        assert (case.status, case.supporter_count) == ("registered", 1)
        case = world.do(withdraw_petition, joined.number, resident="resident-2")
        assert (case.status, case.outcome) == ("closed", Outcome.WITHDRAWN.value)
        assert case.next_due_at is None
        with pytest.raises(PetitionNotFound):
            world.do(urge_case, joined.number, resident="resident-2")

    def test_a_closed_case_can_not_be_withdrawn(self, world: Any) -> None:
        case_id = world.replied()
        world.do(handling.close_case, case_id, actor=world.committee, outcome=Outcome.RESOLVED)
        with pytest.raises(ActionNotAllowed):
            world.do(withdraw_petition, world.case(case_id).number, resident="resident-1")
