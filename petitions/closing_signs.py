"""Signs that a case was closed on paper only, and calls that are still to be made. Pure reading.

A sign is no verdict: it says where a supervisor should look (北京市接诉即办工作条例 art. 23: the
resident is called back when the deadline ends, and false results are looked into).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, not_
from sqlmodel import col, select

from petitions.actors import Actor
from petitions.facets import FollowUp, Rating
from petitions.permissions import visible_to
from petitions.ports import UnitOfWork
from petitions.tables import IS_OPEN, Case, CaseEntry
from petitions.words import LegalRegime
from petitions.workflow import CaseAction, CaseStatus, Outcome

LAST_MINUTES = timedelta(minutes=30)
CALLS_AT_A_TIME = 500


class ClosingSign(StrEnum):
    """What is odd about a case that was replied to."""

    NO_CONTACT = "no_contact"
    NO_EVIDENCE = "no_evidence"
    LAST_MINUTES = "last_minutes"
    REOPENED = "reopened"


@dataclass(frozen=True, kw_only=True)
class OddClosing:
    """One case with its signs."""

    case: Case
    signs: tuple[ClosingSign, ...]


def odd_closings(
    work: UnitOfWork, *, actor: Actor, since: datetime, until: datetime
) -> tuple[OddClosing, ...]:
    """Cases opened in a period and replied to that show a sign, those with most signs first."""
    replied = (
        (col(Case.opened_at) >= since)
        & (col(Case.opened_at) < until)
        & (col(Case.replied_at).is_not(None) | (col(Case.reopen_count) > 0))
        & visible_to(actor, work.organisation)
    )
    query = select(Case).where(replied).order_by(col(Case.id))
    cases = [case for case in work.session.exec(query) if case.outcome not in _NOT_CLOSED_BY_UNITS]
    entries = _entries(work, replied)
    odd = [OddClosing(case=c, signs=signs_of(c, entries.get(c.id or 0, ()))) for c in cases]
    return tuple(sorted((one for one in odd if one.signs), key=_most_signs_first))


_NOT_CLOSED_BY_UNITS = (Outcome.MERGED.value, Outcome.WITHDRAWN.value)


def _most_signs_first(one: OddClosing) -> tuple[int, int]:
    return -len(one.signs), one.case.id or 0


def _entries(work: UnitOfWork, condition: ColumnElement[bool]) -> Mapping[int, list[CaseEntry]]:
    # Joined, not listed by id: a year of a street is more ids than one statement takes.
    found: defaultdict[int, list[CaseEntry]] = defaultdict(list)
    query = (
        select(CaseEntry)
        .join(Case, col(Case.id) == col(CaseEntry.case_id))
        .where(condition)
        .where(col(CaseEntry.action).in_([CaseAction.CONTACT.value, CaseAction.REPLY.value]))
        .order_by(col(CaseEntry.sequence))
    )
    for entry in work.session.exec(query):
        found[entry.case_id].append(entry)
    return found


def signs_of(case: Case, entries: Sequence[CaseEntry]) -> tuple[ClosingSign, ...]:
    """The signs of one case; ``entries`` are its contacts and replies in order."""
    replies = [entry for entry in entries if entry.action == CaseAction.REPLY.value]
    contacted = any(entry.action == CaseAction.CONTACT.value for entry in entries)
    last = replies[-1] if replies else None
    signs = (
        (ClosingSign.NO_CONTACT, last is not None and not contacted),
        (ClosingSign.NO_EVIDENCE, last is not None and not last.facts.get("evidence")),
        (ClosingSign.LAST_MINUTES, last is not None and _just_in_time(case, last.at)),
        (ClosingSign.REOPENED, case.reopen_count > 0),
    )
    return tuple(sign for sign, holds in signs if holds)


def _just_in_time(case: Case, replied_at: datetime) -> bool:
    return case.due_at is not None and timedelta() <= case.due_at - replied_at <= LAST_MINUTES


def calls_to_make(
    work: UnitOfWork, *, actor: Actor, now: datetime, limit: int = CALLS_AT_A_TIME
) -> Sequence[Case]:
    """Cases whose promise has ended and whose resident was neither called back nor has rated.

    Those that ended first come first; reports are called back by nobody but their own unit.
    """
    called = exists().where(col(FollowUp.case_id) == col(Case.id), col(FollowUp.reached).is_(True))
    rated = exists().where(col(Rating.case_id) == col(Case.id))
    query = (
        select(Case)
        .where(col(Case.status).in_([CaseStatus.REPLIED.value, CaseStatus.FOLLOWED_UP.value]))
        .where(IS_OPEN)
        .where(col(Case.due_at) < now, Case.regime != LegalRegime.REPORT.value)
        .where(not_(called), not_(rated), visible_to(actor, work.organisation))
        .order_by(col(Case.due_at), col(Case.id))
        .limit(limit)
    )
    return work.session.exec(query).all()
