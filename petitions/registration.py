"""The birth of a petition and its case: rows, first entry, receipt. Used by filing.py only."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import select

from petitions.actors import SYSTEM, resident_actor
from petitions.clocks import terms_of, turn_clocks
from petitions.drafts import PetitionDraft, title_of
from petitions.facets import CaseShield
from petitions.history import FIRST_HASH, petition_digest
from petitions.ledger import Step, make_entry, record, settle, update_case
from petitions.numbers import next_number
from petitions.phone_search import phone_index
from petitions.ports import UnitOfWork
from petitions.receipts import new_salt
from petitions.routing import Routing
from petitions.tables import Case, Petition, Supporter
from petitions.words import LegalRegime, PetitionKind
from petitions.workflow import CaseAction, CaseStatus, Role

SUMMARY_CHARACTERS = 300
SHOWN_FROM_SUPPORTERS = 3
"""Below this the number of supporters is not told, lest it tell who they are."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the resident gets for a petition.

    Attributes:
        code: Opens the petition from any channel; it is shown once and stored nowhere.
        repeated: The key had been used before: this is the receipt given then.
        supporters: How many stand behind the case, or None while they are fewer than three.
        joined: The petition stands behind a case that was there already.
    """

    number: str
    code: str
    case_id: int
    case_number: str
    lead_unit: str | None
    lead_unit_name: str
    routing_reason: dict[str, Any]
    due_at: datetime | None
    supporters: int | None
    joined: bool
    repeated: bool


def key_of(draft: PetitionDraft) -> str:
    """The idempotency key as it is stored."""
    # Scoped by resident: nobody gets another's receipt by guessing a key.
    scoped = "\x1f".join((draft.channel, draft.resident, draft.idempotency_key))
    return hashlib.sha256(scoped.encode()).hexdigest()


def new_number(work: UnitOfWork, community_id: str | None, now: datetime) -> str:
    """Take the next number of a community's day.

    On PostgreSQL others who want one wait from here to the commit, so what can be made before
    is made before.
    """
    return next_number(work.session, now, work.organisation.number_code(community_id))


def make_case(draft: PetitionDraft, routing: Routing, now: datetime) -> Case:
    """Make the case as registered, with no entry yet; :func:`store_case` gives it its number."""
    place = routing.place
    is_report = draft.kind is PetitionKind.REPORT_MISCONDUCT
    return Case(
        number="",
        status=CaseStatus.REGISTERED.value,
        version=0,
        history_hash=FIRST_HASH,
        regime=(LegalRegime.REPORT if is_report else LegalRegime.SERVICE).value,
        kind=draft.kind.value,
        title=title_of(draft.title, draft.matter),
        summary=draft.matter[:SUMMARY_CHARACTERS],
        category_first=draft.category_first,
        category_second=draft.category_second,
        urgency=draft.urgency.value,
        emergency_service=draft.emergency_service,
        confidential=draft.confidential or is_report,
        place_text=draft.place_text,
        estate_id=place.estate_id if place else None,
        building=place.building if place else None,
        grid_id=place.grid_id if place else None,
        community_id=routing.community_id,
        proposed_unit=routing.lead_unit,
        proposed_co_handlers=list(routing.co_handlers),
        routing_reason=routing.reason,
        duty_item=routing.duty_item,
        in_duty_list=routing.in_duty_list,
        opened_at=now,
        changed_at=now,
    )


def make_petition(work: UnitOfWork, draft: PetitionDraft, key: str, now: datetime) -> Petition:
    """Make the row of what was said; :func:`store_petition` gives it its number and its case."""
    said = draft.model_dump(
        mode="json",
        exclude={"contact_name", "contact_phone", "on_behalf_of", "attachments", "idempotency_key"},
    )
    return Petition(
        **said,
        number="",
        case_id=0,
        sealed_name=_seal(work, None if draft.anonymous else draft.contact_name),
        sealed_phone=_seal(work, None if draft.anonymous else draft.contact_phone),
        sealed_on_behalf_of=_seal(work, draft.on_behalf_of),
        phone_index=phone_index(work.cipher, None if draft.anonymous else draft.contact_phone),
        code_seal="",
        salt=new_salt(),
        idempotency_key=key,
        filed_at=now,
    )


def store_case(work: UnitOfWork, case: Case, number: str) -> None:
    """Store a case that was made, under its number."""
    case.number = number
    work.session.add(case)
    work.session.flush()


def store_petition(work: UnitOfWork, petition: Petition, case: Case, number: str) -> None:
    """Store a petition that was made, under its number, and let it stand behind the case."""
    petition.number = number
    petition.case_id = case.id or 0
    petition.code_seal = work.codes.seal_of(number, work.codes.code_for(number, petition.salt))
    work.session.add(petition)
    work.session.flush()
    _support(work, petition, case)


def _seal(work: UnitOfWork, words: str | None) -> str | None:
    return None if words is None else work.cipher.seal(words)


def _support(work: UnitOfWork, petition: Petition, case: Case) -> None:
    supporter = Supporter(
        case_id=case.id or 0,
        petition_id=petition.id or 0,
        petition_number=petition.number,
        resident=petition.resident,
        joined_at=petition.filed_at,
    )
    work.session.add(supporter)


def petition_facts(petition: Petition) -> dict[str, Any]:
    """What the history keeps of a petition: its number and the digest of what it says."""
    return {
        "petition_number": petition.number,
        "petition_digest": petition_digest(petition),
    }


def register(
    work: UnitOfWork,
    case: Case,
    petition: Petition,
    draft: PetitionDraft,
    routing: Routing,
    now: datetime,
) -> None:
    """Write the first entry; there is no status to come from."""
    shields = (CaseShield(case_id=case.id or 0, unit_id=u) for u in routing.shielded_units)
    work.session.add_all(shields)
    step = Step(
        action=CaseAction.REGISTER,
        actor=resident_actor(draft.resident),
        role=Role.RESIDENT,
        now=now,
        # The reason's sentence names the place in the resident's words; facts can't be deleted.
        facts=petition_facts(petition)
        | {"proposed_unit": routing.lead_unit, "routing": routing.reason.get("key")},
        attachments=draft.attachments,
        petition_number=petition.number,
    )
    entry = make_entry(case, step, from_status=None, to_status=case.status)
    clocks = turn_clocks(work, terms_of(case), step.action, now)
    update_case(work, case, {"history_hash": entry.hash}, clocks, now)
    settle(work, case, step, entry)


def send_report_on(work: UnitOfWork, case: Case, now: datetime) -> None:
    """Hand a report to the discipline body at once: the committee has no part in it."""
    if case.proposed_unit is None:
        return
    by_rule = Step(
        action=CaseAction.SCREEN, actor=SYSTEM, role=Role.SYSTEM, now=now, tell_resident=False
    )
    record(work, case, by_rule)
    dispatch = replace(
        by_rule,
        action=CaseAction.DISPATCH,
        changes={"lead_unit": case.proposed_unit, "dispatched_at": now},
        facts={"unit": case.proposed_unit},
    )
    record(work, case, dispatch)


def shown_supporters(count: int) -> int | None:
    """The number of supporters as it may be told, or None."""
    return count if count >= SHOWN_FROM_SUPPORTERS else None


def receipt_again(work: UnitOfWork, key: str) -> Receipt:
    """Give the receipt that belongs to a key used before."""
    query = select(Petition).where(Petition.idempotency_key == key)
    petition = work.session.exec(query).one()
    supporter = work.session.exec(
        select(Supporter).where(Supporter.petition_id == petition.id)
    ).one()
    case = work.session.get_one(Case, supporter.case_id)
    joined = case.number != petition.number
    return receipt(work, petition, case, joined=joined, repeated=True)


def receipt(
    work: UnitOfWork, petition: Petition, case: Case, *, joined: bool, repeated: bool = False
) -> Receipt:
    """Make the receipt of a petition."""
    unit = case.lead_unit or case.proposed_unit
    return Receipt(
        number=petition.number,
        code=work.codes.code_for(petition.number, petition.salt, petition.code_seal),
        case_id=case.id or 0,
        case_number=case.number,
        lead_unit=unit,
        lead_unit_name=work.organisation.unit_name(unit),
        routing_reason=case.routing_reason,
        due_at=case.due_at,
        supporters=shown_supporters(case.supporter_count),
        joined=joined,
        repeated=repeated,
    )
