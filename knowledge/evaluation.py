"""How good the answers are, measured on questions whose right passage is known."""

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.answering import Answer
from knowledge.documents import Hit
from knowledge.indexes import Entry, PassageIndex, Query
from knowledge.ports import Embedder
from knowledge.retrieval import KnowledgeBase
from knowledge.views import PassageViews, views_of

DEEPEST_RANK = 10
Z_95 = 1.96
GREETING = re.compile(r"^.{0,80}?(?:(?:答复|回复|说明|情况)如下|您好|你好)[：:，,！!。]?")
GREETING_WITHIN = 160


@dataclass(frozen=True, kw_only=True)
class PolicyQuestion:
    """A question and the passages that answer it: (file name, article), or a phrase in them.

    No sources means that the texts do not answer it.
    """

    id: str
    question: str
    sources: frozenset[tuple[str, str | None]] = frozenset()
    evidence: str | None = None

    @property
    def is_answerable(self) -> bool:
        """Whether the texts answer it."""
        return bool(self.sources)

    def is_met_by(self, hit: Hit) -> bool:
        """Whether ``hit`` is a right passage."""
        citation = hit.passage.citation
        if citation.article and (citation.source, citation.article) in self.sources:
            return True
        named = (citation.source, None) in self.sources
        return named and self.evidence is not None and self.evidence in hit.passage.text


@dataclass(frozen=True, kw_only=True)
class Share:
    """``count`` of ``n``."""

    count: int
    n: int

    @property
    def value(self) -> float:
        """The share, 0 of nothing."""
        return self.count / self.n if self.n else 0.0

    def interval(self) -> tuple[float, float]:
        """95 % interval after Wilson."""
        if not self.n:
            return (0.0, 1.0)
        centre = (self.value + Z_95**2 / (2 * self.n)) / (1 + Z_95**2 / self.n)
        spread = self.value * (1 - self.value) / self.n + Z_95**2 / (4 * self.n**2)
        half = Z_95 * math.sqrt(spread) / (1 + Z_95**2 / self.n)
        return (max(0.0, centre - half), min(1.0, centre + half))


@dataclass(frozen=True, kw_only=True)
class RetrievalFigures:
    """Right passage among the first k (``top``), refusals and wrong answers."""

    top: Mapping[int, Share]
    refused: Share
    wrongly_answered: Share


def read_policy_questions(path: Path) -> list[PolicyQuestion]:
    """Questions in JSON lines: id, question, then law_file, article, alternates, evidence.

    Instead of law_file and article, ``source`` and ``evidence`` may name file and phrase;
    without either the question has no answer in the texts.
    """
    with path.open(encoding="utf-8") as file:
        return [_as_question(json.loads(line)) for line in file if line.strip()]


def evaluate_retrieval(
    knowledge: KnowledgeBase, questions: Iterable[PolicyQuestion]
) -> RetrievalFigures:
    """Ask every question as a resident would."""
    ranks: list[int] = []
    refused = wrongly = unanswerable = 0
    for question in questions:
        is_answered = isinstance(knowledge.answer(question.question), Answer)
        if not question.is_answerable:
            unanswerable += 1
            wrongly += is_answered
            continue
        refused += not is_answered
        ranks.append(_rank(question, knowledge.search(question.question, top=DEEPEST_RANK)))
    return RetrievalFigures(
        top={k: Share(count=sum(r < k for r in ranks), n=len(ranks)) for k in (1, 3, 5, 10)},
        refused=Share(count=refused, n=len(ranks)),
        wrongly_answered=Share(count=wrongly, n=unanswerable),
    )


def evaluate_replies(embedder: Embedder, rows: Sequence[Mapping[str, Any]]) -> Mapping[int, Share]:
    """Title of a message → its own official reply among all: found in the first 1 and 10.

    ``rows`` have "title" and "reply".
    """
    views = [views_of("", (), without_greeting(str(row["reply"]))) for row in rows]
    index = PassageIndex(_entries(embedder, views), embedder.dimension)
    ranks: list[int] = []
    for number, row in enumerate(rows):
        title = str(row["title"])
        query = Query(vector=embedder.embed_queries([title])[0], words=title)
        found = [match.position for match in index.search(query, DEEPEST_RANK)]
        ranks.append(found.index(number) if number in found else DEEPEST_RANK)
    return {k: Share(count=sum(rank < k for rank in ranks), n=len(ranks)) for k in (1, 10)}


def without_greeting(reply: str) -> str:
    """An official reply from the first words that say something."""
    words = re.sub(r"\s+", "", reply)
    while found := GREETING.match(words[:GREETING_WITHIN]):
        words = words[found.end() :]
    return words or reply


def _as_question(row: Mapping[str, Any]) -> PolicyQuestion:
    named = [row, *(row.get("alternates") or [])]
    articles: set[tuple[str, str | None]] = {
        (str(one.get("law_file") or row["law_file"]), str(one["article"]))
        for one in named
        if isinstance(one, dict) and one.get("article")
    }
    sources = articles or ({(str(row["source"]), None)} if row.get("source") else set())
    return PolicyQuestion(
        id=str(row["id"]),
        question=str(row["question"]),
        sources=frozenset(sources),
        evidence=row.get("evidence"),
    )


def _rank(question: PolicyQuestion, hits: Sequence[Hit]) -> int:
    return next((i for i, hit in enumerate(hits) if question.is_met_by(hit)), DEEPEST_RANK)


def _entries(embedder: Embedder, views: Sequence[PassageViews]) -> list[Entry]:
    texts = list(dict.fromkeys(text for view in views for text in (view.whole, *view.parts)))
    vectors = dict(zip(texts, embedder.embed_passages(texts), strict=True))
    none = np.empty((0, embedder.dimension), np.float32)
    return [
        Entry(
            words=view.whole,
            whole=vectors[view.whole],
            parts=np.stack([vectors[part] for part in view.parts]) if view.parts else none,
        )
        for view in views
    ]
