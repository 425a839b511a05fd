"""Digests under which sessions, tokens and addresses are stored, and the forgery tokens."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass


def new_token() -> str:
    """A random word of 256 bits for a cookie or a bearer token."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is stored of a random token; with 256 bits of chance it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Seal:
    """Keyed digests; the key is the desk's own.

    Attributes:
        key: At least 16 bytes.
    """

    key: bytes

    def __post_init__(self) -> None:
        """Refuse a key that can be guessed."""
        if len(self.key) < 16:
            raise ValueError("the desk's key needs at least 16 bytes")

    def of(self, purpose: str, words: str) -> str:
        """The digest of ``words`` for one purpose."""
        message = f"{purpose}\x1f{words}".encode()
        return hmac.new(self.key, message, hashlib.sha256).hexdigest()

    def matches(self, purpose: str, words: str, digest: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.of(purpose, words).encode(), digest.encode())
