"""The pairs that the embedding model is tuned on: what residents say → what the texts say."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.evaluation import read_policy_questions
from knowledge.preparing import prepare_text
from knowledge.readers import read_members
from knowledge.views import PassageViews, views_of

HERE = Path(__file__).parent
STATUTE_PAIRS = HERE / "beijing_pairs.jsonl"
REPORTED_QUESTIONS = HERE.parent / "data" / "beijing_questions.jsonl"
GREETING = re.compile(r"^.{0,80}?(?:(?:答复|回复|说明|情况)如下|您好|你好)[：:，,！!。]?")
GREETING_WITHIN = 160
EVERY_FIFTH = 5
"""One message in five is held back to measure the tuning."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A passage: ``group`` is the text it stands in, whose other passages are its rivals."""

    group: str
    views: PassageViews


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A question and the number of its passage among the targets of the same source."""

    question: str
    target: int


@dataclass(frozen=True, kw_only=True)
class Source:
    """Pairs that are drawn into the same batch, with all passages they may be taken for."""

    pairs: tuple[Pair, ...]
    targets: tuple[Target, ...]


def statute_pairs(statutes: Path) -> Source:
    """Colloquial questions on the statutes of a folder.

    Articles that the reported questions ask about are left out, so that those stay a test.
    """
    articles = _articles(statutes)
    numbers = {key: number for number, key in enumerate(articles)}
    reported = _reported_articles()
    pairs = tuple(
        Pair(question=row["question"], target=numbers[key])
        for row in _rows(STATUTE_PAIRS)
        if (key := (row["law_file"], row["article"])) in numbers and key not in reported
    )
    targets = tuple(Target(group=law, views=views) for (law, _), views in articles.items())
    return Source(pairs=pairs, targets=targets)


def held_back_pairs() -> list[dict[str, str]]:
    """The pairs that are left out, because a reported question is about the same article."""
    reported = _reported_articles()
    return [row for row in _rows(STATUTE_PAIRS) if (row["law_file"], row["article"]) in reported]


def most_asked(count: int) -> list[str]:
    """The file names of the statutes that most of the reported questions are about."""
    asked = Counter(row["law_file"] for row in _rows(REPORTED_QUESTIONS) if row.get("law_file"))
    return sorted(asked, key=lambda name: (-asked[name], name))[:count]


def _reported_articles() -> set[tuple[str, str | None]]:
    questions = read_policy_questions(REPORTED_QUESTIONS)
    return {source for question in questions for source in question.sources}


def reply_pairs(replies: Path) -> tuple[Source, Source]:
    """Titles of messages and their official replies: those to learn from, those held back."""
    rows = list(_rows(replies))
    learned = [row for n, row in enumerate(rows) if n % EVERY_FIFTH]
    return _reply_source(learned), _reply_source(rows[::EVERY_FIFTH])


def without_greeting(reply: str) -> str:
    """An official reply from the first words that say something."""
    words = re.sub(r"\s+", "", reply)
    while found := GREETING.match(words[:GREETING_WITHIN]):
        words = words[found.end() :]
    return words or reply


def _reply_source(rows: Sequence[dict[str, str]]) -> Source:
    targets = tuple(
        Target(group="", views=views_of("", (), without_greeting(row["reply"]))) for row in rows
    )
    pairs = tuple(Pair(question=row["title"], target=n) for n, row in enumerate(rows))
    return Source(pairs=pairs, targets=targets)


def _articles(folder: Path) -> dict[tuple[str, str], PassageViews]:
    articles: dict[tuple[str, str], PassageViews] = {}
    for file in sorted(folder.glob("*.md")):
        for read in read_members(file.read_bytes(), file.name).texts:
            text = prepare_text(read)
            for piece in text.pieces:
                if piece.article:
                    views = views_of(text.imprint.title, piece.path, piece.text)
                    articles[file.name, piece.article] = views
    return articles


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]
