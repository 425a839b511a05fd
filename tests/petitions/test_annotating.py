"""Notes, questions, corrections and looks at the contact."""

from datetime import timedelta
from typing import Any

import pytest

from petitions import handling
from petitions.errors import (
    InvalidDraft,
    NotPermitted,
    ReasonRequired,
)
from petitions.queries import case_page


class TestAnnotations:
    def test_notes_stay_among_staff(self, world: Any) -> None:
        case_id = world.dispatched()
        before = len(world.notices())
        world.do(handling.add_note, case_id, actor=world.committee, text="核实过地址")
        with pytest.raises(ReasonRequired):
            world.do(handling.add_note, case_id, actor=world.committee, text="")
        assert len(world.notices()) == before

    def test_a_question_reaches_the_resident(self, world: Any) -> None:
        receipt = world.file()
        world.do(
            handling.ask_supplement,
            receipt.case_id,
            actor=world.committee,
            question="是哪一部电梯？",
        )
        notice = world.notices(resident="resident-1")[-1]
        assert (notice.key, notice.fields["text"]) == ("case_supplement_asked", "是哪一部电梯？")

    def test_correcting_the_urgency_measures_the_clocks_anew(self, world: Any) -> None:
        receipt = world.file()
        world.later(minutes=30)
        case = world.do(
            handling.correct_case,
            receipt.case_id,
            actor=world.committee,
            reason="有人被困",
            urgency="emergency",
        )
        assert case.due_at == case.opened_at + timedelta(hours=2)
        facts = world.entries(receipt.case_id)[-1].facts
        assert facts == {"before": {"urgency": "ordinary"}, "after": {"urgency": "emergency"}}

    def test_correcting_the_estate_brings_grid_and_community(self, world: Any) -> None:
        receipt = world.file()
        case = world.do(
            handling.correct_case,
            receipt.case_id,
            actor=world.supervisor,
            reason="地点写错了",
            estate_id="yangguang",
            building="1",
        )
        assert case.community_id == "shuyuan"
        estate = world.organisation.estate("yangguang")
        assert case.grid_id == estate.building("1").grid

    @pytest.mark.parametrize(
        "change",
        [
            {"status": "closed"},
            {"urgency": "soon"},
            {"regime": "report"},
            {"estate_id": "nowhere"},
        ],
    )
    def test_what_can_not_be_corrected(self, world: Any, change: dict[str, str]) -> None:
        receipt = world.file()
        with pytest.raises(InvalidDraft):
            world.do(
                handling.correct_case,
                receipt.case_id,
                actor=world.committee,
                reason="x",
                **change,
            )
        assert world.case(receipt.case_id).version == 1

    def test_looking_at_the_contact_is_written_down(self, world: Any) -> None:
        case_id = world.dispatched(contact_name="张三", contact_phone="13800000000")
        page = world.look(case_page, case_id, actor=world.elevator, now=world.now)
        assert page.petitions[0].contact_phone == "138****0000"
        assert page.petitions[0].contact_name == "张**"
        with pytest.raises(ReasonRequired):
            world.do(handling.reveal_contact, case_id, actor=world.elevator, reason="")
        (contact,) = world.do(
            handling.reveal_contact, case_id, actor=world.elevator, reason="上门前联系"
        )
        assert (contact.name, contact.phone) == ("张三", "13800000000")
        entry = world.entries(case_id)[-1]
        assert (entry.action, entry.actor_id) == ("reveal_contact", "xia")
        assert "13800000000" not in str(entry.model_dump())

    def test_confidential_contacts_are_not_for_departments(self, world: Any) -> None:
        case_id = world.dispatched(contact_phone="13800000000", confidential=True)
        with pytest.raises(NotPermitted):
            world.do(handling.reveal_contact, case_id, actor=world.elevator, reason="想联系")
        (contact,) = world.do(
            handling.reveal_contact, case_id, actor=world.committee, reason="核实"
        )
        assert contact.phone == "13800000000"
