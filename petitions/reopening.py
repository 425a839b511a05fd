"""When a case may be opened again, and what that changes."""

from dataclasses import replace

from petitions.ledger import Step
from petitions.permissions import refuse
from petitions.tables import Case
from petitions.workflow import CaseAction, Outcome

REVIEW_ASKED, REVIEW_DECIDED, REREVIEW_ASKED, REREVIEW_DECIDED = 1, 2, 3, 4
"""Values of ``Case.review_level``; 0 is none yet."""


def ensure_may_reopen(case: Case) -> None:
    """Check the rules that stand beside the table.

    Raises:
        ActionNotAllowed: ``because=merged``, ``withdrawn`` or ``final`` (after the re-review
            the same facts are not taken up again: 信访工作条例 art. 36).
    """
    if case.outcome in (Outcome.MERGED.value, Outcome.WITHDRAWN.value):
        raise refuse(case, CaseAction.REOPEN, str(case.outcome))
    if case.review_level >= REREVIEW_DECIDED:
        raise refuse(case, CaseAction.REOPEN, "final")


def with_reopening(case: Case, step: Step) -> Step:
    """Add what opening again changes: the end is undone, the count goes up."""
    changes = {
        "reopen_count": case.reopen_count + 1,
        "outcome": None,
        "closed_at": None,
        "replied_at": None,
    }
    facts = {**step.facts, "unit": case.lead_unit, "previous_outcome": case.outcome}
    return replace(step, changes=changes, facts=facts)
