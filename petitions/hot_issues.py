"""Groups what residents report into events as it arrives (热点/弱信号). Pure, and in one pass.

Two messages are compared by the cosine of their weighted n-grams, in which the names of places
weigh double: the same trouble in another estate is another event, and so is another trouble in
the same estate. A message joins the event whose nearest members are near enough on average,
whose place does not speak against it, and with which it shares words besides the place's name;
otherwise it opens an event of its own. A message that is near to two events makes them one.
Nothing is ever recomputed: a batch in order of time and one message at a time give the same.

The cost of a message does not grow with how many came before: it is compared through an index
of its heaviest n-grams, each of which remembers the latest messages only.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from petitions.hot_events import Event, Report
from petitions.place_names import (
    ADMINISTRATIVE,
    READ_OF_BODY,
    estates_of,
    names_in,
    words_after_units,
)

NEAR_ENOUGH = 0.15
"""Mean cosine to the nearest members from which a message joins."""
SHARED_TROUBLE = 0.01
"""What the n-grams outside of names must add to that: the same place alone is not enough."""
NEAREST = 5
TITLE_WEIGHT = 3
PLACE_WEIGHT = 2.0
BEGINNING_WEIGHT = 1.5
BODY_READ = 200
GRAMS_KEPT = 64
REMEMBERED = 64
MESSAGES_ASSUMED = 1000
"""Before much was heard every n-gram is taken for as rare as in so many messages."""
HALF_LIFE = timedelta(days=14)

__all__ = ["HotIssue", "IssueTracker", "Report", "find_hot_issues"]

_NOTHING: list[float] = []
_SEPARATOR = re.compile(rf"https?://[\x21-\x7e]+|[^\w]+|_|{ADMINISTRATIVE}|小区")


@dataclass(frozen=True, kw_only=True)
class HotIssue:
    """An event: several messages about the same trouble in the same place.

    Attributes:
        event_id: Stable: named after the first message.
        heat: Messages and their likes, each counting half as much every fortnight.
    """

    event_id: str
    name: str
    ids: tuple[str, ...]
    place: str
    first: datetime
    last: datetime
    heat: float


@dataclass(frozen=True, kw_only=True)
class _Profile:
    """What is compared of a message: its heaviest n-grams as a vector of length one."""

    weights: Mapping[str, float]
    of_names: frozenset[str]
    places: tuple[str, ...]


@dataclass(frozen=True, order=True)
class _Near:
    """An event that a message is near to."""

    closeness: float
    number: int


class IssueTracker:
    """Takes messages in order of time and keeps the events they make."""

    def __init__(self) -> None:
        self._events: dict[int, Event] = {}
        self._event_of: list[int] = []  # by message, in order of arrival
        self._became: dict[int, int] = {}  # events that are part of another now
        self._seen: set[str] = set()
        self._heard_in: Counter[str] = Counter()  # messages by n-gram
        # By n-gram the messages that have it, each followed by its weight. Flat, because millions
        # of pairs would keep the garbage collector busy.
        self._index: defaultdict[str, list[float]] = defaultdict(list)

    def add(self, report: Report) -> bool:
        """Let a message join an event or open one; False for one that was added before."""
        if report.id in self._seen:
            return False
        self._seen.add(report.id)
        profile = self._profile(report)
        near = self._near(report, profile)
        number = near[0].number if near else len(self._event_of)
        for other in near[1:]:
            self._unite(number, other.number)
        event = self._events.setdefault(number, Event())
        event.take(report, profile.places, near[0].closeness if near else 0.0)
        self._remember(number, profile.weights)
        return True

    def issues(self, *, now: datetime, at_least: int = 2) -> tuple[HotIssue, ...]:
        """The events with ``at_least`` so many messages, the hottest at ``now`` first."""
        big = (event for event in self._events.values() if len(event.reports) >= at_least)
        found = [_issue(event, now) for event in big]
        return tuple(sorted(found, key=lambda issue: (-issue.heat, issue.event_id)))

    def _profile(self, report: Report) -> _Profile:
        places = (report.place,) if report.place else estates_of(report.title, report.body)
        of_names = _grams_of_names(report)
        counts = _counted_grams(report)
        emphasis = _emphasis(report, of_names)
        heard = len(self._event_of) + MESSAGES_ASSUMED
        weights = {
            gram: (1 + math.log(count))
            * math.log((1 + heard) / (1 + self._heard_in[gram]))
            * emphasis.get(gram, 1.0)
            for gram, count in counts.items()
        }
        self._heard_in.update(counts.keys())
        return _Profile(weights=_of_length_one(weights), of_names=of_names, places=places)

    def _near(self, report: Report, profile: _Profile) -> list[_Near]:
        """The events it may belong to, the nearest first."""
        whole, trouble = self._cosines(profile)
        near = []
        for number, messages in self._candidates(whole).items():
            event = self._events[number]
            compared = min(NEAREST, len(event.reports))
            closeness = _mean_of_nearest((whole[one] for one in messages), compared)
            shared = _mean_of_nearest((trouble[one] for one in messages), compared)
            fits = closeness > NEAR_ENOUGH and shared >= SHARED_TROUBLE
            if fits and event.may_take(report, profile.places):
                near.append(_Near(closeness, -number))
        return [_Near(one.closeness, -one.number) for one in sorted(near, reverse=True)]

    def _candidates(self, cosines: Mapping[int, float]) -> dict[int, list[int]]:
        """By event with at least one message near enough, all its messages that were compared."""
        by_event: defaultdict[int, list[int]] = defaultdict(list)
        for message, cosine in cosines.items():
            if cosine > NEAR_ENOUGH:
                by_event[self._now(self._event_of[message])].append(message)
        for message, cosine in cosines.items():
            if cosine <= NEAR_ENOUGH and (number := self._now(self._event_of[message])) in by_event:
                by_event[number].append(message)
        return by_event

    def _cosines(self, profile: _Profile) -> tuple[dict[int, float], dict[int, float]]:
        """By message, the cosine to it, and the part of it that does not come from names."""
        whole: defaultdict[int, float] = defaultdict(float)
        trouble: defaultdict[int, float] = defaultdict(float)
        for gram, weight in profile.weights.items():
            named = gram in profile.of_names
            latest = self._index.get(gram, _NOTHING)[-2 * REMEMBERED :]
            for message, other in zip(latest[::2], latest[1::2], strict=True):
                whole[int(message)] += weight * other
                if not named:
                    trouble[int(message)] += weight * other
        return whole, trouble

    def _unite(self, number: int, other: int) -> None:
        if not self._events[number].may_join(self._events[other]):
            return
        self._events[number].swallow(self._events.pop(other))
        self._became[other] = number

    def _now(self, number: int) -> int:
        """The event that ``number`` is part of by now."""
        while number in self._became:
            number = self._became[number]
        return number

    def _remember(self, number: int, weights: Mapping[str, float]) -> None:
        message = len(self._event_of)
        self._event_of.append(number)
        for gram, weight in weights.items():
            postings = self._index[gram]
            postings += (message, weight)
            if len(postings) > 4 * REMEMBERED:
                del postings[: 2 * REMEMBERED]


def _mean_of_nearest(cosines: Iterable[float], compared: int) -> float:
    return sum(sorted(cosines)[-compared:]) / compared


def _of_length_one(weights: Mapping[str, float]) -> dict[str, float]:
    heaviest = sorted(weights, key=lambda gram: (-weights[gram], gram))[:GRAMS_KEPT]
    length = math.sqrt(sum(weights[gram] ** 2 for gram in heaviest)) or 1.0
    return {gram: weights[gram] / length for gram in heaviest}


def find_hot_issues(
    reports: Iterable[Report], *, now: datetime | None = None
) -> tuple[HotIssue, ...]:
    """Group messages of any order; ``now`` is the time of the last one unless given."""
    ordered = sorted(reports, key=lambda report: (report.at, report.id))
    tracker = IssueTracker()
    for report in ordered:
        tracker.add(report)
    return tracker.issues(now=now or ordered[-1].at) if ordered else ()


def _counted_grams(report: Report) -> Counter[str]:
    counts: Counter[str] = Counter()
    for gram in _grams(report.title):
        counts[gram] += TITLE_WEIGHT
    counts.update(_grams(report.body[:BODY_READ]))
    return counts


def _grams(text: str) -> Iterator[str]:
    """Pairs and triples of neighbouring letters, never across a sign or an administrative unit."""
    for part in _SEPARATOR.split(text.lower()):
        for length in (2, 3):
            yield from (part[start : start + length] for start in range(len(part) - length + 1))


def _grams_of_names(report: Report) -> frozenset[str]:
    names = (*names_in(report.title), *names_in(report.body[:READ_OF_BODY])[:3], report.place or "")
    return frozenset(gram for name in names for gram in _grams(name))


def _emphasis(report: Report, of_names: Iterable[str]) -> dict[str, float]:
    beginnings = (gram for words in words_after_units(report.title) for gram in _grams(words))
    return dict.fromkeys(beginnings, BEGINNING_WEIGHT) | dict.fromkeys(of_names, PLACE_WEIGHT)


def _issue(event: Event, now: datetime) -> HotIssue:
    middle = max(range(len(event.reports)), key=lambda index: (event.closeness[index], -index))
    return HotIssue(
        event_id=f"H{event.reports[0].id}",
        name=event.reports[middle].title,
        ids=tuple(report.id for report in event.reports),
        place=next((name for name, _ in event.places.most_common(1)), ""),
        first=event.reports[0].at,
        last=event.last,
        heat=round(sum(_heat(report, now) for report in event.reports), 3),
    )


def _heat(report: Report, now: datetime) -> float:
    age = max(now - report.at, timedelta()) / HALF_LIFE
    return (1 + math.log1p(max(report.likes, 0))) * 0.5**age
