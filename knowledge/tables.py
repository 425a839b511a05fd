"""The tables of this room: documents with their versions and passages, vectors, questions.

Enumerations are kept as their words, times as UTC. A vector belongs to a text, not to a
passage: the same words are embedded once, whatever version they stand in.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from knowledge.columns import json_column, text_column, time_column


class KnowledgeCollection(SQLModel, table=True):
    """One body of texts. ``index_version`` grows with every change that searches must see."""

    __tablename__ = "knowledge_collection"

    name: str = Field(primary_key=True, max_length=64)
    index_version: int = 0


class KnowledgeDocument(SQLModel, table=True):
    """What stays the same while versions come and go: the title."""

    __tablename__ = "knowledge_document"
    __table_args__ = (UniqueConstraint("collection", "title"),)

    id: int | None = Field(default=None, primary_key=True)
    collection: str = Field(max_length=64)
    title: str = Field(max_length=400)


class KnowledgeVersion(SQLModel, table=True):
    """One wording of a document, as one file brought it.

    ``commencement`` is the day the text names for itself, ``effective_from`` the first day of
    this wording (later, if it was amended), ``effective_to`` the last day the text names,
    ``superseded_to`` the last day before another text took its place. ``replaced_by_id`` is
    set when the same file came again with corrected words: such a version never counts.
    ``owner`` is who has to finish a draft.
    """

    __tablename__ = "knowledge_version"
    __table_args__ = (
        UniqueConstraint("collection", "source", "content_hash"),
        Index("ix_knowledge_version_collection_state", "collection", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="knowledge_document.id", index=True)
    collection: str = Field(max_length=64)
    source: str = Field(max_length=400)
    content_hash: str = Field(max_length=64)
    state: str = Field(max_length=16)
    title: str = Field(max_length=400)
    number: str | None = Field(default=None, max_length=120)
    issuer: str | None = Field(default=None, max_length=200)
    kind: str | None = Field(default=None, max_length=40)
    scope: str | None = Field(default=None, max_length=120)
    topics: list[str] = Field(default_factory=list, sa_column=json_column())
    commencement: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    supersedes: list[str] = Field(default_factory=list, sa_column=json_column())
    superseded_to: date | None = None
    replaced_by_id: int | None = Field(default=None, foreign_key="knowledge_version.id")
    owner: str | None = Field(default=None, max_length=80)
    text: str = Field(sa_column=text_column())
    imported_at: datetime = Field(sa_column=time_column())
    published_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    lapsed_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))


class KnowledgePassage(SQLModel, table=True):
    """A passage of a version; ``path`` holds the headings above it, outermost first."""

    __tablename__ = "knowledge_passage"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="knowledge_version.id")
    position: int
    text: str = Field(sa_column=text_column())
    path: list[str] = Field(default_factory=list, sa_column=json_column())
    article: str | None = Field(default=None, max_length=40)
    page: int | None = None


class KnowledgeVector(SQLModel, table=True):
    """What ``model`` gives for the text with this digest.

    ``vector`` is float32, little endian; ``words`` are the vectors of its words one after another,
    int8, where the model tells words apart.
    """

    __tablename__ = "knowledge_vector"

    model: str = Field(primary_key=True, max_length=120)
    digest: str = Field(primary_key=True, max_length=64)
    vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    words: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))


class KnowledgeQuestion(SQLModel, table=True):
    """A question that was asked, without personal data, and what became of it.

    ``resident`` is a digest of the resident's pseudonym: enough to count people, too little
    to find one. ``version_id`` is what was quoted, so that those who were told something that
    lapsed can be told; ``recalled_at`` is when they were. ``draft_id`` is the draft of an answer
    that a curator makes of it.
    """

    __tablename__ = "knowledge_question"
    __table_args__ = (Index("ix_knowledge_question_outcome", "collection", "outcome"),)

    id: int | None = Field(default=None, primary_key=True)
    collection: str = Field(max_length=64)
    question: str = Field(sa_column=text_column())
    asked_at: datetime = Field(sa_column=time_column(index=True))
    resident: str | None = Field(default=None, max_length=64)
    outcome: str = Field(max_length=16)
    version_id: int | None = Field(default=None, foreign_key="knowledge_version.id", index=True)
    passage_id: int | None = Field(default=None, foreign_key="knowledge_passage.id")
    score: float | None = None
    useful: bool | None = None
    recalled_at: datetime | None = Field(default=None, sa_column=time_column(nullable=True))
    draft_id: int | None = Field(default=None, foreign_key="knowledge_version.id")


class KnowledgeChange(SQLModel, table=True):
    """One step that changed what residents are answered: who, why, and how to undo it.

    ``before`` holds what stood in the touched versions, by their ids. ``report`` is what the
    gate found. A step that was undone names the step that undid it.
    """

    __tablename__ = "knowledge_change"
    __table_args__ = (Index("ix_knowledge_change_collection", "collection", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    collection: str = Field(max_length=64)
    index_version: int
    at: datetime = Field(sa_column=time_column())
    actor: str = Field(max_length=80)
    action: str = Field(max_length=16)
    reason: str | None = Field(default=None, max_length=500)
    before: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    report: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    undone_by_id: int | None = Field(default=None, foreign_key="knowledge_change.id")


class KnowledgeTrial(SQLModel, table=True):
    """A question that the gate asks: one to be answered from a text, or one to be refused."""

    __tablename__ = "knowledge_trial"

    id: int | None = Field(default=None, primary_key=True)
    collection: str = Field(max_length=64, index=True)
    question: str = Field(sa_column=text_column())
    kind: str = Field(max_length=16)
    title: str | None = Field(default=None, max_length=400)
    article: str | None = Field(default=None, max_length=40)
    phrase: str | None = Field(default=None, max_length=400)
    on_day: date | None = None
    owner: str = Field(max_length=80)
    made_at: datetime = Field(sa_column=time_column())


class KnowledgeBankEntry(SQLModel, table=True):
    """A question in residents' words that belongs to a passage, perhaps with a reply of our own.

    The passage is named by its article, or by a digest of its words where it has none, so that
    the entry goes over to the next version of the document.
    """

    __tablename__ = "knowledge_bank"

    id: int | None = Field(default=None, primary_key=True)
    collection: str = Field(max_length=64, index=True)
    question: str = Field(sa_column=text_column())
    document_id: int = Field(foreign_key="knowledge_document.id")
    article: str | None = Field(default=None, max_length=40)
    words_digest: str = Field(max_length=64)
    reply: str | None = Field(default=None, sa_column=text_column(nullable=True))
    valid_from: date | None = None
    valid_to: date | None = None
    owner: str = Field(max_length=80)
    made_at: datetime = Field(sa_column=time_column())
