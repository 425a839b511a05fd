"""Neighbours with the same matter: finding an open case to join, and who stands behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from petitions.drafts import PetitionDraft
from petitions.errors import AlreadyJoined, CaseNotFound
from petitions.places import PlaceMatch
from petitions.ports import UnitOfWork
from petitions.registration import SUMMARY_CHARACTERS, shown_supporters
from petitions.routing import route
from petitions.similarity import WINDOW, Sketch, find_similar
from petitions.tables import IS_OPEN, Case, Supporter
from petitions.words import LegalRegime, PetitionKind
from petitions.workflow import OPEN_STATUSES

CANDIDATES_COMPARED = 200


@dataclass(frozen=True, kw_only=True)
class SimilarCase:
    """An open case that a resident may join; it tells nothing that another resident said.

    Attributes:
        supporters: How many stand behind it, or None while they are fewer than three.
    """

    case_id: int
    category_first: str | None
    category_second: str | None
    estate_id: str | None
    building: str | None
    opened_at: datetime
    supporters: int | None
    score: float


def find_similar_cases(
    work: UnitOfWork, draft: PetitionDraft, *, now: datetime, limit: int = 3
) -> tuple[SimilarCase, ...]:
    """Find open cases about the same thing, to ask «is it this one?» before filing.

    Reports and confidential cases are never shown, nor what the resident is behind already.
    """
    if draft.kind is PetitionKind.REPORT_MISCONDUCT or draft.confidential:
        return ()
    place = route(work.organisation, draft).place
    candidates = _candidates(work, draft.resident, place, now)
    cases = {case.id or 0: case for case in candidates}
    wanted = _sketch_of_draft(place, draft, now)
    found = find_similar(wanted, map(_sketch_of_case, cases.values()), limit=limit)
    return tuple(_similar(cases[one.case_id], one.score) for one in found)


def supporters_of(work: UnitOfWork, case_id: int) -> int:
    """How many residents stand behind a case."""
    query = select(func.count(func.distinct(col(Supporter.resident)))).where(
        Supporter.case_id == case_id, col(Supporter.left_at).is_(None)
    )
    return work.session.exec(query).one()


def ensure_joinable(work: UnitOfWork, case: Case, resident: str) -> None:
    """Check that a neighbour may join.

    Raises:
        AlreadyJoined: The resident stands behind it.
        CaseNotFound: It is a report or confidential: nobody may learn of it.
    """
    hidden = case.regime == LegalRegime.REPORT.value or case.confidential
    query = select(Supporter).where(
        Supporter.case_id == case.id,
        Supporter.resident == resident,
        col(Supporter.left_at).is_(None),
    )
    supporter = work.session.exec(query).first()
    if supporter:
        raise AlreadyJoined(case_id=case.id, number=supporter.petition_number)
    if hidden:
        raise CaseNotFound(case_id=case.id)


def _candidates(
    work: UnitOfWork, resident: str, place: PlaceMatch | None, now: datetime
) -> Sequence[Case]:
    own = select(Supporter.case_id).where(Supporter.resident == resident)
    query = (
        select(Case)
        .where(col(Case.status).in_([status.value for status in OPEN_STATUSES]), IS_OPEN)
        .where(Case.regime != LegalRegime.REPORT.value, col(Case.confidential).is_(False))
        .where(col(Case.opened_at) >= now - WINDOW, col(Case.id).not_in(own))
        .order_by(col(Case.id).desc())
        .limit(CANDIDATES_COMPARED)
    )
    if place and place.community_id:
        query = query.where(Case.community_id == place.community_id)
    return work.session.exec(query).all()


def _sketch_of_draft(place: PlaceMatch | None, draft: PetitionDraft, now: datetime) -> Sketch:
    return Sketch(
        text=f"{draft.title or ''}{draft.matter}"[:SUMMARY_CHARACTERS],
        at=now,
        category_first=draft.category_first,
        category_second=draft.category_second,
        estate_id=place.estate_id if place else None,
        building=place.building if place else None,
        grid_id=place.grid_id if place else None,
    )


def _sketch_of_case(case: Case) -> Sketch:
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


def _similar(case: Case, score: float) -> SimilarCase:
    return SimilarCase(
        case_id=case.id or 0,
        category_first=case.category_first,
        category_second=case.category_second,
        estate_id=case.estate_id,
        building=case.building,
        opened_at=case.opened_at,
        supporters=shown_supporters(case.supporter_count),
        score=score,
    )
