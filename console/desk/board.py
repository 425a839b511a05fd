"""Today's board: what waits for this person, each figure a link into the queue. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from console.desk.queue_query import QueueQuery
from console.wording.cases import STATUS
from console.wording.desk import TILE
from petitions.queries import BoardCounts
from petitions.workflow import CaseStatus, Role

Count = Callable[[BoardCounts], int]


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One figure of the board and the list behind it.

    Attributes:
        urgent: Somebody waits too long already.
    """

    label: str
    count: int
    address: str
    current: bool
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class _Duty:
    """One kind of work that waits, and whose work it is."""

    name: str
    query: QueueQuery
    count: Count
    roles: frozenset[Role]
    urgent: bool = False


def _in_state(state: CaseStatus) -> Count:
    return lambda counts: counts.by_status.get(state.value, 0)


_LOOK_OVER = frozenset({Role.COMMITTEE, Role.SUPERVISOR})
_DO = frozenset({Role.DEPARTMENT, Role.GRID_WORKER})
_ALL = _LOOK_OVER | _DO


def _state_duty(state: CaseStatus, roles: frozenset[Role]) -> _Duty:
    return _Duty(
        name=state.value, query=QueueQuery(state=state.value), count=_in_state(state), roles=roles
    )


DUTIES: tuple[_Duty, ...] = (
    _state_duty(CaseStatus.REGISTERED, _LOOK_OVER),
    _state_duty(CaseStatus.SCREENED, _LOOK_OVER),
    _state_duty(CaseStatus.DISPATCHED, _DO),
    _state_duty(CaseStatus.OBJECTED, _LOOK_OVER),
    _Duty(
        name="whistled",
        query=QueueQuery(whistled=True),
        count=lambda counts: counts.whistled,
        roles=_ALL,
    ),
    _Duty(
        name="due_today",
        query=QueueQuery(due_today=True),
        count=lambda counts: counts.due_today,
        roles=_ALL,
    ),
    _Duty(
        name="overdue",
        query=QueueQuery(overdue=True),
        count=lambda counts: counts.overdue,
        roles=_ALL,
        urgent=True,
    ),
    _state_duty(CaseStatus.REPLIED, _LOOK_OVER),
)
"""The board in the order of the day's work."""


def tiles(counts: BoardCounts, query: QueueQuery, roles: frozenset[Role]) -> list[Tile]:
    """The duties of these roles; one that has nothing waiting stays, with a nought."""
    return [
        Tile(
            label=TILE[duty.name],
            count=duty.count(counts),
            address=duty.query.address(),
            current=query.address() == duty.query.address(),
            urgent=duty.urgent and duty.count(counts) > 0,
        )
        for duty in DUTIES
        if not duty.roles.isdisjoint(roles)
    ]


def state_tiles(counts: BoardCounts, query: QueueQuery) -> list[Tile]:
    """All open cases, then every state that has any, in the order of the work."""
    everything = Tile(
        label=TILE["all"], count=counts.total, address="", current=not query.is_narrowed
    )
    return [everything, *(_state_tile(state, counts, query) for state in _shown(counts, query))]


def _shown(counts: BoardCounts, query: QueueQuery) -> list[CaseStatus]:
    return [
        state
        for state in CaseStatus
        if counts.by_status.get(state.value) or query.state == state.value
    ]


def _state_tile(state: CaseStatus, counts: BoardCounts, query: QueueQuery) -> Tile:
    return Tile(
        label=STATUS[state.value],
        count=counts.by_status.get(state.value, 0),
        address=QueueQuery(state=state.value).address(),
        current=query.state == state.value,
    )
