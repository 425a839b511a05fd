"""Rating, doing it again once, supervision, calling back."""

from typing import Any

import pytest

from petitions import handling
from petitions.errors import ActionNotAllowed, InvalidDraft, PetitionNotFound, ReasonRequired
from petitions.filing import join_case
from petitions.follow_up import follow_up_case, rate_case, reopen_petition
from petitions.model import Outcome, Satisfaction
from petitions.queries import case_page, track_own


def rate(world: Any, case_id: int, result: Satisfaction, **values: Any) -> Any:
    number = world.case(case_id).number
    return world.do(rate_case, number, resident="resident-1", result=result, **values)


def redo(world: Any, case_id: int) -> None:
    world.do(handling.start_handling, case_id, actor=world.elevator)
    world.do(handling.reply, case_id, actor=world.elevator, text="又修了一次。")


class TestRating:
    @pytest.mark.parametrize(
        "result", [Satisfaction.VERY_SATISFIED, Satisfaction.SATISFIED, Satisfaction.FAIR]
    )
    def test_the_satisfied_are_thanked_and_the_case_goes_on(
        self, world: Any, result: Satisfaction
    ) -> None:
        case_id = world.replied()
        rated = rate(world, case_id, result, speed=Satisfaction.FAIR, resolved=True)
        assert (rated.reopened, rated.supervised) == (False, False)
        assert (rated.case.status, rated.case.satisfaction) == ("replied", int(result))
        assert rated.case.resolved is True

    @pytest.mark.parametrize(
        ("result", "resolved"),
        [
            (Satisfaction.DISSATISFIED, None),
            (Satisfaction.VERY_DISSATISFIED, None),
            (Satisfaction.SATISFIED, False),
        ],
    )
    def test_unsatisfied_or_unresolved_is_done_again(
        self, world: Any, result: Satisfaction, resolved: bool | None
    ) -> None:
        case_id = world.replied()
        world.do(handling.close_case, case_id, actor=world.committee, outcome=Outcome.RESOLVED)
        rated = rate(world, case_id, result, resolved=resolved, comment="没修好")
        assert (rated.reopened, rated.supervised) == (True, False)
        case = rated.case
        assert (case.status, case.lead_unit, case.outcome) == ("reopened", "anda-elevator", None)
        assert case.due_at > world.now
        for unit in ("anda-elevator", "huaiyin-committee"):
            assert world.notices(unit_id=unit)[-1].key == "unit_reopened"

    def test_the_second_time_a_supervisor_looks_at_it(self, world: Any) -> None:
        case_id = world.replied()
        assert rate(world, case_id, Satisfaction.DISSATISFIED).reopened
        redo(world, case_id)
        rated = rate(world, case_id, Satisfaction.VERY_DISSATISFIED)
        assert (rated.reopened, rated.supervised) == (False, True)
        assert (rated.case.status, rated.case.supervised) == ("replied", True)
        assert world.notices(unit_id="anda-elevator")[-1].key == "unit_supervised"
        assert world.notices(resident="resident-1")[-1].key == "case_supervised"

    def test_rating_again_later_is_kept(self, world: Any) -> None:
        case_id = world.replied()
        rate(world, case_id, Satisfaction.FAIR)
        rate(world, case_id, Satisfaction.VERY_SATISFIED)
        page = world.look(case_page, case_id, actor=world.committee, now=world.now)
        assert [one.result for one in page.ratings] == [3, 5]
        progress = world.look(track_own, page.case.number, resident="resident-1", now=world.now)
        assert progress.rated == 5

    def test_only_after_a_reply_and_only_ones_own(self, world: Any) -> None:
        case_id = world.in_handling()
        with pytest.raises(ActionNotAllowed):
            rate(world, case_id, Satisfaction.SATISFIED)
        with pytest.raises(PetitionNotFound):
            world.do(
                rate_case,
                world.case(case_id).number,
                resident="resident-2",
                result=Satisfaction.SATISFIED,
            )

    def test_a_comment_without_end_is_refused(self, world: Any) -> None:
        with pytest.raises(InvalidDraft):
            rate(world, world.replied(), Satisfaction.FAIR, comment="长" * 20_001)

    def test_neighbours_rate_for_themselves(self, world: Any) -> None:
        case_id = world.dispatched()
        joined = world.do(join_case, case_id, world.draft(resident="resident-2"))
        world.do(handling.sign_for, case_id, actor=world.elevator, start=True)
        world.do(handling.reply, case_id, actor=world.elevator, text="好了")
        rated = world.do(
            rate_case,
            joined.number,
            resident="resident-2",
            result=Satisfaction.VERY_DISSATISFIED,
        )
        assert rated.reopened
        assert world.notices(resident="resident-1")[-1].key == "case_reopened"
        assert "case_reopened" not in [one.key for one in world.notices(resident="resident-2")]

    def test_the_archived_are_rated_but_stay(self, world: Any) -> None:
        case_id = world.replied()
        world.do(handling.close_case, case_id, actor=world.committee, outcome=Outcome.RESOLVED)
        world.do(handling.archive_case, case_id, actor=world.committee)
        rated = rate(world, case_id, Satisfaction.VERY_DISSATISFIED)
        assert (rated.reopened, rated.supervised, rated.case.status) == (False, False, "archived")


class TestReopening:
    def test_once_on_the_residents_word(self, world: Any) -> None:
        case_id = world.replied()
        number = world.case(case_id).number
        with pytest.raises(ReasonRequired):
            world.do(reopen_petition, number, resident="resident-1", reason=" ")
        case = world.do(reopen_petition, number, resident="resident-1", reason="又坏了")
        assert case.status == "reopened"
        redo(world, case_id)
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(reopen_petition, number, resident="resident-1", reason="又坏了")
        assert refusal.value.facts["because"] == "already_redone"


class TestFollowUp:
    def test_what_was_heard_counts_unless_the_resident_said_it_in_person(self, world: Any) -> None:
        case_id = world.replied()
        heard = {
            "actor": world.grid_worker,
            "reached": True,
            "resolved": True,
            "satisfaction": Satisfaction.SATISFIED,
        }
        case = world.do(follow_up_case, case_id, words="说修好了", **heard)
        assert (case.status, case.resolved, case.satisfaction) == ("followed_up", True, 4)
        rate(world, case_id, Satisfaction.FAIR, resolved=True)
        assert world.do(follow_up_case, case_id, **heard).satisfaction == 3
        page = world.look(case_page, case_id, actor=world.committee, now=world.now)
        assert [one.words for one in page.follow_ups] == ["说修好了", None]

    def test_nobody_reached_says_nothing(self, world: Any) -> None:
        case_id = world.replied()
        case = world.do(
            follow_up_case, case_id, actor=world.committee, reached=False, resolved=True
        )
        assert case.resolved is None
