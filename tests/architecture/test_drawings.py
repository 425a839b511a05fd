"""The drawing of the case's life in docs/architecture.md is the table in the code."""

import re
from pathlib import Path

from petitions.workflow import TRANSITIONS, CaseAction, CaseStatus, Outcome

ARCHITECTURE = Path(__file__).resolve().parents[2] / "docs" / "architecture.md"
ARROW = re.compile(r"^\s+(\w+) --> (\w+): (\w+)$", re.MULTILINE)
GLOSSARY = ARCHITECTURE.parent / "glossary.md"
NOT_DRAWN = {CaseAction.WITHDRAW, CaseAction.MERGE}


def test_every_move_of_a_case_is_drawn_and_nothing_else() -> None:
    drawn = set(ARROW.findall(ARCHITECTURE.read_text(encoding="utf-8")))
    moves = {
        (status.value, rule.next_status.value, action.value)
        for (status, action), rule in TRANSITIONS.items()
        if rule.next_status != status and action not in NOT_DRAWN
    }
    assert drawn == moves


def test_the_glossary_has_one_row_a_state_an_action_and_an_outcome() -> None:
    words = set(re.findall(r"^\| (\w+) \| ", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE))
    named = {word.value for kind in (CaseStatus, CaseAction, Outcome) for word in kind}
    assert named <= words
