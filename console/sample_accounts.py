"""The sample accounts: made at the first start, with passwords that only the console sees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import Session, select

from console.errors import InvalidInput
from console.passwords import Passwords, make_password
from console.staff import NewStaff, StaffMember, create_staff, roles_from
from console.tables import DeskStaff
from petitions.organisation import Organisation


@dataclass(frozen=True, kw_only=True)
class GivenAccount:
    """An account that was just made; the password is shown once and stored as a hash only."""

    member: StaffMember
    password: str


def read_sample_accounts(file: Path) -> tuple[NewStaff, ...]:
    """Read a YAML list of ``username``, ``name``, ``roles``, ``unit`` and ``community``.

    Raises:
        InvalidInput: A row lacks a field or names a role that is none.
    """
    rows = yaml.safe_load(file.read_text(encoding="utf-8")) or []
    return tuple(_new_staff(row) for row in rows)


def _new_staff(row: Mapping[str, Any]) -> NewStaff:
    try:
        return NewStaff(
            username=row["username"],
            name=row["name"],
            roles=roles_from(row["roles"]),
            unit_id=row.get("unit"),
            community_id=row.get("community"),
        )
    except KeyError as error:
        raise InvalidInput(field=str(error.args[0]), problem="required") from None


def create_first_accounts(
    session: Session,
    people: Iterable[NewStaff],
    *,
    passwords: Passwords,
    organisation: Organisation,
    now: datetime,
) -> tuple[GivenAccount, ...]:
    """Create the accounts in a desk that has none; the caller commits.

    Returns:
        The accounts with their passwords, or nothing where somebody has an account already.

    Raises:
        InvalidInput, UsernameTaken: The list is wrong.
    """
    if session.exec(select(DeskStaff.id).limit(1)).first() is not None:
        return ()
    return tuple(_create(session, new, passwords, organisation, now) for new in people)


def _create(
    session: Session,
    new: NewStaff,
    passwords: Passwords,
    organisation: Organisation,
    now: datetime,
) -> GivenAccount:
    password = make_password()
    member = create_staff(
        session,
        new,
        password=password,
        passwords=passwords,
        organisation=organisation,
        now=now,
        # It was made on this machine and shown to its owner only.
        must_change=False,
    )
    return GivenAccount(member=member, password=password)
