"""Receipt codes: the eight signs that open a petition from any channel.

A code is derived from a secret and the petition, so filing again with the same key can give
the same receipt although no code is stored. What is stored is a keyed digest (HMAC): eight
signs are some 40 bits, which a plain salted hash would give up to a stolen database within
minutes; without the secret the digest gives nothing.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0/O, 1/I/L: the code is read out on the phone."""
CODE_CHARACTERS = 8


@dataclass(frozen=True, kw_only=True)
class ReceiptCodes:
    """Makes and checks receipt codes.

    Attributes:
        secret: At least 16 bytes; new codes are made with it.
        older_secrets: Secrets used before; their codes still open.
    """

    secret: bytes
    older_secrets: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a secret that can be guessed."""
        if len(self.secret) < 16:
            raise ValueError("the secret of receipt codes needs at least 16 bytes")

    def code_for(self, number: str, salt: str, seal: str | None = None) -> str:
        """Derive the code of a petition; with ``seal``, by the secret that made that seal."""
        codes = [_derive(secret, number, salt) for secret in (self.secret, *self.older_secrets)]
        if seal is None:
            return codes[0]
        return next((code for code in codes if self.opens(number, code, seal)), codes[0])

    def seal_of(self, number: str, code: str) -> str:
        """Make the digest that is stored in place of the code."""
        return _digest(self.secret, "seal", number, code)

    def opens(self, number: str, code: str, seal: str) -> bool:
        """Tell whether ``code`` is the one behind ``seal``; blanks and case don't matter."""
        tidy = normalise_code(code)
        return any(
            [
                hmac.compare_digest(_digest(secret, "seal", number, tidy), seal)
                for secret in (self.secret, *self.older_secrets)
            ]
        )


def normalise_code(code: str) -> str:
    """Bring a code as typed to its written form."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def new_salt() -> str:
    """Make 16 random bytes as hex."""
    return secrets.token_hex(16)


def _derive(secret: bytes, number: str, salt: str) -> str:
    value = int(_digest(secret, "code", number, salt), 16)
    signs = []
    for _ in range(CODE_CHARACTERS):
        value, index = divmod(value, len(ALPHABET))
        signs.append(ALPHABET[index])
    return "".join(signs)


def _digest(secret: bytes, *parts: str) -> str:
    return hmac.new(secret, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()
