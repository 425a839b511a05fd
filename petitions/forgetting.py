"""Deletion at a resident's wish: words and contact go, the counts and the chain stay.

Source: 个人信息保护法 art. 47 (deletion), art. 19 (no longer than needed). The pseudonym stays on
the rows, so that figures don't change; nothing leads from it to a person any more once the chat
has deleted the address behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import SQLModel, col, delete, select

from petitions.errors import ActionNotAllowed, PetitionNotFound
from petitions.facets import Attachment, CoHandling, FollowUp, Notification, Rating, Whistle
from petitions.filing import withdraw_petition
from petitions.ports import UnitOfWork
from petitions.tables import Case, CaseEntry, Petition, Supporter
from petitions.words import NotificationStatus

ERASED_WHISTLE_REASON = ""
"""A whistle needs a reason; an erased one is empty."""
_PETITION_EMPTY: dict[str, Any] = {
    "matter": "",
    "title": None,
    "place_text": None,
    "estate": None,
    "building": None,
    "place_detail": None,
    "happened_at_text": None,
    "wanted": None,
    "sealed_name": None,
    "sealed_phone": None,
    "sealed_on_behalf_of": None,
    "phone_index": None,
}
_CASE_EMPTY: dict[str, Any] = {"summary": "", "place_text": None, "building": None}


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """What was deleted.

    Attributes:
        files: Names of stored files that the caller has to delete once this is committed.
    """

    petitions: int
    files: tuple[str, ...]


def forget_resident(work: UnitOfWork, *, resident: str, now: datetime) -> Forgotten:
    """Delete everything personal of ``resident``; the caller commits.

    Petitions that nobody has answered yet are withdrawn first: without their words nobody could
    go on. Where neighbours stand behind a case it goes on for them. Doing it again does nothing.
    """
    petitions = work.session.exec(
        select(Petition).where(Petition.resident == resident, Petition.matter != "")
    ).all()
    for petition in petitions:
        _withdraw(work, petition, now)
    for petition in petitions:
        _empty_petition(work, petition)
    files = _forget_attachments(work, [petition.number for petition in petitions])
    _forget_words(work, resident)
    work.session.flush()
    return Forgotten(petitions=len(petitions), files=files)


def resident_behind(work: UnitOfWork, number: str) -> str:
    """The pseudonym that filed a petition.

    Raises:
        PetitionNotFound: No such number.
    """
    query = select(Petition.resident).where(Petition.number == number.strip().upper())
    resident = work.session.exec(query).first()
    if resident is None:
        raise PetitionNotFound(number=number[:40])
    return resident


def _withdraw(work: UnitOfWork, petition: Petition, now: datetime) -> None:
    standing = select(Case).join(Supporter, col(Supporter.case_id) == col(Case.id))
    query = standing.where(Supporter.petition_number == petition.number)
    if work.session.exec(query).one().replied_at is not None:
        return  # the work is done and counts; its words go
    try:
        withdraw_petition(work, petition.number, resident=petition.resident, now=now)
    except (ActionNotAllowed, PetitionNotFound):
        return  # closed, under review or withdrawn already


def _empty_petition(work: UnitOfWork, petition: Petition) -> None:
    """Empty the petition, and the case where nobody else stands behind it."""
    _set(work, Petition, col(Petition.id) == petition.id, _PETITION_EMPTY)
    standing = work.session.exec(
        select(Supporter).where(Supporter.petition_number == petition.number)
    ).one()
    for case_id in {petition.case_id, standing.case_id}:
        _empty_case(work, case_id, petition)


def _empty_case(work: UnitOfWork, case_id: int, petition: Petition) -> None:
    others = select(Supporter.id).where(
        Supporter.case_id == case_id, Supporter.resident != petition.resident
    )
    alone = work.session.exec(others).first() is None
    case = work.session.get_one(Case, case_id)
    if alone or case.number == petition.number:
        # The title was made of this resident's words; the category says enough.
        title = case.category_second or case.category_first or ""
        reason: dict[str, Any] = {"key": case.routing_reason.get("key"), "fields": {}}
        emptied = _CASE_EMPTY | {"title": title, "routing_reason": reason}
        _set(work, Case, col(Case.id) == case_id, emptied)
    if alone:
        _set(work, CaseEntry, col(CaseEntry.case_id) == case_id, {"text": None})
        _set(work, FollowUp, col(FollowUp.case_id) == case_id, {"words": None})
        _set(work, CoHandling, col(CoHandling.case_id) == case_id, {"part": None, "reply": None})
        erased = {"reason": ERASED_WHISTLE_REASON}
        _set(work, Whistle, col(Whistle.case_id) == case_id, erased)
        _set(work, Notification, col(Notification.case_id) == case_id, {"fields": {}})


def _forget_attachments(work: UnitOfWork, numbers: Sequence[str]) -> tuple[str, ...]:
    mine = col(Attachment.petition_number).in_(numbers)
    refs = work.session.exec(select(Attachment.ref).where(mine)).all()
    work.session.connection().execute(delete(Attachment).where(mine))
    return tuple(ref for ref in refs if ref)


def _forget_words(work: UnitOfWork, resident: str) -> None:
    """Words of the resident, and to the resident, on cases that others stand behind too."""
    _set(work, CaseEntry, col(CaseEntry.actor_id) == resident, {"text": None})
    _set(work, Rating, col(Rating.resident) == resident, {"comment": None})
    told = col(Notification.resident) == resident
    _set(work, Notification, told, {"fields": {}})
    pending = col(Notification.status) == NotificationStatus.PENDING.value
    failed = {"status": NotificationStatus.FAILED.value, "problem": "forgotten"}
    _set(work, Notification, told & pending, failed)


def _set(work: UnitOfWork, table: type[SQLModel], which: Any, values: dict[str, Any]) -> None:
    work.session.flush()
    statement = update(table).where(which).values(**values)
    work.session.exec(statement, execution_options={"synchronize_session": "fetch"})
