"""The big screen: today's numbers for everybody in the room to see. No personal data."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import col, func, select

from console.auth import Require, SignedIn, services_of
from console.formatting import duration
from console.live import queue_version
from console.pages import show
from console.permissions import DeskPermission
from petitions.permissions import visible_to
from petitions.ports import UnitOfWork
from petitions.queries import board_counts, end_of_day
from petitions.tables import IS_OPEN, Case
from petitions.words import LegalRegime

router = APIRouter(prefix="/desk")
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
    since = end_of_day(now) - timedelta(days=1)
    columns = {"opened": Case.opened_at, "replied": Case.replied_at, "closed": Case.closed_at}
    return {
        name: work.session.exec(
            select(func.count())
            .select_from(Case)
            .where(visible_to(me.actor, work.organisation), col(column) >= since)
        ).one()
        for name, column in columns.items()
    }


def _open(work: UnitOfWork, me: SignedIn) -> tuple[Any, ...]:
    return (
        visible_to(me.actor, work.organisation),
        IS_OPEN,
        Case.regime != LegalRegime.REPORT.value,
        col(Case.confidential).is_(False),
    )


def _hot_places(work: UnitOfWork, me: SignedIn) -> list[tuple[str, int]]:
    count = func.count()
    query = (
        select(Case.estate_id, count)
        .where(*_open(work, me), col(Case.estate_id).is_not(None))
        .group_by(Case.estate_id)
        .having(count >= FEWEST_SHOWN)
        .order_by(count.desc())
        .limit(PLACES_SHOWN)
    )
    names = {estate.id: estate.name for estate in work.organisation.estates}
    found = work.session.exec(query)
    return [(names.get(str(place), str(place)), number) for place, number in found]


def _longest_waiting(work: UnitOfWork, me: SignedIn) -> list[tuple[str, datetime]]:
    query = (
        select(Case.category_second, Case.opened_at)
        .where(*_open(work, me))
        .order_by(col(Case.opened_at))
        .limit(LONGEST_SHOWN)
    )
    return [(kind or "其他", opened) for kind, opened in work.session.exec(query)]
