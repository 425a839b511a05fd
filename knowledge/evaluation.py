"""How good the answers are, measured on questions whose right passage is known."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.answering import Answer
from knowledge.documents import Hit
from knowledge.importing import Progress, SourceFile, import_files
from knowledge.ports import Embedder
from knowledge.retrieval import KnowledgeBase
from knowledge.store import SessionFactory
from knowledge.vectors import digest_of

DEEPEST_RANK = 10
PASSAGES_SEEN = 40
"""Passages looked through for ten different files."""
Z_95 = 1.96


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
    """Questions in JSON lines: id, question, then law_file, article, alternates, also, evidence.

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


def evaluate_replies(
    open_session: SessionFactory,
    embedder: Embedder,
    rows: Sequence[Mapping[str, Any]],
    progress: Progress = lambda stage, done, total: None,
    *,
    asked: Sequence[int] | None = None,
) -> Mapping[int, Share]:
    """Title of a message → its own official reply among all: found in the first 1 and 10.

    The replies are imported like any texts, one file each, into a collection named after their
    contents, and searched like any texts. ``rows`` have "title" and "reply"; ``asked`` are the
    numbers of those whose titles are asked, by default all.
    """
    files = [
        SourceFile(name=_reply_name(n), content=str(r["reply"]).encode())
        for n, r in enumerate(rows)
    ]
    contents = "\n".join(str(row["reply"]) for row in rows)
    collection = f"replies-{digest_of(contents)[:12]}"
    import_files(open_session, embedder, files, collection, publish_at_once=True, progress=progress)
    knowledge = KnowledgeBase(open_session, embedder, collection)
    ranks = [
        _rank_of_source(
            _reply_name(number), knowledge.search(str(rows[number]["title"]), top=PASSAGES_SEEN)
        )
        for number in (range(len(rows)) if asked is None else asked)
    ]
    return {k: Share(count=sum(rank < k for rank in ranks), n=len(ranks)) for k in (1, 10)}


def _reply_name(number: int) -> str:
    return f"{number}.txt"


def _rank_of_source(source: str, hits: Sequence[Hit]) -> int:
    """The place of a file among the files found; several passages of one count once."""
    found = list(dict.fromkeys(hit.passage.citation.source for hit in hits))
    return found.index(source) if source in found else len(found) + DEEPEST_RANK


def _as_question(row: Mapping[str, Any]) -> PolicyQuestion:
    named = [row, *map(_as_named, [*(row.get("alternates") or ()), *(row.get("also") or ())])]
    articles: set[tuple[str, str | None]] = {
        (str(one.get("law_file") or row["law_file"]), str(one["article"]))
        for one in named
        if one.get("article")
    }
    sources = articles or ({(str(row["source"]), None)} if row.get("source") else set())
    return PolicyQuestion(
        id=str(row["id"]),
        question=str(row["question"]),
        sources=frozenset(sources),
        evidence=row.get("evidence"),
    )


def _as_named(other: Any) -> Mapping[str, Any]:
    """Another right article: its label, or an object that names its file too."""
    return other if isinstance(other, Mapping) else {"article": other}


def _rank(question: PolicyQuestion, hits: Sequence[Hit]) -> int:
    return next((i for i, hit in enumerate(hits) if question.is_met_by(hit)), DEEPEST_RANK)
