"""Screening, dispatch and objection: who gets the case."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from petitions.actors import Actor
from petitions.burden import is_burden
from petitions.clocks import window_open
from petitions.deadlines import ClockName
from petitions.facets import CoHandling
from petitions.ledger import Step, record, take
from petitions.notifications import shielded_units
from petitions.permissions import co_handlers_of, refuse
from petitions.ports import UnitOfWork
from petitions.tables import Case, CaseEntry
from petitions.words import LegalRegime
from petitions.workflow import CaseAction, CaseStatus


def screen_case(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    regime: LegalRegime | None = None,
    note: str | None = None,
) -> Case:
    """Accept a registered case (甄别); ``regime`` says which law's clocks run from here."""
    action = CaseAction.SCREEN
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=note)
    changes = {"regime": regime.value} if regime else {}
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=note,
        changes=changes,
        facts={"regime": regime.value if regime else case.regime},
    )
    return record(work, case, step)


def dispatch_case(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    unit_id: str | None = None,
    co_handlers: Sequence[str] | None = None,
    reason: str | None = None,
) -> Case:
    """Give the case to a unit (分拨); without one, to the unit that routing proposed.

    Raises:
        UnknownUnit: A unit named is not in the organisation.
        ActionNotAllowed: ``because=no_unit``: none was named and none proposed;
            ``because=shielded``: the case is a report about a unit named.
    """
    action = CaseAction.DISPATCH
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    step = Step(action=action, actor=actor, role=role, now=now, text=reason)
    return _give_to(work, case, step, unit_id, co_handlers)


def screen_and_dispatch(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    unit_id: str | None = None,
    co_handlers: Sequence[str] | None = None,
    reason: str | None = None,
) -> Case:
    """Accept and dispatch with one click; two entries, one message to the resident.

    Raises:
        UnknownUnit, ActionNotAllowed: As in :func:`dispatch_case`.
    """
    action = CaseAction.SCREEN
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    screen = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        facts={"regime": case.regime},
        tell_resident=False,
    )
    record(work, case, screen)
    dispatch = Step(action=CaseAction.DISPATCH, actor=actor, role=role, now=now, text=reason)
    return _give_to(work, case, dispatch, unit_id, co_handlers)


def reassign_case(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    unit_id: str,
    reason: str,
    expected_version: int | None = None,
    co_handlers: Sequence[str] = (),
) -> Case:
    """Take the case from its unit and give it to another (改派).

    Raises:
        UnknownUnit: The unit is not in the organisation.
    """
    action = CaseAction.REASSIGN
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    step = Step(action=action, actor=actor, role=role, now=now, text=reason)
    return _give_to(work, case, step, unit_id, co_handlers)


def object_to_dispatch(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    expected_version: int | None = None,
) -> Case:
    """Say that the case is another unit's (异议), with reasons and in time.

    Raises:
        ActionNotAllowed: ``because=designated``: the committee has decided before that this
            unit takes it (信访工作条例 art. 23); ``because=objection_window_closed``.
    """
    action = CaseAction.OBJECT
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    if case.designated:
        raise refuse(case, action, "designated")
    if not window_open(work, case, ClockName.OBJECT, now):
        raise refuse(case, action, "objection_window_closed")
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=reason,
        facts={"unit": case.lead_unit},
    )
    return record(work, case, step)


def settle_objection(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    upheld: bool,
    reason: str,
    expected_version: int | None = None,
) -> Case:
    """Decide an objection: upheld, the case waits for another dispatch; overruled, the unit
    is designated and must take it.
    """
    action = CaseAction.UPHOLD_OBJECTION if upheld else CaseAction.OVERRULE_OBJECTION
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    unit = case.lead_unit or ""
    changes: dict[str, Any] = {"lead_unit": None} if upheld else {"designated": True}
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=reason,
        facts={"unit": unit},
        changes=changes,
        units=(unit,),
    )
    return record(work, case, step)


def _give_to(
    work: UnitOfWork,
    case: Case,
    step: Step,
    unit_id: str | None,
    co_handlers: Sequence[str] | None,
) -> Case:
    lead = unit_id or case.lead_unit or case.proposed_unit
    if lead is None:
        raise refuse(case, step.action, "no_unit")
    helpers = _helpers(case, lead, co_handlers)
    ensure_may_get(work, case, step.action, (lead, *helpers))
    _relieve_units(work, case, helpers)
    invite_units(work, case, helpers, step.now)
    facts = {
        "unit": lead,
        "previous_unit": case.lead_unit,
        "co_handlers": list(helpers),
        "proposed": lead == case.proposed_unit,
        "in_duty_list": case.in_duty_list,
        "burden": is_burden(work.organisation, case, lead),
    }
    changes = {
        "lead_unit": lead,
        "dispatched_at": step.now,
        "designated": lead in _units_that_refused(work, case),
    }
    return record(work, case, replace(step, facts=facts, changes=changes))


def _units_that_refused(work: UnitOfWork, case: Case) -> frozenset[str]:
    """Units that objected to this case or gave it back; given it again, they must take it."""
    query = select(CaseEntry.facts).where(
        CaseEntry.case_id == case.id,
        col(CaseEntry.action).in_([CaseAction.OBJECT.value, CaseAction.SEND_BACK.value]),
        col(CaseEntry.to_status).in_([CaseStatus.OBJECTED.value, CaseStatus.SCREENED.value]),
    )
    return frozenset(str(facts.get("unit")) for facts in work.session.exec(query))


def _relieve_units(work: UnitOfWork, case: Case, helpers: Sequence[str]) -> None:
    """Let go the helpers of an earlier dispatch who have not done anything yet."""
    query = select(CoHandling).where(
        CoHandling.case_id == case.id,
        col(CoHandling.unit_id).not_in(helpers),
        col(CoHandling.replied_at).is_(None),
    )
    for row in work.session.exec(query):
        work.session.delete(row)


def _helpers(case: Case, lead: str, co_handlers: Sequence[str] | None) -> tuple[str, ...]:
    """The helpers named; with none named, those proposed with the unit that was proposed."""
    proposed = case.proposed_co_handlers if lead == case.proposed_unit else ()
    chosen = proposed if co_handlers is None else co_handlers
    return tuple(unit for unit in dict.fromkeys(chosen) if unit != lead)


def ensure_may_get(work: UnitOfWork, case: Case, action: CaseAction, units: Sequence[str]) -> None:
    """Check that the units exist and that the case is not a report about one of them.

    Raises:
        UnknownUnit, ActionNotAllowed: As in :func:`dispatch_case`.
    """
    for unit in units:
        work.organisation.unit(unit)
    if shielded_units(work, case) & frozenset(units):
        raise refuse(case, action, "shielded")


def invite_units(
    work: UnitOfWork, case: Case, units: Sequence[str], now: datetime, part: str | None = None
) -> tuple[str, ...]:
    """Make units co-handlers; those that are already stay as they are. Returns the new ones."""
    already = co_handlers_of(work, case)
    new = tuple(unit for unit in units if unit not in already)
    work.session.add_all(
        CoHandling(case_id=case.id or 0, unit_id=unit, part=part, invited_at=now) for unit in new
    )
    work.session.flush()
    return new
