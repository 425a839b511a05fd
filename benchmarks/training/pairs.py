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
REFUSED_QUESTIONS = HERE / "refused.jsonl"
"""Questions without an answer that the model learns to leave alone; others calibrate the rule."""
REPORTED_QUESTIONS = HERE.parent / "data" / "beijing_questions.jsonl"
GREETING = re.compile(r"^.{0,80}?(?:(?:答复|回复|说明|情况)如下|您好|你好)[：:，,！!。]?")
GREETING_WITHIN = 160
EVERY_TENTH = 10
"""One message in ten is held back to measure the tuning."""
SHORTEST_BODY, BODY_READ, BODY_ASKED = 30, 300, 80
"""Characters of a message's text: fewer say nothing, more are not read; as a question, fewer."""


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
    """Messages and their official replies: those to learn from, those held back (titles only).

    A resident's question is a title; the beginning of the message says the same in more words.
    """
    rows = list(_rows(replies))
    learned = [row for n, row in enumerate(rows) if n % EVERY_TENTH]
    held_back = rows[::EVERY_TENTH]
    return _reply_source(learned, with_bodies=True), _reply_source(held_back, with_bodies=False)


def refused_questions() -> list[str]:
    """Questions that no statute answers."""
    return [row["question"] for row in _rows(REFUSED_QUESTIONS)]


def message_pairs(messages: Path) -> Source:
    """Titles of messages and what stands below them: the language of residents on both sides."""
    rows = [row for row in _rows(messages) if len(row["body"]) >= SHORTEST_BODY][::2]
    targets = tuple(
        Target(group="", views=PassageViews(whole=_beginning(row["body"]), parts=()))
        for row in rows
    )
    return Source(
        pairs=tuple(Pair(question=row["title"], target=n) for n, row in enumerate(rows)),
        targets=targets,
    )


def _beginning(body: str) -> str:
    return re.sub(r"\s+", "", body)[:BODY_READ]


def without_greeting(reply: str) -> str:
    """An official reply from the first words that say something."""
    words = re.sub(r"\s+", "", reply)
    while found := GREETING.match(words[:GREETING_WITHIN]):
        words = words[found.end() :]
    return words or reply


def _reply_source(rows: Sequence[dict[str, str]], *, with_bodies: bool) -> Source:
    targets = tuple(
        Target(group="", views=views_of("", (), without_greeting(row["reply"]))) for row in rows
    )
    pairs = [Pair(question=row["title"], target=n) for n, row in enumerate(rows)]
    if with_bodies:
        pairs += [
            Pair(question=_beginning(row["body"])[:BODY_ASKED], target=n)
            for n, row in enumerate(rows)
        ]
    return Source(pairs=tuple(pairs), targets=targets)


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
