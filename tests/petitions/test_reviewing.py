"""Review and re-review of petitions."""

from typing import Any

import pytest

from petitions import handling
from petitions.errors import (
    ActionNotAllowed,
    NotPermitted,
)
from petitions.model import LegalRegime, Outcome
from petitions.queries import case_page


def refused_because(refusal: Any) -> Any:
    return refusal.value.facts.get("because")


class TestReview:
    def petition_closed(self, world: Any) -> tuple[int, str]:
        receipt = world.file()
        world.do(
            handling.screen_case,
            receipt.case_id,
            actor=world.committee,
            regime=LegalRegime.PETITION,
        )
        world.do(handling.dispatch_case, receipt.case_id, actor=world.committee)
        world.do(handling.sign_for, receipt.case_id, actor=world.elevator, start=True)
        world.do(handling.reply, receipt.case_id, actor=world.elevator, text="不予支持")
        world.do(
            handling.close_case,
            receipt.case_id,
            actor=world.committee,
            outcome=Outcome.NOT_SUPPORTED,
        )
        return receipt.case_id, receipt.number

    def ask(self, world: Any, number: str) -> Any:
        return world.do(handling.ask_review, number, resident="resident-1", reason="不服")

    def decide(self, world: Any, case_id: int, upheld: bool) -> Any:
        return world.do(
            handling.decide_review,
            case_id,
            actor=world.supervisor,
            upheld=upheld,
            reason="经查",
        )

    def test_review_then_rereview_then_no_more(self, world: Any) -> None:
        case_id, number = self.petition_closed(world)
        assert self.ask(world, number).status == "in_review"
        with pytest.raises(NotPermitted):
            world.do(
                handling.decide_review, case_id, actor=world.committee, upheld=True, reason="x"
            )
        assert self.decide(world, case_id, upheld=True).status == "closed"
        assert self.ask(world, number).status == "in_rereview"
        assert self.decide(world, case_id, upheld=True).status == "closed"
        with pytest.raises(ActionNotAllowed) as refusal:
            self.ask(world, number)
        assert refused_because(refusal) == "final"
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(handling.reopen_case, case_id, actor=world.committee, reason="再办")
        assert refused_because(refusal) == "final"

    def test_a_review_that_is_not_upheld_lets_the_case_be_done_again(self, world: Any) -> None:
        case_id, number = self.petition_closed(world)
        self.ask(world, number)
        self.decide(world, case_id, upheld=False)
        case = world.do(handling.reopen_case, case_id, actor=world.supervisor, reason="复查撤销")
        assert (case.status, case.review_level) == ("reopened", 0)

    def test_only_petitions_and_only_in_time(self, world: Any) -> None:
        service = world.replied()
        number = world.case(service).number
        with pytest.raises(ActionNotAllowed):
            self.ask(world, number)
        world.do(handling.close_case, service, actor=world.committee, outcome=Outcome.EXPLAINED)
        with pytest.raises(ActionNotAllowed) as refusal:
            self.ask(world, number)
        assert refused_because(refusal) == "not_a_petition"
        _, late = self.petition_closed(world)
        world.later(days=31)
        with pytest.raises(ActionNotAllowed) as refusal:
            self.ask(world, late)
        assert refused_because(refusal) == "window_closed"

    def test_petition_clocks_run_on_petitions_only(self, world: Any) -> None:
        case_id, _ = self.petition_closed(world)
        petition = world.look(case_page, case_id, actor=world.committee, now=world.now)
        service = world.look(case_page, world.replied(), actor=world.committee, now=world.now)
        assert "handle" in {one.clock.value for one in petition.clocks}
        assert "handle" not in {one.clock.value for one in service.clocks}
