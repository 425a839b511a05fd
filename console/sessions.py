"""Sessions of browsers and bearer tokens of programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select, update

from console.errors import InvalidInput, SignInRefused
from console.passwords import Passwords
from console.seals import Seal, new_token, token_digest
from console.staff import StaffMember, find_by_username, member_of
from console.tables import DeskSession, DeskStaff, DeskToken

IDLE = timedelta(hours=2)
LIFETIME = timedelta(hours=12)
TOKEN_LIFETIME = timedelta(days=90)
TOKENS_AT_MOST = 10
LABEL_CHARACTERS = 60
SEEN_EVERY = timedelta(minutes=1)
"""A session's «last seen» is written at most so often, so that reading stays reading."""


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """A signed-in person with the session or token they came with.

    Attributes:
        digest: Digest of the cookie or of the bearer token.
        bearer: It came as a bearer token: no browser sends that by itself.
        stale: «Last seen» is old enough to be written again.
    """

    member: StaffMember
    digest: str
    bearer: bool = False
    stale: bool = False


def check_password(
    session: Session, username: str, password: str, *, passwords: Passwords
) -> StaffMember:
    """Tell who this is; takes as long for an unknown name as for a wrong password.

    Raises:
        SignInRefused: Not told whether the name or the password is wrong.
    """
    row = find_by_username(session, username)
    fits = passwords.check(password, row.password_hash if row else None)
    if row is None or not fits or not row.active:
        raise SignInRefused()
    return member_of(row)


def open_session(
    session: Session, member: StaffMember, *, agent: str, seal: Seal, now: datetime
) -> str:
    """Open a new session and drop those that ended; returns the word for the cookie."""
    token = new_token()
    session.exec(delete(DeskSession).where(col(DeskSession.expires_at) <= now))
    session.add(
        DeskSession(
            token_digest=token_digest(token),
            staff_id=member.id,
            made_at=now,
            seen_at=now,
            expires_at=now + LIFETIME,
            agent_digest=seal.of("agent", agent),
        )
    )
    return token


def find_session(
    session: Session, token: str, *, agent: str, seal: Seal, now: datetime
) -> OpenSession | None:
    """The person behind a cookie; None when it ended, idled, or came from another browser."""
    digest = token_digest(token)
    query = (
        select(DeskSession, DeskStaff)
        .join(DeskStaff, col(DeskStaff.id) == col(DeskSession.staff_id))
        .where(DeskSession.token_digest == digest, col(DeskStaff.active))
    )
    found = session.exec(query).first()
    if found is None:
        return None
    row, staff = found
    if not _is_alive(row, now) or not seal.matches("agent", agent, row.agent_digest):
        return None
    return OpenSession(member=member_of(staff), digest=digest, stale=_is_long_ago(row.seen_at, now))


def _is_long_ago(seen: datetime | None, now: datetime) -> bool:
    return seen is None or now - seen > SEEN_EVERY


def _is_alive(row: DeskSession, now: datetime) -> bool:
    return now < row.expires_at and now - row.seen_at < IDLE


def touch(session: Session, opened: OpenSession, now: datetime) -> None:
    """Note that the session or token is in use."""
    if opened.bearer:
        where = col(DeskToken.token_digest) == opened.digest
        session.exec(update(DeskToken).where(where).values(used_at=now))
    else:
        where = col(DeskSession.token_digest) == opened.digest
        session.exec(update(DeskSession).where(where).values(seen_at=now))


def close_session(session: Session, digest: str) -> None:
    """End one session."""
    session.exec(delete(DeskSession).where(col(DeskSession.token_digest) == digest))


def sessions_of(session: Session, member: StaffMember) -> Sequence[DeskSession]:
    """A person's sessions, the one used last first."""
    where = DeskSession.staff_id == member.id
    return session.exec(
        select(DeskSession).where(where).order_by(col(DeskSession.seen_at).desc())
    ).all()


def close_other_sessions(session: Session, member: StaffMember, kept_digest: str) -> None:
    """End every session of a person but one."""
    session.exec(
        delete(DeskSession).where(
            col(DeskSession.staff_id) == member.id, col(DeskSession.token_digest) != kept_digest
        )
    )


def create_token(session: Session, member: StaffMember, *, label: str, now: datetime) -> str:
    """Make a bearer token; returns it, to be shown once.

    Raises:
        InvalidInput: The label is empty or too long, or there are too many tokens.
    """
    if not 1 <= len(label.strip()) <= LABEL_CHARACTERS:
        raise InvalidInput(field="label", problem="required")
    if len(tokens_of(session, member)) >= TOKENS_AT_MOST:
        raise InvalidInput(field="label", problem="too_many_tokens")
    token = new_token()
    session.add(
        DeskToken(
            token_digest=token_digest(token),
            staff_id=member.id,
            label=label.strip(),
            made_at=now,
            expires_at=now + TOKEN_LIFETIME,
        )
    )
    return token


def find_token(session: Session, token: str, *, now: datetime) -> OpenSession | None:
    """The person behind a bearer token, or None when it ended or was revoked."""
    query = (
        select(DeskToken, DeskStaff)
        .join(DeskStaff, col(DeskStaff.id) == col(DeskToken.staff_id))
        .where(DeskToken.token_digest == token_digest(token))
        .where(col(DeskToken.revoked_at).is_(None), col(DeskToken.expires_at) > now)
        .where(col(DeskStaff.active), col(DeskStaff.must_change).is_(False))
    )
    found = session.exec(query).first()
    if found is None:
        return None
    row, staff = found
    return OpenSession(
        member=member_of(staff),
        digest=row.token_digest,
        bearer=True,
        stale=_is_long_ago(row.used_at, now),
    )


def tokens_of(session: Session, member: StaffMember) -> Sequence[DeskToken]:
    """A person's tokens that were not revoked, newest first."""
    query = (
        select(DeskToken)
        .where(DeskToken.staff_id == member.id, col(DeskToken.revoked_at).is_(None))
        .order_by(col(DeskToken.id).desc())
    )
    return session.exec(query).all()


def revoke_token(session: Session, member: StaffMember, token_id: int, *, now: datetime) -> None:
    """Revoke one's own token; somebody else's is left alone as if it were not there."""
    row = session.get(DeskToken, token_id)
    if row is not None and row.staff_id == member.id:
        row.revoked_at = row.revoked_at or now
