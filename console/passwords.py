"""Passwords: made, judged, hashed (argon2id) and checked."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from console.errors import WeakPassword

SHORTEST = 10
LONGEST = 200
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that looks like something else: a first password is copied from paper."""
_COMMON = ("password", "12345678", "qwertyuiop", "huiyin", "admin123")


def make_password() -> str:
    """Make a password of 15 signs in three groups, about 74 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(3))
    return "-".join(groups)


def ensure_strong(password: str, *, username: str, old: str | None = None) -> None:
    """Refuse a password that would be guessed; length is what counts.

    Raises:
        WeakPassword: Says which rule it breaks.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(problem="short")
    if len(password) > LONGEST:
        raise WeakPassword(problem="long")
    if password == old:
        raise WeakPassword(problem="same")
    if _is_common(password.lower(), username.lower()):
        raise WeakPassword(problem="common")


def _is_common(password: str, username: str) -> bool:
    few_signs = len(set(password)) < 4
    return few_signs or username in password or any(word in password for word in _COMMON)


class Passwords:
    """Hashes and checks; the cost stands in the hash, so it can be raised later.

    Args:
        time_cost: Passes over the memory.
        memory_kib: Memory of one check.
    """

    def __init__(self, *, time_cost: int = 2, memory_kib: int = 19_456) -> None:
        # OWASP's second choice for argon2id: 19 MiB, two passes, one lane.
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        """Hash ``password`` with a new salt."""
        return self._hasher.hash(password)

    def check(self, password: str, password_hash: str | None) -> bool:
        """Check a password; without a hash it takes as long and says no."""
        try:
            matches = self._hasher.verify(password_hash or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return matches and password_hash is not None
