"""Who is told what when something happens to a case: keys and fields, never sentences.

A notification is a row in the same transaction as the step, with a job to deliver it. The
words, the language and the channel are found by whoever delivers.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from petitions.actors import Actor
from petitions.drafts import title_of
from petitions.facets import CaseShield, Notification, Recusal
from petitions.notices import (
    CO_HANDLING_KEY,
    RESIDENT_NOTICES,
    TEXT_FOR_RESIDENT,
    UNIT_NOTICES,
    Audience,
)
from petitions.permissions import co_handlers_of, units_of
from petitions.ports import DELIVER_NOTIFICATION, UnitOfWork
from petitions.tables import Case, CaseEntry, Petition, Supporter
from petitions.words import LegalRegime, NotificationStatus
from petitions.workflow import CaseAction, CaseStatus


def notify(
    work: UnitOfWork,
    case: Case,
    entry: CaseEntry,
    actor: Actor,
    *,
    units: Iterable[str] = (),
    tell_resident: bool = True,
) -> None:
    """Write the notifications that belong to ``entry`` and ask for their delivery."""
    action = CaseAction(entry.action)
    rows = list(_unit_rows(work, case, entry, actor, tuple(units)))
    if tell_resident and (key := _resident_key(action, entry)):
        rows += _resident_rows(work, case, entry, actor, key)
    store(work, rows)


def store(work: UnitOfWork, rows: Sequence[Notification]) -> None:
    """Store notifications and ask for the delivery of each in the same transaction."""
    if not rows:
        return
    work.session.add_all(rows)
    work.session.flush()
    for row in rows:
        work.enqueue(DELIVER_NOTIFICATION, str(row.id))


def _resident_key(action: CaseAction, entry: CaseEntry) -> str | None:
    # A reply that staff sent back is news for the resident; a unit's hand-back is not yet.
    if action is CaseAction.SEND_BACK and entry.to_status == CaseStatus.HANDLING.value:
        return "case_sent_back"
    return RESIDENT_NOTICES.get(action)


def _resident_rows(
    work: UnitOfWork, case: Case, entry: CaseEntry, actor: Actor, key: str
) -> list[Notification]:
    query = (
        select(Supporter, Petition)
        .join(Petition, col(Petition.id) == col(Supporter.petition_id))
        .where(Supporter.case_id == case.id, col(Supporter.left_at).is_(None))
        .where(Supporter.resident != actor.id)
        .order_by(col(Supporter.id))
    )
    fields = notice_fields(work, case, entry, for_resident=True)
    return [
        Notification(
            case_id=case.id or 0,
            case_number=case.number,
            petition_number=supporter.petition_number,
            resident=supporter.resident,
            channel=petition.channel,
            key=key,
            fields=fields
            | {"number": petition.number, "title": title_of(petition.title, petition.matter)},
            status=NotificationStatus.PENDING.value,
            made_at=entry.at,
        )
        for supporter, petition in work.session.exec(query)
    ]


def _unit_rows(
    work: UnitOfWork, case: Case, entry: CaseEntry, actor: Actor, named: tuple[str, ...]
) -> Iterable[Notification]:
    notice = UNIT_NOTICES.get(CaseAction(entry.action))
    if notice is None:
        return
    told = dict.fromkeys(_audience(work, case, notice.audience, named), notice.key)
    if notice.key == "unit_case_dispatched":
        told = dict.fromkeys(sorted(co_handlers_of(work, case)), CO_HANDLING_KEY) | told
    silent = units_of(actor, work.organisation) | shielded_units(work, case)
    fields = notice_fields(work, case, entry, for_resident=False)
    for unit_id, key in told.items():
        if unit_id not in silent:
            yield unit_notification(case, unit_id, key, fields, entry.at)


def unit_notification(
    case: Case, unit_id: str, key: str, fields: dict[str, Any], at: datetime
) -> Notification:
    """Make the notification of one unit."""
    return Notification(
        case_id=case.id or 0,
        case_number=case.number,
        unit_id=unit_id,
        key=key,
        fields=fields,
        status=NotificationStatus.PENDING.value,
        made_at=at,
    )


def _audience(
    work: UnitOfWork, case: Case, audience: Audience, named: tuple[str, ...]
) -> tuple[str, ...]:
    lead = (case.lead_unit,) if case.lead_unit else ()
    match audience:
        case Audience.LEAD:
            return lead
        case Audience.COMMITTEE:
            return committees_of(work, case)
        case Audience.LEAD_OR_COMMITTEE:
            return lead or committees_of(work, case)
        case Audience.BOTH:
            return (*lead, *committees_of(work, case))
        case Audience.NAMED:
            return named
        case Audience.SUBDISTRICT:
            return work.organisation.overseers("subdistrict")
        case Audience.OVERSEERS:
            return (*lead, *committees_of(work, case), *work.organisation.overseers(case.level))


def committees_of(work: UnitOfWork, case: Case) -> tuple[str, ...]:
    """The committee of the case; all of them while nobody knows the place; none on a report."""
    if case.regime == LegalRegime.REPORT.value:
        return ()
    committee = work.organisation.committee_of(case.community_id)
    return (committee,) if committee else work.organisation.committees()


def shielded_units(work: UnitOfWork, case: Case) -> frozenset[str]:
    """Units that must not learn of the case."""
    query = select(CaseShield.unit_id).where(CaseShield.case_id == case.id)
    return frozenset(work.session.exec(query))


def notice_fields(
    work: UnitOfWork, case: Case, entry: CaseEntry, *, for_resident: bool
) -> dict[str, Any]:
    """What a sentence about ``entry`` may need; words of staff only if meant for the reader."""
    action = CaseAction(entry.action)
    shown = not for_resident or action in TEXT_FOR_RESIDENT
    return {
        "number": case.number,
        "case_number": case.number,
        "title": case.title,
        "action": action.value,
        "status": entry.to_status,
        "unit": work.organisation.unit_name(case.lead_unit),
        "urgency": case.urgency,
        "outcome": case.outcome,
        "due_at": case.due_at.isoformat() if case.due_at else None,
        "next_due_at": case.next_due_at.isoformat() if case.next_due_at else None,
        "text": entry.text if shown else None,
    }


def load_notification(work: UnitOfWork, notification_id: int) -> Notification | None:
    """Return a notification that still waits to be sent, locked; None if there is none."""
    query = (
        select(Notification)
        .where(Notification.id == notification_id)
        .where(Notification.status == NotificationStatus.PENDING.value)
        .with_for_update()
    )
    return work.session.exec(query).first()


def mark_sent(work: UnitOfWork, notification_id: int, *, now: datetime) -> None:
    """Note that it went out; once noted it is never sent again."""
    row = load_notification(work, notification_id)
    if row is not None:
        row.status, row.sent_at = NotificationStatus.SENT.value, now
        row.attempts += 1


def mark_failed(work: UnitOfWork, notification_id: int, *, problem: str, final: bool) -> None:
    """Note a failed attempt; ``final`` gives up for good (the address is gone)."""
    row = load_notification(work, notification_id)
    if row is not None:
        row.attempts += 1
        row.problem = problem[:200]
        row.status = (NotificationStatus.FAILED if final else NotificationStatus.PENDING).value


def give_up_notification(session: Session, notification_id: int) -> None:
    """Send a notification no more: somebody dropped its job; the caller commits."""
    row = session.get(Notification, notification_id)
    if row is not None and row.status == NotificationStatus.PENDING.value:
        row.status, row.problem = NotificationStatus.FAILED.value, "dropped"


def pending_notifications(work: UnitOfWork, *, limit: int = 100) -> Sequence[Notification]:
    """The oldest notifications that wait to be sent."""
    query = (
        select(Notification)
        .where(Notification.status == NotificationStatus.PENDING.value)
        .order_by(col(Notification.id))
        .limit(limit)
    )
    return work.session.exec(query).all()


def pending_ids(session: Session, *, made_before: datetime | None = None) -> Sequence[int]:
    """Every notification that waits to be sent, oldest first; or those made before a moment."""
    query = select(col(Notification.id)).where(
        Notification.status == NotificationStatus.PENDING.value
    )
    if made_before is not None:
        query = query.where(Notification.made_at < made_before)
    found = session.exec(query.order_by(col(Notification.id)))
    return [number for number in found if number is not None]


def notifications_of_unit(
    work: UnitOfWork, unit_id: str, *, person: str | None = None, limit: int = 50
) -> Sequence[Notification]:
    """What a unit was told, newest first; without the cases that ``person`` is recused from."""
    recused = select(Recusal.case_id).where(Recusal.person == person)
    query = (
        select(Notification)
        .where(Notification.unit_id == unit_id, col(Notification.case_id).not_in(recused))
        .order_by(col(Notification.id).desc())
        .limit(limit)
    )
    return work.session.exec(query).all()
