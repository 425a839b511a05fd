"""A one-time code as a second factor at sign-in (TOTP, RFC 6238), for those who want one.

The secret is encrypted at rest and shown once; a code opens once, though it holds for a minute.
"""

from dataclasses import dataclass
from datetime import datetime

import pyotp
from pyotp.utils import strings_equal
from sqlmodel import col, delete

from console.errors import InvalidInput, SignInRefused
from console.seals import Seal
from console.services import ConsoleServices
from console.staff import StaffMember
from console.tables import DeskSecondFactor
from petitions.ports import UnitOfWork

ISSUER = "回音工作台"
STEP_SECONDS = 30
STEPS_OF_GRACE = 1
"""Clocks of phones go wrong by some seconds: one step before and after is taken too."""
TICKET_SECONDS = 300
PURPOSE = "second-factor"


@dataclass(frozen=True, kw_only=True)
class NewFactor:
    """What has to be put into an authenticator app: the secret, and the same as an address."""

    secret: str
    address: str


def begin_factor(services: ConsoleServices, member: StaffMember) -> NewFactor:
    """Make a secret that counts once its first code was right."""
    secret = pyotp.random_base32()
    with services.open_work() as work:
        _drop(work, member.id)
        work.session.add(
            DeskSecondFactor(
                staff_id=member.id,
                sealed_secret=work.cipher.seal(secret),
                made_at=services.clock.now(),
            )
        )
        work.commit()
    address = pyotp.TOTP(secret).provisioning_uri(name=member.username, issuer_name=ISSUER)
    return NewFactor(secret=secret, address=address)


def confirm_factor(services: ConsoleServices, member: StaffMember, code: str) -> None:
    """Turn the factor on with its first code.

    Raises:
        InvalidInput: The code is wrong, or there is nothing to confirm.
    """
    now = services.clock.now()
    with services.open_work() as work:
        row = work.session.get(DeskSecondFactor, member.id)
        step = _step_of(work, row, code, now) if row else None
        if row is None or step is None:
            raise InvalidInput(field="code", problem="wrong_code")
        row.confirmed_at, row.last_step = now, step
        work.commit()


def drop_factor(services: ConsoleServices, staff_id: int) -> None:
    """Turn the factor off."""
    with services.open_work() as work:
        _drop(work, staff_id)
        work.commit()


def has_factor(services: ConsoleServices, staff_id: int) -> bool:
    """Whether a code is asked for at sign-in."""
    with services.reading() as session:
        row = session.get(DeskSecondFactor, staff_id)
    return row is not None and row.confirmed_at is not None


def take_code(services: ConsoleServices, staff_id: int, code: str) -> None:
    """Take a code at sign-in; it opens once.

    Raises:
        SignInRefused: The code is wrong, too old, or was taken before.
    """
    with services.open_work() as work:
        row = work.session.get(DeskSecondFactor, staff_id, with_for_update=True)
        step = _step_of(work, row, code, services.clock.now()) if row else None
        if row is None or step is None or step <= row.last_step:
            raise SignInRefused(problem="code")
        row.last_step = step
        work.commit()


def make_ticket(seal: Seal, staff_id: int, visitor: str, now: datetime) -> str:
    """Proof that this browser gave the right password, good for a few minutes."""
    until = int(now.timestamp()) + TICKET_SECONDS
    return f"{staff_id}.{until}.{seal.of(PURPOSE, f'{staff_id}.{until}.{visitor}')}"


def read_ticket(seal: Seal, ticket: str, visitor: str, now: datetime) -> int | None:
    """The person behind a ticket; None when it is another browser's, too old or made up."""
    parts = ticket.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts[:2]):
        return None
    staff_id, until, mac = parts
    if not seal.matches(PURPOSE, f"{staff_id}.{until}.{visitor}", mac):
        return None
    return int(staff_id) if int(until) >= now.timestamp() else None


def _drop(work: UnitOfWork, staff_id: int) -> None:
    work.session.exec(delete(DeskSecondFactor).where(col(DeskSecondFactor.staff_id) == staff_id))


def _step_of(work: UnitOfWork, row: DeskSecondFactor, code: str, now: datetime) -> int | None:
    """The time step that ``code`` belongs to, or None."""
    totp = pyotp.TOTP(work.cipher.unseal(row.sealed_secret))
    tidy = "".join(code.split())
    here = int(now.timestamp()) // STEP_SECONDS
    steps = range(here - STEPS_OF_GRACE, here + STEPS_OF_GRACE + 1)
    fits = (step for step in steps if strings_equal(tidy, totp.at(step * STEP_SECONDS)))
    return next(fits, None)
