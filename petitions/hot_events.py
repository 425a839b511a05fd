"""An event while it grows: the messages that make it and the places they name. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from petitions.place_names import READ_OF_BODY, alike, mentions

QUIET_FOR = timedelta(days=365)
"""An event of which nothing was heard for so long takes no more messages."""
NAMES_COMPARED = 3


@dataclass(frozen=True, kw_only=True)
class Report:
    """One message of a resident.

    Attributes:
        place: Name of the estate where the organisation knows it; then none is read from the words.
        likes: How many others pressed «me too».
    """

    id: str
    at: datetime
    title: str
    body: str
    likes: int = 0
    place: str | None = None


@dataclass(kw_only=True)
class Event:
    """An event while it grows."""

    reports: list[Report] = field(default_factory=list)
    places: Counter[str] = field(default_factory=Counter)
    closeness: list[float] = field(default_factory=list)

    def take(self, report: Report, places: Iterable[str], closeness: float) -> None:
        """Add one message."""
        self.reports.append(report)
        self.places.update(set(places))
        self.closeness.append(closeness)

    def swallow(self, other: "Event") -> None:
        """Become one with ``other``, in order of time."""
        pairs = [*zip(self.reports, self.closeness, strict=True)]
        pairs += zip(other.reports, other.closeness, strict=True)
        pairs.sort(key=lambda pair: pair[0].at)
        self.reports = [report for report, _ in pairs]
        self.closeness = [closeness for _, closeness in pairs]
        self.places += other.places

    @property
    def last(self) -> datetime:
        """When it was heard of last."""
        return self.reports[-1].at

    @property
    def known_places(self) -> list[str]:
        """The names given most often."""
        return [name for name, _ in self.places.most_common(NAMES_COMPARED)]

    def may_take(self, report: Report, places: tuple[str, ...]) -> bool:
        """Whether neither time nor place speaks against it; what is unknown speaks for nothing."""
        if report.at - self.last > QUIET_FOR:
            return False
        known = self.known_places
        if not places or not known:
            return True
        if report.place is not None:
            return report.place in known
        text = report.title + report.body[:READ_OF_BODY]
        return _any_alike(places, known) or any(mentions(text, name) for name in known)

    def may_join(self, other: "Event") -> bool:
        """Whether the places let the two be one event."""
        own, others = self.known_places, other.known_places
        return not own or not others or _any_alike(own, others)


def _any_alike(some: Iterable[str], others: Iterable[str]) -> bool:
    return any(alike(one, other) for one in some for other in others)
