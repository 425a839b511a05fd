"""Everything that is asked of the parser and of the texts, before any transaction opens."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from bot.dialogue.following_up import answer_following, ask_back_if_double
from bot.dialogue.matters import candidate_matters, distinct_matters
from bot.dialogue.phrases import FOLLOW_UP, holds_words, is_question, plain
from bot.dialogue.session import Session, Step
from bot.dialogue.turn import Insight, Reading
from bot.dialogue.wording.traditional import to_simplified
from bot.messages import IncomingMessage
from knowledge.answering import Answer, Reply
from nlu.understanding import Intent, Language, MessageParser, Understanding, Urgency

LONGEST_MESSAGE = 10_000
CONTEXT_LASTS = timedelta(minutes=30)
SHORT_FOLLOW_UP = 14
UNSURE = 0.45
"""Below this the intent is not acted on without asking back."""
ASKING_INTENTS = frozenset({Intent.CONSULT, Intent.OUT_OF_SCOPE})
SOCIAL_INTENTS = frozenset({Intent.GREET, Intent.THANKS, Intent.AFFIRM, Intent.DENY, Intent.CANCEL})
"""Words that carry no matter."""
STORED_QUESTION_VERBS = frozenset({"tofile", "topic"})
STORED_TEXT_VERBS = frozenset({"meant.ask", "meant.report", "meant.new"})


class Texts(Protocol):
    """What the texts say; ``knowledge`` has the real one."""

    def answer(self, question: str, *, context: str | None = None) -> Reply:
        """Answer ``question``; ``context`` is what was talked about before."""
        ...


class Considerer:
    """Finds out what a message means and what the texts say to it.

    Args:
        parser: Understands messages.
        texts: Answers questions.
        now: Tells the time in UTC.
    """

    def __init__(self, *, parser: MessageParser, texts: Texts, now: Callable[[], datetime]) -> None:
        self._parser = parser
        self._texts = texts
        self._now = now

    def consider(self, message: IncomingMessage, session: Session) -> Insight:
        """All that a step may need to know about ``message``."""
        text, was_cut = _words_to_go_by(message, session)
        readings = self._read(text) if holds_words(text) else ()
        first = readings[0] if readings else Reading(text=text)
        return Insight(
            message=message,
            now=self._now(),
            reading=self._with_answer(first, message, session),
            further=tuple(self._with_plain_answer(one) for one in readings[1:]),
            waiting=self._waiting(session),
            was_cut=was_cut,
        )

    def _read(self, text: str) -> tuple[Reading, ...]:
        """The matters of the text, or the text as one."""
        whole = self._parser.parse(text)
        parts = () if _is_emergency(whole) else candidate_matters(text)
        if parts:
            understood = self._parser.parse_many(parts)
            split = distinct_matters(_readings(parts, understood), counted=whole.matters)
            if split:
                return split
        return (Reading(text=text, understanding=whole),)

    def _waiting(self, session: Session) -> tuple[Reading, ...]:
        if not session.matters:
            return ()
        understood = self._parser.parse_many(session.matters)
        readings = _readings(session.matters, understood)
        return tuple(self._with_plain_answer(one) for one in readings)

    def _with_plain_answer(self, reading: Reading) -> Reading:
        if reading.intent is not Intent.CONSULT:
            return reading
        return replace(reading, answer=self._texts.answer(_question(reading)))

    def _with_answer(self, reading: Reading, message: IncomingMessage, session: Session) -> Reading:
        if message.choice and message.choice.startswith("topic:"):
            return self._with_topic_answer(reading, message.choice, session)
        goes_on = self._follows_up(reading.text, session) and is_question(reading.text)
        asked = message.choice == "meant.ask" or _is_asking(reading, session)
        asked = asked or (goes_on and reading.intent in SOCIAL_INTENTS)
        if not asked or not reading.text:
            return reading
        question = _question(reading)
        if session.topic and self._follows_up(reading.text, session):
            ask = partial(self._texts.answer, context=session.topic)
            before = session.question or session.topic
            answer = answer_following(before, session.topic, question, ask)
        else:
            answer = self._texts.answer(question)
        if isinstance(answer, Answer) and answer.topic != session.topic:
            answer = ask_back_if_double(question, answer)
        return replace(reading, answer=answer)

    def _with_topic_answer(self, reading: Reading, choice: str, session: Session) -> Reading:
        number = choice.partition(":")[2]
        if not (number.isdigit() and int(number) < len(session.topics)):
            return reading
        topic = session.topics[int(number)]
        return replace(reading, answer=self._texts.answer(_question(reading), context=topic))

    def _follows_up(self, text: str, session: Session) -> bool:
        if session.topic is None or self._now() - session.at > CONTEXT_LASTS:
            return False
        words = plain(text)
        return len(words) <= SHORT_FOLLOW_UP or bool(FOLLOW_UP.match(words))


def _words_to_go_by(message: IncomingMessage, session: Session) -> tuple[str, bool]:
    """The words of the message, or those that its button is about."""
    verb = (message.choice or "").partition(":")[0]
    if verb in STORED_QUESTION_VERBS:
        return session.question or "", False
    if verb in STORED_TEXT_VERBS:
        return session.pending_text or "", False
    text = message.text.strip()
    return text[:LONGEST_MESSAGE], len(text) > LONGEST_MESSAGE


def _readings(texts: Sequence[str], understood: Sequence[Understanding]) -> list[Reading]:
    return [
        Reading(text=text, understanding=one) for text, one in zip(texts, understood, strict=True)
    ]


def _is_asking(reading: Reading, session: Session) -> bool:
    """Whether the texts are to be asked: a question, or words that may be one."""
    if reading.understanding is None or _is_emergency(reading.understanding):
        return False
    if reading.intent in ASKING_INTENTS or session.step is Step.CLARIFY_TOPIC:
        return True
    return is_question(reading.text) and reading.confidence < 2 * UNSURE


def _is_emergency(understanding: Understanding) -> bool:
    return understanding.urgency is Urgency.EMERGENCY or understanding.intent is Intent.EMERGENCY


def _question(reading: Reading) -> str:
    traditional = reading.understanding and reading.understanding.language is Language.TRADITIONAL
    return to_simplified(reading.text) if traditional else reading.text
