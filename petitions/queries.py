"""What staff look at: the queue, the board and the case page. Nothing is changed here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_
from sqlalchemy import case as case_when
from sqlmodel import SQLModel, col, func, select

from petitions.actors import Actor
from petitions.clocks import WINDOWS, ClockView, clocks_of, view_clock
from petitions.contact_cipher import mask_name, mask_phone
from petitions.deadlines import LOCAL_ZONE, local_day
from petitions.errors import CaseNotFound
from petitions.facets import Attachment, CoHandling, FollowUp, Rating, Whistle
from petitions.history import history_of
from petitions.permissions import Involved, actions_for, may_see, visible_to
from petitions.ports import UnitOfWork
from petitions.progress import petitions_of, track, track_own
from petitions.queue_conditions import (
    awaits_report_in,
    condition_of,
    due_between,
    is_late,
    looks_at_open,
    order_of_open,
)
from petitions.tables import Case, CaseClock, Petition, Supporter
from petitions.views import (
    BoardCounts,
    CasePage,
    PetitionProgress,
    PetitionView,
    ProgressStep,
    QueueFilter,
    QueuePage,
    QueueRow,
)
from petitions.workflow import CaseAction

__all__ = [
    "BoardCounts",
    "CasePage",
    "PetitionProgress",
    "PetitionView",
    "ProgressStep",
    "QueueFilter",
    "QueuePage",
    "QueueRow",
    "board_counts",
    "case_by_number",
    "case_page",
    "end_of_day",
    "page_of_case",
    "petitions_of",
    "queue",
    "track",
    "track_own",
]

LARGEST_PAGE = 200
COUNTED_AT_MOST = 10_000
Row = TypeVar("Row", bound=SQLModel)


def queue(
    work: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    filters: QueueFilter | None = None,
    page: int = 1,
    page_size: int = 50,
) -> QueuePage:
    """One page of what the actor may see: dangers first, then what ends first.

    Where closed cases are among them it is the newest first, and counting stops at
    ``COUNTED_AT_MOST``: they grow by the year, and nobody reads so far.
    """
    size = max(1, min(page_size, LARGEST_PAGE))
    number = max(1, page)
    condition = condition_of(work, actor, filters or QueueFilter(), now)
    of_open = looks_at_open(filters)
    order = order_of_open() if of_open else (col(Case.id).desc(),)
    # The ids come from the index of open cases alone; only the rows of one page are read.
    ids = select(Case.id).where(condition).order_by(*order).offset((number - 1) * size).limit(size)
    cases = _cases_in_order(work, work.session.exec(ids).all())
    total = _count(work, condition, None if of_open else COUNTED_AT_MOST + 1)
    return QueuePage(
        rows=_rows(work, cases, now),
        total=total if of_open else min(total, COUNTED_AT_MOST),
        more=not of_open and total > COUNTED_AT_MOST,
        page=number,
        page_size=size,
    )


def _count(work: UnitOfWork, condition: ColumnElement[bool], at_most: int | None) -> int:
    found = select(Case.id).where(condition).limit(at_most).subquery()
    return work.session.exec(select(func.count()).select_from(found)).one()


def _cases_in_order(work: UnitOfWork, ids: Sequence[int | None]) -> list[Case]:
    found = {case.id: case for case in work.session.exec(select(Case).where(col(Case.id).in_(ids)))}
    return [found[case_id] for case_id in ids if case_id in found]


def _rows(work: UnitOfWork, cases: Sequence[Case], now: datetime) -> tuple[QueueRow, ...]:
    clocks = _first_clocks(work, [case.id for case in cases], now)
    return tuple(
        QueueRow(
            case=case,
            unit_name=work.organisation.unit_name(case.lead_unit or case.proposed_unit),
            grid_name=_grid_name(work, case),
            clock=clocks.get(case.id or 0),
        )
        for case in cases
    )


def _first_clocks(
    work: UnitOfWork, case_ids: Iterable[int | None], now: datetime
) -> dict[int, ClockView]:
    """The duty that ends first of each case, in one query."""
    query = (
        select(CaseClock)
        .where(col(CaseClock.case_id).in_(list(case_ids)), col(CaseClock.stopped_at).is_(None))
        .where(col(CaseClock.clock).not_in([name.value for name in WINDOWS]))
        .order_by(col(CaseClock.paused_at).is_(None), col(CaseClock.due_at).desc())
    )
    clocks = work.session.exec(query).all()
    views = ((clock.case_id, view_clock(work.organisation, clock, now)) for clock in clocks)
    return {case_id: view for case_id, view in views if view}


def _grid_name(work: UnitOfWork, case: Case) -> str:
    grid = work.organisation.grid(case.grid_id)
    return grid.name if grid else ""


def board_counts(
    work: UnitOfWork, *, actor: Actor, now: datetime, filters: QueueFilter | None = None
) -> BoardCounts:
    """Count what the queue would show, in one pass over it."""
    condition = condition_of(work, actor, filters or QueueFilter(), now)
    pressing = (is_late(now), due_between(now, end_of_day(now)), awaits_report_in())
    query = (
        select(Case.status, Case.urgency, func.count(), *(_how_many(one) for one in pressing))
        .where(condition)
        .group_by(Case.status, Case.urgency)
    )
    rows = work.session.exec(query).all()
    by_status: Counter[str] = Counter()
    by_urgency: Counter[str] = Counter()
    for row in rows:
        by_status[row[0]] += row[2]
        by_urgency[row[1]] += row[2]
    late, today, whistled = (sum(int(row[place]) for row in rows) for place in (3, 4, 5))
    return BoardCounts(
        by_status=dict(by_status),
        by_urgency=dict(by_urgency),
        overdue=late,
        due_today=today,
        whistled=whistled,
        total=sum(by_status.values()),
    )


def _how_many(condition: ColumnElement[bool]) -> Any:
    return func.sum(case_when((condition, 1), else_=0))


def end_of_day(now: datetime) -> datetime:
    """The moment at which the local day of ``now`` is over."""
    return datetime.combine(local_day(now) + timedelta(days=1), time(), LOCAL_ZONE)


def case_by_number(work: UnitOfWork, number: str, *, actor: Actor) -> Case:
    """Find the case that a case number or petition number belongs to.

    Raises:
        CaseNotFound: There is none that the actor may see.
    """
    behind = select(Supporter.case_id).where(Supporter.petition_number == number)
    query = select(Case).where(
        or_(col(Case.number) == number, col(Case.id).in_(behind)),
        visible_to(actor, work.organisation),
    )
    case = work.session.exec(query.order_by(col(Case.merged_into).is_not(None))).first()
    if case is None:
        raise CaseNotFound(number=number)
    return case


def case_page(work: UnitOfWork, case_id: int, *, actor: Actor, now: datetime) -> CasePage:
    """Everything on a case.

    Raises:
        CaseNotFound: There is none, or the actor may not know of it.
    """
    case = work.session.get(Case, case_id)
    if case is None or not may_see(work, case, actor):
        raise CaseNotFound(case_id=case_id)
    return page_of_case(work, case, actor=actor, now=now)


def page_of_case(work: UnitOfWork, case: Case, *, actor: Actor, now: datetime) -> CasePage:
    """Everything on a case that :func:`case_by_number` found for the actor.

    The history tells which other tables have anything to read.
    """
    organisation, case_id = work.organisation, case.id or 0
    community = organisation.community(case.community_id)
    clocks = (view_clock(organisation, clock, now) for clock in clocks_of(work, case_id))
    timeline = tuple(history_of(work, case_id))
    happened = {entry.action for entry in timeline}

    def rows(table: type[Row], action: CaseAction) -> tuple[Row, ...]:
        return _rows_of(work, table, case_id) if action.value in happened else ()

    co_handlings = _rows_of(work, CoHandling, case_id)
    whistles = rows(Whistle, CaseAction.WHISTLE)
    return CasePage(
        case=case,
        unit_name=organisation.unit_name(case.lead_unit),
        grid_name=_grid_name(work, case),
        community_name=community.name if community else "",
        petitions=_petitions(work, case_id),
        timeline=timeline,
        clocks=tuple(clock for clock in clocks if clock),
        co_handlings=co_handlings,
        whistles=whistles,
        ratings=rows(Rating, CaseAction.RATE),
        follow_ups=rows(FollowUp, CaseAction.FOLLOW_UP),
        attachments=_rows_of(work, Attachment, case_id),
        actions=actions_for(work, case, actor, _involved(co_handlings, whistles)),
    )


def _involved(co_handlings: Sequence[CoHandling], whistles: Sequence[Whistle]) -> Involved:
    waiting = (one.unit_id for one in whistles if one.reported_in_at is None)
    return Involved(
        co_handlers=frozenset(one.unit_id for one in co_handlings), whistled=frozenset(waiting)
    )


def _rows_of(work: UnitOfWork, table: type[Row], case_id: int) -> tuple[Row, ...]:
    columns: Any = table
    query = select(table).where(columns.case_id == case_id).order_by(columns.id)
    return tuple(work.session.exec(query))


def _petitions(work: UnitOfWork, case_id: int) -> tuple[PetitionView, ...]:
    query = (
        select(Petition, Supporter)
        .join(Supporter, col(Supporter.petition_id) == col(Petition.id))
        .where(Supporter.case_id == case_id)
        .order_by(col(Petition.id))
    )
    return tuple(_petition_view(work, *row) for row in work.session.exec(query))


def _petition_view(work: UnitOfWork, petition: Petition, supporter: Supporter) -> PetitionView:
    def opened(sealed: str | None) -> str | None:
        return None if sealed is None else work.cipher.unseal(sealed)

    same = petition.model_dump(include=set(PetitionView.__dataclass_fields__))
    return PetitionView(
        **same,
        contact_name=mask_name(opened(petition.sealed_name)),
        contact_phone=mask_phone(opened(petition.sealed_phone)),
        on_behalf_of=mask_name(opened(petition.sealed_on_behalf_of)),
        left=supporter.left_at is not None,
        representative=supporter.representative and supporter.left_at is None,
    )
