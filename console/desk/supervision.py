"""The three rates of a period from several sides, the whistle from both, and where it is hot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from console.auth import Require, SignedIn, services_of
from console.charts import as_svg, draw_bars
from console.desk.attachments import SANDBOX
from console.desk.queue_query import QueueQuery
from console.errors import FeatureMissing
from console.formatting import query_string
from console.language import translate
from console.pages import show
from console.permissions import DeskPermission
from console.report import Section, sections_of
from console.services import ConsoleServices
from petitions.breakdown import Breakdown, WhistleAssessment, assess_whistles, break_down
from petitions.deadlines import LOCAL_ZONE
from petitions.queries import board_counts
from petitions.workflow import Role

router = APIRouter(prefix="/desk")
Overseer = Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_FIGURES))]
LONGEST_PERIOD = timedelta(days=366)
# Inline styles are what reportlab writes; nothing else may run or be fetched.
CHART_POLICY = f"{SANDBOX}; style-src 'unsafe-inline'"


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

    @property
    def address(self) -> str:
        """The query string that names it."""
        return query_string({"since": str(self.first), "until": str(self.last)})


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    """One grid: how many cases of each category, with a step from 0 to 5 for its ground."""

    name: str
    cells: tuple[tuple[int, int], ...]
    total: int


@router.get("/supervision")
def show_supervision(request: Request, me: Overseer) -> Response:
    """The figures of a period; a committee sees its own community's."""
    services = services_of(request)
    now = services.clock.now()
    period = read_period(request.query_params, now)
    figures, whistles = gather(services, me, period)
    with services.open_read_work() as work:
        counts = board_counts(work, actor=me.actor, now=now)
    categories, heat = heat_map(figures, services)
    return show(
        request,
        "supervision.html",
        me=me,
        period=period,
        community=services.organisation.community(community_of(me)),
        rates=figures.total,
        sections=sections_of(figures, services.organisation),
        whistles=whistles,
        categories=categories,
        heat=heat,
        counts=counts,
        overdue_address="/desk" + QueueQuery(overdue=True).address(),
    )


@router.get("/supervision/charts/{key}.svg")
def draw_chart(request: Request, me: Overseer, key: str) -> Response:
    """One chart of the page; its table stands beside it."""
    services = services_of(request)
    period = read_period(request.query_params, services.clock.now())
    with services.open_read_work() as work:
        figures = break_down(
            work, since=period.since, until=period.until, community_id=community_of(me)
        )
    section = _section(sections_of(figures, services.organisation), key)
    title = translate("{title}的解决率").format(title=section.title)
    drawing = draw_bars(section.bars(), title=title)
    headers = {"Content-Security-Policy": CHART_POLICY, "Cache-Control": "private, max-age=60"}
    return Response(as_svg(drawing), media_type="image/svg+xml", headers=headers)


def _section(sections: tuple[Section, ...], key: str) -> Section:
    found = next((one for one in sections if one.key == key), None)
    if found is None:
        raise FeatureMissing(feature=key)
    return found


def community_of(me: SignedIn) -> str | None:
    """Whose figures this person sees; None for the whole street."""
    return None if Role.SUPERVISOR in me.member.roles else me.member.community_id


def gather(
    services: ConsoleServices, me: SignedIn, period: Period
) -> tuple[Breakdown, WhistleAssessment]:
    """The figures of a period, as far as this person sees them."""
    community = community_of(me)
    with services.open_read_work() as work:
        figures = break_down(work, since=period.since, until=period.until, community_id=community)
        whistles = assess_whistles(
            work,
            since=period.since,
            until=period.until,
            now=services.clock.now(),
            community_id=community,
        )
    return figures, whistles


CATEGORIES_SHOWN = 6
HEAT_STEPS = 5


def heat_map(
    figures: Breakdown, services: ConsoleServices
) -> tuple[tuple[str, ...], tuple[HeatRow, ...]]:
    """Grids by category: the number in each cell, and how hot it is beside the hottest."""
    categories = tuple(figures.by_category)[:CATEGORIES_SHOWN]
    hottest = max(figures.cells.values(), default=1)
    names = {grid.id: grid.name for grid in services.organisation.grids}

    def cell(grid: str, category: str) -> tuple[int, int]:
        count = figures.cells.get((grid, category), 0)
        return count, -(-count * HEAT_STEPS // hottest)

    rows = [
        HeatRow(
            name=names.get(grid, grid),
            cells=tuple(cell(grid, category) for category in categories),
            total=tally.cases,
        )
        for grid, tally in figures.by_grid.items()
    ]
    return categories, tuple(rows)


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
