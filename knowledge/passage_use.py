"""Which passages answer residents, how well, and which never did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from knowledge.documents import DEFAULT_COLLECTION, Passage
from knowledge.questions import ANSWERED
from knowledge.store import SessionFactory, counted_passages, read_only
from knowledge.tables import KnowledgeQuestion


@dataclass(frozen=True, kw_only=True)
class PassageUse:
    """How often a passage was quoted, for how many different residents, and how they liked it."""

    passage: Passage
    times: int
    residents: int
    useful: int
    useless: int
    last_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class _Counts:
    times: int = 0
    residents: int = 0
    useful: int = 0
    useless: int = 0
    last_at: datetime | None = None


def passages_by_use(
    open_session: SessionFactory,
    collection: str = DEFAULT_COLLECTION,
    *,
    today: date,
    since: datetime | None = None,
    never: bool = False,
) -> list[PassageUse]:
    """The passages in force by how often they were quoted, most first.

    Args:
        since: only quotes from then on count; None counts all.
        never: only the passages that were not quoted at all, in the order of the texts.
    """
    with open_session() as session:
        counts = _counts(read_only(session), collection, since)
        passages = [one.passage for one in counted_passages(session, collection)]
    uses = [
        _as_use(passage, counts.get(passage.id, _Counts()))
        for passage in passages
        if passage.citation.in_force(today)
    ]
    if never:
        return [use for use in uses if use.times == 0]
    return sorted(uses, key=lambda use: -use.times)


def _counts(session: Session, collection: str, since: datetime | None) -> Mapping[int, _Counts]:
    useful = col(KnowledgeQuestion.useful)
    statement = (
        select(  # type: ignore[call-overload]
            KnowledgeQuestion.passage_id,
            func.count(),
            # Strangers have no digest: each counts as one.
            func.count(func.distinct(KnowledgeQuestion.resident))
            + func.sum(case((col(KnowledgeQuestion.resident).is_(None), 1), else_=0)),
            func.sum(case((useful.is_(True), 1), else_=0)),
            func.sum(case((useful.is_(False), 1), else_=0)),
            func.max(KnowledgeQuestion.asked_at),
        )
        .where(
            KnowledgeQuestion.collection == collection,
            KnowledgeQuestion.outcome == ANSWERED,
            col(KnowledgeQuestion.passage_id).is_not(None),
        )
        .group_by(KnowledgeQuestion.passage_id)
    )
    if since is not None:
        statement = statement.where(KnowledgeQuestion.asked_at >= since)
    return {
        row[0]: _Counts(
            times=row[1],
            residents=int(row[2]),
            useful=int(row[3]),
            useless=int(row[4]),
            last_at=row[5],
        )
        for row in session.exec(statement)
    }


def _as_use(passage: Passage, counts: _Counts) -> PassageUse:
    return PassageUse(
        passage=passage,
        times=counts.times,
        residents=counts.residents,
        useful=counts.useful,
        useless=counts.useless,
        last_at=counts.last_at,
    )
