"""Everything that is known of one resident, for the resident (个人信息保护法 art. 45)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import SQLModel, col, select

from petitions.facets import Attachment, Notification, Rating
from petitions.ports import UnitOfWork
from petitions.tables import CaseEntry, Petition

_NOT_TOLD = {
    *("code_seal", "salt", "idempotency_key", "sealed_name", "sealed_phone", "phone_index"),
}
_NOT_TOLD_EITHER = {"sealed_on_behalf_of", "id"}


def export_resident(work: UnitOfWork, resident: str) -> Mapping[str, Any]:
    """What petitions hold of ``resident``, contact in clear, as plain data."""
    petitions = _rows(work, Petition, col(Petition.resident) == resident)
    numbers = [petition.number for petition in petitions]
    mine = col(Attachment.petition_number).in_(numbers)
    return {
        "resident": resident,
        "petitions": [_petition(work, petition) for petition in petitions],
        "said_later": [
            {"at": entry.at.isoformat(), "action": entry.action, "text": entry.text}
            for entry in _rows(work, CaseEntry, col(CaseEntry.actor_id) == resident)
        ],
        "ratings": _plain(_rows(work, Rating, col(Rating.resident) == resident)),
        "told": _plain(_rows(work, Notification, col(Notification.resident) == resident)),
        "attachments": _plain(_rows(work, Attachment, mine)),
    }


def _petition(work: UnitOfWork, petition: Petition) -> dict[str, Any]:
    said = petition.model_dump(mode="json", exclude=_NOT_TOLD | _NOT_TOLD_EITHER)
    return said | {
        "contact_name": _opened(work, petition.sealed_name),
        "contact_phone": _opened(work, petition.sealed_phone),
        "on_behalf_of": _opened(work, petition.sealed_on_behalf_of),
    }


def _opened(work: UnitOfWork, sealed: str | None) -> str | None:
    return None if sealed is None else work.cipher.unseal(sealed)


def _rows(work: UnitOfWork, table: type[SQLModel], which: Any) -> Sequence[Any]:
    return work.session.exec(select(table).where(which).order_by(col(table.id))).all()  # type: ignore[attr-defined]


def _plain(rows: Sequence[SQLModel]) -> list[dict[str, Any]]:
    return [row.model_dump(mode="json", exclude={"id"}) for row in rows]
