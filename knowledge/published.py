"""All that an index is built from, read in one transaction: texts, bank, fixed replies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from knowledge.bank import FixedReply, bank_rows, passages_of_entries
from knowledge.documents import Passage
from knowledge.store import SessionFactory, counted_passages, index_version, read_only


@dataclass(frozen=True, kw_only=True)
class PublishedState:
    """One state of a collection.

    ``passages`` come with the headings above them; ``asked`` holds the bank's questions by the
    id of their passage.
    """

    version: int
    passages: tuple[tuple[Passage, Sequence[str]], ...]
    asked: Mapping[int, tuple[str, ...]]
    replies: tuple[FixedReply, ...]


def read_state(session: Session, collection: str) -> PublishedState:
    """The state as the session sees it."""
    rows = bank_rows(session, collection)
    places = passages_of_entries(session, collection, rows)
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
        version=index_version(session, collection),
        passages=tuple(counted_passages(session, collection)),
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
        session.flush()
        state = read_state(session, collection)
        session.rollback()
    return state
