"""What may happen to an account: other roles, closing, opening, another password."""

from datetime import datetime

from sqlmodel import Session, col, delete, select

from console.errors import InvalidInput, LastAdmin, OwnAccount, StaffNotFound
from console.language import LANGUAGES
from console.passwords import Passwords, ensure_strong, make_password
from console.staff import StaffMember, check_place, member_of
from console.tables import DeskSession, DeskStaff, DeskToken
from petitions.organisation import Organisation
from petitions.workflow import Role


def change_staff(
    session: Session,
    staff_id: int,
    *,
    by: StaffMember,
    roles: frozenset[Role],
    unit_id: str | None,
    community_id: str | None,
    organisation: Organisation,
    now: datetime,
) -> StaffMember:
    """Give somebody else other roles or another unit; their sessions and tokens end.

    Raises:
        OwnAccount: Nobody changes own roles.
        LastAdmin: No administrator would be left.
        InvalidInput, StaffNotFound: As they say.
    """
    row = _row_of_other(session, staff_id, by)
    check_place(roles, unit_id, community_id, organisation)
    if Role.ADMIN not in roles:
        _ensure_another_admin(session, row)
    row.roles = sorted(role.value for role in roles)
    row.unit_id, row.community_id, row.changed_at = unit_id, community_id, now
    end_access(session, staff_id)
    return member_of(row)


def deactivate_staff(
    session: Session, staff_id: int, *, by: StaffMember, now: datetime
) -> StaffMember:
    """Close an account; its sessions and tokens end at once.

    Raises:
        OwnAccount: Nobody closes the own account.
        LastAdmin: No administrator would be left.
        StaffNotFound: There is no such person.
    """
    row = _row_of_other(session, staff_id, by)
    _ensure_another_admin(session, row)
    row.active, row.changed_at = False, now
    end_access(session, staff_id)
    return member_of(row)


def activate_staff(
    session: Session, staff_id: int, *, by: StaffMember, now: datetime
) -> StaffMember:
    """Open a closed account again.

    Raises:
        OwnAccount, StaffNotFound: As they say.
    """
    row = _row_of_other(session, staff_id, by)
    row.active, row.changed_at = True, now
    return member_of(row)


def reset_password(
    session: Session, staff_id: int, *, by: StaffMember, passwords: Passwords, now: datetime
) -> str:
    """Give somebody else a new password, to be changed at the next sign-in.

    Returns:
        The password; it is shown once and stored nowhere.

    Raises:
        OwnAccount: The own password is changed with the old one, not reset.
        StaffNotFound: There is no such person.
    """
    row = _row_of_other(session, staff_id, by)
    password = make_password()
    row.password_hash = passwords.hash(password)
    row.must_change, row.changed_at = True, now
    end_access(session, staff_id)
    return password


def change_own_password(
    session: Session,
    member: StaffMember,
    *,
    old: str,
    new: str,
    passwords: Passwords,
    now: datetime,
) -> None:
    """Change one's password; all sessions and tokens end, the caller opens a new session.

    Raises:
        InvalidInput: The old password is wrong.
        WeakPassword: The new one would be guessed, or is the old one.
    """
    row = _row(session, member.id)
    if not passwords.check(old, row.password_hash):
        raise InvalidInput(field="old_password", problem="wrong_password")
    ensure_strong(new, username=row.username, old=old)
    row.password_hash = passwords.hash(new)
    row.must_change, row.changed_at = False, now
    end_access(session, member.id)


def change_language(session: Session, member: StaffMember, language: str, now: datetime) -> None:
    """Note the language that somebody reads the desk in.

    Raises:
        InvalidInput: There is no such language.
    """
    if language not in LANGUAGES:
        raise InvalidInput(field="language", problem="unknown")
    row = _row(session, member.id)
    row.language, row.changed_at = language, now


def end_access(session: Session, staff_id: int) -> None:
    """End all sessions and tokens of a person."""
    session.exec(delete(DeskSession).where(col(DeskSession.staff_id) == staff_id))
    session.exec(delete(DeskToken).where(col(DeskToken.staff_id) == staff_id))


def _row(session: Session, staff_id: int) -> DeskStaff:
    row = session.get(DeskStaff, staff_id, with_for_update=True)
    if row is None:
        raise StaffNotFound(staff_id=staff_id)
    return row


def _row_of_other(session: Session, staff_id: int, by: StaffMember) -> DeskStaff:
    if staff_id == by.id:
        raise OwnAccount()
    return _row(session, staff_id)


def _ensure_another_admin(session: Session, row: DeskStaff) -> None:
    if Role.ADMIN.value in row.roles and not _other_admins(session, row.id):
        raise LastAdmin()


def _other_admins(session: Session, staff_id: int | None) -> list[DeskStaff]:
    rows = session.exec(select(DeskStaff).where(col(DeskStaff.active)))
    return [row for row in rows if row.id != staff_id and Role.ADMIN.value in row.roles]
