"""Finds the estate, building, grid and community that a resident's words mean.

Pure. Names and aliases as written win; a name with one wrong character is taken when no other
name is as near. Nothing is guessed beyond that: an unknown place stays unknown.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from petitions.organisation import Community, Estate, Organisation, Spot


class FoundBy(StrEnum):
    """How the place was found."""

    NAME = "name"
    ALIAS = "alias"
    SIMILAR = "similar"
    LANDMARK = "landmark"
    ROAD = "road"
    COMMUNITY = "community"


@dataclass(frozen=True, kw_only=True)
class PlaceMatch:
    """A place of the organisation; None where it could not be told."""

    name: str
    found_by: FoundBy
    estate_id: str | None = None
    building: str | None = None
    grid_id: str | None = None
    community_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Name:
    """One written name and the thing it means."""

    text: str
    found_by: FoundBy
    target: Estate | Spot | Community


@dataclass(frozen=True, kw_only=True)
class _Hit:
    name: _Name
    start: int


SHORTEST_SIMILAR_IN_TEXT = 4
SHORTEST_SIMILAR_ALONE = 3


def find_place(
    organisation: Organisation,
    *,
    estate: str | None = None,
    building: str | None = None,
    place_text: str | None = None,
    matter: str = "",
) -> PlaceMatch | None:
    """Find the place, looking at the estate first, then the place, then the whole matter.

    Args:
        organisation: The names to look for.
        estate: The estate as the resident wrote it, alone.
        building: The building as written («3栋», «三号楼», «A座»).
        place_text: The whole place as written.
        matter: All that was said, for a place in passing.

    Returns:
        The place, or None when no name of the organisation is there.
    """
    names = tuple(_all_names(organisation))
    sources = [text for text in (estate, place_text, matter) if text]
    hit = next((hit for text in sources if (hit := _find_written(names, text))), None)
    hit = hit or _find_similar(names, estate, SHORTEST_SIMILAR_ALONE)
    hit = hit or _find_similar(names, place_text, SHORTEST_SIMILAR_IN_TEXT)
    hit = hit or _find_similar(names, matter, SHORTEST_SIMILAR_IN_TEXT)
    if hit is None:
        return None
    number = building_number(building) or next(filter(None, map(_building_in, sources)), None)
    return _place_of(organisation, hit.name, number)


def place_in(
    organisation: Organisation, estate_id: str | None, building: str | None
) -> PlaceMatch | None:
    """The place of a known estate and building; None when there is no such estate."""
    estate = organisation.estate(estate_id)
    if estate is None:
        return None
    name = _Name(text=estate.name, found_by=FoundBy.NAME, target=estate)
    return _place_of(organisation, name, building_number(building))


def building_number(words: str | None) -> str | None:
    """Bring «3栋», «三号楼», «A座», «12» to the number as the organisation writes it."""
    match = _ALONE.search(words or "")
    return _written_number(match["number"]) if match else None


def _building_in(text: str) -> str | None:
    match = _BUILDING.search(text)
    return _written_number(match["number"]) if match else None


_NUMBER = r"(?P<number>\d{1,4}|[A-Za-z]|[一二三四五六七八九十两]{1,3})"
_BUILDING = re.compile(_NUMBER + r"\s*(?:号楼|号栋|栋|幢|座|#楼|#)")
_ALONE = re.compile(_NUMBER + r"\s*(?:号楼|号栋|栋|幢|座|号|#|楼|$)")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}


def _written_number(number: str) -> str:
    if number.isdigit():
        return str(int(number))
    if number.isascii():
        return number.upper()
    return str(_chinese_number(number))


def _chinese_number(number: str) -> int:
    """Read up to 九十九."""
    if "十" not in number:
        return int("".join(str(_DIGITS[sign]) for sign in number))
    tens, _, ones = number.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _all_names(organisation: Organisation) -> Iterator[_Name]:
    for estate in organisation.estates:
        yield _Name(text=estate.name, found_by=FoundBy.NAME, target=estate)
        yield from _names(estate.aliases, FoundBy.ALIAS, estate)
        yield from _names(estate.landmarks, FoundBy.LANDMARK, estate)
    for spot in organisation.landmarks:
        yield from _names((spot.name, *spot.aliases), FoundBy.LANDMARK, spot)
    for spot in organisation.roads:
        yield from _names((spot.name, *spot.aliases), FoundBy.ROAD, spot)
    for community in organisation.communities:
        yield _Name(text=community.name, found_by=FoundBy.COMMUNITY, target=community)


def _names(
    texts: Iterable[str], found_by: FoundBy, target: Estate | Spot | Community
) -> Iterator[_Name]:
    return (_Name(text=text, found_by=found_by, target=target) for text in texts)


_ORDER = {
    FoundBy.NAME: 0,
    FoundBy.ALIAS: 0,
    FoundBy.SIMILAR: 0,
    FoundBy.LANDMARK: 1,
    FoundBy.ROAD: 2,
    FoundBy.COMMUNITY: 3,
}


def _find_written(names: Iterable[_Name], text: str) -> _Hit | None:
    """The first estate named, else landmark, else road; of several at one spot the longest."""
    hits = [_Hit(name=name, start=start) for name in names if (start := text.find(name.text)) >= 0]
    return min(hits, key=_preference, default=None)


def _preference(hit: _Hit) -> tuple[int, int, int]:
    return _ORDER[hit.name.found_by], hit.start, -len(hit.name.text)


def _find_similar(names: Iterable[_Name], text: str | None, shortest: int) -> _Hit | None:
    """The one estate whose name is there with a single wrong character, if it is only one."""
    if not text:
        return None
    scored = [
        (fuzz.partial_ratio(name.text, text), name)
        for name in names
        if isinstance(name.target, Estate)
        and name.found_by is FoundBy.NAME
        and shortest <= len(name.text) <= len(text)
    ]
    near = [(score, name) for score, name in scored if score >= _one_wrong(name.text)]
    if not near:
        return None
    best = max(score for score, _ in near)
    winners = [name for score, name in near if score >= best - 1]
    if len({name.target.id for name in winners if isinstance(name.target, Estate)}) > 1:
        return None
    name = winners[0]
    return _Hit(name=_Name(text=name.text, found_by=FoundBy.SIMILAR, target=name.target), start=0)


def _one_wrong(name: str) -> float:
    """The partial ratio of ``name`` with one character replaced, less rounding."""
    return 100 * (1 - 1 / len(name)) - 0.5


def _place_of(organisation: Organisation, name: _Name, building: str | None) -> PlaceMatch:
    target = name.target
    if isinstance(target, Community):
        return PlaceMatch(name=target.name, found_by=name.found_by, community_id=target.id)
    if isinstance(target, Spot):
        grid = organisation.grid(target.grid)
        return PlaceMatch(
            name=target.name,
            found_by=name.found_by,
            grid_id=target.grid,
            community_id=grid.community if grid else None,
        )
    return PlaceMatch(
        name=target.name,
        found_by=name.found_by,
        estate_id=target.id,
        building=building,
        grid_id=_grid_of(target, building),
        community_id=target.community,
    )


def _grid_of(estate: Estate, building: str | None) -> str | None:
    found = estate.building(building) if building else None
    if found:
        return found.grid
    return next(iter(estate.grids)) if len(estate.grids) == 1 else None
