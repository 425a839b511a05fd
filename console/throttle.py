"""Slows down whoever guesses passwords, without letting a stranger lock staff out.

Failures are counted for a username from one address, for a username from everywhere, and for
an address; the first limit that is reached locks for the window. Only keyed digests are kept.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, func, select

from console.errors import TooManyAttempts
from console.seals import Seal
from console.tables import DeskSignInFailure

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How many failures lock one kind of key."""

    kind: str
    failures: int


PAIR = Limit(kind="pair", failures=5)
USERNAME = Limit(kind="username", failures=30)
ADDRESS = Limit(kind="address", failures=60)


@dataclass(frozen=True, kw_only=True)
class SignInAttempt:
    """Who tries, from where."""

    username: str
    address: str

    def keys(self, seal: Seal) -> dict[str, Limit]:
        """The digests that are counted, each with its limit."""
        words = {
            PAIR: f"{self.username}\x1f{self.address}",
            USERNAME: self.username,
            ADDRESS: self.address,
        }
        return {seal.of(f"throttle:{limit.kind}", text): limit for limit, text in words.items()}


def ensure_not_locked(
    session: Session, attempt: SignInAttempt, *, seal: Seal, now: datetime
) -> None:
    """Let an attempt through unless too many failed lately.

    Raises:
        TooManyAttempts: Carries the minutes to wait.
    """
    keys = attempt.keys(seal)
    query = (
        select(
            DeskSignInFailure.key,
            func.count(col(DeskSignInFailure.id)),
            func.max(col(DeskSignInFailure.at)),
        )
        .where(col(DeskSignInFailure.key).in_(keys), col(DeskSignInFailure.at) > now - WINDOW)
        .group_by(col(DeskSignInFailure.key))
    )
    for key, failures, last in session.exec(query):
        if failures >= keys[key].failures:
            raise TooManyAttempts(minutes=_minutes_left(last, now))


def _minutes_left(last: datetime, now: datetime) -> int:
    left = last + WINDOW - now
    return max(1, round(left.total_seconds() / 60))


def note_failure(session: Session, attempt: SignInAttempt, *, seal: Seal, now: datetime) -> None:
    """Count a failure and forget those that no longer count."""
    session.add_all(DeskSignInFailure(key=key, at=now) for key in attempt.keys(seal))
    session.exec(delete(DeskSignInFailure).where(col(DeskSignInFailure.at) <= now - WINDOW))


def unlock(session: Session, username: str, *, seal: Seal) -> None:
    """Forget what was counted for a username from everywhere; addresses stay counted."""
    key = seal.of(f"throttle:{USERNAME.kind}", username)
    session.exec(delete(DeskSignInFailure).where(col(DeskSignInFailure.key) == key))


def forgive(session: Session, attempt: SignInAttempt, *, seal: Seal) -> None:
    """Forget the failures of this person at this address after a good sign-in."""
    key = seal.of("throttle:pair", f"{attempt.username}\x1f{attempt.address}")
    session.exec(delete(DeskSignInFailure).where(col(DeskSignInFailure.key) == key))
