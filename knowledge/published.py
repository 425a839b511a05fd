"""All that an index is built from, read in one transaction: texts, bank, fixed replies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from knowledge.bank import FixedReply, bank_rows, passages_of_entries
from knowledge.store import (
    CountedPassage,
    SessionFactory,
    counted_passages,
    index_version,
    read_only,
)


@dataclass(frozen=True, kw_only=True)
class PublishedState:
    """One state of a collection; ``asked`` holds the bank's questions by their passage's id."""

    version: int
    passages: tuple[CountedPassage, ...]
    asked: Mapping[int, tuple[str, ...]]
    replies: tuple[FixedReply, ...]


def read_state(session: Session, collection: str) -> PublishedState:
    """The state as the session sees it."""
    # First: a step that was just taken still holds this row, and nothing is asked.
    version = index_version(session, collection)
    rows = bank_rows(session, collection)
    passages = tuple(counted_passages(session, collection))
    places = passages_of_entries(rows, passages)
    asked: dict[int, tuple[str, ...]] = {}
    for row in rows:
        for passage_id in places[row.id or 0]:
            asked[passage_id] = (*asked.get(passage_id, ()), row.question)
    replies = tuple(
        FixedReply(
            question=row.question,
            reply=row.reply,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            passage_ids=places[row.id or 0],
        )
        for row in rows
        if row.reply
    )
    return PublishedState(
        version=version,
        passages=passages,
        asked=asked,
        replies=replies,
    )


def state_now(open_session: SessionFactory, collection: str) -> PublishedState:
    """The state that residents are answered from."""
    with open_session() as session:
        return read_state(read_only(session), collection)


def state_after(
    open_session: SessionFactory, collection: str, step: Callable[[Session], None]
) -> PublishedState:
    """The state that ``step`` would make; nothing of it is kept.

    The transaction is left before anything is built from the state, so that nobody waits.
    """
    with open_session() as session:
        step(session)
        state = read_state(session, collection)
        session.rollback()
    return state
