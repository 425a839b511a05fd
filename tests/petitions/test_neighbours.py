"""Finding a case to join, and joining it."""

from typing import Any

import pytest

from petitions import handling
from petitions.errors import (
    ActionNotAllowed,
    AlreadyJoined,
    CaseNotFound,
)
from petitions.filing import (
    file_petition,
    find_similar_cases,
    join_case,
    withdraw_petition,
)


class TestNeighbours:
    def test_a_similar_open_case_is_found(self, world: Any) -> None:
        receipt = world.file()
        draft = world.draft(resident="resident-2", matter="3栋电梯坏了几天了，没人修")
        (found,) = world.look(find_similar_cases, draft, now=world.now)
        assert (found.case_id, found.supporters) == (receipt.case_id, None)

    @pytest.mark.parametrize(
        "other",
        [
            {"building": "5栋"},
            {"estate": "翠湖苑"},
            {"matter": "楼上天天半夜吵闹", "category_first": "政法", "category_second": None},
            {"resident": "resident-1"},
            {"confidential": True},
            {"kind": "report_misconduct"},
        ],
    )
    def test_what_is_not_the_same_is_not(self, world: Any, other: dict[str, Any]) -> None:
        world.file()
        usual = {"resident": "resident-2", "matter": "电梯坏了三天，老人下不了楼"}
        draft = world.draft(**{**usual, **other})
        assert world.look(find_similar_cases, draft, now=world.now) == ()

    def test_closed_old_and_confidential_cases_are_not_shown(self, world: Any) -> None:
        closed = world.file()
        world.do(withdraw_petition, closed.number, resident="resident-1")
        world.file(confidential=True)
        draft = world.draft(resident="resident-2")
        assert world.look(find_similar_cases, draft, now=world.now) == ()
        world.file()
        world.later(days=61)
        assert world.look(find_similar_cases, draft, now=world.now) == ()

    def test_joining_stands_behind_the_case(self, world: Any) -> None:
        receipt = world.file()
        joined = [
            world.do(join_case, receipt.case_id, world.draft(resident=f"resident-{index}"))
            for index in (2, 3)
        ]
        assert [one.supporters for one in joined] == [None, 3]
        assert joined[0].joined
        assert joined[0].number != receipt.number
        case = world.case(receipt.case_id)
        assert (case.supporter_count, case.status) == (3, "registered")
        assert len(world.entries(receipt.case_id)) == 3

    def test_neighbours_are_told_with_their_own_number_and_words(self, world: Any) -> None:
        receipt = world.file()
        joined = world.do(
            join_case, receipt.case_id, world.draft(resident="resident-2", title="电梯")
        )
        world.do(handling.screen_case, receipt.case_id, actor=world.committee)
        (notice,) = world.notices(resident="resident-2")
        assert notice.fields["number"] == notice.petition_number == joined.number
        assert notice.fields["title"] == "电梯"

    def test_joining_twice_is_told_apart(self, world: Any) -> None:
        receipt = world.file()
        with pytest.raises(AlreadyJoined) as refusal:
            world.do(join_case, receipt.case_id, world.draft())
        assert refusal.value.facts["number"] == receipt.number
        again = world.draft(resident="resident-2", idempotency_key="tap")
        first = world.do(join_case, receipt.case_id, again)
        assert world.do(join_case, receipt.case_id, again).number == first.number

    def test_a_refused_join_leaves_its_key_free(self, world: Any) -> None:
        receipt = world.file()
        draft = world.draft(idempotency_key="tap")
        with world.open() as work:
            with pytest.raises(AlreadyJoined):
                join_case(work, receipt.case_id, draft, now=world.now)
            filed = file_petition(work, draft, now=world.now)
            work.commit()
        assert not filed.repeated

    def test_reports_confidential_and_closed_cases_can_not_be_joined(self, world: Any) -> None:
        report = world.file(kind="report_misconduct")
        confidential = world.file(confidential=True)
        withdrawn = world.file()
        world.do(withdraw_petition, withdrawn.number, resident="resident-1")
        draft = world.draft(resident="resident-2")
        for case_id in (report.case_id, confidential.case_id, 999):
            with pytest.raises(CaseNotFound):
                world.do(join_case, case_id, draft)
        with pytest.raises(ActionNotAllowed):
            world.do(join_case, withdrawn.case_id, draft)
