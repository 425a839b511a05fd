"""Hot issues among live petitions: searched each night, shown to whom the cases may be shown.

Reports of misconduct and confidential petitions take no part: an event names a place and a
trouble to many readers (信访工作条例 art. 30).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from petitions.actors import Actor
from petitions.drafts import title_of
from petitions.hot_issues import HotIssue, Report, find_hot_issues
from petitions.oversight_tables import HotIssueRow
from petitions.permissions import visible_to
from petitions.ports import UnitOfWork
from petitions.tables import Case, Petition, Supporter
from petitions.words import LegalRegime

LOOKED_BACK = timedelta(days=180)


@dataclass(frozen=True, kw_only=True)
class SeenIssue:
    """A hot issue with those of its cases that the reader may see."""

    event_id: str
    name: str
    place: str
    case_numbers: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    heat: float


@dataclass(frozen=True, kw_only=True)
class IssueMessage:
    """One petition behind a hot issue, in the resident's own words."""

    case_number: str
    number: str
    filed_at: datetime
    matter: str


def find_live_issues(work: UnitOfWork, *, now: datetime) -> tuple[HotIssueRow, ...]:
    """Search the petitions of the last half year; nothing is stored, so a reader will do."""
    query = _petitions().where(col(Petition.filed_at) >= now - LOOKED_BACK)
    case_of, reports = {}, []
    for petition, case in work.session.exec(query):
        case_of[petition.number] = case.id or 0
        reports.append(_report(work, petition, case))
    issues = find_hot_issues(reports, now=now)
    return tuple(_row(issue, case_of, now) for issue in issues)


def _petitions() -> Select[Petition, Case]:
    """The petitions that take part, each with its case."""
    return (
        select(Petition, Case)
        .join(Supporter, col(Supporter.petition_id) == col(Petition.id))
        .join(Case, col(Case.id) == col(Supporter.case_id))
        .where(Petition.matter != "", col(Supporter.left_at).is_(None))
        .where(Case.regime != LegalRegime.REPORT.value)
        .where(col(Case.confidential).is_(False), col(Petition.confidential).is_(False))
    )


def replace_hot_issues(work: UnitOfWork, rows: Iterable[HotIssueRow]) -> None:
    """Put what was found now in the place of what was found before."""
    work.session.connection().execute(delete(HotIssueRow))
    work.session.add_all(rows)
    work.session.flush()


def _report(work: UnitOfWork, petition: Petition, case: Case) -> Report:
    estate = work.organisation.estate(case.estate_id)
    return Report(
        id=petition.number,
        at=petition.filed_at,
        title=title_of(petition.title, petition.matter),
        body=petition.matter,
        place=estate.name if estate else None,
    )


def _row(issue: HotIssue, case_of: dict[str, int], now: datetime) -> HotIssueRow:
    return HotIssueRow(
        event_id=issue.event_id,
        name=issue.name,
        place=issue.place,
        case_ids=sorted({case_of[number] for number in issue.ids}),
        first_at=issue.first,
        last_at=issue.last,
        heat=issue.heat,
        found_at=now,
    )


def hot_issues_for(work: UnitOfWork, *, actor: Actor) -> tuple[SeenIssue, ...]:
    """What was found last, the hottest first; an issue of which one sees no case is left out."""
    rows = work.session.exec(select(HotIssueRow).order_by(col(HotIssueRow.heat).desc())).all()
    ids = {case_id for row in rows for case_id in row.case_ids}
    query = select(Case.id, Case.number).where(
        col(Case.id).in_(ids), visible_to(actor, work.organisation)
    )
    numbers = {case_id: number for case_id, number in work.session.exec(query)}
    seen = (_seen(row, numbers) for row in rows)
    return tuple(issue for issue in seen if issue.case_numbers)


def messages_behind(
    work: UnitOfWork, issues: Iterable[SeenIssue], *, actor: Actor
) -> Mapping[str, tuple[IssueMessage, ...]]:
    """What residents wrote behind each issue, oldest first, by the issue's ``event_id``.

    What became confidential or a report since the issue was found is left out.
    """
    shown = list(issues)
    numbers = {number for issue in shown for number in issue.case_numbers}
    query = (
        _petitions()
        .where(col(Case.number).in_(numbers), visible_to(actor, work.organisation))
        .order_by(col(Petition.filed_at), col(Petition.id))
    )
    by_case: dict[str, list[IssueMessage]] = {}
    for petition, case in work.session.exec(query):
        by_case.setdefault(case.number, []).append(
            IssueMessage(
                case_number=case.number,
                number=petition.number,
                filed_at=petition.filed_at,
                matter=petition.matter,
            )
        )
    return {
        issue.event_id: tuple(
            sorted(
                (one for number in issue.case_numbers for one in by_case.get(number, ())),
                key=lambda one: one.filed_at,
            )
        )
        for issue in shown
    }


def _seen(row: HotIssueRow, numbers: dict[int | None, str]) -> SeenIssue:
    return SeenIssue(
        event_id=row.event_id,
        name=row.name,
        place=row.place,
        case_numbers=tuple(numbers[one] for one in row.case_ids if one in numbers),
        first_at=row.first_at,
        last_at=row.last_at,
        heat=row.heat,
    )
