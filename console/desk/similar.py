"""Open cases that look like the one on the page, among those this person may see."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, or_, select

from petitions.actors import Actor
from petitions.permissions import visible_to
from petitions.ports import UnitOfWork
from petitions.similarity import WINDOW, Sketch, find_similar
from petitions.tables import IS_OPEN, Case

COMPARED = 200
SHOWN = 3


def similar_cases(work: UnitOfWork, case: Case, *, actor: Actor, now: datetime) -> tuple[Case, ...]:
    """The most alike first; one query."""
    cases = {one.id or 0: one for one in _candidates(work, case, actor, now)}
    found = find_similar(_sketch(case), map(_sketch, cases.values()), limit=SHOWN)
    return tuple(cases[one.case_id] for one in found)


def _candidates(work: UnitOfWork, case: Case, actor: Actor, now: datetime) -> Sequence[Case]:
    near = [col(Case.category_first) == case.category_first]
    if case.grid_id:
        near.append(col(Case.grid_id) == case.grid_id)
    if case.estate_id:
        near.append(col(Case.estate_id) == case.estate_id)
    query = (
        select(Case)
        .where(visible_to(actor, work.organisation), or_(*near), Case.id != case.id)
        .where(IS_OPEN)
        .where(col(Case.opened_at) >= now - WINDOW)
        .order_by(col(Case.id).desc())
        .limit(COMPARED)
    )
    return work.session.exec(query).all()


def _sketch(case: Case) -> Sketch:
    return Sketch(
        case_id=case.id or 0,
        text=case.summary,
        at=case.opened_at,
        category_first=case.category_first,
        category_second=case.category_second,
        estate_id=case.estate_id,
        building=case.building,
        grid_id=case.grid_id,
    )
