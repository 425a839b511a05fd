"""The desk's log of who did what: written in the transaction that does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from console.tables import DeskAudit


class AuditAction(StrEnum):
    """What is written down. What happens to a case stands in the case's own history too."""

    SIGN_IN = auto()
    SIGN_IN_FAILED = auto()
    SIGN_IN_LOCKED = auto()
    SIGN_OUT = auto()
    CHANGE_PASSWORD = auto()
    TURN_ON_SECOND_FACTOR = auto()
    TURN_OFF_SECOND_FACTOR = auto()
    DROP_SECOND_FACTOR = auto()
    UNLOCK_STAFF = auto()
    EXPORT_AUDIT = auto()
    EXPORT_CASES = auto()
    EXPORT_FIGURES = auto()
    SEARCH_PHONE = auto()
    CREATE_TOKEN = auto()
    REVOKE_TOKEN = auto()
    LINK_CHAT = auto()
    UNLINK_CHAT = auto()
    ACT_FROM_CHAT = auto()
    CREATE_STAFF = auto()
    CHANGE_STAFF = auto()
    DEACTIVATE_STAFF = auto()
    ACTIVATE_STAFF = auto()
    RESET_PASSWORD = auto()
    REVEAL_CONTACT = auto()
    FORGET_RESIDENT = auto()
    EXPORT_RESIDENT = auto()
    IMPORT_TEXTS = auto()
    PUBLISH_VERSION = auto()
    LAPSE_VERSION = auto()
    EDIT_VERSION = auto()
    FORCE_PUBLISH = auto()
    ROLL_BACK = auto()
    CHANGE_GATE = auto()
    CHANGE_BANK = auto()
    DRAFT_FAQ = auto()
    RECALL_ANSWERS = auto()
    ANSWER_AGAIN = auto()
    RETRY_JOB = auto()
    ACCEPT_EXAMPLE = auto()
    REFUSE_EXAMPLE = auto()
    DROP_JOB = auto()
    EDIT_ORGANISATION = auto()
    REFUSED = auto()


@dataclass(frozen=True, kw_only=True)
class Target:
    """What an action was done to: a kind and an id, nothing else."""

    kind: str
    id: str


@dataclass(frozen=True, kw_only=True)
class AuditPage:
    """One page of the log, newest first."""

    rows: Sequence[DeskAudit]
    total: int
    page: int
    page_size: int


def write_down(
    session: Session,
    action: AuditAction,
    *,
    actor: str | None,
    now: datetime,
    target: Target | None = None,
    reason: str | None = None,
) -> None:
    """Add one line; it becomes durable with the caller's transaction."""
    session.add(
        DeskAudit(
            at=now,
            actor=actor,
            action=action.value,
            target_kind=target.kind if target else None,
            target_id=target.id if target else None,
            reason=reason,
        )
    )


def read_audit(
    session: Session,
    *,
    actor: str | None = None,
    action: AuditAction | None = None,
    page: int = 1,
    page_size: int = 50,
) -> AuditPage:
    """Read the log, newest first."""
    conditions = _narrowed(actor, action)
    total = session.exec(select(func.count(col(DeskAudit.id))).where(*conditions)).one()
    query = (
        select(DeskAudit)
        .where(*conditions)
        .order_by(col(DeskAudit.id).desc())
        .offset((page - 1) * page_size)
        .limit(page_size)
    )
    return AuditPage(rows=session.exec(query).all(), total=total, page=page, page_size=page_size)


EXPORTED_LINES = 20_000


def export_audit(
    session: Session, *, actor: str | None = None, action: AuditAction | None = None
) -> Sequence[DeskAudit]:
    """The newest lines of the log in one piece, for a file."""
    query = select(DeskAudit).where(*_narrowed(actor, action)).order_by(col(DeskAudit.id).desc())
    return session.exec(query.limit(EXPORTED_LINES)).all()


def _narrowed(actor: str | None, action: AuditAction | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if actor:
        conditions.append(col(DeskAudit.actor) == actor)
    if action:
        conditions.append(col(DeskAudit.action) == action.value)
    return conditions
