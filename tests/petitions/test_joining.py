"""Merge and split, and who speaks for all."""

from typing import Any

import pytest
from sqlmodel import select

from petitions import handling
from petitions.errors import ActionNotAllowed, InvalidDraft
from petitions.filing import join_case
from petitions.history import verify_history
from petitions.model import Outcome, Supporter
from petitions.progress import track_own


def merged(world: Any) -> tuple[int, int]:
    """A case of two neighbours that went into a third one's."""
    source, target = world.file(resident="one"), world.in_handling(resident="three")
    world.do(join_case, source.case_id, world.draft(resident="two"))
    world.do(
        handling.merge_case, source.case_id, actor=world.committee, into_case_id=target, reason="同"
    )
    return source.case_id, target


def behind(world: Any, case_id: int) -> set[str]:
    with world.open(read_only=True) as work:
        return set(
            work.session.exec(select(Supporter.resident).where(Supporter.case_id == case_id))
        )


class TestSplit:
    def test_who_came_along_goes_back_and_who_joined_later_stays(self, world: Any) -> None:
        source, target = merged(world)
        world.do(join_case, target, world.draft(resident="four"))
        case = world.do(handling.split_case, source, actor=world.committee, reason="不是同一部电梯")
        assert (case.id, case.status, case.outcome) == (source, "reopened", None)
        assert (case.merged_into, case.supporter_count) == (None, 2)
        assert behind(world, source) == {"one", "two"}
        assert behind(world, target) == {"three", "four"}
        assert world.case(target).supporter_count == 2

    def test_both_histories_stay_whole_and_say_why(self, world: Any) -> None:
        source, target = merged(world)
        told_before = len(world.notices(resident="one"))
        world.do(handling.split_case, source, actor=world.committee, reason="不是同一部电梯")
        for case_id, last in ((source, "split"), (target, "release")):
            assert world.entries(case_id)[-1].action == last
            assert world.entries(case_id)[-1].text == "不是同一部电梯"
            assert world.look(verify_history, case_id).intact
        news = world.notices(resident="one")
        assert len(news) == told_before + 1
        assert news[-1].key == "case_split"
        assert world.notices(resident="three")[-1].key != "case_split"

    def test_the_promise_runs_again_and_the_case_can_be_dispatched(self, world: Any) -> None:
        source, _ = merged(world)
        case = world.do(handling.split_case, source, actor=world.committee, reason="分开")
        assert case.next_due_at is not None
        case = world.do(
            handling.dispatch_case, source, actor=world.committee, unit_id="anda-elevator"
        )
        assert case.status == "dispatched"

    def test_a_case_that_was_merged_twice_comes_back_from_where_it_is(self, world: Any) -> None:
        source, middle = merged(world)
        last = world.in_handling(resident="five")
        world.do(handling.merge_case, middle, actor=world.committee, into_case_id=last, reason="同")
        world.do(handling.split_case, source, actor=world.committee, reason="分开")
        assert behind(world, source) == {"one", "two"}
        assert behind(world, last) == {"three", "five"}

    def test_the_resident_follows_the_case_they_are_behind_now(self, world: Any) -> None:
        source, _ = merged(world)
        world.do(handling.split_case, source, actor=world.committee, reason="分开")
        number = world.case(source).number
        with world.open(read_only=True) as work:
            progress = track_own(work, number, resident="one", now=world.now)
        assert progress.status == "reopened"

    def test_what_was_not_merged_is_not_split(self, world: Any) -> None:
        case_id = world.replied()
        world.do(handling.close_case, case_id, actor=world.committee, outcome=Outcome.RESOLVED)
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(handling.split_case, case_id, actor=world.committee, reason="x")
        assert refusal.value.facts["because"] == "not_merged"


class TestRepresentatives:
    def test_at_most_five_speak_for_all(self, world: Any) -> None:
        numbers = self._joined(world, 6)
        case_id = self.case_id
        with pytest.raises(ActionNotAllowed) as refusal:
            world.do(
                handling.name_representatives,
                case_id,
                actor=world.committee,
                petition_numbers=numbers[:6],
            )
        assert refusal.value.facts["because"] == "too_many_representatives"
        world.do(
            handling.name_representatives,
            case_id,
            actor=world.committee,
            petition_numbers=numbers[:5],
        )
        assert self._named(world, case_id) == set(numbers[:5])

    def test_only_who_stands_behind_the_case(self, world: Any) -> None:
        self._joined(world, 1)
        stranger = world.file(resident="stranger")
        with pytest.raises(InvalidDraft):
            world.do(
                handling.name_representatives,
                self.case_id,
                actor=world.committee,
                petition_numbers=[stranger.number],
            )

    def test_a_merge_never_makes_more_than_five(self, world: Any) -> None:
        first = self._joined(world, 3)
        source = self.case_id
        second = self._joined(world, 3, prefix="other")
        target = self.case_id
        for case_id, numbers in ((source, first[:3]), (target, second[:3])):
            world.do(
                handling.name_representatives,
                case_id,
                actor=world.committee,
                petition_numbers=numbers,
            )
        world.do(
            handling.merge_case, source, actor=world.committee, into_case_id=target, reason="同"
        )
        assert self._named(world, target) == set(second[:3])

    def _joined(self, world: Any, joining: int, prefix: str = "neighbour") -> list[str]:
        first = world.file(resident=prefix)
        self.case_id = first.case_id
        joined = [
            world.do(join_case, self.case_id, world.draft(resident=f"{prefix}-{n}")).number
            for n in range(joining)
        ]
        return [first.number, *joined]

    def _named(self, world: Any, case_id: int) -> set[str]:
        query = select(Supporter.petition_number).where(
            Supporter.case_id == case_id, Supporter.representative
        )
        with world.open(read_only=True) as work:
            return set(work.session.exec(query))
