"""What stands above the ordinary road: supervision, escalation, recusal."""

from datetime import datetime

from petitions.actors import Actor
from petitions.errors import NotPermitted
from petitions.escalation import ensure_may_escalate, escalation_step, next_level
from petitions.facets import Recusal
from petitions.ledger import Step, record, take
from petitions.ports import UnitOfWork
from petitions.tables import Case
from petitions.words import CaseLevel
from petitions.workflow import CaseAction, Role


def supervise(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    expected_version: int | None = None,
) -> Case:
    """Put the case under supervision (督办); unit and committee are told."""
    action = CaseAction.SUPERVISE
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    step = Step(
        action=action, actor=actor, role=role, now=now, text=reason, changes={"supervised": True}
    )
    return record(work, case, step)


def escalate_case(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    to_level: CaseLevel | None = None,
    expected_version: int | None = None,
) -> Case:
    """Let the next higher level look after the case by a supervisor's order (升级督办).

    Its unit goes on; the office of the level sees the case and is told from now on.

    Args:
        work: The transaction.
        case_id: The case.
        actor: A supervisor.
        now: The time.
        reason: Why; it stands in the history.
        to_level: The level; None is the next one.
        expected_version: The version the actor saw.

    Raises:
        ActionNotAllowed: ``because=highest_level``, ``not_higher`` or ``report`` (a report is
            never shown to more people: 信访工作条例 art. 30).
    """
    action = CaseAction.ESCALATE
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    level = to_level or next_level(case)
    ensure_may_escalate(case, level)
    step = escalation_step(case, level, actor=actor, role=role, now=now, text=reason, rule="order")
    return record(work, case, step)


def recuse(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    person: str | None = None,
    expected_version: int | None = None,
) -> Case:
    """Keep a member of staff away from a case they have to do with (回避).

    Source: 信访工作条例 art. 30. From then on that person finds it no more and can't act on it.

    Args:
        work: The transaction.
        case_id: The case.
        actor: The person, or the committee or a supervisor for somebody else.
        now: The time.
        reason: Why; it stands in the history.
        person: Staff id; None is the actor.
        expected_version: The version the actor saw.

    Raises:
        NotPermitted: Somebody without oversight names another person.
    """
    action = CaseAction.RECUSE
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    named = person or actor.id
    if named != actor.id and role not in (Role.COMMITTEE, Role.SUPERVISOR):
        raise NotPermitted(action=action.value, case_id=case_id, because="another_person")
    recusal = Recusal(case_id=case_id, person=named, recused_at=now)
    work.session.merge(recusal)
    facts = {"person": named}
    step = Step(action=action, actor=actor, role=role, now=now, text=reason, facts=facts)
    return record(work, case, step)
