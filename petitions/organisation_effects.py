"""What closing a part of the organisation would mean for open cases. Only looks."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Mapped
from sqlmodel import col, func, select

from petitions.facets import CoHandling
from petitions.organisation_editing import BUILDINGS
from petitions.ports import UnitOfWork
from petitions.tables import IS_OPEN, Case, CaseClock

NUMBERS_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class OpenCases:
    """Open cases that something touches.

    Attributes:
        total: How many.
        numbers: Of the first :data:`NUMBERS_SHOWN`, by number.
    """

    total: int
    numbers: tuple[str, ...]


def open_cases_of(work: UnitOfWork, kind: str, thing: str) -> OpenCases:
    """Open cases that a thing of the organisation holds; of a unit, those it has yet to answer."""
    condition = _condition(kind, thing)
    total = work.session.exec(select(func.count(col(Case.id))).where(IS_OPEN, condition)).one()
    query = select(Case.number).where(IS_OPEN, condition).order_by(col(Case.number))
    return OpenCases(total=total, numbers=tuple(work.session.exec(query.limit(NUMBERS_SHOWN))))


def helped_by(work: UnitOfWork, unit_id: str) -> int:
    """How many open cases a unit helps with and has not answered yet."""
    query = (
        select(func.count(col(CoHandling.id)))
        .join(Case, col(Case.id) == col(CoHandling.case_id))
        .where(IS_OPEN, col(CoHandling.unit_id) == unit_id, col(CoHandling.replied_at).is_(None))
    )
    return work.session.exec(query).one()


def running_clocks_of(work: UnitOfWork, rule_id: str) -> int:
    """How many clocks of open cases run by a rule."""
    query = (
        select(func.count(col(CaseClock.id)))
        .join(Case, col(Case.id) == col(CaseClock.case_id))
        .where(IS_OPEN, col(CaseClock.rule_id) == rule_id, col(CaseClock.stopped_at).is_(None))
    )
    return work.session.exec(query).one()


def _condition(kind: str, thing: str) -> ColumnElement[bool]:
    if kind == "units":
        proposed = and_(col(Case.lead_unit).is_(None), col(Case.proposed_unit) == thing)
        held = or_(col(Case.lead_unit) == thing, proposed)
        return and_(col(Case.replied_at).is_(None), held)
    if kind == BUILDINGS:
        estate, _, number = thing.partition("/")
        return and_(col(Case.estate_id) == estate, col(Case.building) == number)
    return _COLUMNS[kind] == thing


_COLUMNS: Mapping[str, Mapped[str | None]] = {
    "communities": col(Case.community_id),
    "grids": col(Case.grid_id),
    "estates": col(Case.estate_id),
    "duties": col(Case.duty_item),
}
