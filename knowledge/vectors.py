"""Vectors kept in the database, one a text: what was embedded once is never embedded again."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from knowledge.errors import WrongVectors
from knowledge.ports import WORD_WIDTH, Embedder, Told, Vectors, Words
from knowledge.tables import KnowledgeVector

SessionFactory = Callable[[], Session]

STORED_TOGETHER = 64
"""Texts embedded and committed in one go: what an interruption costs at most."""
ASKED_TOGETHER = 500
LENGTH_TOLERANCE = 0.01


def digest_of(text: str) -> str:
    """The key of a text's vector."""
    return hashlib.sha256(text.encode()).hexdigest()


def embed_missing(
    open_session: SessionFactory,
    embedder: Embedder,
    texts: Iterable[str],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Embed those of ``texts`` that have no vector yet and return how many these were.

    Every batch is committed, so an interrupted run goes on where it stopped. ``progress`` is
    told how many of how many are done.
    """
    by_digest = {digest_of(text): text for text in texts}
    with open_session() as session:
        _read_only(session)
        known = _known(session, embedder.model_name, by_digest)
    missing = sorted((d for d in by_digest if d not in known), key=lambda d: len(by_digest[d]))
    done = 0
    for chunk in _chunks(missing, STORED_TOGETHER):
        told = _checked(embedder, [by_digest[digest] for digest in chunk])
        with open_session() as session:
            _store(session, embedder.model_name, chunk, told)
            session.commit()
        done += len(chunk)
        progress(done, len(missing))
    return len(missing)


def load_vectors(session: Session, model: str, texts: Sequence[str]) -> Mapping[str, Vectors]:
    """The vector of each of ``texts`` that has one."""
    stored = _stored(session, model, texts, KnowledgeVector.vector)
    return {text: np.frombuffer(content, "<f4") for text, content in stored}


def load_words(session: Session, model: str, texts: Sequence[str]) -> Mapping[str, Words]:
    """The vectors of the words, of each of ``texts`` that has them."""
    stored = _stored(session, model, texts, KnowledgeVector.words)
    return {
        text: np.frombuffer(content, np.int8).reshape(-1, WORD_WIDTH) for text, content in stored
    }


def _stored(
    session: Session, model: str, texts: Sequence[str], column: Any
) -> Iterator[tuple[str, bytes]]:
    """Each of ``texts`` with its ``column``, where it has one."""
    by_digest = {digest_of(text): text for text in texts}
    for chunk in _chunks(list(by_digest), ASKED_TOGETHER):
        rows = session.exec(
            select(KnowledgeVector.digest, column).where(
                KnowledgeVector.model == model,
                KnowledgeVector.digest.in_(chunk),  # type: ignore[attr-defined]
                column.is_not(None),
            )
        )
        yield from ((by_digest[digest], content) for digest, content in rows)


def _known(session: Session, model: str, digests: Iterable[str]) -> set[str]:
    known: set[str] = set()
    for chunk in _chunks(list(digests), ASKED_TOGETHER):
        statement = select(KnowledgeVector.digest).where(
            KnowledgeVector.model == model,
            KnowledgeVector.digest.in_(chunk),  # type: ignore[attr-defined]
        )
        known.update(session.exec(statement))
    return known


def _checked(embedder: Embedder, texts: list[str]) -> Told:
    told = embedder.read_passages(texts)
    vectors = told.vectors
    if vectors.shape != (len(texts), embedder.dimension):
        raise WrongVectors(f"{embedder.model_name} gave vectors of shape {vectors.shape}")
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.allclose(lengths, 1.0, atol=LENGTH_TOLERANCE):
        raise WrongVectors(f"{embedder.model_name} gave vectors that are not of length 1")
    return told


def _store(session: Session, model: str, digests: Sequence[str], told: Told) -> None:
    words = [one.tobytes() for one in told.words] if told.words else [None] * len(digests)
    rows = [
        {"model": model, "digest": digest, "vector": vector.astype("<f4").tobytes(), "words": own}
        for digest, vector, own in zip(digests, told.vectors, words, strict=True)
    ]
    session.execute(_insert_new(session), rows)


def _insert_new(session: Session) -> Insert:
    """Insert unless another process embedded the same text in the meantime."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(KnowledgeVector).on_conflict_do_nothing()


def _read_only(session: Session) -> None:
    # On SQLite a transaction takes the write lock at its start unless it says this.
    session.connection(execution_options={"read_only": True})


def _chunks(items: Sequence[str], size: int) -> Iterator[list[str]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
