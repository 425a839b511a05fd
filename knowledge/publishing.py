"""From draft to published to lapsed, and what that does to the other texts.

Each step is part of the caller's transaction; the index version rises with it, so that every
process takes up the whole step or nothing of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import or_
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, select

from knowledge.documents import VersionState
from knowledge.errors import UnfinishedDraft, UnknownVersion, VersionNotAllowed
from knowledge.store import COUNTED, counts, raise_index_version
from knowledge.succession import Claim, last_days
from knowledge.tables import KnowledgeVersion

GAP = "【待补充】"
"""Stands in a draft where words are missing; such a draft is not published."""
STEP_COLUMNS = (
    "state",
    "published_at",
    "lapsed_at",
    "replaced_by_id",
    "effective_to",
    "superseded_to",
)
"""What publishing and ending write."""


def publish(session: Session, version_ids: Iterable[int], now: datetime) -> None:
    """Put versions in force from their own first day on; several come at once.

    Raises:
        UnknownVersion: there is none with such an id.
        VersionNotAllowed: one of them lapsed.
        UnfinishedDraft: one of them still has a gap.
    """
    chosen = list(version_ids)
    versions = _chosen_and_counted(session, chosen)
    for version_id in chosen:
        version = _named(versions, version_id)
        if version.state == VersionState.LAPSED and version.replaced_by_id is None:
            raise VersionNotAllowed(version_id, version.state, "publish")
        if GAP in version.text:
            raise UnfinishedDraft(version_id)
        _put_in_place(version, versions.values(), now)
    _settle_and_raise(session, versions.values())


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
    versions = _chosen_and_counted(session, [version_id])
    version = _named(versions, version_id)
    if version.state != VersionState.PUBLISHED:
        raise VersionNotAllowed(version_id, version.state, "lapse")
    version.state = VersionState.LAPSED.value
    version.effective_to = last_day
    version.lapsed_at = now
    _settle_and_raise(session, versions.values())


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
    statement = select(KnowledgeVersion).where(KnowledgeVersion.collection == collection, counts())
    _settle(session.exec(statement).all())


def _settle(versions: Iterable[KnowledgeVersion]) -> None:
    counted = [one for one in versions if one.state in COUNTED and one.replaced_by_id is None]
    ends = last_days(_claim(version) for version in counted if _was_ever_in_force(version))
    for version in counted:
        version.superseded_to = ends.get(version.id or 0)


def _chosen_and_counted(session: Session, chosen: Sequence[int]) -> dict[int, KnowledgeVersion]:
    """The chosen versions and all that count beside them, by id: what a step may touch."""
    is_chosen = col(KnowledgeVersion.id).in_(chosen)
    statement = (
        select(KnowledgeVersion)
        .where(
            col(KnowledgeVersion.collection).in_(
                select(KnowledgeVersion.collection).where(is_chosen)
            ),
            or_(is_chosen, counts()),
        )
        .order_by(col(KnowledgeVersion.id))
    )
    return {version.id or 0: version for version in session.exec(statement)}


def _named(versions: Mapping[int, KnowledgeVersion], version_id: int) -> KnowledgeVersion:
    if version_id not in versions:
        raise UnknownVersion(version_id)
    return versions[version_id]


def _settle_and_raise(session: Session, versions: Iterable[KnowledgeVersion]) -> None:
    by_collection: dict[str, list[KnowledgeVersion]] = {}
    for version in versions:
        by_collection.setdefault(version.collection, []).append(version)
    for collection, own in by_collection.items():
        _settle(own)
        _write_together(session, own)
        raise_index_version(session, collection)


def _write_together(session: Session, versions: Iterable[KnowledgeVersion]) -> None:
    """Let all changed rows name the same columns: one statement writes them, however many."""
    for version in versions:
        if session.is_modified(version):
            for name in STEP_COLUMNS:
                flag_modified(version, name)


def _was_ever_in_force(version: KnowledgeVersion) -> bool:
    """Whether it was not withdrawn before its first day."""
    if version.effective_from is None or version.effective_to is None:
        return True
    return version.effective_from <= version.effective_to


def _put_in_place(
    version: KnowledgeVersion, beside: Iterable[KnowledgeVersion], now: datetime
) -> None:
    version.state = VersionState.PUBLISHED.value
    version.published_at = now
    version.replaced_by_id = None
    version.lapsed_at = None
    for older in beside:
        if _is_published_from_the_same_file(version, older) and _corrects(version, older):
            older.state = VersionState.LAPSED.value
            older.lapsed_at = now
            older.replaced_by_id = version.id


def _is_published_from_the_same_file(version: KnowledgeVersion, other: KnowledgeVersion) -> bool:
    same_file = (other.collection, other.source) == (version.collection, version.source)
    return same_file and other is not version and other.state == VersionState.PUBLISHED


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
