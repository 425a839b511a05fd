"""Two at once: exactly one wins, the others are told why, nothing is done twice."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from petitions import handling
from petitions.errors import ActionNotAllowed, PetitionError, StaleCase
from petitions.filing import join_case, urge_case
from petitions.history import verify_history
from petitions.ledger import Step, load_case, record
from petitions.model import CaseAction, Role

EIGHT = 8


def race(attempt: Callable[[int], Any]) -> list[Any]:
    """Let eight threads attempt the same thing at one moment; errors of ours are results."""
    gate = threading.Barrier(EIGHT)

    def run(index: int) -> Any:
        gate.wait()
        try:
            return attempt(index)
        except PetitionError as error:
            return error

    with ThreadPoolExecutor(EIGHT) as pool:
        return list(pool.map(run, range(EIGHT)))


@pytest.mark.parametrize("expected_version", [None, 2])
def test_of_eight_dispatches_one_wins(world: Any, expected_version: int | None) -> None:
    case_id = world.file().case_id
    world.do(handling.screen_case, case_id, actor=world.committee)
    units = ["anda-elevator", "jincheng-property"] * 4
    results = race(
        lambda index: world.do(
            handling.dispatch_case,
            case_id,
            actor=world.committee,
            unit_id=units[index],
            expected_version=expected_version,
        )
    )
    lost = [one for one in results if isinstance(one, ActionNotAllowed | StaleCase)]
    assert len(lost) == EIGHT - 1
    case = world.case(case_id)
    assert (case.status, case.version) == ("dispatched", 3)
    assert [entry.action for entry in world.entries(case_id)] == ["register", "screen", "dispatch"]
    told = [one for one in world.notices() if one.key == "unit_case_dispatched"]
    assert [one.unit_id for one in told] == [case.lead_unit]


def test_everybody_who_urges_at_once_is_heard(world: Any) -> None:
    receipt = world.file()
    race(lambda _: world.do(urge_case, receipt.number, resident="resident-1"))
    case = world.case(receipt.case_id)
    assert (case.urge_count, case.version) == (EIGHT, EIGHT + 1)
    assert world.look(verify_history, receipt.case_id).intact


def test_eight_neighbours_join_at_once(world: Any) -> None:
    case_id = world.file().case_id
    drafts = [world.draft(resident=f"neighbour-{index}") for index in range(EIGHT)]
    receipts = race(lambda index: world.do(join_case, case_id, drafts[index]))
    assert len({receipt.number for receipt in receipts}) == EIGHT
    assert world.case(case_id).supporter_count == EIGHT + 1


def test_a_case_that_changed_under_the_hands_is_not_overwritten(world: Any) -> None:
    """The guard in the UPDATE itself, without the help of any lock."""
    receipt = world.file()
    with world.open() as work:
        case = load_case(work, receipt.case_id)
        work.session.expunge(case)
    world.do(urge_case, receipt.number, resident="resident-1")
    step = Step(action=CaseAction.SCREEN, actor=world.committee, role=Role.COMMITTEE, now=world.now)
    with world.open() as work:
        work.session.add(case)
        with pytest.raises(StaleCase):
            record(work, case, step)
    assert world.case(receipt.case_id).status == "registered"
