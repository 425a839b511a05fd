"""The organisation's names, told to the understanding in its own terms."""

from collections.abc import Iterator

from nlu.gazetteer import Gazetteer
from petitions.organisation import Organisation


def make_gazetteer(organisation: Organisation) -> Gazetteer:
    """Names and aliases of estates, roads, landmarks and units."""
    inside = [name for estate in organisation.estates for name in estate.landmarks]
    return Gazetteer(
        estates=tuple(estate.name for estate in organisation.estates),
        aliases=dict(_aliases(organisation)),
        roads=tuple(spot.name for spot in organisation.roads),
        landmarks=(*(spot.name for spot in organisation.landmarks), *inside),
        departments=tuple(unit.name for unit in organisation.units),
    )


def _aliases(organisation: Organisation) -> Iterator[tuple[str, str]]:
    for estate in organisation.estates:
        yield from ((alias, estate.name) for alias in estate.aliases)
    for spot in (*organisation.roads, *organisation.landmarks):
        yield from ((alias, spot.name) for alias in spot.aliases)
    for unit in organisation.units:
        yield from ((alias, unit.name) for alias in unit.names if alias != unit.name)
