"""The history finds out whoever tampers with it, and the database refuses it first."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from petitions.append_only import guard_history, unguard_history
from petitions.errors import CaseNotFound
from petitions.filing import join_case
from petitions.history import FIRST_HASH, verify_history


def tamper(world: Any, statement: str, **values: Any) -> None:
    with world.engine.begin() as connection:
        connection.execute(text(statement), values)


def checked(world: Any, case_id: int) -> Any:
    return world.look(verify_history, case_id)


def test_an_untouched_history_is_intact(world: Any) -> None:
    case_id = world.replied()
    check = checked(world, case_id)
    entries = world.entries(case_id)
    assert (check.intact, check.broken_at, check.entries) == (True, None, len(entries))
    assert check.head_hash == entries[-1].hash == world.case(case_id).history_hash
    assert entries[0].previous_hash == FIRST_HASH


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE petition_case_entry SET text = '已经修好三个月了' WHERE sequence = 6", 6),
        ("UPDATE petition_case_entry SET at = '2026-02-01 00:00:00' WHERE sequence = 4", 4),
        ("UPDATE petition_case_entry SET actor_id = 'nobody' WHERE sequence = 3", 3),
        ("UPDATE petition_case_entry SET facts = '{}' WHERE sequence = 6", 6),
        ("UPDATE petition_case_entry SET to_status = 'closed' WHERE sequence = 2", 2),
        ("DELETE FROM petition_case_entry WHERE sequence = 3", 3),
        ("DELETE FROM petition_case_entry WHERE sequence = 6", 6),
        ("UPDATE petition_petition SET matter = '电梯很好'", 1),
        ("UPDATE petition_petition SET filed_at = '2026-02-01 00:00:00'", 1),
    ],
)
def test_tampering_is_found_where_it_happened(world: Any, statement: str, broken_at: int) -> None:
    case_id = world.replied()
    assert len(world.entries(case_id)) == 6
    tamper(world, statement)
    check = checked(world, case_id)
    assert (check.intact, check.broken_at) == (False, broken_at)


def test_an_entry_made_up_afterwards_is_found(world: Any) -> None:
    case_id = world.replied()
    tamper(
        world,
        "INSERT INTO petition_case_entry (case_id, sequence, at, action, to_status, actor_role, "
        "actor_id, actor_name, for_resident, text_salt, text_digest, facts, previous_hash, hash) "
        "SELECT case_id, 7, at, action, to_status, actor_role, actor_id, actor_name, "
        "for_resident, text_salt, text_digest, facts, hash, hash FROM petition_case_entry "
        "WHERE sequence = 6",
    )
    assert checked(world, case_id).broken_at == 7


def test_words_deleted_by_law_leave_the_chain_whole(world: Any) -> None:
    case_id = world.replied()
    tamper(world, "UPDATE petition_case_entry SET text = NULL")
    tamper(world, "UPDATE petition_petition SET matter = '', title = NULL, resident = 'gone'")
    assert checked(world, case_id).intact


def test_a_neighbours_petition_is_covered_too(world: Any) -> None:
    receipt = world.file()
    world.do(join_case, receipt.case_id, world.draft(resident="resident-2"))
    tamper(world, "UPDATE petition_petition SET wanted = '拆楼' WHERE resident = 'resident-2'")
    assert checked(world, receipt.case_id).broken_at == 2


def test_an_unknown_case_has_no_history(world: Any) -> None:
    with pytest.raises(CaseNotFound):
        checked(world, 404)


class TestTriggers:
    @pytest.fixture
    def guarded(self, world: Any) -> Any:
        with world.engine.begin() as connection:
            guard_history(connection)
            guard_history(connection)
        return world

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE petition_case_entry SET text = 'other' WHERE text IS NOT NULL",
            "UPDATE petition_case_entry SET hash = 'x'",
            "UPDATE petition_case_entry SET facts = '{}'",
            "DELETE FROM petition_case_entry",
            "UPDATE petition_petition SET matter = 'other'",
            "UPDATE petition_petition SET number = 'HY1'",
            "DELETE FROM petition_petition",
        ],
    )
    def test_the_database_refuses_to_change_history(self, guarded: Any, statement: str) -> None:
        guarded.replied()
        with pytest.raises(IntegrityError, match="append-only"):
            tamper(guarded, statement)

    def test_every_verb_works_beside_the_triggers_and_deletion_by_law_too(
        self, guarded: Any
    ) -> None:
        case_id = guarded.replied()
        tamper(guarded, "UPDATE petition_case_entry SET text = NULL")
        tamper(guarded, "UPDATE petition_petition SET matter = '', resident = 'gone'")
        assert checked(guarded, case_id).intact

    def test_they_can_be_taken_away_by_a_migration(self, guarded: Any) -> None:
        guarded.replied()
        with guarded.engine.begin() as connection:
            unguard_history(connection)
        tamper(guarded, "DELETE FROM petition_case_entry")
