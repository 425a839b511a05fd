"""The street as a value: communities, grids, estates, units, duty list and deadlines.

Frozen and complete: every verb gets one. Where it comes from is the business of
organisation_files.py today; a stored organisation can give the same value.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from string import ascii_uppercase

from petitions.deadlines import DeadlineRule, WorkingCalendar
from petitions.errors import UnknownUnit

OFFICE_OF_LEVEL = {"subdistrict": "subdistrict_office", "district": "district_office"}
"""Kind of the unit that looks after what was escalated to a level."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """Something with an id and a name."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Community(Named):
    """A community.

    Attributes:
        committee: The unit id of its party committee.
        number_code: One to four capital letters that its petition numbers bear; empty lets
            :func:`number_codes` find some.
    """

    committee: str
    number_code: str = ""


@dataclass(frozen=True, kw_only=True)
class Grid(Named):
    """A grid of a community; ``worker`` is the grid worker's staff id or name."""

    community: str
    worker: str | None = None


@dataclass(frozen=True, kw_only=True)
class Building:
    """One building; ``responsible`` is the member who looks after it (联楼栋)."""

    number: str
    grid: str
    units: int | None = None
    floors: int | None = None
    elevator: bool | None = None
    responsible: str | None = None


@dataclass(frozen=True, kw_only=True)
class Estate(Named):
    """A housing estate with the names people give it."""

    community: str
    aliases: tuple[str, ...] = ()
    roads: tuple[str, ...] = ()
    landmarks: tuple[str, ...] = ()
    buildings: tuple[Building, ...] = ()

    def building(self, number: str) -> Building | None:
        """Find a building by its number, or None."""
        return next((one for one in self.buildings if one.number == number), None)

    @property
    def grids(self) -> frozenset[str]:
        """Ids of the grids that its buildings stand in."""
        return frozenset(one.grid for one in self.buildings)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A road or a landmark outside the estates, and the grid that looks after it."""

    name: str
    grid: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unit(Named):
    """A body that takes cases; ``serves`` lists estates or communities, empty is everywhere."""

    kind: str
    short_name: str = ""
    level: str = ""
    serves: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()
    phone: str | None = None

    @property
    def called(self) -> str:
        """The name to use in a sentence."""
        return self.short_name or self.name

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by."""
        return tuple(filter(None, (self.name, self.short_name, *self.aliases)))


@dataclass(frozen=True, kw_only=True)
class DutyItem(Named):
    """One line of the duty list (职责清单).

    Attributes:
        lead: Kind of unit that leads.
        co_handlers: Kinds of units that help.
        in_community_list: False: not the community's work; it may not be handed down to it
            (北京市接诉即办工作条例 art. 32–33).
    """

    first: str
    second: str | None
    lead: str
    keywords: tuple[str, ...] = ()
    co_handlers: tuple[str, ...] = ()
    level: str = ""
    urgency: str | None = None
    basis: str | None = None
    in_community_list: bool = True


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """Everything the loop has to know about the place it works in."""

    city: str
    district: Named
    subdistrict: Named
    communities: tuple[Community, ...]
    grids: tuple[Grid, ...]
    estates: tuple[Estate, ...]
    units: tuple[Unit, ...]
    roads: tuple[Spot, ...] = ()
    landmarks: tuple[Spot, ...] = ()
    duties: tuple[DutyItem, ...] = ()
    deadline_rules: tuple[DeadlineRule, ...] = ()
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def _grids(self) -> dict[str, Grid]:
        return {grid.id: grid for grid in self.grids}

    @cached_property
    def _communities(self) -> dict[str, Community]:
        return {community.id: community for community in self.communities}

    def unit(self, unit_id: str) -> Unit:
        """Return a unit.

        Raises:
            UnknownUnit: There is none with this id.
        """
        if unit_id not in self._units:
            raise UnknownUnit(unit_id=unit_id)
        return self._units[unit_id]

    def unit_name(self, unit_id: str | None) -> str:
        """Name a unit for people; an id that is gone is shown as it is, None as nothing."""
        unit = self._units.get(unit_id or "")
        return unit.name if unit else unit_id or ""

    def grid(self, grid_id: str | None) -> Grid | None:
        """Return a grid or None."""
        return self._grids.get(grid_id or "")

    def community(self, community_id: str | None) -> Community | None:
        """Return a community or None."""
        return self._communities.get(community_id or "")

    @cached_property
    def _number_codes(self) -> dict[str, str]:
        return number_codes(self.communities)

    def number_code(self, community_id: str | None) -> str:
        """The letters in the petition numbers of a community; a place unknown has none."""
        return self._number_codes.get(community_id or "", "")

    def estate(self, estate_id: str | None) -> Estate | None:
        """Return an estate or None."""
        return next((one for one in self.estates if one.id == estate_id), None)

    def committee_of(self, community_id: str | None) -> str | None:
        """Return the unit id of a community's committee, or None."""
        community = self.community(community_id)
        return community.committee if community else None

    def committees(self) -> tuple[str, ...]:
        """Unit ids of all committees."""
        return tuple(community.committee for community in self.communities)

    def grids_of_worker(self, worker: str) -> tuple[str, ...]:
        """Ids of the grids that name ``worker``."""
        return tuple(grid.id for grid in self.grids if grid.worker == worker)

    def overseers(self, level: str) -> tuple[str, ...]:
        """Unit id of the office that looks after a case of ``level``, if there is one.

        The first office of the files is the street's or the district's general one.
        """
        offices = self.units_of_kind(OFFICE_OF_LEVEL[level]) if level in OFFICE_OF_LEVEL else ()
        return tuple(unit.id for unit in offices[:1])

    def levels_overseen(self, units: frozenset[str]) -> tuple[str, ...]:
        """The levels whose office is among ``units``."""
        return tuple(level for level in OFFICE_OF_LEVEL if set(self.overseers(level)) & units)

    def units_of_kind(
        self,
        kind: str,
        *,
        level: str | None = None,
        estate: str | None = None,
        community: str | None = None,
    ) -> tuple[Unit, ...]:
        """Units of a kind that serve a place, the fittest first.

        Units of the wanted level come first; then those that name the estate, then those that
        name the community, then those that serve everywhere; then the order of the files.
        """
        fitting = [
            (unit.level != level if level else False, nearness, position, unit)
            for position, unit in enumerate(self.units)
            if unit.kind == kind and (nearness := _nearness(unit, (estate, community))) is not None
        ]
        return tuple(entry[-1] for entry in sorted(fitting, key=_fitness))


def number_codes(communities: Sequence[Community]) -> dict[str, str]:
    """The letters that tell the petition numbers of communities apart, by community id.

    The first community bears none unless it states some: where there is only one, a number
    needs no letters. Each other one that states none gets the first letters of its id, as few
    as tell it from those before it (from two on), so that it keeps them when others come and go.
    """
    codes = {one.id: one.number_code for one in communities}
    taken = set(codes.values())
    for community in communities[1:]:
        if not community.number_code:
            codes[community.id] = next(code for code in _codes_for(community) if code not in taken)
            taken.add(codes[community.id])
    return codes


def _codes_for(community: Community) -> Iterator[str]:
    letters = "".join(re.findall(r"[A-Z]", community.id.upper()))
    yield from (letters[:length] for length in (2, 3, 4) if len(letters) >= length)
    for length in (2, 3, 4):
        yield from map("".join, product(ascii_uppercase, repeat=length))


def _fitness(entry: tuple[bool, int, int, Unit]) -> tuple[bool, int, int]:
    return entry[:3]


def _nearness(unit: Unit, served: tuple[str | None, str | None]) -> int | None:
    """Rank how a unit serves an estate and community: lower is nearer, None is not at all."""
    if not unit.serves:
        return len(served)
    return next((rank for rank, place in enumerate(served) if place in unit.serves), None)
