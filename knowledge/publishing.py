"""From draft to published to lapsed, and what that does to the other texts.

Each step is part of the caller's transaction; the index version rises with it, so that every
process takes up the whole step or nothing of it.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session, col, select

from knowledge.documents import VersionState
from knowledge.errors import UnfinishedDraft, UnknownVersion, VersionNotAllowed
from knowledge.store import COUNTED, raise_index_version
from knowledge.succession import Claim, last_days
from knowledge.tables import KnowledgeVersion

GAP = "【待补充】"
"""Stands in a draft where words are missing; such a draft is not published."""


def publish(session: Session, version_ids: Iterable[int], now: datetime) -> None:
    """Put versions in force from their own first day on; several come at once.

    Raises:
        UnknownVersion: there is none with such an id.
        VersionNotAllowed: one of them lapsed.
        UnfinishedDraft: one of them still has a gap.
    """
    collections: set[str] = set()
    for version_id in version_ids:
        version = find_version(session, version_id)
        if version.state == VersionState.LAPSED and version.replaced_by_id is None:
            raise VersionNotAllowed(version_id, version.state, "publish")
        if GAP in version.text:
            raise UnfinishedDraft(version_id)
        _put_in_place(session, version, now)
        collections.add(version.collection)
    for collection in collections:
        settle_succession(session, collection)
        raise_index_version(session, collection)


def submit(session: Session, version_id: int) -> None:
    """Hand a draft to whoever reviews it.

    Raises:
        UnknownVersion: there is none with this id.
        VersionNotAllowed: it is no draft.
    """
    version = find_version(session, version_id)
    if version.state != VersionState.DRAFT:
        raise VersionNotAllowed(version_id, version.state, "submit")
    version.state = VersionState.REVIEW.value
    session.add(version)


def hand_back(session: Session, version_id: int) -> None:
    """Make a draft of a version in review again.

    Raises:
        UnknownVersion: there is none with this id.
        VersionNotAllowed: it is not in review.
    """
    version = find_version(session, version_id)
    if version.state != VersionState.REVIEW:
        raise VersionNotAllowed(version_id, version.state, "hand_back")
    version.state = VersionState.DRAFT.value
    session.add(version)


def lapse(session: Session, version_id: int, last_day: date, now: datetime) -> None:
    """End a published version: ``last_day`` is the last one it may be quoted on.

    Raises:
        UnknownVersion: there is none with this id.
        VersionNotAllowed: it is not published.
    """
    version = find_version(session, version_id)
    if version.state != VersionState.PUBLISHED:
        raise VersionNotAllowed(version_id, version.state, "lapse")
    version.state = VersionState.LAPSED.value
    version.effective_to = last_day
    version.lapsed_at = now
    session.add(version)
    session.flush()
    settle_succession(session, version.collection)
    raise_index_version(session, version.collection)


def find_version(session: Session, version_id: int) -> KnowledgeVersion:
    """The version with this id.

    Raises:
        UnknownVersion: there is none.
    """
    version = session.get(KnowledgeVersion, version_id)
    if version is None:
        raise UnknownVersion(version_id)
    return version


def settle_succession(session: Session, collection: str) -> None:
    """Work out anew which text ended which; the order of imports does not matter.

    A text that lapsed still ended the one before it: its end does not bring that one back.
    """
    versions = session.exec(
        select(KnowledgeVersion).where(
            KnowledgeVersion.collection == collection,
            col(KnowledgeVersion.state).in_(COUNTED),
            col(KnowledgeVersion.replaced_by_id).is_(None),
        )
    ).all()
    ends = last_days(_claim(version) for version in versions if _was_ever_in_force(version))
    for version in versions:
        version.superseded_to = ends.get(version.id or 0)
        session.add(version)


def _was_ever_in_force(version: KnowledgeVersion) -> bool:
    """Whether it was not withdrawn before its first day."""
    if version.effective_from is None or version.effective_to is None:
        return True
    return version.effective_from <= version.effective_to


def _put_in_place(session: Session, version: KnowledgeVersion, now: datetime) -> None:
    version.state = VersionState.PUBLISHED.value
    version.published_at = now
    version.replaced_by_id = None
    version.lapsed_at = None
    session.add(version)
    for older in _published_from(session, version):
        if _corrects(version, older):
            older.state = VersionState.LAPSED.value
            older.lapsed_at = now
            older.replaced_by_id = version.id
            session.add(older)
    session.flush()


def _published_from(session: Session, version: KnowledgeVersion) -> list[KnowledgeVersion]:
    """The other published versions that the same file brought."""
    statement = select(KnowledgeVersion).where(
        KnowledgeVersion.collection == version.collection,
        KnowledgeVersion.source == version.source,
        KnowledgeVersion.state == VersionState.PUBLISHED.value,
        col(KnowledgeVersion.id) != version.id,
    )
    return list(session.exec(statement))


def _corrects(newer: KnowledgeVersion, older: KnowledgeVersion) -> bool:
    """Whether a file was mended, not continued: a later first day makes it a successor."""
    if newer.effective_from is None or older.effective_from is None:
        return True
    return newer.effective_from <= older.effective_from or newer.title != older.title


def _claim(version: KnowledgeVersion) -> Claim:
    return Claim(
        id=version.id or 0,
        title=version.title,
        issuer=version.issuer,
        commencement=version.commencement,
        effective_from=version.effective_from,
        supersedes=tuple(version.supersedes),
    )
