"""What a resident sees of the own petitions, by pseudonym or by number and receipt code."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from petitions.clock_view import ClockState
from petitions.clocks import PROMISES, clocks_of, view_clock
from petitions.drafts import title_of
from petitions.errors import ActionNotAllowed, PetitionNotFound, WrongReceiptCode
from petitions.facets import Rating
from petitions.history import history_of
from petitions.notices import TEXT_FOR_RESIDENT
from petitions.ports import UnitOfWork
from petitions.registration import shown_supporters
from petitions.reopening import ensure_may_reopen
from petitions.tables import Case, CaseEntry, Petition, Supporter
from petitions.views import PetitionProgress, ProgressStep
from petitions.words import LegalRegime
from petitions.workflow import CaseAction, CaseStatus, Role, allowed_actions

_REVIEWS = frozenset({CaseAction.ASK_REVIEW, CaseAction.ASK_REREVIEW})


def petitions_of(
    work: UnitOfWork, *, resident: str, now: datetime, limit: int = 20
) -> tuple[PetitionProgress, ...]:
    """The resident's petitions, newest first."""
    query = (
        select(Petition)
        .where(Petition.resident == resident)
        .order_by(col(Petition.id).desc())
        .limit(limit)
    )
    return tuple(_progress(work, petition, now) for petition in work.session.exec(query).all())


def track_own(work: UnitOfWork, number: str, *, resident: str, now: datetime) -> PetitionProgress:
    """One of the resident's own petitions.

    Raises:
        PetitionNotFound: No such number, or somebody else's.
    """
    petition = _by_number(work, number)
    if petition.resident != resident:
        raise PetitionNotFound(number=number)
    return _progress(work, petition, now)


def track(work: UnitOfWork, number: str, code: str, *, now: datetime) -> PetitionProgress:
    """A petition by its number and receipt code, from any channel.

    Whoever calls this for the public must limit how often one caller may try.

    Raises:
        PetitionNotFound: No petition has this number.
        WrongReceiptCode: The code is another one.
    """
    petition = _by_number(work, number)
    if not work.codes.opens(petition.number, code, petition.code_seal):
        raise WrongReceiptCode(number=petition.number)
    return _progress(work, petition, now)


def _by_number(work: UnitOfWork, number: str) -> Petition:
    written = number.strip().upper()
    petition = work.session.exec(select(Petition).where(Petition.number == written)).first()
    if petition is None:
        raise PetitionNotFound(number=written[:40])
    return petition


def _progress(work: UnitOfWork, petition: Petition, now: datetime) -> PetitionProgress:
    standing = select(Supporter).where(Supporter.petition_id == petition.id)
    supporter = work.session.exec(standing).one()
    case = work.session.get_one(Case, supporter.case_id)
    entries = history_of(work, supporter.case_id)
    withdrawn = supporter.left_at is not None
    return PetitionProgress(
        number=petition.number,
        case_id=supporter.case_id,
        case_number=case.number,
        resident=petition.resident,
        title=title_of(petition.title, petition.matter),
        status=CaseStatus(case.status),
        outcome=case.outcome,
        urgency=case.urgency,
        unit_name=work.organisation.unit_name(case.lead_unit),
        filed_at=petition.filed_at,
        due_at=case.due_at,
        clock=_promise(work, supporter.case_id, now),
        supporters=shown_supporters(case.supporter_count),
        steps=tuple(_steps(work, entries, petition.resident)),
        reply=_reply(case, entries),
        rated=_rated(work, petition.number),
        may=() if withdrawn else _may(case),
        withdrawn=withdrawn,
        category=petition.category_second or petition.category_first,
    )


def _promise(work: UnitOfWork, case_id: int, now: datetime) -> ClockState | None:
    """The feedback clock that started last, else the handling clock."""
    clocks = clocks_of(work, case_id)
    for name in PROMISES:
        promised = [clock for clock in clocks if clock.clock == name]
        view = view_clock(work.organisation, promised[-1], now) if promised else None
        if view:
            return view.state
    return None


def _steps(work: UnitOfWork, entries: Sequence[CaseEntry], resident: str) -> list[ProgressStep]:
    """Steps meant for residents; of what neighbours did and said nothing is shown."""
    return [
        ProgressStep(
            at=entry.at,
            action=CaseAction(entry.action),
            status=CaseStatus(entry.to_status),
            unit_name=work.organisation.unit_name(entry.actor_unit),
            text=_text_for(entry, resident),
        )
        for entry in entries
        if entry.for_resident and not _of_neighbour(entry, resident)
    ]


def _of_neighbour(entry: CaseEntry, resident: str) -> bool:
    moved = entry.from_status != entry.to_status
    of_resident = entry.actor_role == Role.RESIDENT.value
    return of_resident and entry.actor_id != resident and not moved


def _text_for(entry: CaseEntry, resident: str) -> str | None:
    meant = CaseAction(entry.action) in TEXT_FOR_RESIDENT or entry.actor_id == resident
    return entry.text if meant else None


def _reply(case: Case, entries: Sequence[CaseEntry]) -> str | None:
    if case.replied_at is None:
        return None
    replies = [entry.text for entry in entries if entry.action == CaseAction.REPLY.value]
    return replies[-1] if replies else None


def _rated(work: UnitOfWork, number: str) -> int | None:
    query = (
        select(Rating.result)
        .where(Rating.petition_number == number)
        .order_by(col(Rating.id).desc())
    )
    return work.session.exec(query).first()


def _may(case: Case) -> tuple[CaseAction, ...]:
    allowed = allowed_actions(CaseStatus(case.status), (Role.RESIDENT,))
    return tuple(action for action in allowed if _fits(case, action))


def _fits(case: Case, action: CaseAction) -> bool:
    if action in (CaseAction.JOIN, CaseAction.LEAVE):
        return False  # a neighbour's way in; leaving is offered as withdrawing
    if action in _REVIEWS:
        return case.regime == LegalRegime.PETITION.value
    if action is CaseAction.REOPEN:
        return _reopenable(case)
    return True


def _reopenable(case: Case) -> bool:
    try:
        ensure_may_reopen(case)
    except ActionNotAllowed:
        return False
    return case.reopen_count == 0
