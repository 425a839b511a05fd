"""A chat account that acts for a member of staff: linked by a one-time code from the desk.

Whoever taps a button in the staff group may do what the person behind the account may do at
the desk, no more: the same permissions are asked, and the case's history names the person.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from console.audit import AuditAction, Target, write_down
from console.auth import SignedIn
from console.case_actions import Done, carry_out
from console.errors import ChatNotLinked
from console.permissions import DeskPermission
from console.seals import Seal
from console.services import ConsoleServices
from console.staff import StaffMember, member_of
from console.tables import DeskChatAccount, DeskChatCode, DeskStaff
from console.verbs import Inputs
from petitions.receipts import ALPHABET, CODE_CHARACTERS

CODE_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class ChatAccount:
    """Somebody in a messaging app: the app and its own id of the person."""

    channel: str
    account: str

    def digest(self, seal: Seal) -> str:
        """What is stored of it."""
        return seal.of("chat-account", f"{self.channel}\x1f{self.account}")


def issue_chat_code(services: ConsoleServices, member: StaffMember) -> str:
    """A new code for ``member``; the ones issued before end with it."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARACTERS))
    with services.writing() as session:
        session.exec(delete(DeskChatCode).where(col(DeskChatCode.staff_id) == member.id))
        session.add(
            DeskChatCode(
                code_digest=_code_digest(services.seal, code),
                staff_id=member.id,
                expires_at=services.clock.now() + CODE_LASTS,
            )
        )
    return code


def link_chat_account(
    services: ConsoleServices, account: ChatAccount, code: str
) -> StaffMember | None:
    """Let ``account`` act for whoever was shown ``code``; None for a wrong or old code.

    The same account with the same code again changes nothing: an update may come twice.
    """
    digest, now = account.digest(services.seal), services.clock.now()
    with services.writing() as session:
        shown = _open_code(session, _code_digest(services.seal, code), digest, now)
        member = _active(session, shown.staff_id) if shown else None
        if shown is None or member is None:
            return None
        if shown.used_by is None:
            shown.used_by = digest
            session.exec(
                delete(DeskChatAccount).where(col(DeskChatAccount.account_digest) == digest)
            )
            session.add(DeskChatAccount(account_digest=digest, staff_id=member.id, linked_at=now))
            write_down(session, AuditAction.LINK_CHAT, actor=member.username, now=now)
        return member


def unlink_chat_accounts(services: ConsoleServices, member: StaffMember, *, by: str) -> None:
    """Take every chat account of ``member`` back, and any code that is still open."""
    with services.writing() as session:
        for table in (DeskChatAccount, DeskChatCode):
            session.exec(delete(table).where(col(table.staff_id) == member.id))
        write_down(
            session,
            AuditAction.UNLINK_CHAT,
            actor=by,
            now=services.clock.now(),
            target=Target(kind="staff", id=member.username),
        )


def linked_moments(session: Session, member: StaffMember) -> Sequence[datetime]:
    """When each of the chat accounts of ``member`` was linked, oldest first."""
    query = select(DeskChatAccount.linked_at).where(DeskChatAccount.staff_id == member.id)
    return session.exec(query.order_by(col(DeskChatAccount.linked_at))).all()


def act_from_chat(
    services: ConsoleServices, account: ChatAccount, *, number: str, verb_name: str, key: str
) -> Done:
    """Carry out a verb for the person behind ``account``, once for each ``key``.

    Raises:
        ChatNotLinked: Nobody is behind it, or the person may not work on cases (any more).
        PetitionError, DeskError: As at the desk; the case stays as it was.
    """
    me = _signed_in(services, account)
    done = carry_out(
        services,
        me,
        number=number,
        verb_name=verb_name,
        inputs=Inputs(),
        expected_version=None,
        key=key,
    )
    with services.writing() as session:
        write_down(
            session,
            AuditAction.ACT_FROM_CHAT,
            actor=me.member.username,
            now=services.clock.now(),
            target=Target(kind="case", id=done.number),
        )
    return done


def _signed_in(services: ConsoleServices, account: ChatAccount) -> SignedIn:
    digest = account.digest(services.seal)
    with services.reading() as session:
        row = session.get(DeskChatAccount, digest)
        member = _active(session, row.staff_id) if row else None
    if member is None or not member.may(DeskPermission.SEE_CASES):
        raise ChatNotLinked()
    return SignedIn(
        member=member,
        actor=member.actor(services.organisation),
        digest=digest,
        bearer=True,
        csrf="",
    )


def _active(session: Session, staff_id: int) -> StaffMember | None:
    row = session.get(DeskStaff, staff_id)
    usable = row is not None and row.active and not row.must_change
    return member_of(row) if row is not None and usable else None


def _open_code(
    session: Session, code_digest: str, account_digest: str, now: datetime
) -> DeskChatCode | None:
    """The code while it lasts; a used one only for the account that used it."""
    query = select(DeskChatCode).where(DeskChatCode.code_digest == code_digest).with_for_update()
    shown = session.exec(query).first()
    if shown is None or shown.expires_at <= now:
        return None
    return shown if shown.used_by in (None, account_digest) else None


def _code_digest(seal: Seal, code: str) -> str:
    signs = "".join(sign for sign in code.upper() if sign.isalnum())
    return seal.of("chat-code", signs)
