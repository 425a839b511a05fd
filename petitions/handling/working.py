"""The lead unit's road: sign for, start, reply."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from petitions.actors import Actor
from petitions.drafts import AttachmentRef
from petitions.ledger import Step, record, require_text, take
from petitions.ports import UnitOfWork
from petitions.tables import Case
from petitions.workflow import CaseAction, Outcome


def sign_for(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    start: bool = False,
) -> Case:
    """Take the case over (签收); with ``start`` the handling begins with the same click."""
    action = CaseAction.SIGN_FOR
    case, role = take(work, case_id, action, actor, expected_version=expected_version)
    facts = {"unit": case.lead_unit}
    record(work, case, Step(action=action, actor=actor, role=role, now=now, facts=facts))
    return start_handling(work, case_id, actor=actor, now=now) if start else case


def start_handling(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Case:
    """Begin the handling (办理)."""
    action = CaseAction.START
    case, role = take(work, case_id, action, actor, expected_version=expected_version)
    return record(work, case, Step(action=action, actor=actor, role=role, now=now))


def reply(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    text: str,
    expected_version: int | None = None,
    outcome: Outcome | None = None,
    citations: Sequence[str] = (),
    attachments: Sequence[AttachmentRef] = (),
) -> Case:
    """Give the official reply (答复); the resident gets these very words.

    Args:
        work: The transaction.
        case_id: The case.
        actor: Somebody of the lead unit.
        now: The time.
        text: The reply.
        expected_version: The version the actor saw.
        outcome: How the unit sees the end; the committee decides it when it closes.
        citations: The texts the reply rests on, each as one line.
        attachments: Photos of what was done.

    Raises:
        ReasonRequired: The reply has no words (``field=reply``).
    """
    action = CaseAction.REPLY
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=text)
    require_text(action, text, "reply")
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=text,
        facts=_facts_of_reply(case, outcome, citations, attachments),
        changes={"replied_at": now},
        attachments=tuple(attachments),
    )
    return record(work, case, step)


def _facts_of_reply(
    case: Case,
    outcome: Outcome | None,
    citations: Sequence[str],
    attachments: Sequence[AttachmentRef],
) -> dict[str, Any]:
    return {
        "unit": case.lead_unit,
        "outcome": outcome.value if outcome else None,
        "citations": list(citations),
        "evidence": len(attachments),
    }
