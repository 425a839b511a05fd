"""The people of the desk: created, changed, closed; never deleted, so that history keeps names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from console.errors import InvalidInput, StaffNotFound, UsernameTaken
from console.passwords import Passwords, ensure_strong
from console.permissions import STAFF_ROLES, DeskPermission, may
from console.tables import DeskStaff
from petitions.actors import Actor
from petitions.organisation import Organisation
from petitions.workflow import Role

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
NAME_CHARACTERS = 60


@dataclass(frozen=True, kw_only=True)
class StaffMember:
    """One person as the desk knows them; no secret is in it."""

    id: int
    username: str
    name: str
    roles: frozenset[Role]
    unit_id: str | None
    community_id: str | None
    active: bool
    must_change: bool
    language: str | None = None

    def may(self, permission: DeskPermission) -> bool:
        """Tell whether this person's roles open a part of the desk."""
        return may(self.roles, permission)

    def actor(self, organisation: Organisation) -> Actor:
        """The person as petitions know an actor; the username stands in the history."""
        return Actor(
            id=self.username,
            roles=self.roles,
            name=self.name,
            unit_id=self.unit_id,
            community_id=self.community_id,
            grid_ids=_grids(self, organisation),
        )


def _grids(member: StaffMember, organisation: Organisation) -> tuple[str, ...]:
    # The organisation may name a grid's worker by name or by username.
    if Role.GRID_WORKER not in member.roles:
        return ()
    return (
        *organisation.grids_of_worker(member.name),
        *organisation.grids_of_worker(member.username),
    )


@dataclass(frozen=True, kw_only=True)
class NewStaff:
    """Somebody to be created, as it came from a form or a file."""

    username: str
    name: str
    roles: frozenset[Role]
    unit_id: str | None = None
    community_id: str | None = None


def member_of(row: DeskStaff) -> StaffMember:
    """The value of a row."""
    return StaffMember(
        id=row.id or 0,
        username=row.username,
        name=row.name,
        roles=frozenset(Role(role) for role in row.roles),
        unit_id=row.unit_id,
        community_id=row.community_id,
        active=row.active,
        must_change=row.must_change,
        language=row.language,
    )


def check_new_staff(new: NewStaff, organisation: Organisation) -> None:
    """Refuse what can't be a member of staff.

    Raises:
        InvalidInput: Names the first field that is wrong and why.
    """
    if not USERNAME.fullmatch(new.username):
        raise InvalidInput(field="username", problem="username_form")
    if not 1 <= len(new.name.strip()) <= NAME_CHARACTERS:
        raise InvalidInput(field="name", problem="required")
    check_place(new.roles, new.unit_id, new.community_id, organisation)


def check_place(
    roles: frozenset[Role],
    unit_id: str | None,
    community_id: str | None,
    organisation: Organisation,
) -> None:
    """Refuse roles nobody can have, and a department without its unit.

    Raises:
        InvalidInput: Names the first field that is wrong and why.
    """
    if not roles or not roles <= set(STAFF_ROLES):
        raise InvalidInput(field="roles", problem="required")
    if unit_id is not None and unit_id not in {unit.id for unit in organisation.units}:
        raise InvalidInput(field="unit_id", problem="unknown")
    if community_id is not None and organisation.community(community_id) is None:
        raise InvalidInput(field="community_id", problem="unknown")
    if Role.DEPARTMENT in roles and unit_id is None:
        raise InvalidInput(field="unit_id", problem="department_needs_unit")


def create_staff(
    session: Session,
    new: NewStaff,
    *,
    password: str,
    passwords: Passwords,
    organisation: Organisation,
    now: datetime,
    must_change: bool = True,
) -> StaffMember:
    """Create a person; the caller commits.

    Raises:
        InvalidInput: A field is wrong.
        WeakPassword: The password would be guessed.
        UsernameTaken: The username belongs or belonged to somebody.
    """
    check_new_staff(new, organisation)
    ensure_strong(password, username=new.username)
    if find_by_username(session, new.username) is not None:
        raise UsernameTaken(field="username")
    row = DeskStaff(
        username=new.username,
        name=new.name.strip(),
        password_hash=passwords.hash(password),
        roles=sorted(role.value for role in new.roles),
        unit_id=new.unit_id,
        community_id=new.community_id,
        must_change=must_change,
        made_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    return member_of(row)


def find_by_username(session: Session, username: str) -> DeskStaff | None:
    """The row of a username, or None."""
    return session.exec(select(DeskStaff).where(DeskStaff.username == username)).first()


def list_staff(session: Session) -> Sequence[StaffMember]:
    """Everybody, the active ones first, by username."""
    query = select(DeskStaff).order_by(col(DeskStaff.active).desc(), col(DeskStaff.username))
    return [member_of(row) for row in session.exec(query)]


def names_of_staff(session: Session) -> dict[str, str]:
    """The names of all people, by username."""
    columns = select(DeskStaff.username, DeskStaff.name)
    return {username: name for username, name in session.exec(columns)}


def load_staff(session: Session, staff_id: int) -> StaffMember:
    """One person.

    Raises:
        StaffNotFound: There is none.
    """
    row = session.get(DeskStaff, staff_id)
    if row is None:
        raise StaffNotFound(staff_id=staff_id)
    return member_of(row)


def roles_from(words: Iterable[str]) -> frozenset[Role]:
    """Read roles from a form or a file.

    Raises:
        InvalidInput: A word is no role of the desk.
    """
    known = {role.value: role for role in STAFF_ROLES}
    chosen = tuple(words)
    if not set(chosen) <= set(known):
        raise InvalidInput(field="roles", problem="unknown")
    return frozenset(known[word] for word in chosen)
