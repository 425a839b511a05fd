"""What a resident does: file, join, supplement, urge, withdraw.

``resident`` is always a pseudonym. Nothing here commits; the caller does. A petition is named
by its number, and only who filed it may act on it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select

from petitions.actors import resident_actor
from petitions.drafts import AttachmentRef, PetitionDraft, make_draft
from petitions.errors import PetitionNotFound
from petitions.ledger import Step, check_length, load_case, record, require_text
from petitions.neighbours import (
    SimilarCase,
    ensure_joinable,
    find_similar_cases,
    supporters_of,
)
from petitions.numbers import claim_key
from petitions.ports import UnitOfWork
from petitions.registration import (
    Receipt,
    key_of,
    make_case,
    make_petition,
    new_number,
    petition_facts,
    receipt,
    receipt_again,
    register,
    send_report_on,
    store_case,
    store_petition,
)
from petitions.routing import Routing, route
from petitions.tables import Case, Supporter
from petitions.words import LegalRegime
from petitions.workflow import CaseAction, CaseStatus, Outcome, Role, next_status

__all__ = [
    "Receipt",
    "SimilarCase",
    "file_petition",
    "find_similar_cases",
    "join_case",
    "make_draft",
    "own_supporter",
    "preview_routing",
    "supplement_petition",
    "urge_case",
    "withdraw_petition",
]


def preview_routing(work: UnitOfWork, draft: PetitionDraft) -> Routing:
    """Tell where a draft would go; nothing is stored."""
    return route(work.organisation, draft)


def file_petition(work: UnitOfWork, draft: PetitionDraft, *, now: datetime) -> Receipt:
    """File a petition and open its case.

    The same resident filing with the same ``idempotency_key`` again gets the same receipt,
    also when both happen at once.
    """
    key = key_of(draft)
    # Thinking comes first: from the next line on, SQLite lets nobody else write.
    routing = route(work.organisation, draft)
    with work.session.begin_nested():
        if not claim_key(work.session, key, now):
            return receipt_again(work, key)
        return _file(work, draft, routing, key, now)


def _file(
    work: UnitOfWork, draft: PetitionDraft, routing: Routing, key: str, now: datetime
) -> Receipt:
    case = make_case(draft, routing, now)
    petition = make_petition(work, draft, key, now)
    number = new_number(work, case.community_id, now)
    store_case(work, case, number)
    store_petition(work, petition, case, number)
    register(work, case, petition, draft, routing, now)
    if case.regime == LegalRegime.REPORT.value:
        send_report_on(work, case, now)
    return receipt(work, petition, case, joined=False)


def join_case(work: UnitOfWork, case_id: int, draft: PetitionDraft, *, now: datetime) -> Receipt:
    """Stand behind an open case with a petition of one's own (附议).

    Raises:
        CaseNotFound: There is none that a neighbour may join.
        ActionNotAllowed: It is closed.
        AlreadyJoined: The resident stands behind it already.
    """
    key = key_of(draft)
    with work.session.begin_nested():
        if not claim_key(work.session, key, now):
            return receipt_again(work, key)
        return _join(work, case_id, draft, key, now)


def _join(work: UnitOfWork, case_id: int, draft: PetitionDraft, key: str, now: datetime) -> Receipt:
    case = load_case(work, case_id)
    ensure_joinable(work, case, draft.resident)
    next_status(CaseStatus(case.status), CaseAction.JOIN)
    petition = make_petition(work, draft, key, now)
    store_petition(work, petition, case, new_number(work, case.community_id, now))
    step = Step(
        action=CaseAction.JOIN,
        actor=resident_actor(draft.resident),
        role=Role.RESIDENT,
        now=now,
        facts=petition_facts(petition),
        changes={"supporter_count": supporters_of(work, case_id)},
        attachments=draft.attachments,
        petition_number=petition.number,
    )
    return receipt(work, petition, record(work, case, step), joined=True)


def supplement_petition(
    work: UnitOfWork,
    number: str,
    *,
    resident: str,
    text: str,
    now: datetime,
    attachments: Sequence[AttachmentRef] = (),
) -> Case:
    """Add words or pictures to one's own petition.

    Raises:
        PetitionNotFound: There is none with this number that is the resident's.
        ActionNotAllowed: The case is closed.
        ReasonRequired: Neither words nor attachments.
    """
    if not attachments:
        require_text(CaseAction.SUPPLEMENT, text, "text")
    supporter = own_supporter(work, number, resident)
    return resident_step(
        work, supporter, CaseAction.SUPPLEMENT, now, text=text, attachments=tuple(attachments)
    )


def urge_case(
    work: UnitOfWork, number: str, *, resident: str, now: datetime, text: str | None = None
) -> Case:
    """Ask for speed (催办); the unit that has the case is told.

    Raises:
        PetitionNotFound, ActionNotAllowed: As in :func:`supplement_petition`.
    """
    supporter = own_supporter(work, number, resident)
    count = load_case(work, supporter.case_id).urge_count + 1
    return resident_step(
        work, supporter, CaseAction.URGE, now, text=text, changes={"urge_count": count}
    )


def withdraw_petition(
    work: UnitOfWork, number: str, *, resident: str, now: datetime, reason: str | None = None
) -> Case:
    """Take one's petition back.

    While neighbours stand behind the case it goes on for them; the last one's withdrawal
    closes it with the outcome ``withdrawn``.

    Raises:
        PetitionNotFound, ActionNotAllowed: As in :func:`supplement_petition`.
    """
    supporter = own_supporter(work, number, resident)
    case = load_case(work, supporter.case_id)
    others = _others_behind(work, supporter)
    action = CaseAction.LEAVE if others else CaseAction.WITHDRAW
    next_status(CaseStatus(case.status), action)
    supporter.left_at = now
    changes: dict[str, Any] = {"supporter_count": others}
    if not others:
        changes |= {"outcome": Outcome.WITHDRAWN.value, "closed_at": now}
    return resident_step(work, supporter, action, now, text=reason, changes=changes)


def own_supporter(work: UnitOfWork, number: str, resident: str) -> Supporter:
    """The resident's own standing behind a case.

    Raises:
        PetitionNotFound: No such number, somebody else's, or withdrawn.
    """
    query = select(Supporter).where(
        Supporter.petition_number == number,
        Supporter.resident == resident,
        col(Supporter.left_at).is_(None),
    )
    supporter = work.session.exec(query).first()
    if supporter is None:
        raise PetitionNotFound(number=number)
    return supporter


def resident_step(
    work: UnitOfWork,
    supporter: Supporter,
    action: CaseAction,
    now: datetime,
    *,
    text: str | None = None,
    changes: dict[str, Any] | None = None,
    attachments: tuple[AttachmentRef, ...] = (),
) -> Case:
    """Record what a resident does to the case behind which ``supporter`` stands.

    Raises:
        ActionNotAllowed: The case can't take it now.
        InvalidDraft: ``text`` is too long.
    """
    check_length(text)
    case = load_case(work, supporter.case_id)
    step = Step(
        action=action,
        actor=resident_actor(supporter.resident),
        role=Role.RESIDENT,
        now=now,
        text=text,
        facts={"petition_number": supporter.petition_number},
        changes=changes or {},
        attachments=attachments,
        petition_number=supporter.petition_number,
    )
    return record(work, case, step)


def _others_behind(work: UnitOfWork, supporter: Supporter) -> int:
    """How many residents stand behind the case with another petition than this one."""
    query = select(func.count(func.distinct(col(Supporter.resident)))).where(
        Supporter.case_id == supporter.case_id,
        col(Supporter.left_at).is_(None),
        col(Supporter.id) != supporter.id,
    )
    return work.session.exec(query).one()
