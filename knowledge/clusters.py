"""Questions asked in vain, put together by what they mean and counted by different residents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering

from knowledge.documents import DEFAULT_COLLECTION
from knowledge.ports import Embedder
from knowledge.questions import VainQuestion, vain_questions
from knowledge.store import SessionFactory

MOST_QUESTIONS = 1_500
"""Different questions that are compared with each other, the newest."""
NEAR_ENOUGH: Mapping[str, float] = {"multilingual-e5-small-int8-2": 0.895}
"""Mean cosine from which on questions go together; see ``benchmarks/same_question.py``."""
WORDS_IN_COMMON = 0.6
"""The same for vectors without meaning."""


@dataclass(frozen=True, kw_only=True)
class QuestionCluster:
    """Questions that ask the same.

    ``question`` is the one nearest to all, ``variants`` the others, most asked first.
    ``reasons`` counts why they were in vain; ``ids`` are the recorded questions, newest first.
    ``draft_id`` is the draft that answers some of them, if there is one.
    """

    question: str
    variants: tuple[str, ...]
    times: int
    residents: int
    reasons: Mapping[str, int]
    last_asked_at: datetime
    ids: tuple[int, ...]
    draft_id: int | None


def cluster_questions(
    open_session: SessionFactory,
    embedder: Embedder,
    collection: str = DEFAULT_COLLECTION,
    *,
    limit: int = 50,
) -> list[QuestionCluster]:
    """What residents asked in vain, by the number of different people, then by the newest."""
    by_words: dict[str, list[VainQuestion]] = {}
    for asked in vain_questions(open_session, collection):
        if asked.question in by_words or len(by_words) < MOST_QUESTIONS:
            by_words.setdefault(asked.question, []).append(asked)
    words = list(by_words)
    none = np.empty((0, embedder.dimension), np.float32)
    # Tuning drew questions on the same field together: the packaged model tells them apart.
    embedder = embedder.second_opinion or embedder
    vectors = embedder.embed_queries(words) if words else none
    labels = labels_of(vectors, NEAR_ENOUGH.get(embedder.model_name, WORDS_IN_COMMON))
    clusters = [
        _as_cluster([words[i] for i in members], vectors[members], by_words)
        for label in np.unique(labels)
        if (members := np.flatnonzero(labels == label)).size
    ]
    clusters.sort(key=lambda one: (one.residents, one.times, one.last_asked_at), reverse=True)
    return clusters[:limit]


def labels_of(vectors: NDArray[np.float32], near_enough: float) -> NDArray[np.int64]:
    """A number for each question; those of one number ask the same."""
    if len(vectors) < 2:
        return np.zeros(len(vectors), np.int64)
    distances = np.clip(1 - vectors @ vectors.T, 0, 2)
    grouping = AgglomerativeClustering(
        n_clusters=None,
        metric="precomputed",
        linkage="average",
        distance_threshold=1 - near_enough,
    )
    return np.asarray(grouping.fit_predict(distances), np.int64)


def _as_cluster(
    words: Sequence[str],
    vectors: NDArray[np.float32],
    by_words: Mapping[str, Sequence[VainQuestion]],
) -> QuestionCluster:
    weights = np.array([len(by_words[one]) for one in words], np.float64)
    centre = int(np.argmax((vectors @ vectors.T) @ weights))
    asked = sorted(
        (one for word in words for one in by_words[word]), key=lambda one: one.id, reverse=True
    )
    others = sorted(
        (word for i, word in enumerate(words) if i != centre), key=lambda one: -len(by_words[one])
    )
    known = {one.resident for one in asked if one.resident}
    reasons = [one.reason for one in asked]
    return QuestionCluster(
        question=words[centre],
        variants=tuple(others),
        times=len(asked),
        residents=len(known) + sum(one.resident is None for one in asked),
        reasons={reason: reasons.count(reason) for reason in sorted(set(reasons))},
        last_asked_at=max(one.asked_at for one in asked),
        ids=tuple(one.id for one in asked),
        draft_id=next((one.draft_id for one in asked if one.draft_id), None),
    )
