"""What does not move a case: contact, notes, questions, corrections, a look at the contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from petitions.actors import Actor
from petitions.clocks import refit_clocks, terms_of
from petitions.drafts import AttachmentRef
from petitions.errors import InvalidDraft, NotPermitted
from petitions.ledger import Step, record, require_text, take
from petitions.places import place_in
from petitions.ports import UnitOfWork
from petitions.tables import Case, Petition, Supporter
from petitions.words import LegalRegime, Urgency
from petitions.workflow import CaseAction, Role

CORRECTABLE = frozenset(
    {
        "title",
        "category_first",
        "category_second",
        "urgency",
        "regime",
        "place_text",
        "estate_id",
        "building",
        "grid_id",
        "community_id",
    }
)
"""Columns of a case that staff may put right; what the resident said is never touched."""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """The contact fields of one petition, in clear."""

    petition_number: str
    name: str | None
    phone: str | None
    on_behalf_of: str | None


def record_contact(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    text: str | None = None,
    expected_version: int | None = None,
) -> Case:
    """Note that the resident was spoken to; this stops the contact clock."""
    return _annotate(work, case_id, CaseAction.CONTACT, actor, now, text, expected_version)


def add_note(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    text: str,
    attachments: Sequence[AttachmentRef] = (),
    expected_version: int | None = None,
) -> Case:
    """Add an internal note; residents never see it.

    Raises:
        ReasonRequired: Neither words nor attachments.
    """
    if not attachments:
        require_text(CaseAction.NOTE, text, "text")
    return _annotate(
        work, case_id, CaseAction.NOTE, actor, now, text, expected_version, tuple(attachments)
    )


def ask_supplement(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    question: str,
    expected_version: int | None = None,
) -> Case:
    """Ask the resident for more; the question is sent as it is.

    Raises:
        ReasonRequired: No question.
    """
    require_text(CaseAction.ASK_SUPPLEMENT, question, "question")
    return _annotate(
        work, case_id, CaseAction.ASK_SUPPLEMENT, actor, now, question, expected_version
    )


def _annotate(
    work: UnitOfWork,
    case_id: int,
    action: CaseAction,
    actor: Actor,
    now: datetime,
    text: str | None,
    expected_version: int | None,
    attachments: tuple[AttachmentRef, ...] = (),
) -> Case:
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=text)
    step = Step(action=action, actor=actor, role=role, now=now, text=text, attachments=attachments)
    return record(work, case, step)


def correct_case(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    expected_version: int | None = None,
    **changes: str | None,
) -> Case:
    """Put right what was understood wrongly: category, urgency, place, title, regime.

    Running clocks are measured by the rules that fit afterwards, from when they started. An
    estate or building brings its grid and community along.

    Raises:
        InvalidDraft: A name that can't be corrected, or a word that is none.
    """
    action = CaseAction.CORRECT
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    values = _checked(changes) | _grid_for(work, case, changes)
    before = {name: getattr(case, name) for name in values}
    refit_clocks(work, terms_of(case, values))
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=reason,
        facts={"before": before, "after": values},
        changes=values,
    )
    return record(work, case, step)


def _checked(changes: dict[str, str | None]) -> dict[str, Any]:
    for name in changes:
        if name not in CORRECTABLE:
            raise InvalidDraft(field=name, problem="not_correctable")
    _ensure_word(changes, "urgency", {word.value for word in Urgency})
    # What is a report can't be made one or unmade by a correction: the shield would be late.
    _ensure_word(changes, "regime", {LegalRegime.SERVICE.value, LegalRegime.PETITION.value})
    return dict(changes)


def _ensure_word(changes: dict[str, str | None], name: str, words: set[str]) -> None:
    if name in changes and changes[name] not in words:
        raise InvalidDraft(field=name, problem="unknown_word")


def _grid_for(work: UnitOfWork, case: Case, changes: dict[str, str | None]) -> dict[str, Any]:
    if not {"estate_id", "building"} & changes.keys():
        return {}
    estate = changes.get("estate_id", case.estate_id)
    found = place_in(work.organisation, estate, changes.get("building", case.building))
    if found is None:
        raise InvalidDraft(field="estate_id", problem="unknown_estate")
    return {"grid_id": found.grid_id, "community_id": found.community_id} | {
        name: changes[name] for name in ("grid_id", "community_id") if name in changes
    }


def reveal_contact(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
) -> tuple[Contact, ...]:
    """Show the contact fields in clear and write down who looked and why.

    What a resident wanted kept confidential is not shown to departments (个人信息保护法
    art. 23: handing it on needs a consent of its own).

    Raises:
        NotPermitted: A department asks and everything is confidential.
        ContactUnreadable: The key is gone.
    """
    case, role, petitions = _open_to(work, case_id, actor, reason)
    facts = {"petition_numbers": [petition.number for petition in petitions]}
    action = CaseAction.REVEAL_CONTACT
    step = Step(action=action, actor=actor, role=role, now=now, text=reason, facts=facts)
    record(work, case, step)
    return tuple(_contact(work, petition) for petition in petitions)


def repeat_reveal(
    work: UnitOfWork, case_id: int, *, actor: Actor, reason: str
) -> tuple[Contact, ...]:
    """Show what a look that is written down has shown, when its answer got lost on the way.

    Raises:
        NotPermitted, ContactUnreadable: As for the look itself; it is asked anew.
    """
    _, _, petitions = _open_to(work, case_id, actor, reason)
    return tuple(_contact(work, petition) for petition in petitions)


def _open_to(
    work: UnitOfWork, case_id: int, actor: Actor, reason: str
) -> tuple[Case, Role, Sequence[Petition]]:
    """The case, in which role it is looked at, and the petitions that role may look into."""
    action = CaseAction.REVEAL_CONTACT
    case, role = take(work, case_id, action, actor, text=reason)
    petitions = [
        petition
        for petition in _petitions_behind(work, case_id)
        if not (petition.confidential and role is Role.DEPARTMENT)
    ]
    if not petitions:
        raise NotPermitted(action=action.value, case_id=case_id, because="confidential")
    return case, role, petitions


def _petitions_behind(work: UnitOfWork, case_id: int) -> Sequence[Petition]:
    query = (
        select(Petition)
        .join(Supporter, col(Supporter.petition_id) == col(Petition.id))
        .where(Supporter.case_id == case_id, col(Supporter.left_at).is_(None))
        .order_by(col(Petition.id))
    )
    return work.session.exec(query).all()


def _contact(work: UnitOfWork, petition: Petition) -> Contact:
    def clear(sealed: str | None) -> str | None:
        return None if sealed is None else work.cipher.unseal(sealed)

    return Contact(
        petition_number=petition.number,
        name=clear(petition.sealed_name),
        phone=clear(petition.sealed_phone),
        on_behalf_of=clear(petition.sealed_on_behalf_of),
    )
