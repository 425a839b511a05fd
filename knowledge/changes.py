"""Steps that change what residents are answered, kept so that the newest can be undone.

A step, its record and the rise of the index version are one transaction: after a crash either
all of it happened or nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from knowledge.documents import DEFAULT_COLLECTION
from knowledge.errors import ChangeNotUndoable, PublicationOvertaken, UnknownEntry
from knowledge.publishing import find_version, settle_succession
from knowledge.store import SessionFactory, index_version, raise_index_version, read_only
from knowledge.tables import KnowledgeChange, KnowledgeCollection, KnowledgeVersion

DAYS = ("commencement", "effective_from", "effective_to")
TIMES = ("published_at", "lapsed_at")
WORDS = ("state", "number", "issuer", "kind", "scope", "topics", "supersedes", "replaced_by_id")
Step = Callable[[Session], None]


class ChangeAction(StrEnum):
    """What was done."""

    PUBLISH = "publish"
    LAPSE = "lapse"
    EDIT = "edit"
    ROLLBACK = "rollback"


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who takes a step, and why, where that has to be said."""

    name: str
    reason: str | None = None


OPERATOR = Author(name="operator")
"""Whoever works at the machine's own command line."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One step as a curator sees it, with the ids of the versions it touched."""

    id: int
    action: ChangeAction
    at: datetime
    actor: str
    reason: str | None
    version_ids: tuple[int, ...]
    index_version: int
    undone: bool
    report: Mapping[str, Any] = field(default_factory=dict)


def take_step(
    session: Session,
    collection: str,
    action: ChangeAction,
    step: Step,
    author: Author,
    *,
    report: Mapping[str, Any] | None = None,
    seen: int | None = None,
) -> KnowledgeChange:
    """Take ``step`` in the caller's transaction and keep how to undo it.

    Args:
        seen: the index version that the author looked at; None takes any.

    Raises:
        PublicationOvertaken: the texts changed since ``seen``.
    """
    # Two curators at once: the second waits here and then sees that it was overtaken.
    session.get(KnowledgeCollection, collection, with_for_update=True)
    if seen is not None and index_version(session, collection) != seen:
        raise PublicationOvertaken(collection)
    before = _photograph(session, collection)
    step(session)
    session.flush()
    after = _photograph(session, collection)
    row = KnowledgeChange(
        collection=collection,
        index_version=index_version(session, collection),
        at=datetime.now(UTC),
        actor=author.name,
        action=action.value,
        reason=author.reason,
        before={key: facts for key, facts in before.items() if after[key] != facts},
        report=dict(report or {}),
    )
    session.add(row)
    session.flush()
    return row


def roll_back(
    open_session: SessionFactory,
    author: Author,
    collection: str = DEFAULT_COLLECTION,
    *,
    change_id: int | None = None,
) -> int:
    """Undo the newest step that stands, and return the id of the step that did it.

    Doing it again undoes the step before.

    Args:
        change_id: the step that the author means; None takes the newest.

    Raises:
        UnknownEntry: nothing is left to undo, or there is no such step.
        ChangeNotUndoable: ``change_id`` is not the newest step that stands.
    """
    with open_session() as session:
        newest = _newest(session, collection)
        if change_id is not None and (newest is None or newest.id != change_id):
            known = session.get(KnowledgeChange, change_id)
            raise ChangeNotUndoable(change_id) if known else UnknownEntry("change", change_id)
        if newest is None:
            raise UnknownEntry("change", 0)
        step = undoing(newest)
        undone = take_step(session, collection, ChangeAction.ROLLBACK, step, author)
        newest.undone_by_id = undone.id
        session.add(newest)
        session.commit()
        return undone.id or 0


def undoing(change: KnowledgeChange) -> Step:
    """The step that puts back what stood before ``change``."""

    def step(session: Session) -> None:
        for key, facts in change.before.items():
            _restore(session, find_version(session, int(key)), facts)
        session.flush()
        settle_succession(session, change.collection)
        raise_index_version(session, change.collection)

    return step


def list_changes(
    open_session: SessionFactory, collection: str = DEFAULT_COLLECTION, *, limit: int = 50
) -> list[Change]:
    """The last steps, newest first."""
    with open_session() as session:
        return [_as_change(row) for row in _rows(read_only(session), collection, limit)]


def _rows(session: Session, collection: str, limit: int) -> Sequence[KnowledgeChange]:
    statement = (
        select(KnowledgeChange)
        .where(KnowledgeChange.collection == collection)
        .order_by(col(KnowledgeChange.id).desc())
        .limit(limit)
    )
    return session.exec(statement).all()


def _newest(session: Session, collection: str) -> KnowledgeChange | None:
    """The newest step that was not undone and undid nothing itself."""
    statement = (
        select(KnowledgeChange)
        .where(
            KnowledgeChange.collection == collection,
            KnowledgeChange.action != ChangeAction.ROLLBACK.value,
            col(KnowledgeChange.undone_by_id).is_(None),
        )
        .order_by(col(KnowledgeChange.id).desc())
    )
    return session.exec(statement).first()


def _photograph(session: Session, collection: str) -> dict[str, dict[str, Any]]:
    versions = session.exec(
        select(KnowledgeVersion).where(KnowledgeVersion.collection == collection)
    )
    return {str(version.id): _facts(version) for version in versions}


def _facts(version: KnowledgeVersion) -> dict[str, Any]:
    facts: dict[str, Any] = {name: getattr(version, name) for name in WORDS}
    for name in (*DAYS, *TIMES):
        value = getattr(version, name)
        facts[name] = value.isoformat() if value else None
    return facts


def _restore(session: Session, version: KnowledgeVersion, facts: Mapping[str, Any]) -> None:
    for name in WORDS:
        setattr(version, name, facts[name])
    for name in DAYS:
        setattr(version, name, date.fromisoformat(facts[name]) if facts[name] else None)
    for name in TIMES:
        setattr(version, name, datetime.fromisoformat(facts[name]) if facts[name] else None)
    session.add(version)


def _as_change(row: KnowledgeChange) -> Change:
    return Change(
        id=row.id or 0,
        action=ChangeAction(row.action),
        at=row.at,
        actor=row.actor,
        reason=row.reason,
        version_ids=tuple(int(key) for key in row.before),
        index_version=row.index_version,
        undone=row.undone_by_id is not None,
        report=row.report,
    )
