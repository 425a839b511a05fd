"""One page of a list that is at hand as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

One = TypeVar("One")
LAST_PAGE = 10_000


@dataclass(frozen=True, kw_only=True)
class ListPage(Generic[One]):
    """Some of a list, with what the pager needs; ``page`` counts from 1."""

    rows: Sequence[One]
    total: int
    page: int
    page_size: int


def page_of(things: Sequence[One], words: Mapping[str, str], page_size: int) -> ListPage[One]:
    """The page that an address asks for; the last one where it asks for more."""
    word = words.get("page", "")
    asked = int(word) if word.isascii() and word.isdigit() and len(word) < 6 else 1
    last = max(1, -(-len(things) // page_size))
    number = max(1, min(asked, last, LAST_PAGE))
    start = (number - 1) * page_size
    return ListPage(
        rows=things[start : start + page_size],
        total=len(things),
        page=number,
        page_size=page_size,
    )
