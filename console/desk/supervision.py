"""The three rates of a period, raw and with their n, for the whole and for each unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import col, select

from console.auth import Require, SignedIn, services_of
from console.desk.queue_query import QueueQuery
from console.pages import show
from console.permissions import DeskPermission
from petitions.deadlines import LOCAL_ZONE
from petitions.ports import UnitOfWork
from petitions.queries import board_counts
from petitions.statistics import ThreeRates, three_rates
from petitions.tables import Case
from petitions.workflow import Role

router = APIRouter(prefix="/desk")
LONGEST_PERIOD = timedelta(days=366)
UNITS_SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class Period:
    """Whole days in local time, both included."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """When it begins."""
        return datetime.combine(self.first, time(), LOCAL_ZONE)

    @property
    def until(self) -> datetime:
        """The moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), LOCAL_ZONE)


@dataclass(frozen=True, kw_only=True)
class UnitRates:
    """One unit's rates."""

    name: str
    rates: ThreeRates


@router.get("/supervision")
def show_supervision(
    request: Request,
    me: Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_FIGURES))],
) -> Response:
    """The figures of a period; a committee sees its own community's."""
    services = services_of(request)
    now = services.clock.now()
    period = read_period(request.query_params, now)
    community = None if Role.SUPERVISOR in me.member.roles else me.member.community_id
    with services.open_read_work() as work:
        rates = three_rates(work, since=period.since, until=period.until, community_id=community)
        units = _unit_rates(work, period, community)
        counts = board_counts(work, actor=me.actor, now=now)
    return show(
        request,
        "supervision.html",
        me=me,
        period=period,
        community=services.organisation.community(community),
        rates=rates,
        units=units,
        counts=counts,
        overdue_address="/desk" + QueueQuery(overdue=True).address(),
    )


def read_period(words: Mapping[str, str], now: datetime) -> Period:
    """The period of the address; the last thirty days where it names none that holds."""
    today = now.astimezone(LOCAL_ZONE).date()
    first = _day(words.get("since"), today - timedelta(days=29))
    last = _day(words.get("until"), today)
    if not first <= last <= first + LONGEST_PERIOD:
        return Period(first=today - timedelta(days=29), last=today)
    return Period(first=first, last=last)


def _day(word: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(word or "")
    except ValueError:
        return otherwise


def _unit_rates(work: UnitOfWork, period: Period, community: str | None) -> list[UnitRates]:
    """The rates of each unit that led a case of the period, most cases first."""
    query = (
        select(Case.lead_unit)
        .where(col(Case.opened_at) >= period.since, col(Case.opened_at) < period.until)
        .where(col(Case.lead_unit).is_not(None))
        .distinct()
        .limit(UNITS_SHOWN)
    )
    units = [
        UnitRates(
            name=work.organisation.unit_name(unit),
            rates=three_rates(
                work,
                since=period.since,
                until=period.until,
                community_id=community,
                unit_id=unit,
            ),
        )
        for unit in work.session.exec(query)
    ]
    return sorted((one for one in units if one.rates.cases), key=_most_cases)


def _most_cases(one: UnitRates) -> tuple[int, str]:
    return -one.rates.cases, one.name
