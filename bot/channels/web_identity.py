"""Who is talking in the web chat: a random number in a cookie, and what is derived from it.

The database holds only a digest of the number, so reading the database gives nobody a
conversation to step into.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

COOKIE = "huiyin_chat"
COOKIE_DAYS = 400
TOKEN_CHARACTERS = 43


@dataclass(frozen=True, kw_only=True)
class WebIdentity:
    """One browser.

    Attributes:
        token: 256 random bits, known to the browser only.
        is_new: The browser brought none; the cookie has to be set.
    """

    token: str
    is_new: bool = False

    @property
    def chat_id(self) -> str:
        """The address under which this browser is known."""
        return hashlib.sha256(self.token.encode()).hexdigest()


class WebIdentities:
    """Reads and makes identities, and signs what belongs to one.

    Args:
        secret: At least 16 bytes.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 16:
            raise ValueError("the secret of the web chat needs at least 16 bytes")
        self._secret = secret

    def read(self, cookie: str | None) -> WebIdentity | None:
        """The identity in a cookie, or None when there is none that we made."""
        if not cookie or len(cookie) != TOKEN_CHARACTERS or not cookie.isascii():
            return None
        return WebIdentity(token=cookie)

    def make(self) -> WebIdentity:
        """A new identity."""
        return WebIdentity(token=secrets.token_urlsafe(32), is_new=True)

    def form_token(self, of: str) -> str:
        """The token that every form of a page carries; ``of`` is an identity's or link's token."""
        return self._sign("form", of)

    def is_form_token(self, given: str, of: str) -> bool:
        """Whether a form came from our own page."""
        return hmac.compare_digest(given.encode(), self.form_token(of).encode())

    def file_key(self, identity: WebIdentity, ref: str) -> str:
        """What lets this browser, and no other, see one of its files again."""
        return self._sign("file", identity.token, ref)

    def is_file_key(self, given: str, identity: WebIdentity, ref: str) -> bool:
        """Whether ``given`` opens the file for this browser."""
        return hmac.compare_digest(given.encode(), self.file_key(identity, ref).encode())

    def _sign(self, *parts: str) -> str:
        words = "\x1f".join(parts).encode()
        return hmac.new(self._secret, words, hashlib.sha256).hexdigest()
