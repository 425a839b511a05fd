"""The gate's questions: golden ones, to be answered from a text, and those to be refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from knowledge.documents import DEFAULT_COLLECTION
from knowledge.errors import InvalidFacts, UnknownEntry
from knowledge.store import SessionFactory, read_only
from knowledge.tables import KnowledgeTrial

LONGEST_QUESTION = 300


class TrialKind(StrEnum):
    """What the gate expects: an answer from a text, or an honest no."""

    ANSWER = "answer"
    REFUSE = "refuse"


@dataclass(frozen=True, kw_only=True)
class TrialDraft:
    """A question for the gate; with kind ANSWER at least one expectation is named.

    ``phrase`` has to stand in the quote. ``on_day`` asks as on that day; None as today.
    """

    question: str
    kind: TrialKind
    title: str | None = None
    article: str | None = None
    phrase: str | None = None
    on_day: date | None = None

    def check(self) -> None:
        """See whether it can be kept.

        Raises:
            InvalidFacts: the question is empty or too long, or nothing is expected of it.
        """
        if not 1 <= len(self.question.strip()) <= LONGEST_QUESTION:
            raise InvalidFacts("question", "length")
        expects = self.title or self.phrase
        if self.kind is TrialKind.ANSWER and not expects:
            raise InvalidFacts("title", "needed")
        if self.kind is TrialKind.REFUSE and (expects or self.article):
            raise InvalidFacts("kind", "refused_questions_expect_nothing")


@dataclass(frozen=True, kw_only=True)
class Trial(TrialDraft):
    """A kept question of the gate."""

    id: int
    owner: str
    made_at: datetime


def add_trials(
    open_session: SessionFactory,
    drafts: Iterable[TrialDraft],
    *,
    owner: str,
    collection: str = DEFAULT_COLLECTION,
) -> list[int]:
    """Keep questions for the gate, all or none, and return their ids; known ones stay single.

    Raises:
        InvalidFacts: see :meth:`TrialDraft.check`.
    """
    kept: list[int] = []
    with open_session() as session:
        for draft in drafts:
            draft.check()
            row = _known(session, draft, collection) or _new(draft, owner, collection)
            session.add(row)
            session.flush()
            kept.append(row.id or 0)
        session.commit()
    return kept


def remove_trial(open_session: SessionFactory, trial_id: int) -> None:
    """Take a question out of the gate.

    Raises:
        UnknownEntry: there is none with this id.
    """
    with open_session() as session:
        row = session.get(KnowledgeTrial, trial_id)
        if row is None:
            raise UnknownEntry("trial", trial_id)
        session.delete(row)
        session.commit()


def list_trials(open_session: SessionFactory, collection: str = DEFAULT_COLLECTION) -> list[Trial]:
    """Every question of the gate in the order they came."""
    with open_session() as session:
        statement = (
            select(KnowledgeTrial)
            .where(KnowledgeTrial.collection == collection)
            .order_by(col(KnowledgeTrial.id))
        )
        return [_as_trial(row) for row in read_only(session).exec(statement)]


def _known(session: Session, draft: TrialDraft, collection: str) -> KnowledgeTrial | None:
    """The same question of the same kind and day; what is expected of it is stated anew."""
    statement = select(KnowledgeTrial).where(
        KnowledgeTrial.collection == collection,
        KnowledgeTrial.question == draft.question.strip(),
        KnowledgeTrial.on_day == draft.on_day,
    )
    row = session.exec(statement).first()
    if row is not None:
        row.kind = draft.kind.value
        row.title, row.article, row.phrase = draft.title, draft.article, draft.phrase
    return row


def _new(draft: TrialDraft, owner: str, collection: str) -> KnowledgeTrial:
    return KnowledgeTrial(
        collection=collection,
        question=draft.question.strip(),
        kind=draft.kind.value,
        title=draft.title,
        article=draft.article,
        phrase=draft.phrase,
        on_day=draft.on_day,
        owner=owner,
        made_at=datetime.now(UTC),
    )


def _as_trial(row: KnowledgeTrial) -> Trial:
    return Trial(
        id=row.id or 0,
        question=row.question,
        kind=TrialKind(row.kind),
        title=row.title,
        article=row.article,
        phrase=row.phrase,
        on_day=row.on_day,
        owner=row.owner,
        made_at=row.made_at,
    )
