"""The filters of the queue as they stand in the address. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from console.formatting import query_string
from petitions.queries import QueueFilter, end_of_day
from petitions.words import Urgency
from petitions.workflow import CaseStatus

PAGE_SIZE = 50
LONGEST_TEXT = 100
LAST_PAGE = 100_000


@dataclass(frozen=True, kw_only=True)
class QueueQuery:
    """What the queue is narrowed to; anything the address says wrong is left out."""

    state: str = ""
    urgency: str = ""
    overdue: bool = False
    due_today: bool = False
    whistled: bool = False
    grid: str = ""
    unit: str = ""
    text: str = ""
    closed: bool = False
    page: int = 1

    def filters(self, now: datetime) -> QueueFilter:
        """The same for petitions."""
        return QueueFilter(
            statuses=(self.state,) if self.state else (),
            urgency=self.urgency or None,
            overdue=True if self.overdue else None,
            due_before=end_of_day(now) if self.due_today else None,
            whistled=self.whistled,
            grid_id=self.grid or None,
            unit_id=self.unit or None,
            text=self.text or None,
            open_only=not self.closed,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is filtered."""
        return self.address() != ""

    def address(self, *, page: int = 1) -> str:
        """The query string that brings this list back, «» for the whole queue."""
        return query_string(
            {
                "state": self.state,
                "urgency": self.urgency,
                "overdue": "1" if self.overdue else None,
                "due": "today" if self.due_today else None,
                "whistled": "1" if self.whistled else None,
                "grid": self.grid,
                "unit": self.unit,
                "q": self.text,
                "closed": "1" if self.closed else None,
                "page": str(page) if page > 1 else None,
            }
        )

    @property
    def here(self) -> str:
        """The query string of this very page."""
        return self.address(page=self.page)


def read_query(words: Mapping[str, str]) -> QueueQuery:
    """Read the address; unknown words are left out, so that an old link still works."""
    return QueueQuery(
        state=_known(words.get("state"), {status.value for status in CaseStatus}),
        urgency=_known(words.get("urgency"), {urgency.value for urgency in Urgency}),
        overdue=words.get("overdue") == "1",
        due_today=words.get("due") == "today",
        whistled=words.get("whistled") == "1",
        grid=_short(words.get("grid", "")),
        unit=_short(words.get("unit", "")),
        text=_short(words.get("q", "")),
        closed=words.get("closed") == "1",
        page=_page(words.get("page", "")),
    )


def _short(words: str) -> str:
    printable = "".join(sign for sign in words if sign.isprintable())
    return printable.strip()[:LONGEST_TEXT]


def _known(word: str | None, known: set[str]) -> str:
    return word if word and word in known else ""


def _page(word: str) -> int:
    number = int(word) if word.isascii() and word.isdigit() and len(word) < 7 else 1
    return max(1, min(number, LAST_PAGE))
