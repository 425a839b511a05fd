"""What pages and chats show of a case: frozen values without rows behind them."""

from dataclasses import dataclass
from datetime import datetime

from petitions.clock_view import ClockState
from petitions.clocks import ClockView
from petitions.facets import Attachment, CoHandling, FollowUp, Rating, Whistle
from petitions.tables import Case, CaseEntry
from petitions.workflow import CaseAction, CaseStatus


@dataclass(frozen=True, kw_only=True)
class QueueFilter:
    """What the queue is narrowed to; None or empty means all.

    Attributes:
        overdue: True: late now; False: not late.
        due_before: Not late, and the clock that ends first ends before this moment.
        whistled: A unit that was whistled for has not reported in yet.
        text: Looked for in number, title and summary.
        open_only: Leave out what is closed or archived, unless ``statuses`` names them.
    """

    statuses: tuple[str, ...] = ()
    community_id: str | None = None
    grid_id: str | None = None
    unit_id: str | None = None
    urgency: str | None = None
    regime: str | None = None
    kind: str | None = None
    overdue: bool | None = None
    due_before: datetime | None = None
    whistled: bool = False
    text: str | None = None
    open_only: bool = True


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """One line of the queue; ``clock`` is the running clock that ends first."""

    case: Case
    unit_name: str
    grid_name: str
    clock: ClockView | None


@dataclass(frozen=True, kw_only=True)
class QueuePage:
    """One page of the queue.

    Attributes:
        total: How many match, as far as they were counted.
        more: There are more than that.
    """

    rows: tuple[QueueRow, ...]
    total: int
    more: bool
    page: int
    page_size: int


@dataclass(frozen=True, kw_only=True)
class BoardCounts:
    """How many open cases there are, by status and urgency, and what is pressing.

    Attributes:
        overdue: Late now.
        due_today: Not late, and due before the local day ends.
        whistled: Some unit was whistled for and has not reported in.
    """

    by_status: dict[str, int]
    by_urgency: dict[str, int]
    overdue: int
    due_today: int
    whistled: int
    total: int


@dataclass(frozen=True, kw_only=True)
class PetitionView:
    """One petition behind a case, as staff see it: contact fields masked.

    Attributes:
        left: Who filed it stands behind the case no longer.
        representative: Who filed it speaks for all (at most five do).
    """

    number: str
    filed_at: datetime
    channel: str
    kind: str
    matter: str
    title: str | None
    category_first: str | None
    category_second: str | None
    place_text: str | None
    place_detail: str | None
    happened_at_text: str | None
    wanted: str | None
    contact_name: str | None
    contact_phone: str | None
    on_behalf_of: str | None
    anonymous: bool
    confidential: bool
    left: bool
    representative: bool


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """Everything on a case that one actor may see, and what this actor may do."""

    case: Case
    unit_name: str
    grid_name: str
    community_name: str
    petitions: tuple[PetitionView, ...]
    timeline: tuple[CaseEntry, ...]
    clocks: tuple[ClockView, ...]
    co_handlings: tuple[CoHandling, ...]
    whistles: tuple[Whistle, ...]
    ratings: tuple[Rating, ...]
    follow_ups: tuple[FollowUp, ...]
    attachments: tuple[Attachment, ...]
    actions: tuple[CaseAction, ...]


@dataclass(frozen=True, kw_only=True)
class ProgressStep:
    """One step as the resident sees it; ``text`` only where it was meant for the resident."""

    at: datetime
    action: CaseAction
    status: CaseStatus
    unit_name: str
    text: str | None


@dataclass(frozen=True, kw_only=True)
class PetitionProgress:
    """How far a petition has come, for its resident.

    Attributes:
        supporters: How many stand behind it, or None while they are fewer than three.
        clock: What was promised; None where no rule promises.
        reply: The official reply that holds now.
        may: What the resident may do now.
        withdrawn: The resident took this petition back.
        category: Its second-level class as filed, else the first.
    """

    number: str
    case_id: int
    case_number: str
    resident: str
    title: str
    status: CaseStatus
    outcome: str | None
    urgency: str
    unit_name: str
    filed_at: datetime
    due_at: datetime | None
    clock: ClockState | None
    supporters: int | None
    steps: tuple[ProgressStep, ...]
    reply: str | None
    rated: int | None
    may: tuple[CaseAction, ...]
    withdrawn: bool
    category: str | None = None
