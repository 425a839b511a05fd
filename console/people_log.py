"""The people's log (民情日志): what staff see and hear on the way; it may become a petition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select, true

from console.auth import SignedIn
from console.errors import InvalidInput, LogEntryFiled, LogEntryNotFound
from console.seals import new_token
from console.services import ConsoleServices
from console.staff import StaffMember
from console.tables import DeskLogEntry
from petitions.filing import Receipt, file_petition, make_draft
from petitions.workflow import Role

TEXT_CHARACTERS = 2_000
PLACE_CHARACTERS = 200
PAGE_SIZE = 30
CHANNEL = "console"
"""The channel of petitions that staff write down for somebody."""


class LogKind(StrEnum):
    """How staff came to hear of it."""

    VISIT = auto()
    PATROL = auto()
    CALL = auto()
    OFFICE = auto()


@dataclass(frozen=True, kw_only=True)
class LogPage:
    """One page of the log, newest first."""

    rows: Sequence[DeskLogEntry]
    total: int
    page: int
    page_size: int = PAGE_SIZE


def write_entry(
    session: Session,
    member: StaffMember,
    *,
    kind: str,
    place: str,
    text: str,
    grid_id: str | None,
    now: datetime,
) -> DeskLogEntry:
    """Add an entry; the caller commits.

    Raises:
        InvalidInput: Nothing is written, too much is, or there is no such kind.
    """
    if not text.strip():
        raise InvalidInput(field="text", problem="required")
    if len(text) > TEXT_CHARACTERS or len(place) > PLACE_CHARACTERS:
        raise InvalidInput(field="text", problem="too_long")
    if kind not in set(LogKind):
        raise InvalidInput(field="kind", problem="unknown")
    entry = DeskLogEntry(
        staff_id=member.id,
        author=member.name,
        community_id=member.community_id,
        grid_id=grid_id,
        kind=kind,
        place=place.strip(),
        text=text.strip(),
        at=now,
    )
    session.add(entry)
    session.flush()
    return entry


def read_log(session: Session, member: StaffMember, *, page: int = 1) -> LogPage:
    """What this person may read: the own entries, for a committee its community's."""
    reach = _reach(member)
    total = session.exec(select(func.count(col(DeskLogEntry.id))).where(reach)).one()
    query = select(DeskLogEntry).where(reach).order_by(col(DeskLogEntry.id).desc())
    rows = session.exec(query.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return LogPage(rows=rows, total=total, page=page)


def load_entry(session: Session, member: StaffMember, entry_id: int) -> DeskLogEntry:
    """One entry.

    Raises:
        LogEntryNotFound: There is none that this person may read.
    """
    query = select(DeskLogEntry).where(DeskLogEntry.id == entry_id, _reach(member))
    entry = session.exec(query).first()
    if entry is None:
        raise LogEntryNotFound(entry_id=entry_id)
    return entry


def file_from_entry(
    services: ConsoleServices, me: SignedIn, entry_id: int, said: dict[str, Any]
) -> Receipt:
    """File an entry as the petition of a resident who has no other way (代填).

    The resident gets a pseudonym of their own; name and phone go into the sealed contact
    fields as from any channel. Filing twice is refused, also when both happen at once.

    Raises:
        LogEntryNotFound, LogEntryFiled: As they say.
        PetitionError: What was said can't be filed.
    """
    with services.open_work() as work:
        entry = load_entry(work.session, me.member, entry_id)
        if entry.petition_number:
            raise LogEntryFiled(number=entry.petition_number)
        draft = make_draft(
            **said,
            resident=f"walk-in-{new_token()[:20]}",
            channel=CHANNEL,
            idempotency_key=f"log entry {entry_id}",
        )
        receipt = file_petition(work, draft, now=services.clock.now())
        entry.petition_number = receipt.number
        work.session.add(entry)
        work.commit()
        return receipt


def _reach(member: StaffMember) -> ColumnElement[bool]:
    if Role.COMMITTEE not in member.roles:
        return col(DeskLogEntry.staff_id) == member.id
    if member.community_id is None:
        return true()
    return col(DeskLogEntry.community_id) == member.community_id
