"""Finding passages and answering from them: one KnowledgeBase a collection."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from knowledge.answering import Answer, Clarify, NoAnswer, NoAnswerReason, Reply
from knowledge.asked_day import read_asked_day
from knowledge.clarifying import equally_near
from knowledge.decision import AnswerRule, rule_for
from knowledge.documents import DEFAULT_COLLECTION, Hit, Passage
from knowledge.expectations import lift_expected
from knowledge.fixed_replies import FoundReply
from knowledge.follow_up import is_follow_up, with_context
from knowledge.indexes import Fusion, Match, Query, Scope
from knowledge.lexicon import Lexicon, shipped_lexicon
from knowledge.ports import Embedder
from knowledge.preamble import without_preamble
from knowledge.published import PublishedState, state_now
from knowledge.quoting import part_for, quote
from knowledge.snapshots import Snapshot, SnapshotBuilder
from knowledge.store import SessionFactory, index_version, read_only
from knowledge.tokens import simplified

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_QUESTION = 400
"""Characters of a question that are looked at; the matter stands at its beginning."""
LOOKED_THROUGH = 10
LIFTED_FROM = 30
"""Matches among which one that holds what the question expects may rise."""
OUT_OF_FORCE_MARGIN = 0.02
"""By how much a lapsed text must be nearer before what is in force counts as another matter."""


def today_in_shanghai() -> date:
    """The day it is where the texts are in force."""
    return datetime.now(SHANGHAI).date()


@dataclass(frozen=True, kw_only=True)
class _Found:
    hit: Hit
    match: Match


class KnowledgeBase:
    """Answers questions from the texts of one collection that are in force.

    Cheap to construct; the index is built by ``refresh`` or by the first question. It is never
    changed, only swapped for another one, so no question sees half of a publication.

    Args:
        open_session: opens a session on the database of the texts.
        embedder: the model whose vectors are compared.
        collection: the body of texts to search.
        lexicon: residents' words and official ones.
        rule: when to answer; by default the one calibrated for the embedder's model.
        fusion: what each way of comparing counts.
        today: the current day.
    """

    def __init__(
        self,
        open_session: SessionFactory,
        embedder: Embedder,
        collection: str = DEFAULT_COLLECTION,
        *,
        lexicon: Lexicon | None = None,
        rule: AnswerRule | None = None,
        fusion: Fusion | None = None,
        today: Callable[[], date] = today_in_shanghai,
    ) -> None:
        self.collection = collection
        self._open_session = open_session
        self._embedder = embedder
        self._lexicon = lexicon or shipped_lexicon()
        self._rule = rule or rule_for(embedder.model_name)
        self._fusion = fusion
        self._today = today
        self._builder = SnapshotBuilder(open_session, embedder, fusion)
        self._snapshot: Snapshot | None = None
        self._building = threading.Lock()

    def __len__(self) -> int:
        """Passages in the index, those out of force included."""
        return len(self._current().passages)

    @property
    def version(self) -> int:
        """The published state that questions are answered from."""
        return self._current().version

    def refresh(self) -> bool:
        """Take up what was published since; costs one row if nothing was.

        Returns:
            Whether the index was swapped.
        """
        with self._building:
            with self._open_session() as session:
                published = index_version(read_only(session), self.collection)
            if self._snapshot is not None and self._snapshot.version == published:
                return False
            self._snapshot = self._builder.build(state_now(self._open_session, self.collection))
            return True

    def as_if(self, state: PublishedState) -> "KnowledgeBase":
        """A base of the same kind that answers from ``state``: what publishing would make."""
        other = KnowledgeBase(
            self._open_session,
            self._embedder,
            self.collection,
            lexicon=self._lexicon,
            rule=self._rule,
            fusion=self._fusion,
            today=self._today,
        )
        other._snapshot = other._builder.build(state)
        return other

    def search(self, question: str, *, top: int = 10, on: date | None = None) -> list[Hit]:
        """The passages in force on the day ``on`` (today) that are nearest, best first."""
        snapshot = self._current()
        scope = snapshot.scopes_on(on or self._today()).in_force
        return [found.hit for found in self._find(snapshot, question, top, scope)]

    def answer(self, question: str, *, context: str | None = None, on: date | None = None) -> Reply:
        """What a resident gets for ``question``.

        Args:
            question: in any words; empty ones find nothing.
            context: the topic of the answer before, or the topic chosen from a Clarify.
            on: the day the question is about; by default the one it names, else today.
        """
        if on is None and (asked := read_asked_day(question, self._today())):
            reply = self._answer(asked.rest, context, asked.day)
            return reply if isinstance(reply, Clarify) else replace(reply, on=asked.day)
        return self._answer(question, context, on or self._today())

    def _answer(self, question: str, context: str | None, day: date) -> Reply:
        snapshot = self._current()
        if not snapshot.passages:
            return NoAnswer(reason=NoAnswerReason.EMPTY_INDEX)
        if context and is_follow_up(question):
            return self._reply(snapshot, with_context(question, context), day, context)
        # A question that names its own matter is never answered from the one before: «护照怎么办»
        # after a talk about dogs is a new question without an answer.
        return self._reply(snapshot, question, day, context)

    def _reply(self, snapshot: Snapshot, question: str, day: date, context: str | None) -> Reply:
        scopes = snapshot.scopes_on(day)
        if fixed := self._fixed_reply(snapshot, question, day, scopes.in_force.passages):
            return _as_told(fixed, snapshot.passages[fixed.position])
        found = self._find(snapshot, question, LOOKED_THROUGH, scopes.in_force)
        others = self._find(snapshot, question, LOOKED_THROUGH, scopes.others)
        if self._is_out_of_force(found, others):
            return NoAnswer(reason=NoAnswerReason.NOT_IN_FORCE, nearest=_hits(others))
        if self._rule.may_answer(_hits(found)) and (near := equally_near(question, _hits(found))):
            about = [f for f in found if f.hit.passage.topic == context]
            # Whoever goes on about a matter is not asked whether another one was meant.
            if not about:
                return _clarify(near)
            found = about
        elif not self._rule.answers(_hits(found)):
            return NoAnswer(reason=NoAnswerReason.NOTHING_NEAR, nearest=_hits(found))
        return self._quote(found, question)

    def _fixed_reply(
        self, snapshot: Snapshot, question: str, day: date, allowed: NDArray[np.bool_]
    ) -> FoundReply | None:
        words = _words_of(question)
        if not words:
            return None
        # Tuning drew questions on the same field together: the packaged model tells them apart.
        judge = self._embedder.second_opinion or self._embedder
        vector = judge.embed_queries([words])[0]
        return snapshot.replies.find(words, vector, day, allowed)

    def _is_out_of_force(self, found: Sequence[_Found], others: Sequence[_Found]) -> bool:
        """Whether the question is about a text that lapsed or is yet to come."""
        if not self._rule.answers(_hits(others)):
            return False
        if not self._rule.answers(_hits(found)):
            return True
        return others[0].hit.score > found[0].hit.score + OUT_OF_FORCE_MARGIN

    def _quote(self, found: Sequence[_Found], question: str) -> Answer:
        best = found[0]
        text = best.hit.passage.text
        return Answer(
            hits=_hits(found),
            quote=quote(text, part_for(text, best.match.best_part, question)),
            score=self._rule.probability(_hits(found)),
            topic=best.hit.passage.topic,
        )

    def _find(self, snapshot: Snapshot, question: str, top: int, scope: Scope) -> list[_Found]:
        words = _words_of(question)
        if not words or not scope.passages.any():
            return []
        # A text that was imported under two names would take two places.
        matches = snapshot.index.search(self._query(words), max(2 * top, LIFTED_FROM), scope)
        texts = [snapshot.passages[match.position].text for match in matches]
        seen: set[tuple[str, str]] = set()
        found: list[_Found] = []
        for match, score in lift_expected(words, matches, texts):
            passage = snapshot.passages[match.position]
            key = (passage.citation.title, passage.text)
            if key not in seen:
                seen.add(key)
                found.append(_Found(hit=_as_hit(passage, match, score), match=match))
        return found[:top]

    def _query(self, words: str) -> Query:
        """The meaning in the resident's own words, the words with the official ones added."""
        judge = self._embedder.second_opinion
        return Query(
            asked=self._embedder.read_question(words),
            words=self._lexicon.expand(words),
            plain=judge.read_question(words) if judge else None,
        )

    def _current(self) -> Snapshot:
        if self._snapshot is None:
            self.refresh()
        assert self._snapshot is not None
        return self._snapshot


def _words_of(question: str) -> str:
    """What is looked for: the question in simplified characters, without its polite beginning."""
    return simplified(without_preamble(question.strip())[:LONGEST_QUESTION])


def _as_told(fixed: FoundReply, passage: Passage) -> Answer:
    """The community's own reply, with the passage it rests on."""
    near = fixed.nearness
    reasons = MappingProxyType({"whole": near, "part": near, "lexical": 0.0, "fixed": near})
    return Answer(
        hits=(Hit(passage=passage, score=near, reasons=reasons),),
        quote=fixed.reply.reply,
        score=min(near, 1.0),
        topic=passage.topic,
        own_words=True,
    )


def _as_hit(passage: Passage, match: Match, score: float) -> Hit:
    reasons = {
        "whole": match.whole,
        "part": match.part,
        "lexical": match.lexical,
        "matched": match.matched,
        "plain": match.plain,
        "plain_matched": match.plain_matched,
        "plain_spread": match.plain_spread,
        "expected": score - match.score,
    }
    return Hit(passage=passage, score=score, reasons=MappingProxyType(reasons))


def _hits(found: Sequence[_Found]) -> tuple[Hit, ...]:
    return tuple(f.hit for f in found)


def _clarify(near: Sequence[Hit]) -> Clarify:
    return Clarify(topics=tuple(hit.passage.topic for hit in near), hits=tuple(near))
