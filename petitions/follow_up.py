"""After the reply: rating, calling back, doing it again, supervision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from petitions.actors import SYSTEM, Actor, resident_actor
from petitions.errors import ActionNotAllowed
from petitions.facets import FollowUp, Rating
from petitions.filing import own_supporter, resident_step
from petitions.ledger import Step, check_length, load_case, record, require_text, take
from petitions.permissions import refuse
from petitions.ports import UnitOfWork
from petitions.reopening import ensure_may_reopen, with_reopening
from petitions.tables import Case
from petitions.words import Satisfaction
from petitions.workflow import CaseAction, CaseStatus, Role, next_status

REDONE_AT_MOST = 1
"""An unsatisfied resident gets it done again once; after that a supervisor looks at it."""
UNSATISFIED = "居民评价不满意，自动重办"
SUPERVISED = "重办后居民仍不满意，转督办"


@dataclass(frozen=True, kw_only=True)
class RatingResult:
    """What came of a rating."""

    case: Case
    reopened: bool
    supervised: bool


def rate_case(
    work: UnitOfWork,
    number: str,
    *,
    resident: str,
    result: Satisfaction,
    now: datetime,
    speed: Satisfaction | None = None,
    attitude: Satisfaction | None = None,
    resolved: bool | None = None,
    comment: str | None = None,
) -> RatingResult:
    """Keep a rating (评价); dissatisfied or unresolved → done again once, then supervised.

    Rating again later is allowed; each is kept and the last one counts.

    Raises:
        PetitionNotFound: There is none with this number that is the resident's.
        ActionNotAllowed: Nothing has been replied yet.
    """
    check_length(comment)
    supporter = own_supporter(work, number, resident)
    levels = {"result": result, "speed": speed, "attitude": attitude}
    words = {name: int(level) for name, level in levels.items() if level is not None}
    changes: dict[str, Any] = {"satisfaction": int(result), "resolved": resolved}
    case = resident_step(work, supporter, CaseAction.RATE, now, text=comment, changes=changes)
    rating = Rating(
        case_id=case.id or 0,
        petition_number=number,
        resident=resident,
        resolved=resolved,
        comment=comment,
        rated_at=now,
        **words,
    )
    work.session.add(rating)
    work.session.flush()
    if result > Satisfaction.DISSATISFIED and resolved is not False:
        return RatingResult(case=case, reopened=False, supervised=False)
    return _answer_dissatisfaction(work, case, resident, now)


def _answer_dissatisfaction(
    work: UnitOfWork, case: Case, resident: str, now: datetime
) -> RatingResult:
    if case.reopen_count < REDONE_AT_MOST and _may_reopen(case):
        step = Step(
            action=CaseAction.REOPEN,
            actor=resident_actor(resident),
            role=Role.RESIDENT,
            now=now,
            text=UNSATISFIED,
        )
        again = record(work, case, with_reopening(case, step))
        return RatingResult(case=again, reopened=True, supervised=False)
    if case.status == CaseStatus.ARCHIVED.value:
        return RatingResult(case=case, reopened=False, supervised=False)
    step = Step(
        action=CaseAction.SUPERVISE,
        actor=SYSTEM,
        role=Role.SYSTEM,
        now=now,
        text=SUPERVISED,
        changes={"supervised": True},
    )
    return RatingResult(case=record(work, case, step), reopened=False, supervised=True)


def _may_reopen(case: Case) -> bool:
    try:
        next_status(CaseStatus(case.status), CaseAction.REOPEN)
        ensure_may_reopen(case)
    except ActionNotAllowed:
        return False
    return True


def reopen_petition(
    work: UnitOfWork, number: str, *, resident: str, reason: str, now: datetime
) -> Case:
    """Ask for it to be done again without rating.

    Raises:
        PetitionNotFound: There is none with this number that is the resident's.
        ReasonRequired: No reason.
        ActionNotAllowed: ``because=already_redone``, ``merged``, ``withdrawn``, ``final``,
            or nothing has been replied yet.
    """
    require_text(CaseAction.REOPEN, reason)
    check_length(reason)
    case = load_case(work, own_supporter(work, number, resident).case_id)
    next_status(CaseStatus(case.status), CaseAction.REOPEN)
    ensure_may_reopen(case)
    if case.reopen_count >= REDONE_AT_MOST:
        raise refuse(case, CaseAction.REOPEN, "already_redone")
    step = Step(
        action=CaseAction.REOPEN,
        actor=resident_actor(resident),
        role=Role.RESIDENT,
        now=now,
        text=reason,
        facts={"petition_number": number},
    )
    return record(work, case, with_reopening(case, step))


def follow_up_case(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    reached: bool,
    resolved: bool | None = None,
    satisfaction: Satisfaction | None = None,
    words: str | None = None,
    expected_version: int | None = None,
) -> Case:
    """Note a call back (回访): whether the resident was reached and what they said.

    What the resident rated in person is not overwritten by what a caller noted.
    """
    action = CaseAction.FOLLOW_UP
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=words)
    level = int(satisfaction) if satisfaction is not None else None
    call = FollowUp(
        case_id=case_id,
        by=actor.id,
        reached=reached,
        resolved=resolved,
        satisfaction=level,
        words=words,
        at=now,
    )
    work.session.add(call)
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=words,
        facts={"reached": reached, "resolved": resolved, "satisfaction": level},
        changes=_heard(case, resolved, level) if reached else {},
    )
    return record(work, case, step)


def _heard(case: Case, resolved: bool | None, level: int | None) -> dict[str, Any]:
    return {
        "resolved": case.resolved if case.resolved is not None else resolved,
        "satisfaction": case.satisfaction if case.satisfaction is not None else level,
    }
