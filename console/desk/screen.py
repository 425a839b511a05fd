"""The big screen: today's numbers for everybody in the room to see. No personal data."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import col, func, select

from console.auth import Require, SignedIn, services_of
from console.formatting import duration
from console.language import translate
from console.live import queue_version
from console.pages import show
from console.permissions import DeskPermission
from petitions.permissions import visible_to
from petitions.ports import UnitOfWork
from petitions.queries import board_counts, end_of_day
from petitions.tables import IS_OPEN, Case, CaseEntry
from petitions.words import LegalRegime
from petitions.workflow import CaseAction

router = APIRouter(prefix="/desk")
DAY_ACTIONS = (CaseAction.REGISTER.value, CaseAction.REPLY.value, CaseAction.CLOSE.value)
PLACES_SHOWN = 6
LONGEST_SHOWN = 5
FEWEST_SHOWN = 2
"""A place with a single case is not named: that would tell whose case it is."""


@router.get("/screen")
def show_screen(
    request: Request,
    me: Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_FIGURES))],
) -> Response:
    """Today's numbers, hot places, longest waiting."""
    services = services_of(request)
    now = services.clock.now()
    with services.open_read_work() as work:
        counts = board_counts(work, actor=me.actor, now=now)
        today = _today(work, me, now)
        places = _hot_places(work, me)
        waiting = _longest_waiting(work, me)
        version = queue_version(work, me.actor)
    return show(
        request,
        "screen.html",
        me=me,
        counts=counts,
        today=today,
        places=places,
        waiting=[(kind, duration(now - opened)) for kind, opened in waiting],
        version=version,
    )


def _today(work: UnitOfWork, me: SignedIn, now: datetime) -> dict[str, int]:
    """How many cases were opened, replied to and closed today, as their histories tell."""
    query = (
        select(CaseEntry.action, func.count(func.distinct(CaseEntry.case_id)))
        .join(Case, col(Case.id) == col(CaseEntry.case_id))
        .where(col(CaseEntry.at) >= end_of_day(now) - timedelta(days=1))
        .where(col(CaseEntry.action).in_(DAY_ACTIONS), visible_to(me.actor, work.organisation))
        .group_by(CaseEntry.action)
    )
    found = dict(work.session.exec(query).all())
    return {action: found.get(action, 0) for action in DAY_ACTIONS}


def _open(work: UnitOfWork, me: SignedIn) -> tuple[Any, ...]:
    return (
        visible_to(me.actor, work.organisation),
        IS_OPEN,
        Case.regime != LegalRegime.REPORT.value,
        col(Case.confidential).is_(False),
    )


def _hot_places(work: UnitOfWork, me: SignedIn) -> list[tuple[str, int]]:
    # Counted here: grouped by the database, it would walk an index over all old cases.
    query = select(Case.estate_id).where(*_open(work, me), col(Case.estate_id).is_not(None))
    places = Counter(work.session.exec(query)).most_common(PLACES_SHOWN)
    names = {estate.id: estate.name for estate in work.organisation.estates}
    return [(names.get(str(one), str(one)), n) for one, n in places if n >= FEWEST_SHOWN]


def _longest_waiting(work: UnitOfWork, me: SignedIn) -> list[tuple[str, datetime]]:
    query = (
        select(Case.category_second, Case.opened_at)
        .where(*_open(work, me))
        .order_by(col(Case.opened_at))
        .limit(LONGEST_SHOWN)
    )
    return [(kind or translate("其他"), opened) for kind, opened in work.session.exec(query)]
