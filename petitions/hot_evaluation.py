"""How well events are found: pairwise F1 against events that people marked. Pure.

Only marked messages count. A pair of them is right when both were put into one event and were
marked as one; a hard negative (it looks alike and is about another place) belongs to no event,
so every pair it makes with a marked message is wrong. Borderline messages and messages nobody
marked count neither way. ``strict`` is the same over the whole stream: there a message nobody
marked is held to be about something else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class PairScore:
    """Pairs found rightly, pairs found and pairs marked."""

    right: int
    found: int
    marked: int

    @property
    def precision(self) -> float:
        """Share of the found pairs that are right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the marked pairs that were found."""
        return self.right / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        total = self.found + self.marked
        return 2 * self.right / total if total else 0.0


@dataclass(frozen=True, kw_only=True)
class HotFigures:
    """All figures.

    Attributes:
        without_largest: The pairwise figure without the event that has most pairs.
        halves: The figure over every other event, and over the rest.
        merged_hard_negatives: Ids of hard negatives that were put into their event.
    """

    messages: int
    events: int
    marked: int
    pairs: PairScore
    without_largest: PairScore
    halves: tuple[PairScore, PairScore]
    strict: PairScore
    hard_negatives: int
    merged_hard_negatives: tuple[str, ...]


def evaluate_hot_issues(
    found: Mapping[str, str], events: Sequence[Mapping[str, Any]]
) -> HotFigures:
    """Compare ``found`` (message id → event) with the rows of events.jsonl."""
    largest = max(events, key=lambda event: len(event["ids"]))
    hard = [(event, str(one)) for event in events for one in event["hard_negative_ids"]]
    return HotFigures(
        messages=len(found),
        events=len(events),
        marked=sum(len(event["ids"]) for event in events),
        pairs=_score(found, events),
        without_largest=_score(found, [event for event in events if event is not largest]),
        halves=(_score(found, events[0::2]), _score(found, events[1::2])),
        strict=_score(found, events, among=found),
        hard_negatives=len(hard),
        merged_hard_negatives=tuple(one for event, one in hard if _is_in(found, event, one)),
    )


def _is_in(found: Mapping[str, str], event: Mapping[str, Any], message: str) -> bool:
    return any(found.get(str(one)) == found.get(message, "") for one in event["ids"])


def _score(
    found: Mapping[str, str],
    events: Sequence[Mapping[str, Any]],
    among: Iterable[str] | None = None,
) -> PairScore:
    marked = {str(one): str(event["event_id"]) for event in events for one in event["ids"]}
    hard = {str(one) for event in events for one in event["hard_negative_ids"]}
    borderline = {str(one) for event in events for one in event["borderline_ids"]}
    counted = set(marked) | hard if among is None else set(among)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for message in counted - (borderline - set(marked)):
        if message in found:
            members[found[message]].append(message)
    return PairScore(
        right=sum(_pairs_within(group, marked) for group in members.values()),
        found=sum(_pairs_touching(group, marked) for group in members.values()),
        marked=sum(_pairs(len(event["ids"])) for event in events),
    )


def _pairs_within(group: Iterable[str], marked: Mapping[str, str]) -> int:
    counts = Counter(marked[message] for message in group if message in marked)
    return sum(map(_pairs, counts.values()))


def _pairs_touching(group: Sequence[str], marked: Mapping[str, str]) -> int:
    """Pairs with at least one marked message: two that nobody marked say nothing."""
    return _pairs(len(group)) - _pairs(sum(message not in marked for message in group))


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
