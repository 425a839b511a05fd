"""From questions asked in vain to a draft of an answer, with somebody who finishes it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from knowledge.documents import DEFAULT_COLLECTION
from knowledge.errors import InvalidFacts, UnknownEntry
from knowledge.importing import store_version
from knowledge.ports import Embedder
from knowledge.preparing import PreparedText, prepare_text
from knowledge.publishing import GAP
from knowledge.readers import ReadText
from knowledge.store import SessionFactory
from knowledge.tables import KnowledgeBankEntry, KnowledgeQuestion, KnowledgeVersion
from knowledge.vectors import digest_of, embed_missing

MOST_VARIANTS = 8
"""Other ways of asking that are kept with the draft."""
LONGEST = {"question": 300, "answer": 5_000, "issuer": 200}


@dataclass(frozen=True, kw_only=True)
class FaqDraft:
    """What a curator states: the question to print, and the answer as far as it is known.

    ``question_ids`` are the recorded questions it answers; ``issuer`` is who will stand for it.
    """

    question: str
    question_ids: tuple[int, ...]
    owner: str
    day: date
    answer: str | None = None
    issuer: str | None = None

    def check(self) -> None:
        """See whether it can be kept.

        Raises:
            InvalidFacts: the question is empty, or words are too long.
        """
        if not self.question.strip():
            raise InvalidFacts("question", "empty")
        for name, longest in LONGEST.items():
            if len(getattr(self, name) or "") > longest:
                raise InvalidFacts(name, "length")


def draft_faq(
    open_session: SessionFactory,
    embedder: Embedder,
    draft: FaqDraft,
    collection: str = DEFAULT_COLLECTION,
) -> int:
    """Make a draft version of it and return its id; the questions point to it from then on.

    Without an answer the draft holds a gap and is not published before somebody fills it.

    Raises:
        InvalidFacts: see :meth:`FaqDraft.check`.
        UnknownEntry: one of the questions is not there.
    """
    draft.check()
    with open_session() as session:
        asked = [row.question for row in _questions(session, draft.question_ids)]
    item = _written(draft)
    embed_missing(open_session, embedder, (*item.texts(), *asked))
    with open_session() as session:
        version = store_version(session, item, collection)
        version.owner = draft.owner
        session.add(version)
        session.add_all(_other_ways(draft, version, asked))
        for row in _questions(session, draft.question_ids):
            row.draft_id = version.id
            session.add(row)
        session.commit()
        return version.id or 0


def _questions(session: Session, ids: Sequence[int]) -> list[KnowledgeQuestion]:
    statement = select(KnowledgeQuestion).where(col(KnowledgeQuestion.id).in_(ids))
    found = {row.id: row for row in session.exec(statement)}
    missing = [one for one in ids if one not in found]
    if missing:
        raise UnknownEntry("question", missing[0])
    return [found[one] for one in ids]


def _written(draft: FaqDraft) -> PreparedText:
    question = " ".join(draft.question.split())
    title = f"常见问题：{question.rstrip('？?。')}"
    answer = (draft.answer or "").strip() or GAP
    number = min(draft.question_ids, default=0)
    return prepare_text(
        ReadText(
            source=f"faq-{draft.day:%Y%m%d}-{number}.md",
            text=f"# {title}\n\n问：{question}\n答：{answer}\n",
            details={
                "title": title,
                "kind": "问答",
                "issuer": draft.issuer,
                "effective_from": draft.day,
            },
        )
    )


def _other_ways(
    draft: FaqDraft, version: KnowledgeVersion, asked: Sequence[str]
) -> Iterator[KnowledgeBankEntry]:
    """The residents' own ways of asking go into the bank, so that they find the answer."""
    ways = [one for one in dict.fromkeys(asked) if one != draft.question.strip()]
    for question in ways[:MOST_VARIANTS]:
        yield KnowledgeBankEntry(
            collection=version.collection,
            question=question,
            document_id=version.document_id,
            words_digest=digest_of(version.text),
            owner=draft.owner,
            made_at=version.imported_at,
        )
