"""What a resident sees of a petition, and of nobody else's."""

from typing import Any

import pytest

from petitions import handling
from petitions.errors import (
    PetitionNotFound,
)
from petitions.filing import (
    join_case,
    supplement_petition,
)
from petitions.queries import petitions_of, track_own


class TestProgress:
    def test_the_resident_sees_every_step_but_no_words_of_staff(self, world: Any) -> None:
        case_id = world.replied()
        world.do(handling.add_note, case_id, actor=world.committee, text="居民很激动")
        number = world.case(case_id).number
        progress = world.look(track_own, number, resident="resident-1", now=world.now)
        assert [step.action.value for step in progress.steps] == [
            "register",
            "screen",
            "dispatch",
            "sign_for",
            "start",
            "reply",
        ]
        assert progress.reply == "电梯已修好。"
        assert progress.unit_name == "安达电梯维保公司"
        assert "居民很激动" not in str(progress)
        assert {"rate", "reopen", "urge", "supplement", "withdraw"} == {
            action.value for action in progress.may
        }

    def test_neighbours_see_nothing_of_each_other(self, world: Any) -> None:
        receipt = world.file()
        joined = world.do(
            join_case, receipt.case_id, world.draft(resident="resident-2", matter="我家在302")
        )
        world.do(supplement_petition, joined.number, resident="resident-2", text="我电话138")
        mine = world.look(track_own, receipt.number, resident="resident-1", now=world.now)
        theirs = world.look(track_own, joined.number, resident="resident-2", now=world.now)
        assert [step.action.value for step in mine.steps] == ["register"]
        assert [step.action.value for step in theirs.steps] == [
            "register",
            "join",
            "supplement",
        ]
        assert "138" not in str(mine)
        assert mine.supporters is None

    def test_ones_petitions_newest_first_and_nobody_elses(self, world: Any) -> None:
        first, second = world.file(), world.file()
        world.file(resident="resident-2")
        mine = world.look(petitions_of, resident="resident-1", now=world.now)
        assert [one.number for one in mine] == [second.number, first.number]
        with pytest.raises(PetitionNotFound):
            world.look(track_own, first.number, resident="resident-2", now=world.now)

    def test_the_clock_tells_what_was_promised(self, world: Any) -> None:
        receipt = world.file(urgency="emergency")
        world.later(hours=3)
        progress = world.look(track_own, receipt.number, resident="resident-1", now=world.now)
        assert progress.clock.overdue
        assert (progress.clock.reading.word, progress.clock.reading.amount) == ("over", 1)
