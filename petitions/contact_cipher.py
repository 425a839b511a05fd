"""Keeps contact fields encrypted at rest (Fernet) and shows them masked."""

import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from petitions.errors import ContactUnreadable


class FernetCipher:
    """Seals with the first key and opens with any, so that keys can be changed in turn.

    Args:
        keys: 32-byte keys in url-safe base64, the newest first.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Check the keys.

        Raises:
            ValueError: There is none, or one has the wrong form.
        """
        if not keys:
            raise ValueError("contact data need at least one encryption key")
        self._newest = Fernet(keys[0])
        self._blinding = [hashlib.sha256(b"huiyin blind index\x1f" + key).digest() for key in keys]
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, words: str) -> str:
        """Encrypt ``words``; the same words give another result each time."""
        return self._fernet.encrypt(words.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Decrypt.

        Raises:
            ContactUnreadable: No key held opens it.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise ContactUnreadable() from None

    def blind(self, words: str) -> tuple[str, ...]:
        """Digests that equal words share, one for each key held, the newest first."""
        return tuple(
            hmac.new(key, words.encode(), hashlib.sha256).hexdigest() for key in self._blinding
        )

    def reseal(self, sealed: str) -> str | None:
        """Seal with the newest key what an older one sealed; None when it is sealed so already.

        Raises:
            ContactUnreadable: No key held opens it.
        """
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return self.seal(self.unseal(sealed))
        return None


def mask_phone(phone: str | None) -> str | None:
    """Show the first three and the last four characters: «138****0000»."""
    if phone is None:
        return None
    if len(phone) < 8:
        return "*" * len(phone)
    return f"{phone[:3]}****{phone[-4:]}"


def mask_name(name: str | None) -> str | None:
    """Show the surname: «张**»; the length is not told."""
    return None if name is None else f"{name[:1]}**"
