"""Extension and suspension: what may change the pace, each with its reason."""

from datetime import datetime
from typing import Any

from petitions.actors import Actor
from petitions.clocks import extend_clocks, pause_clocks, resume_clocks, rule_of_case, terms_of
from petitions.deadlines import ClockName
from petitions.errors import InvalidDraft
from petitions.ledger import Step, latest_entry, record, take
from petitions.permissions import refuse
from petitions.ports import UnitOfWork
from petitions.tables import Case
from petitions.workflow import CaseAction


def request_extension(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    days: int,
    reason: str,
    expected_version: int | None = None,
) -> Case:
    """Ask for more days (延期); somebody else must approve.

    Raises:
        InvalidDraft: ``days`` is not positive.
        ActionNotAllowed: ``because=no_extension_rule`` (dangers and outages can't wait),
            ``too_long`` (over the rule's days) or ``already_extended``.
    """
    action = CaseAction.REQUEST_EXTENSION
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    _ensure_extendable(work, case, days)
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=reason,
        facts={"days": days},
        changes={"extension_days": days, "extension_asked_by": actor.id},
    )
    return record(work, case, step)


def _ensure_extendable(work: UnitOfWork, case: Case, days: int) -> None:
    if days < 1:
        raise InvalidDraft(field="days", problem="greater_than")
    rule = rule_of_case(work.organisation, terms_of(case), ClockName.EXTEND)
    if rule is None:
        raise refuse(case, CaseAction.REQUEST_EXTENSION, "no_extension_rule")
    if days > rule.amount:
        raise refuse(case, CaseAction.REQUEST_EXTENSION, "too_long")
    if case.extended:
        raise refuse(case, CaseAction.REQUEST_EXTENSION, "already_extended")


def settle_extension(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    approved: bool,
    reason: str | None = None,
    expected_version: int | None = None,
) -> Case:
    """Approve or refuse the extension that was asked for.

    Raises:
        ActionNotAllowed: ``because=no_request`` or ``same_person``.
        ReasonRequired: A refusal without a reason.
    """
    action = CaseAction.APPROVE_EXTENSION if approved else CaseAction.REFUSE_EXTENSION
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    days = case.extension_days
    if days is None:
        raise refuse(case, action, "no_request")
    if case.extension_asked_by == actor.id:
        raise refuse(case, action, "same_person")
    if approved:
        asked = latest_entry(work, case_id, (CaseAction.REQUEST_EXTENSION,))
        why = (asked.text if asked else None) or reason or ""
        extend_clocks(work, terms_of(case), now, days=days, reason=why)
    changes: dict[str, Any] = {"extension_days": None, "extension_asked_by": None}
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=reason,
        facts={"days": days},
        changes=changes | ({"extended": True} if approved else {}),
    )
    return record(work, case, step)


def suspend(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    expected_version: int | None = None,
) -> Case:
    """Let the case rest while something is waited for (挂起); its day clocks pause."""
    action = CaseAction.SUSPEND
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    pause_clocks(work, terms_of(case), now, reason.strip())
    step = Step(action=action, actor=actor, role=role, now=now, text=reason)
    return record(work, case, step)


def resume(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Case:
    """Take a resting case up again; the clocks get back the time of the pause."""
    action = CaseAction.RESUME
    case, role = take(work, case_id, action, actor, expected_version=expected_version)
    resume_clocks(work, terms_of(case), now)
    return record(work, case, Step(action=action, actor=actor, role=role, now=now))
