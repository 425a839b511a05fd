"""What was asked, what became of it, and what residents thought of the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from knowledge.answering import Answer, Clarify, NoAnswer, Reply
from knowledge.documents import DEFAULT_COLLECTION, Hit
from knowledge.errors import UnknownQuestion
from knowledge.privacy import resident_digest, without_personal_data
from knowledge.store import SessionFactory, read_only
from knowledge.tables import KnowledgePassage, KnowledgeQuestion
from knowledge.tokens import tokens_of

ANSWERED = "answered"
CLARIFIED = "clarified"


@dataclass(frozen=True, kw_only=True)
class UnansweredQuestion:
    """A question the texts do not answer, or answer badly, however often it was asked.

    ``reason`` is a NoAnswerReason or "not_useful". ``residents`` counts different people.
    ``ids`` are the recorded questions behind it, newest first.
    """

    question: str
    reason: str
    times: int
    residents: int
    last_asked_at: datetime
    ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class VainQuestion:
    """One question that was asked in vain; ``resident`` is a digest, None for a stranger.

    ``draft_id`` is the draft of an answer that a curator makes of it.
    """

    id: int
    question: str
    reason: str
    resident: str | None
    asked_at: datetime
    draft_id: int | None


NOT_USEFUL = "not_useful"


def record_question(
    open_session: SessionFactory,
    question: str,
    reply: Reply,
    *,
    collection: str = DEFAULT_COLLECTION,
    resident: str | None = None,
    asked_at: datetime | None = None,
) -> int:
    """Keep a question, without personal data, and return its id for feedback.

    Args:
        resident: pseudonym of who asked; only a digest of it is kept.
    """
    with open_session() as session:
        row = note_question(
            session,
            question,
            reply,
            collection=collection,
            resident=resident,
            asked_at=asked_at or datetime.now(UTC),
        )
        session.commit()
        return row


def note_question(
    session: Session,
    question: str,
    reply: Reply,
    *,
    collection: str,
    resident: str | None,
    asked_at: datetime,
) -> int:
    """The same within the caller's transaction."""
    best = _best_hit(reply)
    row = KnowledgeQuestion(
        collection=collection,
        question=without_personal_data(question),
        asked_at=asked_at,
        resident=resident_digest(resident) if resident else None,
        outcome=_outcome(reply),
        version_id=best.passage.version_id if best else None,
        passage_id=best.passage.id if best else None,
        score=reply.score if isinstance(reply, Answer) else None,
    )
    session.add(row)
    session.flush()
    if row.id is None:
        raise ValueError("the question was never stored")
    return row.id


def record_feedback(open_session: SessionFactory, question_id: int, *, useful: bool) -> None:
    """Note whether the answer helped; a second word replaces the first.

    Raises:
        UnknownQuestion: there is none with this id.
    """
    with open_session() as session:
        row = session.get(KnowledgeQuestion, question_id)
        if row is None:
            raise UnknownQuestion(question_id)
        row.useful = useful
        session.add(row)
        session.commit()


def record_rating(
    open_session: SessionFactory, *, resident: str, question: str, useful: bool
) -> bool:
    """The same for whoever knows only who asked what: the newest such question is meant.

    Returns:
        Whether there is such a question.
    """
    with open_session() as session:
        statement = (
            select(KnowledgeQuestion)
            .where(
                KnowledgeQuestion.resident == resident_digest(resident),
                KnowledgeQuestion.question == without_personal_data(question),
            )
            .order_by(col(KnowledgeQuestion.id).desc())
        )
        row = session.exec(statement).first()
        if row is None:
            return False
        row.useful = useful
        session.add(row)
        session.commit()
        return True


def unanswered_questions(
    open_session: SessionFactory, collection: str = DEFAULT_COLLECTION, *, limit: int = 50
) -> list[UnansweredQuestion]:
    """What residents asked in vain, by the number of different people, then by the newest."""
    with open_session() as session:
        rows = _in_vain(read_only(session), collection)
        groups: dict[tuple[frozenset[str], str], list[KnowledgeQuestion]] = {}
        for row in rows:
            groups.setdefault((_words(row.question), _reason(row)), []).append(row)
        found = [_as_unanswered(group) for group in groups.values()]
    found.sort(key=lambda one: (one.residents, one.times, one.last_asked_at), reverse=True)
    return found[:limit]


def vain_questions(
    open_session: SessionFactory, collection: str = DEFAULT_COLLECTION
) -> list[VainQuestion]:
    """Every question that the texts did not answer or answered badly, newest first."""
    with open_session() as session:
        return [
            VainQuestion(
                id=row.id or 0,
                question=row.question,
                reason=_reason(row),
                resident=row.resident,
                asked_at=row.asked_at,
                draft_id=row.draft_id,
            )
            for row in _in_vain(read_only(session), collection)
        ]


def passage_uses(open_session: SessionFactory, version_id: int) -> dict[int, int]:
    """How often each passage of a version was quoted, by its id; 0 if it never was."""
    with open_session() as session:
        read_only(session)
        passages = session.exec(
            select(KnowledgePassage.id).where(KnowledgePassage.version_id == version_id)
        ).all()
        quoted = session.exec(
            select(KnowledgeQuestion.passage_id).where(
                KnowledgeQuestion.version_id == version_id, KnowledgeQuestion.outcome == ANSWERED
            )
        ).all()
    return {passage: quoted.count(passage) for passage in passages if passage is not None}


def residents_told(open_session: SessionFactory, version_id: int) -> list[int]:
    """The questions that were answered from this version, newest first."""
    with open_session() as session:
        statement = (
            select(KnowledgeQuestion.id)
            .where(
                KnowledgeQuestion.version_id == version_id, KnowledgeQuestion.outcome == ANSWERED
            )
            .order_by(col(KnowledgeQuestion.id).desc())
        )
        return [found for found in read_only(session).exec(statement) if found is not None]


def _in_vain(session: Session, collection: str) -> Sequence[KnowledgeQuestion]:
    statement = (
        select(KnowledgeQuestion)
        .where(
            KnowledgeQuestion.collection == collection,
            col(KnowledgeQuestion.outcome).not_in([ANSWERED, CLARIFIED])
            | col(KnowledgeQuestion.useful).is_(False),
        )
        .order_by(col(KnowledgeQuestion.asked_at).desc(), col(KnowledgeQuestion.id).desc())
    )
    return session.exec(statement).all()


def _as_unanswered(group: Sequence[KnowledgeQuestion]) -> UnansweredQuestion:
    newest = group[0]
    known = {row.resident for row in group if row.resident}
    return UnansweredQuestion(
        question=newest.question,
        reason=_reason(newest),
        times=len(group),
        residents=len(known) + sum(1 for row in group if row.resident is None),
        last_asked_at=newest.asked_at,
        ids=tuple(row.id for row in group if row.id is not None),
    )


def _words(question: str) -> frozenset[str]:
    """What makes two questions the same, whatever their punctuation."""
    return frozenset(tokens_of("".join(sign for sign in question if sign.isalnum())))


def _reason(row: KnowledgeQuestion) -> str:
    return NOT_USEFUL if row.outcome in (ANSWERED, CLARIFIED) else row.outcome


def _outcome(reply: Reply) -> str:
    if isinstance(reply, NoAnswer):
        return reply.reason.value
    return ANSWERED if isinstance(reply, Answer) else CLARIFIED


def _best_hit(reply: Reply) -> Hit | None:
    """What was quoted; nothing was, when a question came back."""
    if isinstance(reply, NoAnswer | Clarify):
        return None
    return reply.hits[0]
