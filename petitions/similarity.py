"""Finds open cases that are probably about the same thing. Pure.

Words are compared by character pairs, which needs no dictionary; a caller that has vectors may
give them and they are used instead. A place that differs speaks against, whatever the words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from petitions.place_names import READ_OF_BODY, alike, names_in

SIMILAR_ENOUGH = 0.45
"""Measured by ``benchmarks.similar``: a false offer costs a tap, a missed one a second case."""
WINDOW = timedelta(days=60)

_WORDS_WEIGHT = 0.5
_PLACE_WEIGHT = 0.3
_CATEGORY_WEIGHT = 0.2


@dataclass(frozen=True, kw_only=True)
class Sketch:
    """What is compared of a case or draft."""

    text: str
    at: datetime
    case_id: int = 0
    category_first: str | None = None
    category_second: str | None = None
    estate_id: str | None = None
    building: str | None = None
    grid_id: str | None = None
    vector: Sequence[float] | None = None


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How like a case is, 0 to 1."""

    case_id: int
    score: float


def find_similar(
    wanted: Sketch, candidates: Iterable[Sketch], *, limit: int = 3
) -> tuple[Likeness, ...]:
    """The candidates that are like ``wanted``, most alike first."""
    scored = [
        Likeness(case_id=candidate.case_id, score=round(score, 4))
        for candidate in candidates
        if (score := likeness(wanted, candidate)) >= SIMILAR_ENOUGH
    ]
    return tuple(sorted(scored, key=_by_score)[:limit])


def _by_score(found: Likeness) -> tuple[float, int]:
    return -found.score, found.case_id


def likeness(one: Sketch, other: Sketch) -> float:
    """How like two matters are, 0 to 1; 0 when time or place says they are not the same."""
    place = _place_likeness(one, other)
    if place is None or abs(one.at - other.at) > WINDOW:
        return 0.0
    return (
        _WORDS_WEIGHT * min(1.0, 2 * _words_likeness(one, other))
        + _PLACE_WEIGHT * place
        + _CATEGORY_WEIGHT * _category_likeness(one, other)
    )


def _place_likeness(one: Sketch, other: Sketch) -> float | None:
    """1 the same building, 0.8 the same estate, 0.2 unknown, None elsewhere."""
    if not (one.estate_id and other.estate_id):
        if _named_elsewhere(one.text, other.text):
            return None
        return 0.8 if one.grid_id and one.grid_id == other.grid_id else 0.2
    if one.estate_id != other.estate_id:
        return None
    if one.building and other.building:
        return 1.0 if one.building == other.building else None
    return 0.8


def _named_elsewhere(one: str, other: str) -> bool:
    """Both name places and no two names may mean one: the place rule of the hot issues."""
    first, second = names_in(one[:READ_OF_BODY]), names_in(other[:READ_OF_BODY])
    pairs = [alike(name, another) for name in first for another in second]
    return bool(pairs) and not any(pairs)


def _category_likeness(one: Sketch, other: Sketch) -> float:
    if not one.category_first or one.category_first != other.category_first:
        return 0.0
    same_second = one.category_second and one.category_second == other.category_second
    return 1.0 if same_second else 0.5


def _words_likeness(one: Sketch, other: Sketch) -> float:
    if one.vector is not None and other.vector is not None:
        products = (a * b for a, b in zip(one.vector, other.vector, strict=True))
        return max(0.0, sum(products))
    return overlap(one.text, other.text)


def overlap(one: str, other: str) -> float:
    """Share of the shorter text's character pairs that the longer one has too."""
    first, second = character_pairs(one), character_pairs(other)
    return len(first & second) / (min(len(first), len(second)) or 1)


def character_pairs(text: str) -> frozenset[str]:
    """All pairs of neighbouring letters and digits; signs and blanks are passed over."""
    signs = [sign for sign in text.lower() if sign.isalnum()]
    return frozenset(a + b for a, b in pairwise(signs))
