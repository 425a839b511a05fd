"""The question bank: residents' questions that belong to a passage, and replies fixed for them.

A question of the bank is found like a part of its passage. A reply is the community's own
wording; it is given as it stands as long as it is valid and the passage it rests on is in force.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel import Session, col, select

from knowledge.documents import DEFAULT_COLLECTION, Passage
from knowledge.errors import InvalidFacts, UnknownEntry
from knowledge.ports import Embedder
from knowledge.store import (
    CountedPassage,
    SessionFactory,
    counted_passages,
    raise_index_version,
    read_only,
)
from knowledge.tables import KnowledgeBankEntry, KnowledgePassage, KnowledgeVersion
from knowledge.vectors import digest_of, embed_missing

LONGEST_QUESTION = 300
LONGEST_REPLY = 2_000


@dataclass(frozen=True, kw_only=True)
class BankEntry:
    """One entry as a curator sees it; ``passage_ids`` is empty when its words are gone."""

    id: int
    question: str
    title: str
    article: str | None
    reply: str | None
    valid_from: date | None
    valid_to: date | None
    owner: str
    made_at: datetime
    passage_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class FixedReply:
    """The community's own words for a question; ``passage_ids`` are what they rest on."""

    question: str
    reply: str
    valid_from: date | None
    valid_to: date | None
    passage_ids: tuple[int, ...]

    def valid_on(self, day: date) -> bool:
        """Whether it may be given on that day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, kw_only=True)
class BankDraft:
    """What a curator states for a new entry; without ``reply`` it only helps to find."""

    question: str
    passage_id: int
    reply: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def check(self) -> None:
        """See whether it can be kept.

        Raises:
            InvalidFacts: the question or the reply is empty or too long, or the days are mixed up.
        """
        if not 1 <= len(self.question.strip()) <= LONGEST_QUESTION:
            raise InvalidFacts("question", "length")
        if self.reply is not None and not 1 <= len(self.reply.strip()) <= LONGEST_REPLY:
            raise InvalidFacts("reply", "length")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise InvalidFacts("valid_to", "before_valid_from")


def add_to_bank(
    open_session: SessionFactory, embedder: Embedder, draft: BankDraft, *, owner: str
) -> int:
    """Keep an entry, let every process take it up, and return its id.

    Raises:
        InvalidFacts: see :meth:`BankDraft.check`.
        UnknownEntry: there is no such passage.
    """
    draft.check()
    embed_missing(open_session, embedder, [draft.question.strip()])
    with open_session() as session:
        passage, version = _passage(session, draft.passage_id)
        row = KnowledgeBankEntry(
            collection=version.collection,
            question=draft.question.strip(),
            document_id=version.document_id,
            article=passage.article,
            words_digest=digest_of(passage.text),
            reply=draft.reply.strip() if draft.reply else None,
            valid_from=draft.valid_from,
            valid_to=draft.valid_to,
            owner=owner,
            made_at=datetime.now(UTC),
        )
        session.add(row)
        raise_index_version(session, version.collection)
        session.commit()
        session.refresh(row)
        return row.id or 0


def remove_from_bank(open_session: SessionFactory, entry_id: int) -> None:
    """Take an entry out; every process forgets it with its next refresh.

    Raises:
        UnknownEntry: there is none with this id.
    """
    with open_session() as session:
        row = session.get(KnowledgeBankEntry, entry_id)
        if row is None:
            raise UnknownEntry("bank", entry_id)
        session.delete(row)
        raise_index_version(session, row.collection)
        session.commit()


def list_bank(
    open_session: SessionFactory, collection: str = DEFAULT_COLLECTION
) -> list[BankEntry]:
    """Every entry, newest first."""
    with open_session() as session:
        rows = bank_rows(read_only(session), collection)
        titles = _titles(session, collection)
        documents = {row.document_id for row in rows}
        counted = counted_passages(session, collection, documents=documents)
        places = passages_of_entries(rows, counted)
        return [
            BankEntry(
                id=row.id or 0,
                question=row.question,
                title=titles.get(row.document_id, ""),
                article=row.article,
                reply=row.reply,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                owner=row.owner,
                made_at=row.made_at,
                passage_ids=places[row.id or 0],
            )
            for row in reversed(rows)
        ]


def bank_rows(session: Session, collection: str) -> Sequence[KnowledgeBankEntry]:
    """The stored entries of a collection in their order."""
    statement = (
        select(KnowledgeBankEntry)
        .where(KnowledgeBankEntry.collection == collection)
        .order_by(col(KnowledgeBankEntry.id))
    )
    return session.exec(statement).all()


def passages_of_entries(
    rows: Sequence[KnowledgeBankEntry], counted: Iterable[CountedPassage]
) -> Mapping[int, tuple[int, ...]]:
    """The counted passages each entry belongs to, by its id; one in each version at most."""
    by_document: dict[int, list[Passage]] = {}
    for one in counted:
        by_document.setdefault(one.document_id, []).append(one.passage)
    return {row.id or 0: _matching(row, by_document.get(row.document_id, [])) for row in rows}


def _matching(row: KnowledgeBankEntry, passages: Sequence[Passage]) -> tuple[int, ...]:
    """The passage of the entry's article or words; the only one of a version is always meant."""
    by_version: dict[int, list[Passage]] = {}
    for passage in passages:
        by_version.setdefault(passage.version_id, []).append(passage)
    found = (
        next((p.id for p in own if len(own) == 1 or _is_meant(row, p)), None)
        for own in by_version.values()
    )
    return tuple(passage_id for passage_id in found if passage_id is not None)


def _is_meant(row: KnowledgeBankEntry, passage: Passage) -> bool:
    if row.article:
        return passage.citation.article == row.article
    return digest_of(passage.text) == row.words_digest


def _passage(session: Session, passage_id: int) -> tuple[KnowledgePassage, KnowledgeVersion]:
    passage = session.get(KnowledgePassage, passage_id)
    version = session.get(KnowledgeVersion, passage.version_id) if passage else None
    if passage is None or version is None:
        raise UnknownEntry("passage", passage_id)
    return passage, version


def _titles(session: Session, collection: str) -> dict[int, str]:
    statement = select(KnowledgeVersion.document_id, KnowledgeVersion.title).where(
        KnowledgeVersion.collection == collection
    )
    return dict(session.exec(statement).all())
