"""The service's one secret: from the environment, else made once and kept in the data folder."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from huiyin.settings import Settings

KEY_FILE = "secret.key"


def load_secret_key(settings: Settings) -> bytes:
    """The master secret; at the first start without one it is made and stored mode 0600."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = settings.data_dir / KEY_FILE
    if not path.exists():
        _write_new_key(path)
    return path.read_bytes().strip()


def derive_key(master: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose, so that no two uses share a key."""
    return hmac.new(master, purpose.encode(), hashlib.sha256).digest()


def _write_new_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_urlsafe(48).encode())
