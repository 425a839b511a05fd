"""Vectors kept in the database, one a text: what was embedded once is never embedded again."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import Insert, LargeBinary, Select, cast, null, union_all
from sqlalchemy import select as sql_select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from knowledge.errors import WrongVectors
from knowledge.ports import WORD_WIDTH, Embedder, Told, Vectors, Words
from knowledge.store import SessionFactory, read_only
from knowledge.tables import KnowledgeVector

STORED_TOGETHER = 64
"""Texts embedded and committed in one go: what an interruption costs at most."""
ASKED_TOGETHER = 10_000
"""Texts looked up by one query; SQLite takes 32,766 values and PostgreSQL twice as many."""
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
        read_only(session)
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


@dataclass(frozen=True, kw_only=True)
class StoredVectors:
    """What is kept of some texts: the vectors, and the vectors of their words."""

    vectors: Mapping[str, Vectors]
    words: Mapping[str, Words]


def stored_vectors(
    open_session: SessionFactory,
    embedder: Embedder,
    wholes: Sequence[str],
    parts: Sequence[str] = (),
) -> StoredVectors:
    """The vectors of all texts, those that are missing made first; the words of ``wholes`` only."""
    stored = _read_stored(open_session, embedder.model_name, wholes, parts)
    missing = [text for text in (*wholes, *parts) if text not in stored.vectors]
    if not missing:
        return stored
    embed_missing(open_session, embedder, missing)
    return _read_stored(open_session, embedder.model_name, wholes, parts)


def load_vectors(session: Session, model: str, texts: Sequence[str]) -> Mapping[str, Vectors]:
    """The vector of each of ``texts`` that has one."""
    rows = _rows(session, model, texts, with_words=frozenset())
    return {text: np.frombuffer(vector, "<f4") for text, vector, _ in rows}


def _read_stored(
    open_session: SessionFactory, model: str, wholes: Sequence[str], parts: Sequence[str]
) -> StoredVectors:
    vectors: dict[str, Vectors] = {}
    words: dict[str, Words] = {}
    with open_session() as session:
        read_only(session)
        rows = _rows(session, model, (*wholes, *parts), with_words=frozenset(wholes))
        for text, vector, each_word in rows:
            vectors[text] = np.frombuffer(vector, "<f4")
            if each_word is not None:
                words[text] = np.frombuffer(each_word, np.int8).reshape(-1, WORD_WIDTH)
    return StoredVectors(vectors=vectors, words=words)


def _rows(
    session: Session, model: str, texts: Sequence[str], *, with_words: AbstractSet[str]
) -> Iterator[tuple[str, bytes, bytes | None]]:
    """Each of ``texts`` that is kept with its vector, and the words of ``with_words``."""
    by_digest = {digest_of(text): text for text in texts}
    for chunk in _chunks(list(by_digest), ASKED_TOGETHER):
        asked = [digest for digest in chunk if by_digest[digest] in with_words]
        others = [digest for digest in chunk if by_digest[digest] not in with_words]
        statement = union_all(
            _kept(model, asked, KnowledgeVector.words),
            _kept(model, others, cast(null(), LargeBinary)),
        )
        for digest, vector, words in session.connection().execute(statement):
            yield by_digest[digest], vector, words


def _kept(model: str, digests: Sequence[str], words: Any) -> Select[Any]:
    digest = col(KnowledgeVector.digest)
    return sql_select(digest, col(KnowledgeVector.vector), words).where(
        col(KnowledgeVector.model) == model, digest.in_(digests)
    )


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


def _chunks(items: Sequence[str], size: int) -> Iterator[list[str]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
