"""The keys of contact data: from the environment, else the master secret and a file beside it.

The newest key seals, every key opens. ``rotate`` puts a fresh key in front; processes that are
running take it up at their next look, because the file has changed.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Sequence

from cryptography.fernet import Fernet

from huiyin.errors import HuiyinError
from huiyin.secret_key import derive_key
from huiyin.settings import Settings
from petitions.contact_cipher import FernetCipher

KEYS_FILE = "contact.keys"


class KeysGivenOutside(HuiyinError):
    """The environment names the keys, so this command can't make one."""


class ContactKeys:
    """A cipher over the keys as they are now.

    Args:
        settings: Where the keys are named or kept.
        master: The master secret; without other keys, one derived from it is used.
    """

    def __init__(self, settings: Settings, master: bytes) -> None:
        self._given = settings.contact_keys
        self._path = settings.data_dir / KEYS_FILE
        self._derived = base64.urlsafe_b64encode(derive_key(master, "contact"))
        self._seen = self._changed_at()
        self._cipher = self._make()

    def seal(self, words: str) -> str:
        """Encrypt ``words`` with the newest key."""
        return self._current().seal(words)

    def unseal(self, sealed: str) -> str:
        """Decrypt; raises ContactUnreadable."""
        return self._current().unseal(sealed)

    def blind(self, words: str) -> tuple[str, ...]:
        """Digests that equal words share, one for each key held, the newest first."""
        return self._current().blind(words)

    def reseal(self, sealed: str) -> str | None:
        """Seal with the newest key what an older one sealed; None when nothing is to do."""
        return self._current().reseal(sealed)

    def rotate(self) -> None:
        """Put a fresh key in front of the others.

        Raises:
            KeysGivenOutside: The environment names the keys: put the new one there.
        """
        if self._given is not None:
            raise KeysGivenOutside(
                "HUIYIN_CONTACT_KEYS names the keys: put a new one in front there, restart, and "
                "run this command with --reseal-only"
            )
        fresh = [Fernet.generate_key(), *self._keys()]
        unfinished = self._path.with_suffix(f".{secrets.token_hex(4)}")
        handle = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(b"\n".join(fresh) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._path)

    def marks(self) -> tuple[str, ...]:
        """A digest of each key, newest first: to tell keys apart without showing them."""
        return tuple(mark_of(key) for key in self._keys())

    def _current(self) -> FernetCipher:
        changed_at = self._changed_at()
        if changed_at != self._seen:
            self._seen, self._cipher = changed_at, self._make()
        return self._cipher

    def _make(self) -> FernetCipher:
        try:
            return FernetCipher(self._keys())
        except ValueError:
            raise HuiyinError(
                "a contact key has the wrong form: each is 32 bytes in url-safe base64"
            ) from None

    def _keys(self) -> Sequence[bytes]:
        if self._given is not None:
            named = self._given.get_secret_value().split(",")
            return [key.strip().encode() for key in named if key.strip()]
        if not self._path.exists():
            return [self._derived]
        return self._path.read_bytes().split()

    def _changed_at(self) -> int:
        return self._path.stat().st_mtime_ns if self._path.exists() else 0


def mark_of(key: bytes) -> str:
    """A short digest that tells a key from others and tells nothing of the key."""
    return hashlib.sha256(b"huiyin key mark\x1f" + key).hexdigest()[:16]
