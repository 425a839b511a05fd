"""Who acts: a resident, a member of staff, or the system itself."""

from dataclasses import dataclass

from petitions.workflow import Role


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody with roles.

    Attributes:
        id: Staff id, or the pseudonym of a resident.
        roles: All roles held; a resident holds ``resident`` only.
        name: As it may be shown to colleagues; empty for residents.
        unit_id: The unit the person works for.
        community_id: The community of a committee member or grid worker.
        grid_ids: The grids of a grid worker.
    """

    id: str
    roles: frozenset[Role]
    name: str = ""
    unit_id: str | None = None
    community_id: str | None = None
    grid_ids: tuple[str, ...] = ()

    def has(self, role: Role) -> bool:
        """Tell whether the actor holds ``role``."""
        return role in self.roles


def resident_actor(resident: str) -> Actor:
    """The resident behind a pseudonym."""
    return Actor(id=resident, roles=frozenset({Role.RESIDENT}))


SYSTEM = Actor(id="system", roles=frozenset({Role.SYSTEM}), name="system")
"""The service itself: timers and rules, never a person."""
