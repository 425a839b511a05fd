"""Recall of answers: who was told something that no longer holds, so that they can be told.

Nobody is named here: a resident is the digest of a pseudonym, and who keeps the pseudonyms can
work the same digest out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from knowledge.documents import Citation, VersionState
from knowledge.errors import KnowledgeError
from knowledge.publishing import find_version
from knowledge.questions import ANSWERED
from knowledge.store import SessionFactory, citation_of, last_day_of, read_only
from knowledge.succession import title_key
from knowledge.tables import KnowledgePassage, KnowledgeQuestion, KnowledgeVersion

SHANGHAI = ZoneInfo("Asia/Shanghai")


class StillInForce(KnowledgeError):
    """The version still answers: there is nothing to take back."""

    def __init__(self, version_id: int) -> None:
        super().__init__(f"version {version_id} is still in force")
        self.version_id = version_id


@dataclass(frozen=True, kw_only=True)
class Told:
    """One answer that was given from the version while it was in force.

    ``resident`` is a digest, None where nobody can be reached. ``recalled_at`` is when the
    resident was told that it no longer holds.
    """

    question_id: int
    question: str
    article: str | None
    resident: str | None
    asked_at: datetime
    recalled_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Recall:
    """A version that no longer holds, what took its place, and who was told from it."""

    version_id: int
    citation: Citation
    ended: bool
    replaced: bool
    successor: Citation | None
    told: tuple[Told, ...]

    @property
    def residents(self) -> int:
        """How many different residents can be told."""
        return len({one.resident for one in self.told if one.resident})

    @property
    def waiting(self) -> tuple[Told, ...]:
        """The answers whose resident can be told and was not yet."""
        return tuple(one for one in self.told if one.resident and one.recalled_at is None)


def recall_of(open_session: SessionFactory, version_id: int, *, today: date) -> Recall:
    """Whom a version's answers reached.

    Raises:
        UnknownVersion: there is none with this id.
    """
    with open_session() as session:
        version = find_version(read_only(session), version_id)
        last = last_day_of(version)
        replaced = version.replaced_by_id is not None
        return Recall(
            version_id=version_id,
            citation=citation_of(version),
            ended=replaced or (last is not None and last < today),
            replaced=replaced,
            successor=_successor(session, version),
            told=_told(session, version, None if replaced else last),
        )


def mark_recalled(session: Session, question_ids: Iterable[int], now: datetime) -> None:
    """Note, in the caller's transaction, that the residents behind these questions are told."""
    for question_id in question_ids:
        row = session.get(KnowledgeQuestion, question_id)
        if row is not None:
            row.recalled_at = now
            session.add(row)


def _told(session: Session, version: KnowledgeVersion, last: date | None) -> tuple[Told, ...]:
    statement = (
        select(KnowledgeQuestion, KnowledgePassage.article)
        .outerjoin(KnowledgePassage, col(KnowledgePassage.id) == col(KnowledgeQuestion.passage_id))
        .where(KnowledgeQuestion.version_id == version.id, KnowledgeQuestion.outcome == ANSWERED)
        .order_by(col(KnowledgeQuestion.id).desc())
    )
    # Whoever asked about the past afterwards was told that the text had lapsed.
    return tuple(
        Told(
            question_id=row.id or 0,
            question=row.question,
            article=article,
            resident=row.resident,
            asked_at=row.asked_at,
            recalled_at=row.recalled_at,
        )
        for row, article in session.exec(statement)
        if last is None or row.asked_at.astimezone(SHANGHAI).date() <= last
    )


def _successor(session: Session, version: KnowledgeVersion) -> Citation | None:
    """The text in its place: its correction, its next wording, or the text that repealed it."""
    if version.replaced_by_id is not None:
        corrected = session.get(KnowledgeVersion, version.replaced_by_id)
        return citation_of(corrected) if corrected else None
    if version.superseded_to is None:
        return None
    begins = version.superseded_to + timedelta(days=1)
    statement = select(KnowledgeVersion).where(
        KnowledgeVersion.collection == version.collection,
        KnowledgeVersion.state == VersionState.PUBLISHED.value,
        (KnowledgeVersion.effective_from == begins) | (KnowledgeVersion.commencement == begins),
    )
    key = title_key(version.title)
    for other in session.exec(statement):
        if key in {title_key(other.title), *map(title_key, other.supersedes)}:
            return citation_of(other)
    return None
