"""Names of one organisation's places and departments, found despite aliases and small typos."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from nlu.text import reading

WILDCARD = "\0"
SHORTEST_FUZZY = 4
"""Names with fewer characters are too near to one another to guess."""

TELLING = frozenset("东南西北上下前后左右新老大小一二三四五六七八九十甲乙丙丁0123456789")
"""Characters that tell neighbours apart («东苑», «一村»): never taken for a typo."""


@dataclass(frozen=True, kw_only=True)
class KnownName:
    """A name found in a text; ``official`` is how the organisation writes it."""

    start: int
    end: int
    official: str


@dataclass(frozen=True, kw_only=True)
class Gazetteer:
    """Names as the organisation knows them.

    Args:
        estates: official names of estates.
        aliases: what residents say → an official name of any kind below.
        roads: official names of roads.
        landmarks: official names of other places: schools, parks, communities.
        departments: official names of units.
    """

    estates: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    roads: tuple[str, ...] = ()
    landmarks: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()

    def find_estates(self, text: str) -> tuple[KnownName, ...]:
        """Estates named in ``text`` (a reading), also with one wrong character."""
        return self._estate_names.find(text)

    def find_roads(self, text: str) -> tuple[KnownName, ...]:
        """Roads named in ``text``."""
        return self._road_names.find(text)

    def find_landmarks(self, text: str) -> tuple[KnownName, ...]:
        """Landmarks named in ``text``."""
        return self._landmark_names.find(text)

    def find_departments(self, text: str) -> tuple[KnownName, ...]:
        """Units named in ``text``."""
        return self._department_names.find(text)

    @cached_property
    def _estate_names(self) -> "_NameIndex":
        return _NameIndex(self._spoken(self.estates), fuzzy=True)

    @cached_property
    def _road_names(self) -> "_NameIndex":
        return _NameIndex(self._spoken(self.roads), fuzzy=False)

    @cached_property
    def _landmark_names(self) -> "_NameIndex":
        return _NameIndex(self._spoken(self.landmarks), fuzzy=False)

    @cached_property
    def _department_names(self) -> "_NameIndex":
        return _NameIndex(self._spoken(self.departments), fuzzy=False)

    def _spoken(self, names: Iterable[str]) -> dict[str, str]:
        official = {reading(name): name for name in names}
        known = set(official.values())
        aliases = {reading(said): name for said, name in self.aliases.items() if name in known}
        return aliases | official


class _NameIndex:
    """Looks up every window of a text as long as some name: linear in the text."""

    def __init__(self, spoken: Mapping[str, str], *, fuzzy: bool) -> None:
        self._spoken = {said: official for said, official in spoken.items() if said}
        self._lengths = sorted({len(said) for said in self._spoken}, reverse=True)
        self._masked = _masked_names(self._spoken) if fuzzy else {}

    def find(self, text: str) -> tuple[KnownName, ...]:
        found: list[KnownName] = []
        taken = bytearray(len(text) + 1)
        # Exact names first, the longest first: a guess must never displace a known name.
        for match in (*self._exact(text), *self._guessed(text)):
            if not any(taken[match.start : match.end]):
                taken[match.start : match.end] = b"\1" * (match.end - match.start)
                found.append(match)
        return tuple(sorted(found, key=lambda match: match.start))

    def _exact(self, text: str) -> Iterator[KnownName]:
        for length in self._lengths:
            for start in range(len(text) - length + 1):
                if official := self._spoken.get(text[start : start + length]):
                    yield KnownName(start=start, end=start + length, official=official)

    def _guessed(self, text: str) -> Iterator[KnownName]:
        for length in self._lengths if self._masked else ():
            for start in range(len(text) - length + 1 if length >= SHORTEST_FUZZY else 0):
                window = text[start : start + length]
                if official := self._guess(window):
                    yield KnownName(start=start, end=start + length, official=official)

    def _guess(self, window: str) -> str | None:
        for position, character in enumerate(window):
            if character in TELLING or not "\u4e00" <= character <= "\u9fff":
                continue
            masked = window[:position] + WILDCARD + window[position + 1 :]
            candidates = self._masked.get(masked, frozenset())
            if len(candidates) == 1:
                return next(iter(candidates))
        return None


def _masked_names(spoken: Mapping[str, str]) -> dict[str, frozenset[str]]:
    masked: dict[str, frozenset[str]] = {}
    for said, official in spoken.items():
        for position, character in enumerate(said if len(said) >= SHORTEST_FUZZY else ""):
            if character not in TELLING:
                key = said[:position] + WILDCARD + said[position + 1 :]
                masked[key] = masked.get(key, frozenset()) | {official}
    return masked
