"""Everything a curator does with the texts, in one place: import, publish, end, look after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from sqlalchemy import func
from sqlmodel import Session, col, select

from knowledge import publishing
from knowledge.changes import OPERATOR, Author, ChangeAction, take_step
from knowledge.documents import DEFAULT_COLLECTION, Citation, Passage, VersionState
from knowledge.importing import ImportReport, Refusal, SourceFile, import_files, import_paths
from knowledge.questions import (
    UnansweredQuestion,
    passage_uses,
    record_feedback,
    record_question,
    record_rating,
    residents_told,
    unanswered_questions,
)
from knowledge.store import (
    SessionFactory,
    as_passage,
    citation_of,
    read_only,
    version_topic,
)
from knowledge.tables import KnowledgePassage, KnowledgeVersion

__all__ = [
    "DocumentView",
    "ImportReport",
    "Refusal",
    "SourceFile",
    "UnansweredQuestion",
    "VersionView",
    "collections",
    "hand_back_version",
    "import_files",
    "import_paths",
    "lapse_version",
    "list_documents",
    "passage_uses",
    "passages_of",
    "publish_version",
    "publish_versions",
    "record_feedback",
    "record_question",
    "record_rating",
    "residents_told",
    "submit_version",
    "unanswered_questions",
    "version_of",
    "words_of",
]


@dataclass(frozen=True, kw_only=True)
class VersionView:
    """One version as a curator sees it.

    ``replaced`` means its file came again, corrected. ``owner`` is who has to finish a draft.
    """

    id: int
    state: VersionState
    citation: Citation
    topic: str
    kind: str | None
    supersedes: tuple[str, ...]
    owner: str | None
    passages: int
    replaced: bool
    imported_at: datetime
    published_at: datetime | None
    lapsed_at: datetime | None

    def answers_on(self, day: date) -> bool:
        """Whether residents are answered from it on that day."""
        published = self.state in (VersionState.PUBLISHED, VersionState.LAPSED)
        return published and not self.replaced and self.citation.in_force(day)


@dataclass(frozen=True, kw_only=True)
class DocumentView:
    """A document with its versions, the newest first."""

    id: int
    title: str
    collection: str
    versions: tuple[VersionView, ...]


def list_documents(
    open_session: SessionFactory, collection: str = DEFAULT_COLLECTION
) -> list[DocumentView]:
    """Every document of a collection by its title, with all versions in every state."""
    with open_session() as session:
        counts = _passage_counts(read_only(session), collection)
        by_document: dict[int, list[KnowledgeVersion]] = {}
        for version in _versions(session, collection):
            by_document.setdefault(version.document_id, []).append(version)
        views = [
            DocumentView(
                id=document_id,
                title=versions[0].title,
                collection=collection,
                versions=tuple(_view(version, counts) for version in versions),
            )
            for document_id, versions in by_document.items()
        ]
    return sorted(views, key=lambda view: view.title)


def version_of(open_session: SessionFactory, version_id: int) -> VersionView:
    """One version.

    Raises:
        UnknownVersion: there is none with this id.
    """
    with open_session() as session:
        version = publishing.find_version(read_only(session), version_id)
        count = session.exec(
            select(func.count()).where(KnowledgePassage.version_id == version_id)
        ).one()
        return _view(version, {version_id: count})


def words_of(open_session: SessionFactory, version_id: int) -> str:
    """The words of a version as they were imported or written, in Markdown.

    Raises:
        UnknownVersion: there is none with this id.
    """
    with open_session() as session:
        return publishing.find_version(read_only(session), version_id).text


def passages_of(open_session: SessionFactory, version_id: int) -> list[Passage]:
    """The passages of a version in the order of the text, published or not.

    Raises:
        UnknownVersion: there is none with this id.
    """
    with open_session() as session:
        version = publishing.find_version(read_only(session), version_id)
        rows = session.exec(
            select(KnowledgePassage)
            .where(KnowledgePassage.version_id == version_id)
            .order_by(col(KnowledgePassage.position))
        )
        return [as_passage(row, version) for row in rows]


def publish_version(open_session: SessionFactory, version_id: int) -> None:
    """Let residents be answered from a draft or reviewed version, from its first day on.

    What it supersedes ends by itself; every process takes it up with its next refresh.

    Raises:
        UnknownVersion: there is none with this id.
        VersionNotAllowed: it lapsed.
    """
    publish_versions(open_session, [version_id])


def publish_versions(
    open_session: SessionFactory, version_ids: Iterable[int], author: Author = OPERATOR
) -> None:
    """The same for several at once, past the gate: all of them or none."""
    chosen = list(version_ids)
    with open_session() as session:
        by_collection: dict[str, list[int]] = {}
        for version_id in chosen:
            collection = publishing.find_version(session, version_id).collection
            by_collection.setdefault(collection, []).append(version_id)
        for collection, ids in by_collection.items():
            step = partial(publishing.publish, version_ids=ids, now=datetime.now(UTC))
            take_step(session, collection, ChangeAction.PUBLISH, step, author)
        session.commit()


def submit_version(open_session: SessionFactory, version_id: int) -> None:
    """Hand a draft in for review.

    Raises:
        UnknownVersion: there is none with this id.
        VersionNotAllowed: it is no draft.
    """
    with open_session() as session:
        publishing.submit(session, version_id)
        session.commit()


def hand_back_version(open_session: SessionFactory, version_id: int) -> None:
    """Make a draft of a version in review again.

    Raises:
        UnknownVersion: there is none with this id.
        VersionNotAllowed: it is not in review.
    """
    with open_session() as session:
        publishing.hand_back(session, version_id)
        session.commit()


def lapse_version(
    open_session: SessionFactory, version_id: int, *, last_day: date, author: Author = OPERATOR
) -> None:
    """End a published version; ``last_day`` is the last day it may be quoted.

    Raises:
        UnknownVersion: there is none with this id.
        VersionNotAllowed: it is not published.
    """
    with open_session() as session:
        collection = publishing.find_version(session, version_id).collection
        now = datetime.now(UTC)
        step = partial(publishing.lapse, version_id=version_id, last_day=last_day, now=now)
        take_step(session, collection, ChangeAction.LAPSE, step, author)
        session.commit()


def collections(open_session: SessionFactory) -> list[str]:
    """The names of all collections that hold a text."""
    with open_session() as session:
        statement = select(KnowledgeVersion.collection).distinct()
        return sorted(read_only(session).exec(statement))


def _versions(session: Session, collection: str) -> list[KnowledgeVersion]:
    statement = (
        select(KnowledgeVersion)
        .where(KnowledgeVersion.collection == collection)
        .order_by(
            col(KnowledgeVersion.effective_from).desc().nulls_last(),
            col(KnowledgeVersion.id).desc(),
        )
    )
    return list(session.exec(statement))


def _passage_counts(session: Session, collection: str) -> dict[int, int]:
    statement = (
        select(KnowledgePassage.version_id, func.count())
        .join(KnowledgeVersion, col(KnowledgePassage.version_id) == col(KnowledgeVersion.id))
        .where(KnowledgeVersion.collection == collection)
        .group_by(col(KnowledgePassage.version_id))
    )
    return dict(session.exec(statement).all())


def _view(version: KnowledgeVersion, counts: dict[int, int]) -> VersionView:
    version_id = version.id or 0
    return VersionView(
        id=version_id,
        state=VersionState(version.state),
        citation=citation_of(version),
        topic=version_topic(version),
        kind=version.kind,
        supersedes=tuple(version.supersedes),
        owner=version.owner,
        passages=counts.get(version_id, 0),
        replaced=version.replaced_by_id is not None,
        imported_at=version.imported_at,
        published_at=version.published_at,
        lapsed_at=version.lapsed_at,
    )
