"""Simplified to traditional characters and back, by OpenCC."""

from functools import cache, lru_cache
from threading import Lock
from typing import Any

from opencc import OpenCC

_LOCK = Lock()


@lru_cache(maxsize=2048)
def to_traditional(text: str) -> str:
    """Our own words as they are written in Taiwan."""
    return _convert("s2twp", text)


@lru_cache(maxsize=2048)
def to_simplified(text: str) -> str:
    """A short text as it is written on the mainland; used to look for set phrases only."""
    return _convert("t2s", text)


def _convert(direction: str, text: str) -> str:
    # The converter keeps state while it works.
    with _LOCK:
        return str(_converter(direction).convert(text))


@cache
def _converter(direction: str) -> Any:
    return OpenCC(direction)
