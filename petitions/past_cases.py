"""Takes over cases that another system finished: with their history, without stirring anybody.

Nothing is notified and no clock starts: what is past is not measured by today's rules. Names and
phone numbers are not taken over (个人信息保护法 art. 6: no more than the purpose needs).
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from petitions.actors import SYSTEM
from petitions.drafts import PetitionDraft, make_draft
from petitions.errors import InvalidDraft
from petitions.ledger import Step, make_entry, update_case
from petitions.numbers import claim_key
from petitions.ports import UnitOfWork
from petitions.registration import (
    key_of,
    make_case,
    make_petition,
    new_number,
    petition_facts,
    store_case,
    store_petition,
)
from petitions.routing import route
from petitions.tables import Case
from petitions.words import Satisfaction
from petitions.workflow import STAFF_OUTCOMES, CaseAction, CaseStatus, Outcome, Role, next_status

CHANNEL = "import"
FIELDS = (
    "number",
    "filed_at",
    "title",
    "matter",
    "kind",
    "category_first",
    "category_second",
    "urgency",
    "place_text",
    "estate",
    "building",
    "unit",
    "closed_at",
    "outcome",
    "reply",
    "resolved",
    "satisfaction",
)
"""What a mapping may fill; number, filed_at and matter must be there."""
_OF_DRAFT = FIELDS[2:11]
_YES = frozenset({"是", "已解决", "true", "1", "yes"})


@dataclass(frozen=True, kw_only=True)
class PastCase:
    """One finished case, checked."""

    source_number: str
    filed_at: datetime
    draft: PetitionDraft
    unit_id: str | None
    closed_at: datetime
    outcome: Outcome
    reply: str | None
    resolved: bool | None
    satisfaction: int | None


def read_past_case(
    work: UnitOfWork, row: Mapping[str, str], read_time: Callable[[str], datetime]
) -> PastCase:
    """Check one row, its columns already named by ``FIELDS``.

    Raises:
        InvalidDraft: Names the field that is wrong and why.
    """
    number = _needed(row, "number")
    filed_at = _time(row, "filed_at", read_time)
    closed_at = _time(row, "closed_at", read_time) if row.get("closed_at") else filed_at
    if closed_at < filed_at:
        raise InvalidDraft(field="closed_at", problem="before_filed_at")
    said = {name: row[name] for name in _OF_DRAFT if row.get(name)}
    source = hashlib.sha256(number.encode()).hexdigest()[:24]
    draft = make_draft(
        **said, resident=f"{CHANNEL}:{source}", channel=CHANNEL, idempotency_key=number
    )
    return PastCase(
        source_number=number,
        filed_at=filed_at,
        draft=draft,
        unit_id=_unit(work, row.get("unit")),
        closed_at=closed_at,
        outcome=_outcome(row.get("outcome")),
        reply=row.get("reply") or None,
        resolved=row["resolved"].lower() in _YES if row.get("resolved") else None,
        satisfaction=_level(row.get("satisfaction")),
    )


def _needed(row: Mapping[str, str], name: str) -> str:
    if not row.get(name):
        raise InvalidDraft(field=name, problem="missing")
    return row[name]


def _time(row: Mapping[str, str], name: str, read_time: Callable[[str], datetime]) -> datetime:
    try:
        return read_time(_needed(row, name))
    except ValueError:
        raise InvalidDraft(field=name, problem="not_a_time") from None


def _unit(work: UnitOfWork, name: str | None) -> str | None:
    if not name:
        return None
    for unit in work.organisation.units:
        if name in (unit.id, *unit.names):
            return unit.id
    raise InvalidDraft(field="unit", problem="unknown_unit")


def _outcome(word: str | None) -> Outcome:
    outcomes = {outcome.value: outcome for outcome in STAFF_OUTCOMES}
    if word and word not in outcomes:
        raise InvalidDraft(field="outcome", problem="unknown_word")
    return outcomes[word] if word else Outcome.EXPLAINED


def _level(word: str | None) -> int | None:
    if not word:
        return None
    if word not in {str(int(level)) for level in Satisfaction}:
        raise InvalidDraft(field="satisfaction", problem="not_1_to_5")
    return int(word)


def take_over(work: UnitOfWork, past: PastCase) -> Case | None:
    """Store one past case with its steps; None when its number was taken over before."""
    key = key_of(past.draft)
    if not claim_key(work.session, key, past.filed_at):
        return None
    routing = route(work.organisation, past.draft)
    case = make_case(past.draft, routing, past.filed_at)
    petition = make_petition(work, past.draft, key, past.filed_at)
    number = new_number(work, case.community_id, past.filed_at)
    store_case(work, case, number)
    store_petition(work, petition, case, number)
    facts = petition_facts(petition) | {"source_number": past.source_number}
    _note_step(work, case, CaseAction.REGISTER, past.filed_at, facts=facts)
    _note_step(work, case, CaseAction.SCREEN, past.filed_at)
    unit = past.unit_id or case.proposed_unit
    closing = {
        "lead_unit": unit,
        "outcome": past.outcome.value,
        "closed_at": past.closed_at,
        "replied_at": past.closed_at if past.reply else None,
        "resolved": past.resolved,
        "satisfaction": past.satisfaction,
    }
    _note_step(
        work,
        case,
        CaseAction.CLOSE,
        past.closed_at,
        text=past.reply,
        facts={"outcome": past.outcome.value, "unit": unit},
        changes=closing,
    )
    return case


def _note_step(
    work: UnitOfWork,
    case: Case,
    action: CaseAction,
    at: datetime,
    *,
    text: str | None = None,
    facts: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Write one step into the chain; nobody is told and no clock turns."""
    born = action is CaseAction.REGISTER
    before = CaseStatus(case.status)
    after = before if born else next_status(before, action)
    step = Step(action=action, actor=SYSTEM, role=Role.SYSTEM, now=at, text=text, facts=facts or {})
    entry = make_entry(
        case, step, from_status=None if born else before.value, to_status=after.value
    )
    work.session.add(entry)
    new = {**(changes or {}), "status": after.value, "history_hash": entry.hash}
    update_case(work, case, new, (), at)
