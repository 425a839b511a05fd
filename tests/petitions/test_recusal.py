"""Recusal (回避, 信访工作条例 art. 30): who has to do with the matter neither sees nor acts."""

from typing import Any

import pytest

from petitions import handling
from petitions.errors import CaseNotFound, NotPermitted
from petitions.model import Role
from petitions.queries import QueueFilter, board_counts, case_by_number, queue
from tests.petitions.conftest import staff


def test_who_is_recused_finds_opens_counts_and_does_nothing(world: Any) -> None:
    receipt = world.file()
    world.do(
        handling.recuse,
        receipt.case_id,
        actor=world.supervisor,
        reason="是当事人的亲属",
        person="lin",
    )
    looking = {"actor": world.committee, "now": world.now, "filters": QueueFilter(open_only=False)}
    assert world.look(queue, **looking).rows == ()
    assert world.look(board_counts, **looking).total == 0
    with pytest.raises(CaseNotFound):
        world.look(case_by_number, receipt.number, actor=world.committee)
    with pytest.raises(CaseNotFound):
        world.do(handling.screen_case, receipt.case_id, actor=world.committee)


def test_colleagues_go_on_and_the_history_says_why(world: Any) -> None:
    receipt = world.file()
    world.do(handling.recuse, receipt.case_id, actor=world.committee, reason="投诉人是我邻居")
    colleague = staff("wei", Role.COMMITTEE, community_id="huaiyin")
    world.do(handling.screen_and_dispatch, receipt.case_id, actor=colleague)
    entry = world.entries(receipt.case_id)[1]
    assert (entry.action, entry.text) == ("recuse", "投诉人是我邻居")
    assert entry.facts == {"person": "lin"}


def test_a_supervisor_may_be_recused_too(world: Any) -> None:
    receipt = world.file(kind="report_misconduct", matter="举报锦程物业的工作人员收钱不办事")
    world.do(handling.recuse, receipt.case_id, actor=world.supervisor, reason="是被举报人的同学")
    with pytest.raises(CaseNotFound):
        world.look(case_by_number, receipt.number, actor=world.supervisor)


def test_a_unit_recuses_nobody_else(world: Any) -> None:
    case_id = world.dispatched()
    with pytest.raises(NotPermitted):
        world.do(handling.recuse, case_id, actor=world.elevator, reason="x", person="lin")
    world.do(handling.recuse, case_id, actor=world.elevator, reason="当事人是我家人")
    with pytest.raises(CaseNotFound):
        world.do(handling.sign_for, case_id, actor=world.elevator)
