"""The case before and the case after one in the list that it was opened from."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy import case as case_when
from sqlmodel import col, select

from petitions.actors import Actor
from petitions.ports import UnitOfWork
from petitions.queue_conditions import condition_of, looks_at_open
from petitions.tables import Case
from petitions.views import QueueFilter
from petitions.words import Urgency

_DANGER = case_when((col(Case.urgency) == Urgency.EMERGENCY.value, 0), else_=1)
_WITHOUT_CLOCK = case_when((col(Case.next_due_at).is_(None), 1), else_=0)


def case_beside(
    work: UnitOfWork,
    case: Case,
    *,
    actor: Actor,
    now: datetime,
    filters: QueueFilter,
    backwards: bool = False,
) -> str | None:
    """Number of the next case of the list, or of the one before; None at its end.

    ``case`` need not be in the list any more: what follows its place is taken.
    """
    if looks_at_open(filters):
        order = _place_of_open(case)
    else:
        # Newest first: told by the direction, so that the index of ids gives the order.
        order, backwards = ((col(Case.id), _id(case)),), not backwards
    query = (
        select(Case.number)
        .where(condition_of(work, actor, filters, now), _beyond(order, backwards=backwards))
        .order_by(*(column.desc() if backwards else column.asc() for column, _ in order))
        .limit(1)
    )
    return work.session.exec(query).first()


def _place_of_open(case: Case) -> tuple[tuple[Any, Any], ...]:
    """The order of open cases, column by column, and where ``case`` stands in it."""
    return (
        (_DANGER, 0 if case.urgency == Urgency.EMERGENCY.value else 1),
        (_WITHOUT_CLOCK, 1 if case.next_due_at is None else 0),
        (col(Case.next_due_at), case.next_due_at),
        (col(Case.id), _id(case)),
    )


def _id(case: Case) -> int:
    return case.id or 0


def _beyond(order: tuple[tuple[Any, Any], ...], *, backwards: bool) -> ColumnElement[bool]:
    """Further in the order than its values: equal up to a column, beyond in that one."""
    steps = []
    equal: list[ColumnElement[bool]] = []
    for column, value in order:
        if value is None:  # both are without a clock here, told by the column before
            continue
        further = column < value if backwards else column > value
        steps.append(and_(*equal, further))
        equal.append(column == value)
    return or_(*steps)
