"""Reading versions and passages from the database as values."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from knowledge.documents import Citation, Passage, VersionState
from knowledge.imprint import topic_of
from knowledge.tables import (
    KnowledgeCollection,
    KnowledgePassage,
    KnowledgeVersion,
)

SessionFactory = Callable[[], Session]

COUNTED = (VersionState.PUBLISHED.value, VersionState.LAPSED.value)
"""States whose texts are or were in force, and so are found by their date."""


def counts() -> ColumnElement[bool]:
    """The condition on a version whose texts are or were in force, and not put right since."""
    return and_(
        col(KnowledgeVersion.state).in_(COUNTED), col(KnowledgeVersion.replaced_by_id).is_(None)
    )


def read_only(session: Session) -> Session:
    """Promise not to write: on SQLite a transaction takes the write lock otherwise."""
    session.connection(execution_options={"read_only": True})
    return session


def index_version(session: Session, collection: str) -> int:
    """How often the searched texts of the collection changed; 0 before the first time."""
    row = session.get(KnowledgeCollection, collection)
    return row.index_version if row else 0


def raise_index_version(session: Session, collection: str) -> None:
    """Tell every process that the searched texts changed, once the transaction commits."""
    row = session.get(KnowledgeCollection, collection, with_for_update=True)
    if row is None:
        row = KnowledgeCollection(name=collection)
    row.index_version += 1
    session.add(row)


@dataclass(frozen=True, kw_only=True)
class CountedPassage:
    """A passage that is or was in force; ``path`` holds the headings above it."""

    passage: Passage
    path: Sequence[str]
    document_id: int


def counted_passages(
    session: Session, collection: str, *, documents: Collection[int] | None = None
) -> list[CountedPassage]:
    """Every passage that is or was in force, or those of some ``documents``, in their order."""
    statement = (
        select(KnowledgePassage, KnowledgeVersion)
        .join(KnowledgeVersion, col(KnowledgePassage.version_id) == col(KnowledgeVersion.id))
        .where(
            KnowledgeVersion.collection == collection,
            counts(),
        )
        .order_by(col(KnowledgePassage.version_id), col(KnowledgePassage.position))
    )
    if documents is not None:
        statement = statement.where(col(KnowledgeVersion.document_id).in_(documents))
    return [
        CountedPassage(
            passage=as_passage(row, version), path=row.path, document_id=version.document_id
        )
        for row, version in session.exec(statement)
    ]


def as_passage(row: KnowledgePassage, version: KnowledgeVersion) -> Passage:
    """A stored passage as a value."""
    headings = [heading for heading in row.path if heading != version.title]
    return Passage(
        id=_stored_id(row.id),
        text=row.text,
        heading=" › ".join([version.title, *headings]),
        citation=citation_of(version, article=row.article, page=row.page),
        collection=version.collection,
        version_id=row.version_id,
        topic=version_topic(version),
    )


def citation_of(
    version: KnowledgeVersion, *, article: str | None = None, page: int | None = None
) -> Citation:
    """How a version is cited."""
    return Citation(
        title=version.title,
        number=version.number,
        issuer=version.issuer,
        scope=version.scope,
        article=article,
        effective_from=version.effective_from,
        effective_to=last_day_of(version),
        source=version.source,
        page=page,
    )


def version_topic(version: KnowledgeVersion) -> str:
    """What a resident would call the matter of the version."""
    return version.topics[0] if version.topics else topic_of(version.title)


def last_day_of(version: KnowledgeVersion) -> date | None:
    """The last day in force: the text's own, or the day before its successor."""
    days = [day for day in (version.effective_to, version.superseded_to) if day]
    return min(days, default=None)


def _stored_id(value: int | None) -> int:
    if value is None:
        raise ValueError("the row was never stored")
    return value
