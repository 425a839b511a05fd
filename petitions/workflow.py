"""The life of a case as one table: (status, action) → next status and who may do it.

Standard library only. Everything that changes a case asks this table first; ``docs`` and the
desk draw their buttons from it. Co-handling, whistle, extension and the like are actions that
leave the status as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from petitions.errors import ActionNotAllowed


class Role(StrEnum):
    """Who acts. One person may hold several."""

    RESIDENT = "resident"
    COMMITTEE = "committee"
    DEPARTMENT = "department"
    GRID_WORKER = "grid_worker"
    SUPERVISOR = "supervisor"
    CURATOR = "curator"
    ADMIN = "admin"
    SYSTEM = "system"


class CaseStatus(StrEnum):
    """Where a case stands."""

    REGISTERED = "registered"
    SCREENED = "screened"
    DISPATCHED = "dispatched"
    SIGNED_FOR = "signed_for"
    OBJECTED = "objected"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    REPLIED = "replied"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"
    REOPENED = "reopened"
    IN_REVIEW = "in_review"
    IN_REREVIEW = "in_rereview"
    ARCHIVED = "archived"


class CaseAction(StrEnum):
    """What can be done to a case; each one done is one entry in its history."""

    REGISTER = "register"  # the birth of a case: always the first entry, never a transition
    SCREEN = "screen"
    DISPATCH = "dispatch"
    REASSIGN = "reassign"
    SIGN_FOR = "sign_for"
    OBJECT = "object"
    UPHOLD_OBJECTION = "uphold_objection"
    OVERRULE_OBJECTION = "overrule_objection"
    START = "start"
    CONTACT = "contact"
    INVITE_CO_HANDLER = "invite_co_handler"
    PART_REPLY = "part_reply"
    WHISTLE = "whistle"
    REPORT_IN = "report_in"
    REQUEST_EXTENSION = "request_extension"
    APPROVE_EXTENSION = "approve_extension"
    REFUSE_EXTENSION = "refuse_extension"
    SUSPEND = "suspend"
    RESUME = "resume"
    REPLY = "reply"
    SEND_BACK = "send_back"
    FOLLOW_UP = "follow_up"
    RATE = "rate"
    CLOSE = "close"
    REOPEN = "reopen"
    ASK_REVIEW = "ask_review"
    DECIDE_REVIEW = "decide_review"
    ASK_REREVIEW = "ask_rereview"
    DECIDE_REREVIEW = "decide_rereview"
    ARCHIVE = "archive"
    WITHDRAW = "withdraw"
    URGE = "urge"
    ASK_SUPPLEMENT = "ask_supplement"
    SUPPLEMENT = "supplement"
    JOIN = "join"
    LEAVE = "leave"
    MERGE = "merge"
    ABSORB = "absorb"
    SPLIT = "split"
    RELEASE = "release"
    NAME_REPRESENTATIVES = "name_representatives"
    SUPERVISE = "supervise"
    ESCALATE = "escalate"
    RECUSE = "recuse"
    REROUTE = "reroute"
    NOTE = "note"
    CORRECT = "correct"
    REVEAL_CONTACT = "reveal_contact"


class Outcome(StrEnum):
    """How a closed case ended. «Closed» is not «resolved»: the resident says which."""

    RESOLVED = "resolved"
    EXPLAINED = "explained"
    NOT_SUPPORTED = "not_supported"
    OTHER_CHANNEL = "other_channel"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


STAFF_OUTCOMES = frozenset(
    {Outcome.RESOLVED, Outcome.EXPLAINED, Outcome.NOT_SUPPORTED, Outcome.OTHER_CHANNEL}
)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What one action does from one status: the next status and the roles that may do it."""

    next_status: CaseStatus
    roles: frozenset[Role]


_S, _A = CaseStatus, CaseAction

_BEFORE_REPLY = (
    _S.REGISTERED,
    _S.SCREENED,
    _S.DISPATCHED,
    _S.SIGNED_FOR,
    _S.OBJECTED,
    _S.HANDLING,
    _S.SUSPENDED,
    _S.REOPENED,
)
_AFTER_REPLY = (_S.REPLIED, _S.FOLLOWED_UP)
OPEN_STATUSES: frozenset[CaseStatus] = frozenset((*_BEFORE_REPLY, *_AFTER_REPLY))
"""Neither closed nor archived nor under review: the matter still waits for its end."""
_REVIEWS = (_S.IN_REVIEW, _S.IN_REREVIEW)

_WITH_A_UNIT = (
    _S.DISPATCHED,
    _S.SIGNED_FOR,
    _S.OBJECTED,
    _S.HANDLING,
    _S.SUSPENDED,
    _S.REOPENED,
)
_WITHOUT_ITS_WORK = (_S.REGISTERED, _S.SCREENED, *_AFTER_REPLY, *_REVIEWS)
"""No unit works on it now: a unit or grid that disappears moves nothing."""

_RESIDENT = (Role.RESIDENT,)
_COMMITTEE = (Role.COMMITTEE,)
_UNIT = (Role.DEPARTMENT, Role.COMMITTEE, Role.GRID_WORKER)  # whoever's unit has the case
_OVERSIGHT = (Role.COMMITTEE, Role.SUPERVISOR)
_STAFF = (Role.COMMITTEE, Role.DEPARTMENT, Role.GRID_WORKER, Role.SUPERVISOR)

# Moves from one status to another: action, from, to, roles.
_MOVES: tuple[tuple[CaseAction, tuple[CaseStatus, ...], CaseStatus, tuple[Role, ...]], ...] = (
    (_A.SCREEN, (_S.REGISTERED,), _S.SCREENED, (*_OVERSIGHT, Role.SYSTEM)),
    (_A.DISPATCH, (_S.SCREENED, _S.REOPENED), _S.DISPATCHED, (*_OVERSIGHT, Role.SYSTEM)),
    (_A.REASSIGN, (_S.DISPATCHED, _S.SIGNED_FOR, _S.HANDLING), _S.DISPATCHED, _OVERSIGHT),
    (_A.SIGN_FOR, (_S.DISPATCHED,), _S.SIGNED_FOR, _UNIT),
    (_A.OBJECT, (_S.DISPATCHED, _S.SIGNED_FOR), _S.OBJECTED, _UNIT),
    (_A.UPHOLD_OBJECTION, (_S.OBJECTED,), _S.SCREENED, _OVERSIGHT),
    (_A.OVERRULE_OBJECTION, (_S.OBJECTED,), _S.DISPATCHED, _OVERSIGHT),
    (_A.START, (_S.SIGNED_FOR, _S.REOPENED), _S.HANDLING, _UNIT),
    (_A.SUSPEND, (_S.HANDLING,), _S.SUSPENDED, _UNIT),
    (_A.RESUME, (_S.SUSPENDED,), _S.HANDLING, (*_UNIT, Role.SYSTEM)),
    (_A.REPLY, (_S.HANDLING,), _S.REPLIED, _UNIT),
    (_A.SEND_BACK, (_S.SIGNED_FOR, _S.HANDLING), _S.SCREENED, _UNIT),
    (_A.SEND_BACK, _AFTER_REPLY, _S.HANDLING, _OVERSIGHT),
    (
        _A.FOLLOW_UP,
        (_S.REPLIED, _S.FOLLOWED_UP),
        _S.FOLLOWED_UP,
        (*_OVERSIGHT, Role.GRID_WORKER, Role.SYSTEM),
    ),
    (_A.CLOSE, (_S.SCREENED, *_AFTER_REPLY), _S.CLOSED, (*_OVERSIGHT, Role.SYSTEM)),
    (
        _A.REOPEN,
        (*_AFTER_REPLY, _S.CLOSED),
        _S.REOPENED,
        (Role.RESIDENT, *_OVERSIGHT, Role.SYSTEM),
    ),
    (_A.ASK_REVIEW, (_S.CLOSED,), _S.IN_REVIEW, _RESIDENT),
    (_A.DECIDE_REVIEW, (_S.IN_REVIEW,), _S.CLOSED, (Role.SUPERVISOR,)),
    (_A.ASK_REREVIEW, (_S.CLOSED,), _S.IN_REREVIEW, _RESIDENT),
    (_A.DECIDE_REREVIEW, (_S.IN_REREVIEW,), _S.CLOSED, (Role.SUPERVISOR,)),
    (_A.ARCHIVE, (_S.CLOSED,), _S.ARCHIVED, (Role.COMMITTEE, Role.SYSTEM)),
    (_A.WITHDRAW, tuple(OPEN_STATUSES), _S.CLOSED, _RESIDENT),
    (_A.MERGE, tuple(OPEN_STATUSES), _S.CLOSED, _OVERSIGHT),
    (_A.SPLIT, (_S.CLOSED,), _S.REOPENED, _OVERSIGHT),
    (_A.REROUTE, _WITH_A_UNIT, _S.SCREENED, (Role.SYSTEM,)),
)

# Actions that leave the status as it is: action, where, roles.
_FACETS: tuple[tuple[CaseAction, tuple[CaseStatus, ...], tuple[Role, ...]], ...] = (
    (_A.CONTACT, (*_BEFORE_REPLY, *_AFTER_REPLY), _STAFF),
    (_A.INVITE_CO_HANDLER, (_S.HANDLING,), _UNIT),
    (_A.PART_REPLY, (_S.DISPATCHED, _S.SIGNED_FOR, _S.HANDLING, _S.SUSPENDED), _UNIT),
    (_A.WHISTLE, (_S.HANDLING,), _OVERSIGHT),
    (_A.REPORT_IN, (_S.HANDLING, _S.SUSPENDED), _UNIT),
    (_A.REQUEST_EXTENSION, (_S.HANDLING,), _UNIT),
    (_A.APPROVE_EXTENSION, (_S.HANDLING,), _OVERSIGHT),
    (_A.REFUSE_EXTENSION, (_S.HANDLING,), _OVERSIGHT),
    (_A.RATE, (*_AFTER_REPLY, _S.CLOSED, _S.ARCHIVED), _RESIDENT),
    (_A.URGE, tuple(OPEN_STATUSES), _RESIDENT),
    (_A.ASK_SUPPLEMENT, _BEFORE_REPLY, _STAFF),
    (
        _A.SUPPLEMENT,
        (*OPEN_STATUSES, *_REVIEWS),
        (Role.RESIDENT, Role.COMMITTEE, Role.GRID_WORKER),
    ),
    (_A.JOIN, tuple(OPEN_STATUSES), (Role.RESIDENT, Role.COMMITTEE, Role.GRID_WORKER)),
    (_A.LEAVE, tuple(OPEN_STATUSES), _RESIDENT),
    (_A.ABSORB, tuple(OPEN_STATUSES), _OVERSIGHT),
    (_A.RELEASE, tuple(status for status in _S if status is not _S.ARCHIVED), _OVERSIGHT),
    (_A.NAME_REPRESENTATIVES, tuple(OPEN_STATUSES), _COMMITTEE),
    (_A.ESCALATE, tuple(OPEN_STATUSES), (Role.SUPERVISOR, Role.SYSTEM)),
    (_A.RECUSE, (*OPEN_STATUSES, *_REVIEWS), _STAFF),
    (_A.REROUTE, _WITHOUT_ITS_WORK, (Role.SYSTEM,)),
    (_A.SUPERVISE, (*OPEN_STATUSES, _S.CLOSED), (*_OVERSIGHT, Role.SYSTEM)),
    (_A.NOTE, tuple(status for status in _S if status is not _S.ARCHIVED), _STAFF),
    (_A.CORRECT, _BEFORE_REPLY, (*_OVERSIGHT, Role.SYSTEM)),
    (_A.REVEAL_CONTACT, tuple(_S), _STAFF),
)


def _build_transitions() -> dict[tuple[CaseStatus, CaseAction], Rule]:
    moves = (
        ((status, action), Rule(next_status=target, roles=frozenset(roles)))
        for action, sources, target, roles in _MOVES
        for status in sources
    )
    facets = (
        ((status, action), Rule(next_status=status, roles=frozenset(roles)))
        for action, sources, roles in _FACETS
        for status in sources
    )
    return dict((*moves, *facets))


TRANSITIONS: dict[tuple[CaseStatus, CaseAction], Rule] = _build_transitions()

REASON_REQUIRED: frozenset[CaseAction] = frozenset(
    {
        _A.REASSIGN,
        _A.OBJECT,
        _A.UPHOLD_OBJECTION,
        _A.OVERRULE_OBJECTION,
        _A.SEND_BACK,
        _A.REQUEST_EXTENSION,
        _A.REFUSE_EXTENSION,
        _A.SUSPEND,
        _A.WHISTLE,
        _A.REOPEN,
        _A.SPLIT,
        _A.SUPERVISE,
        _A.ESCALATE,
        _A.RECUSE,
        _A.REROUTE,
        _A.CORRECT,
        _A.REVEAL_CONTACT,
        _A.ASK_REVIEW,
        _A.ASK_REREVIEW,
        _A.DECIDE_REVIEW,
        _A.DECIDE_REREVIEW,
    }
)
"""Actions that are refused without a reason in words."""

QUIET_ACTIONS: frozenset[CaseAction] = frozenset(
    {_A.URGE, _A.JOIN, _A.LEAVE, _A.NOTE, _A.RATE, _A.REVEAL_CONTACT}
)
"""Actions that do not make a page that somebody has open out of date."""


def rule_for(status: CaseStatus, action: CaseAction) -> Rule:
    """Look one action up.

    Raises:
        ActionNotAllowed: The table has no such transition.
    """
    rule = TRANSITIONS.get((status, action))
    if rule is None:
        raise ActionNotAllowed(status=status, action=action)
    return rule


def next_status(status: CaseStatus, action: CaseAction) -> CaseStatus:
    """Tell where ``action`` leads from ``status``.

    Raises:
        ActionNotAllowed: The action can't be done from this status; carries both.
    """
    return rule_for(status, action).next_status


def allowed_actions(status: CaseStatus, roles: Iterable[Role]) -> tuple[CaseAction, ...]:
    """List what somebody with any of ``roles`` may do from ``status``, in the table's order.

    This knows roles only; whether the case is theirs is asked in permissions.py.
    """
    held = frozenset(roles)
    return tuple(
        action
        for action in CaseAction
        if (rule := TRANSITIONS.get((status, action))) and rule.roles & held
    )
