"""Several units on one case: co-handling and whistle."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from petitions.actors import Actor
from petitions.clocks import rule_of_case, terms_of
from petitions.deadlines import ClockName, due_at
from petitions.drafts import AttachmentRef
from petitions.errors import ReasonRequired
from petitions.facets import CoHandling, Whistle
from petitions.handling.dispatching import ensure_may_get, invite_units
from petitions.ledger import Step, record, require_text, take
from petitions.permissions import refuse, units_of, whistled_units
from petitions.ports import UnitOfWork
from petitions.tables import Case
from petitions.workflow import CaseAction


def invite_co_handler(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    unit_id: str,
    part: str | None = None,
    expected_version: int | None = None,
) -> Case:
    """Ask another unit to help (协办); ``part`` says what with.

    Raises:
        UnknownUnit: There is no such unit.
        ActionNotAllowed: ``because=already_involved`` or ``shielded``.
    """
    action = CaseAction.INVITE_CO_HANDLER
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=part)
    ensure_may_get(work, case, action, (unit_id,))
    new = invite_units(work, case, (unit_id,), now, part) if unit_id != case.lead_unit else ()
    if not new:
        raise refuse(case, action, "already_involved")
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=part,
        facts={"unit": unit_id},
        units=new,
    )
    return record(work, case, step)


def part_reply(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    text: str,
    expected_version: int | None = None,
) -> Case:
    """Tell the lead unit what one's own unit has done; the lead answers for all.

    Raises:
        ReasonRequired: No words (``field=reply``).
    """
    action = CaseAction.PART_REPLY
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=text)
    require_text(action, text, "reply")
    query = select(CoHandling).where(
        CoHandling.case_id == case_id,
        col(CoHandling.unit_id).in_(units_of(actor, work.organisation)),
    )
    part = work.session.exec(query).one()
    part.replied_at, part.reply = now, text
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=text,
        facts={"unit": part.unit_id},
    )
    return record(work, case, step)


def whistle(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    unit_ids: Sequence[str],
    reason: str,
    expected_version: int | None = None,
) -> Case:
    """Call units together (吹哨); each must report in by its own deadline.

    Raises:
        UnknownUnit: A unit is not in the organisation.
        ReasonRequired: No unit, or no reason.
        ActionNotAllowed: ``because=already_whistled``, ``shielded`` or ``no_rule`` (the
            deadlines have none for reporting in).
    """
    action = CaseAction.WHISTLE
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    units = tuple(dict.fromkeys(unit_ids))
    if not units:
        raise ReasonRequired(action=action.value, field="units")
    ensure_may_get(work, case, action, units)
    if whistled_units(work, case) & frozenset(units):
        raise refuse(case, action, "already_whistled")
    due = _report_in_due(work, case, now)
    work.session.add_all(_whistle(case, unit, actor, now, due, reason) for unit in units)
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=reason,
        facts={"units": list(units), "due_at": due.isoformat()},
        units=units,
    )
    return record(work, case, step)


def _report_in_due(work: UnitOfWork, case: Case, now: datetime) -> datetime:
    rule = rule_of_case(work.organisation, terms_of(case), ClockName.REPORT_IN)
    if rule is None:
        raise refuse(case, CaseAction.WHISTLE, "no_rule")
    return due_at(rule, now, work.organisation.calendar)


def _whistle(
    case: Case, unit: str, actor: Actor, now: datetime, due: datetime, reason: str
) -> Whistle:
    return Whistle(
        case_id=case.id or 0,
        unit_id=unit,
        called_by=actor.id,
        reason=reason,
        called_at=now,
        due_at=due,
    )


def report_in(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    text: str | None = None,
    attachments: Sequence[AttachmentRef] = (),
    expected_version: int | None = None,
) -> Case:
    """Answer a whistle (报到); minutes of the meeting on the spot may come with it."""
    action = CaseAction.REPORT_IN
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=text)
    query = select(Whistle).where(
        Whistle.case_id == case_id,
        col(Whistle.unit_id).in_(units_of(actor, work.organisation)),
        col(Whistle.reported_in_at).is_(None),
    )
    called = work.session.exec(query).all()
    for one in called:
        one.reported_in_at, one.reported_in_by = now, actor.id
    units = tuple(one.unit_id for one in called)
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=text,
        facts={"units": list(units), "late": any(now > one.due_at for one in called)},
        units=units,
        attachments=tuple(attachments),
    )
    return record(work, case, step)
