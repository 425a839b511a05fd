"""The only place that changes a case: one step, one entry, one higher version.

A verb takes the case (:func:`take`), decides, and records the step (:func:`record`); both run
in the caller's transaction.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select

from petitions.actors import Actor
from petitions.clocks import next_end, promised_end, terms_of, turn_clocks
from petitions.drafts import AttachmentRef
from petitions.errors import CaseNotFound, InvalidDraft, ReasonRequired, StaleCase
from petitions.facets import Attachment
from petitions.history import digest, entry_hash
from petitions.notices import STEPS_FOR_RESIDENT
from petitions.notifications import notify
from petitions.permissions import ensure_may
from petitions.ports import UnitOfWork
from petitions.receipts import new_salt
from petitions.tables import Case, CaseClock, CaseEntry
from petitions.workflow import (
    QUIET_ACTIONS,
    REASON_REQUIRED,
    CaseAction,
    CaseStatus,
    Role,
    next_status,
)

TEXT_CHARACTERS = 20_000


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing done to a case.

    Attributes:
        text: The words that go with it (a reason, a reply, a note).
        facts: Plain data for the history; no personal data.
        changes: Columns of the case that change besides the status.
        units: The units it is about (called, invited, relieved).
        tell_resident: False where the next step at once tells more.
    """

    action: CaseAction
    actor: Actor
    role: Role
    now: datetime
    text: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    units: tuple[str, ...] = ()
    attachments: tuple[AttachmentRef, ...] = ()
    petition_number: str | None = None
    tell_resident: bool = True


def load_case(work: UnitOfWork, case_id: int) -> Case:
    """Load a case and keep others from changing it until the transaction ends.

    Raises:
        CaseNotFound: There is none.
    """
    query = select(Case).where(Case.id == case_id).with_for_update()
    case = work.session.exec(query, execution_options={"populate_existing": True}).first()
    if case is None:
        raise CaseNotFound(case_id=case_id)
    return case


def take(
    work: UnitOfWork,
    case_id: int,
    action: CaseAction,
    actor: Actor,
    *,
    expected_version: int | None = None,
    text: str | None = None,
) -> tuple[Case, Role]:
    """Load a case for ``action`` and check that it may be done; also the role it is done in.

    Raises:
        CaseNotFound, NotPermitted, ActionNotAllowed: See permissions.ensure_may.
        StaleCase: Something that matters happened after ``expected_version``.
        ReasonRequired: The action needs words and ``text`` has none.
        InvalidDraft: ``text`` is too long.
    """
    case = load_case(work, case_id)
    _ensure_fresh(work, case, expected_version)
    role = ensure_may(work, case, action, actor)
    if action in REASON_REQUIRED:
        require_text(action, text)
    check_length(text)
    return case, role


def require_text(action: CaseAction, text: str | None, field_name: str = "reason") -> None:
    """Refuse an action without words.

    Raises:
        ReasonRequired: ``text`` is empty or blank.
    """
    if not (text or "").strip():
        raise ReasonRequired(action=action.value, field=field_name)


def check_length(text: str | None) -> None:
    """Refuse words beyond all measure.

    Raises:
        InvalidDraft: More than TEXT_CHARACTERS.
    """
    if text is not None and len(text) > TEXT_CHARACTERS:
        raise InvalidDraft(field="text", problem="string_too_long")


def _ensure_fresh(work: UnitOfWork, case: Case, expected_version: int | None) -> None:
    if expected_version is None or expected_version == case.version:
        return
    query = select(CaseEntry.id).where(
        CaseEntry.case_id == case.id,
        col(CaseEntry.sequence) > expected_version,
        col(CaseEntry.action).not_in([action.value for action in QUIET_ACTIONS]),
    )
    if expected_version > case.version or work.session.exec(query).first() is not None:
        raise StaleCase(case_id=case.id, expected_version=expected_version, version=case.version)


def record(work: UnitOfWork, case: Case, step: Step) -> Case:
    """Carry out ``step``: clocks, case, entry, attachments and notifications, all or nothing.

    Returns:
        The case as it is now.

    Raises:
        ActionNotAllowed: The table has no such transition.
        StaleCase: Another transaction changed the case since it was loaded.
    """
    status = next_status(CaseStatus(case.status), step.action)
    entry = make_entry(case, step, from_status=case.status, to_status=status.value)
    terms = terms_of(case, step.changes)
    clocks = turn_clocks(work, terms, step.action, step.now, step.units)
    changes = {**step.changes, "status": status.value, "history_hash": entry.hash}
    update_case(work, case, changes, clocks, step.now)
    settle(work, case, step, entry)
    return case


def settle(work: UnitOfWork, case: Case, step: Step, entry: CaseEntry) -> None:
    """Store the entry with what came with it and tell those concerned."""
    work.session.add(entry)
    add_attachments(work, case, step)
    notify(work, case, entry, step.actor, units=step.units, tell_resident=step.tell_resident)
    work.session.flush()


def update_case(
    work: UnitOfWork,
    case: Case,
    changes: Mapping[str, Any],
    clocks: Sequence[CaseClock],
    now: datetime,
) -> None:
    """Write ``changes`` and the ends of ``clocks`` in one UPDATE guarded by the version.

    Raises:
        StaleCase: Another transaction changed the case since it was loaded.
    """
    work.session.flush()
    values = {
        **changes,
        "version": case.version + 1,
        "changed_at": now,
        "due_at": promised_end(clocks),
        "next_due_at": next_end(clocks),
    }
    guard = (col(Case.id) == case.id, col(Case.version) == case.version)
    statement = update(Case).where(*guard).values(**values)
    if work.session.connection().execute(statement).rowcount != 1:
        raise StaleCase(case_id=case.id, expected_version=case.version, version=None)
    _show(case, values)


def _show(case: Case, values: Mapping[str, Any]) -> None:
    """Let the row in hand show what was written, without reading it again."""
    for name, value in values.items():
        shown = value.astimezone(UTC) if isinstance(value, datetime) else value
        set_committed_value(case, name, shown)


def make_entry(case: Case, step: Step, *, from_status: str | None, to_status: str) -> CaseEntry:
    """Make the entry that follows the head of the case's history; not stored yet."""
    salt = new_salt()
    entry = CaseEntry(
        case_id=case.id or 0,
        sequence=case.version + 1,
        at=step.now,
        action=step.action.value,
        from_status=from_status,
        to_status=to_status,
        actor_role=step.role.value,
        actor_id=step.actor.id,
        actor_name=step.actor.name,
        actor_unit=step.actor.unit_id,
        for_resident=step.action in STEPS_FOR_RESIDENT,
        text=step.text,
        text_salt=salt,
        text_digest=digest(salt, step.text or ""),
        facts=_plain(step.facts),
        previous_hash=case.history_hash,
        hash="",
    )
    entry.hash = entry_hash(entry)
    return entry


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they will come back from JSON, so that the hash is taken of the same thing."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(facts), default=str))
    return plain


def add_attachments(work: UnitOfWork, case: Case, step: Step) -> None:
    """Store what came with the step."""
    work.session.add_all(
        Attachment(
            case_id=case.id or 0,
            petition_number=step.petition_number,
            sequence=case.version,
            added_at=step.now,
            **reference.model_dump(),
        )
        for reference in step.attachments
    )


def latest_entry(work: UnitOfWork, case_id: int, actions: Iterable[CaseAction]) -> CaseEntry | None:
    """The last entry of a case among ``actions``, or None."""
    query = (
        select(CaseEntry)
        .where(CaseEntry.case_id == case_id)
        .where(col(CaseEntry.action).in_([action.value for action in actions]))
        .order_by(col(CaseEntry.sequence).desc())
    )
    return work.session.exec(query).first()
