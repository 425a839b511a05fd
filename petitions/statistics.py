"""三率: response, resolution and satisfaction of a period, each with its n."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from petitions.deadlines import ClockName
from petitions.ports import UnitOfWork
from petitions.tables import Case, CaseClock
from petitions.words import LegalRegime, Satisfaction
from petitions.workflow import Outcome


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A share with the numbers behind it; ``value`` is None when there is nothing to share."""

    met: int
    n: int

    @property
    def value(self) -> float | None:
        """The share, 0 to 1."""
        return self.met / self.n if self.n else None


@dataclass(frozen=True, kw_only=True)
class ThreeRates:
    """The three rates of the cases opened in a period.

    Attributes:
        response: Contacted within the contact deadline, of all whose contact clock ran out
            or was stopped.
        resolution: Residents who say it is resolved, of those who said anything.
        satisfaction: Satisfied or very satisfied, of those rated.
        unrated: Not rated, of those replied to.
    """

    since: datetime
    until: datetime
    cases: int
    response: Rate
    resolution: Rate
    satisfaction: Rate
    unrated: Rate


def three_rates(
    work: UnitOfWork,
    *,
    since: datetime,
    until: datetime,
    community_id: str | None = None,
    unit_id: str | None = None,
    left_out: Collection[int] = (),
) -> ThreeRates:
    """Work out the three rates of cases opened from ``since`` up to, not with, ``until``.

    Reports of misconduct, merged and withdrawn cases are left out: nobody is to be measured
    by them. ``left_out`` names cases that are not to count besides.
    """
    counted = counted_cases(since, until, community_id, unit_id)
    if left_out:
        counted.append(col(Case.id).not_in(left_out))
    # Columns, not rows of the model: a city's month has tens of thousands of cases.
    answers = select(Case.resolved, Case.satisfaction, Case.replied_at)
    cases: Sequence[Any] = work.session.exec(answers.where(*counted)).all()
    contacts: Sequence[Any] = work.session.exec(
        select(CaseClock.stopped_at, CaseClock.due_at)
        .join(Case, col(Case.id) == col(CaseClock.case_id))
        .where(CaseClock.clock == ClockName.CONTACT.value, *counted)
    ).all()
    return ThreeRates(
        since=since,
        until=until,
        cases=len(cases),
        response=_response(contacts, until),
        resolution=_rate([case.resolved for case in cases if case.resolved is not None]),
        satisfaction=_rate(
            [
                case.satisfaction >= Satisfaction.SATISFIED
                for case in cases
                if case.satisfaction is not None
            ]
        ),
        unrated=_rate([case.satisfaction is None for case in cases if case.replied_at]),
    )


def counted_cases(
    since: datetime, until: datetime, community_id: str | None, unit_id: str | None
) -> list[ColumnElement[bool]]:
    """The cases of a period that somebody may be measured by."""
    left_out = (Outcome.MERGED.value, Outcome.WITHDRAWN.value)
    conditions: list[ColumnElement[bool]] = [
        col(Case.opened_at) >= since,
        col(Case.opened_at) < until,
        col(Case.regime) != LegalRegime.REPORT.value,
        col(Case.outcome).is_(None) | col(Case.outcome).not_in(left_out),
    ]
    if community_id is not None:
        conditions.append(col(Case.community_id) == community_id)
    if unit_id is not None:
        conditions.append(col(Case.lead_unit) == unit_id)
    return conditions


def _response(contacts: Sequence[Any], until: datetime) -> Rate:
    settled = [clock for clock in contacts if clock.stopped_at or clock.due_at < until]
    return _rate(
        [clock.stopped_at is not None and clock.stopped_at <= clock.due_at for clock in settled]
    )


def _rate(answers: Sequence[bool]) -> Rate:
    return Rate(met=sum(answers), n=len(answers))
