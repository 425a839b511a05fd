"""The agenda pack of the joint meeting (联席会议): open hard cases and the three lists (三张清单).

The lists are a beginning drawn from the cases: the meeting changes and decides them.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from petitions.actors import Actor
from petitions.organisation import Organisation
from petitions.permissions import visible_to
from petitions.ports import UnitOfWork
from petitions.tables import IS_OPEN, Case
from petitions.words import LegalRegime, Urgency
from petitions.workflow import CaseStatus

HARD_CASES_SHOWN = 20
NEEDS_SHOWN = 10
NEED_WINDOW = timedelta(days=90)
NEED_FROM = 2
"""So many cases of one kind in one estate are a need and not only a case."""
PROJECT_FROM = 3
"""So many residents behind a need are a reason to propose a project."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """One line of the needs list: what is asked for where, and by how many."""

    what: str
    where: str
    cases: int
    residents: int
    units: tuple[str, ...]

    @property
    def is_project(self) -> bool:
        """Whether enough residents stand behind it to propose a project."""
        return self.residents >= PROJECT_FROM


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One line of the resources list: who can help with which of the needs."""

    unit: str
    phone: str
    needs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """What is laid before the meeting."""

    hard_cases: Sequence[Case]
    needs: Sequence[Need]
    resources: Sequence[Resource]


def draw_agenda(work: UnitOfWork, *, actor: Actor, now: datetime) -> Agenda:
    """Gather it from what the actor may see; reports are never laid before a meeting."""
    needs = _needs(_recent(work, actor, now), work.organisation)
    return Agenda(
        hard_cases=_hard_cases(work, actor, now),
        needs=needs,
        resources=_resources(needs, work.organisation),
    )


def _hard_cases(work: UnitOfWork, actor: Actor, now: datetime) -> Sequence[Case]:
    hard = or_(
        col(Case.next_due_at) < now,
        col(Case.urgency) == Urgency.LONG_STANDING.value,
        col(Case.reopen_count) > 0,
        col(Case.supervised),
        col(Case.status).in_([CaseStatus.SUSPENDED.value, CaseStatus.OBJECTED.value]),
    )
    query = (
        select(Case)
        .where(visible_to(actor, work.organisation), hard)
        .where(IS_OPEN)
        .where(Case.regime != LegalRegime.REPORT.value, col(Case.confidential).is_(False))
        .order_by(col(Case.opened_at))
        .limit(HARD_CASES_SHOWN)
    )
    return work.session.exec(query).all()


def _recent(work: UnitOfWork, actor: Actor, now: datetime) -> Sequence[tuple[str, ...]]:
    query = select(
        Case.category_second, Case.estate_id, Case.supporter_count, Case.lead_unit
    ).where(
        visible_to(actor, work.organisation),
        col(Case.opened_at) >= now - NEED_WINDOW,
        Case.regime != LegalRegime.REPORT.value,
        col(Case.category_second).is_not(None),
        col(Case.estate_id).is_not(None),
    )
    return work.session.exec(query).all()  # type: ignore[return-value]


def _needs(rows: Sequence[tuple[str, ...]], organisation: Organisation) -> list[Need]:
    groups: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for row in rows:
        groups[row[0], row[1]].append(row)
    needs = [
        _need(what, estate, group, organisation)
        for (what, estate), group in groups.items()
        if len(group) >= NEED_FROM
    ]
    return sorted(needs, key=lambda need: (-need.residents, need.where))[:NEEDS_SHOWN]


def _need(
    what: str, estate_id: str, group: Sequence[tuple[str, ...]], organisation: Organisation
) -> Need:
    estate = organisation.estate(estate_id)
    units = Counter(row[3] for row in group if row[3])
    return Need(
        what=what,
        where=estate.name if estate else estate_id,
        cases=len(group),
        residents=sum(int(row[2]) for row in group),
        units=tuple(unit for unit, _ in units.most_common(3)),
    )


def _resources(needs: Sequence[Need], organisation: Organisation) -> list[Resource]:
    matched: dict[str, list[str]] = defaultdict(list)
    for need in needs:
        for unit in need.units:
            matched[unit].append(f"{need.where} {need.what}")
    return [
        Resource(
            unit=organisation.unit_name(unit),
            phone=next((one.phone for one in organisation.units if one.id == unit), "") or "",
            needs=tuple(names),
        )
        for unit, names in matched.items()
    ]
