"""Lists that somebody comes back to: a name and the query string of the queue."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from console.errors import InvalidInput
from console.staff import StaffMember
from console.tables import DeskSavedView

NAME_CHARACTERS = 40
ADDRESS_CHARACTERS = 600
VIEWS_AT_MOST = 20


def save_view(
    session: Session, member: StaffMember, *, name: str, address: str, now: datetime
) -> None:
    """Keep a list; the same name again takes the new filters.

    Raises:
        InvalidInput: The name is missing or too long, or there are too many.
    """
    tidy = name.strip()
    if not 1 <= len(tidy) <= NAME_CHARACTERS or len(address) > ADDRESS_CHARACTERS:
        raise InvalidInput(field="name", problem="required")
    known = session.exec(_own(member).where(DeskSavedView.name == tidy)).first()
    if known is not None:
        known.address = address
        return
    if _count(session, member) >= VIEWS_AT_MOST:
        raise InvalidInput(field="name", problem="too_many_views")
    session.add(DeskSavedView(staff_id=member.id, name=tidy, address=address, made_at=now))


def views_of(session: Session, member: StaffMember) -> Sequence[DeskSavedView]:
    """A person's lists, in the order they were made."""
    return session.exec(_own(member).order_by(col(DeskSavedView.id))).all()


def forget_view(session: Session, member: StaffMember, view_id: int) -> None:
    """Drop one's own list; somebody else's is left alone as if it were not there."""
    row = session.exec(_own(member).where(DeskSavedView.id == view_id)).first()
    if row is not None:
        session.delete(row)


def _own(member: StaffMember) -> SelectOfScalar[DeskSavedView]:
    return select(DeskSavedView).where(DeskSavedView.staff_id == member.id)


def _count(session: Session, member: StaffMember) -> int:
    query = select(func.count(col(DeskSavedView.id))).where(DeskSavedView.staff_id == member.id)
    return session.exec(query).one()
