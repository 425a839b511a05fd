"""The burden meter: work outside the duty list that came to a community all the same.

Source: 北京市接诉即办工作条例 art. 32–33: what is not on the community's list may not be handed
down to it. A case counts for the month in which it was dispatched, for the unit that leads it and
for those that help.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from petitions.deadlines import local_day
from petitions.facets import CoHandling
from petitions.organisation import Organisation
from petitions.ports import UnitOfWork
from petitions.statistics import Rate
from petitions.tables import Case
from petitions.words import LegalRegime

COMMUNITY_KINDS = frozenset({"committee", "grid"})
"""Kinds of units that are the community itself; a property company is not."""


@dataclass(frozen=True, kw_only=True)
class Burden:
    """One unit of a community in one month.

    Attributes:
        month: Like ``2026-03``, in Asia/Shanghai.
        leading: Cases outside the duty list, of all that the unit was given to lead.
        helping: The same of those it was asked to help with.
    """

    unit_id: str
    community_id: str
    month: str
    leading: Rate
    helping: Rate


def is_burden(organisation: Organisation, case: Case, unit_id: str) -> bool:
    """Tell whether a community's own unit would get work that is not on its list."""
    return not case.in_duty_list and unit_id in community_units(organisation)


def community_units(organisation: Organisation) -> frozenset[str]:
    """Ids of the units that are a community itself."""
    return frozenset(unit.id for unit in organisation.units if unit.kind in COMMUNITY_KINDS)


def measure_burden(
    work: UnitOfWork, *, since: datetime, until: datetime, community_id: str | None = None
) -> tuple[Burden, ...]:
    """Count the cases dispatched from ``since`` up to, not with, ``until``.

    Reports of misconduct are left out: nobody may learn how many there are.
    """
    units = community_units(work.organisation)
    counted = _counted(since, until, community_id)
    columns: tuple[Any, ...] = (Case.community_id, Case.dispatched_at, Case.in_duty_list)
    led = select(Case.lead_unit, *columns).where(*counted, col(Case.lead_unit).in_(units))
    helped = (
        select(CoHandling.unit_id, *columns)
        .join(Case, col(Case.id) == col(CoHandling.case_id))
        .where(*counted, col(CoHandling.unit_id).in_(units))
    )
    leading = _tally(work.session.exec(led))
    helping = _tally(work.session.exec(helped))
    return tuple(
        Burden(
            unit_id=unit,
            community_id=community,
            month=month,
            leading=leading.rate(unit, community, month),
            helping=helping.rate(unit, community, month),
        )
        for unit, community, month in sorted(leading.given.keys() | helping.given.keys())
    )


def _counted(
    since: datetime, until: datetime, community_id: str | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        col(Case.dispatched_at) >= since,
        col(Case.dispatched_at) < until,
        col(Case.regime) != LegalRegime.REPORT.value,
    ]
    if community_id is not None:
        conditions.append(col(Case.community_id) == community_id)
    return conditions


@dataclass(frozen=True, kw_only=True)
class _Tally:
    """How many cases were given, and how many of them are outside the list, by key."""

    given: Counter[tuple[str, str, str]]
    outside: Counter[tuple[str, str, str]]

    def rate(self, *key: str) -> Rate:
        unit, community, month = key
        found = (unit, community, month)
        return Rate(met=self.outside[found], n=self.given[found])


def _tally(rows: Iterable[Any]) -> _Tally:
    keyed = [
        ((unit, community or "", f"{local_day(at):%Y-%m}"), listed)
        for unit, community, at, listed in rows
    ]
    return _Tally(
        given=Counter(key for key, _ in keyed),
        outside=Counter(key for key, listed in keyed if not listed),
    )
