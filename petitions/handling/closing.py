"""Sending back, closing, opening again, archiving."""

from datetime import datetime
from typing import Any

from petitions.actors import Actor
from petitions.errors import InvalidDraft
from petitions.ledger import Step, record, require_text, take
from petitions.permissions import refuse
from petitions.ports import UnitOfWork
from petitions.reopening import ensure_may_reopen, with_reopening
from petitions.tables import Case
from petitions.workflow import STAFF_OUTCOMES, CaseAction, CaseStatus, Outcome, next_status


def send_back(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    expected_version: int | None = None,
) -> Case:
    """Send back with a reason (退回).

    Before the reply it is the lead unit that gives the case back to be dispatched again;
    after the reply it is the committee that sends the reply back to the unit.

    Raises:
        ActionNotAllowed: ``because=designated``: the committee has decided that this unit
            takes the case.
    """
    action = CaseAction.SEND_BACK
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    given_back = next_status(CaseStatus(case.status), action) is CaseStatus.SCREENED
    if given_back and case.designated:
        raise refuse(case, action, "designated")
    changes: dict[str, Any] = {"lead_unit": None} if given_back else {"replied_at": None}
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=reason,
        facts={"unit": case.lead_unit},
        changes=changes,
    )
    return record(work, case, step)


def close_case(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    outcome: Outcome,
    text: str | None = None,
    expected_version: int | None = None,
) -> Case:
    """Close with an outcome (办结). Whether it is resolved the resident says.

    Raises:
        InvalidDraft: ``outcome`` is not one that staff may choose.
        ReasonRequired: The case was never replied to and ``text`` says nothing.
    """
    action = CaseAction.CLOSE
    if outcome not in STAFF_OUTCOMES:
        raise InvalidDraft(field="outcome", problem="not_a_staff_outcome")
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=text)
    if case.replied_at is None:
        require_text(action, text, "text")
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=text,
        facts={"outcome": outcome.value},
        changes={"outcome": outcome.value, "closed_at": now},
    )
    return record(work, case, step)


def reopen_case(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    expected_version: int | None = None,
) -> Case:
    """Open a case again (重办); its unit does it again unless it is dispatched anew.

    Raises:
        ActionNotAllowed: ``because=merged``, ``withdrawn`` or ``final`` (after the re-review
            the same facts are not taken up again: 信访工作条例 art. 36).
    """
    action = CaseAction.REOPEN
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    ensure_may_reopen(case)
    step = Step(action=action, actor=actor, role=role, now=now, text=reason)
    return record(work, case, with_reopening(case, step))


def archive_case(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Case:
    """Put a closed case into the archive (归档); it can still be read and rated."""
    action = CaseAction.ARCHIVE
    case, role = take(work, case_id, action, actor, expected_version=expected_version)
    return record(work, case, Step(action=action, actor=actor, role=role, now=now))
