"""What the desk needs from outside, beside petitions and knowledge."""

from collections.abc import Callable, Mapping
from typing import Protocol

from petitions.ports import UnitOfWork

OpenWork = Callable[[], UnitOfWork]
"""Opens one transaction over petitions, to be used with ``with``."""

CheckReadiness = Callable[[], Mapping[str, bool]]
"""Tells of each part the service needs whether it is there (``{"database": True, …}``)."""


class FileStore(Protocol):
    """Keeps what residents and staff attach."""

    def read(self, ref: str) -> bytes | None:
        """Return the content behind ``ref``, or None when it is gone."""
        ...

    def keep(self, content: bytes, mime: str) -> str:
        """Store ``content`` and return the ``ref`` that finds it again."""
        ...


class MemoryFileStore:
    """Keeps files in memory: for tests and for a desk without uploads."""

    def __init__(self) -> None:
        """Start empty."""
        self._files: dict[str, bytes] = {}

    def read(self, ref: str) -> bytes | None:
        """Return the content behind ``ref``, or None."""
        return self._files.get(ref)

    def keep(self, content: bytes, mime: str) -> str:
        """Store ``content`` under a running number."""
        ref = f"memory-{len(self._files) + 1}"
        self._files[ref] = content
        return ref
