"""Leaving a case out of the adjusted rates: with a reason, and only when a second person agrees.

The raw rates never change (北京市接诉即办工作条例 art. 32–33: what can't be the community's work
is not to be measured as its work, and says who decided so).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel import col, select

from petitions.actors import Actor
from petitions.errors import ActionNotAllowed, CaseNotFound
from petitions.ledger import Step, record, require_text, take
from petitions.oversight_tables import RateExclusion
from petitions.permissions import visible_to
from petitions.ports import UnitOfWork
from petitions.statistics import ThreeRates, three_rates
from petitions.tables import Case
from petitions.workflow import CaseAction


@dataclass(frozen=True, kw_only=True)
class ExcludedCase:
    """An exclusion, asked for or settled, with its case."""

    exclusion: RateExclusion
    case: Case


@dataclass(frozen=True, kw_only=True)
class RatesBothWays:
    """The three rates of a period, raw and without the cases that were left out.

    Attributes:
        left_out: Approved exclusions of cases of the period: each with its reason and persons.
        waiting: How many wait for a second person.
        exclusions: All of them, refused ones too, with their cases.
    """

    raw: ThreeRates
    adjusted: ThreeRates
    left_out: tuple[RateExclusion, ...]
    waiting: int
    exclusions: tuple[ExcludedCase, ...]


def ask_exclusion(
    work: UnitOfWork, case_id: int, *, actor: Actor, now: datetime, reason: str
) -> RateExclusion:
    """Ask that a case be left out of the adjusted rates; the case's history tells of it.

    Raises:
        CaseNotFound, NotPermitted, ActionNotAllowed: As for a note on the case.
        ReasonRequired: No reason.
        ActionNotAllowed: ``because=already_asked``.
    """
    require_text(CaseAction.NOTE, reason)
    if work.session.get(RateExclusion, case_id):
        raise ActionNotAllowed(action="exclude", case_id=case_id, because="already_asked")
    _write_down(work, case_id, actor, now, reason, "asked")
    row = RateExclusion(case_id=case_id, reason=reason, asked_by=actor.id, asked_at=now)
    work.session.add(row)
    work.session.flush()
    return row


def settle_exclusion(
    work: UnitOfWork, case_id: int, *, actor: Actor, now: datetime, approved: bool
) -> RateExclusion:
    """Agree or not; only somebody else than who asked may.

    Raises:
        CaseNotFound, NotPermitted: As for a note on the case.
        ActionNotAllowed: ``because=no_request``, ``already_settled`` or ``same_person``.
    """
    row = work.session.get(RateExclusion, case_id, with_for_update=True)
    problem = _problem(row, actor)
    if row is None or problem:
        raise ActionNotAllowed(action="exclude", case_id=case_id, because=problem)
    _write_down(work, case_id, actor, now, row.reason, "approved" if approved else "refused")
    row.approved, row.settled_by, row.settled_at = approved, actor.id, now
    work.session.flush()
    return row


def _problem(row: RateExclusion | None, actor: Actor) -> str | None:
    if row is None:
        return "no_request"
    if row.approved is not None:
        return "already_settled"
    return "same_person" if row.asked_by == actor.id else None


def _write_down(
    work: UnitOfWork, case_id: int, actor: Actor, now: datetime, reason: str, what: str
) -> None:
    case, role = take(work, case_id, CaseAction.NOTE, actor, text=reason)
    facts = {"exclusion": what}
    step = Step(action=CaseAction.NOTE, actor=actor, role=role, now=now, text=reason, facts=facts)
    record(work, case, step)


def rates_both_ways(
    work: UnitOfWork,
    *,
    actor: Actor,
    since: datetime,
    until: datetime,
    community_id: str | None = None,
    unit_id: str | None = None,
) -> RatesBothWays:
    """The three rates raw and adjusted; exclusions are listed as far as the actor sees the case."""
    found = _exclusions(work, actor, since, until)
    rows = [one.exclusion for one in found]
    approved = tuple(row for row in rows if row.approved)
    measure = partial(
        three_rates, work, since=since, until=until, community_id=community_id, unit_id=unit_id
    )
    return RatesBothWays(
        raw=measure(),
        adjusted=measure(left_out=[row.case_id for row in approved]),
        left_out=approved,
        waiting=sum(row.approved is None for row in rows),
        exclusions=found,
    )


def _exclusions(
    work: UnitOfWork, actor: Actor, since: datetime, until: datetime
) -> tuple[ExcludedCase, ...]:
    query = (
        select(RateExclusion, Case)
        .join(Case, col(Case.id) == col(RateExclusion.case_id))
        .where(col(Case.opened_at) >= since, col(Case.opened_at) < until)
        .where(visible_to(actor, work.organisation))
        .order_by(col(RateExclusion.case_id))
    )
    return tuple(ExcludedCase(exclusion=row, case=case) for row, case in work.session.exec(query))


def exclusion_of(work: UnitOfWork, case_id: int, *, actor: Actor) -> RateExclusion | None:
    """The exclusion of one case, or None when nobody asked.

    Raises:
        CaseNotFound: There is no such case that the actor may see.
    """
    query = select(Case.id).where(Case.id == case_id, visible_to(actor, work.organisation))
    if work.session.exec(query).first() is None:
        raise CaseNotFound(case_id=case_id)
    return work.session.get(RateExclusion, case_id)
