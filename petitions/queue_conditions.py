"""What narrows and orders the queue, as conditions of a query."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, nulls_last, or_
from sqlalchemy import case as case_when
from sqlmodel import col, select

from petitions.actors import Actor
from petitions.facets import Whistle
from petitions.permissions import visible_to
from petitions.ports import UnitOfWork
from petitions.tables import IS_OPEN, Case
from petitions.views import QueueFilter
from petitions.words import Urgency
from petitions.workflow import CaseStatus


def looks_at_open(filters: QueueFilter | None) -> bool:
    """Whether only open cases are wanted, by the statuses too if there are some.

    Among them matters what ends first, among all what is newest.
    """
    if filters is None:
        return True
    if filters.statuses:
        return not set(filters.statuses) & {CaseStatus.CLOSED.value, CaseStatus.ARCHIVED.value}
    return filters.open_only


def order_of_open() -> tuple[Any, ...]:
    danger = case_when((col(Case.urgency) == Urgency.EMERGENCY.value, 0), else_=1)
    return danger, nulls_last(col(Case.next_due_at)), col(Case.id)


def condition_of(
    work: UnitOfWork, actor: Actor, filters: QueueFilter, now: datetime
) -> ColumnElement[bool]:
    conditions = [visible_to(actor, work.organisation)]
    if filters.statuses:
        conditions.append(col(Case.status).in_(filters.statuses))
    if looks_at_open(filters):
        # Also where it follows from the statuses: the partial index is known by it.
        conditions.append(cast(ColumnElement[bool], IS_OPEN))
    conditions += _equalities(filters) + _urgencies(filters, now)
    if filters.text:
        conditions.append(_mentions(filters.text))
    return and_(*conditions)


def _urgencies(filters: QueueFilter, now: datetime) -> list[ColumnElement[bool]]:
    wanted = (
        (filters.overdue is True, is_late(now)),
        (filters.overdue is False, ~is_late(now)),
        (filters.due_before is not None, due_between(now, filters.due_before or now)),
        (filters.whistled, awaits_report_in()),
    )
    return [condition for is_wanted, condition in wanted if is_wanted]


def _equalities(filters: QueueFilter) -> list[ColumnElement[bool]]:
    wanted = (
        (Case.community_id, filters.community_id),
        (Case.grid_id, filters.grid_id),
        (Case.lead_unit, filters.unit_id),
        (Case.urgency, filters.urgency),
        (Case.regime, filters.regime),
        (Case.kind, filters.kind),
    )
    return [col(column) == value for column, value in wanted if value is not None]


def is_late(now: datetime) -> ColumnElement[bool]:
    return and_(col(Case.next_due_at).is_not(None), col(Case.next_due_at) < now)


def due_between(now: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(col(Case.next_due_at) >= now, col(Case.next_due_at) < until)


def awaits_report_in() -> ColumnElement[bool]:
    # Those who have not reported in are few: read once for all cases.
    return col(Case.id).in_(select(Whistle.case_id).where(col(Whistle.reported_in_at).is_(None)))


def _mentions(text: str) -> ColumnElement[bool]:
    columns = (Case.number, Case.title, Case.summary)
    return or_(*(col(column).contains(text.strip(), autoescape=True) for column in columns))
