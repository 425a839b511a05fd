"""From an engine's readings of a message's parts to its Understanding.

Both engines go through here, so rules on danger, several matters, entities and language are
the same whichever of them answers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nlu.entities import find_entities
from nlu.gazetteer import Gazetteer
from nlu.language import detect_language
from nlu.matters import READ_CHARACTERS, split_clauses, split_matters, turns
from nlu.text import head_segments
from nlu.understanding import Category, Intent, Understanding, Urgency
from nlu.urgency import LONG_MESSAGE, Danger, UrgencyFinding, assess_urgency, guess_service

SURE_DANGER = 0.8
"""The models alone call an emergency from here on, where the rules see no danger."""

SURE_DANGER_IN_A_PART = 0.95
"""… in a clause, which lacks what stands around it."""

SURE_DANGER_IN_A_STORY = 0.9
NEVERTHELESS_DANGER = 0.95
"""… and where the rules see danger that is only talked about."""

LEAST_DANGER = 0.02
"""Below it the rules are taken to have misread the words. Of 338 emergencies among the training
examples that the rules see, none but the clearest slips stood lower when left out."""

RULE_CONFIDENCE = 0.9
ONE_MATTER = 0.87
"""A message whose class is that sure has no second matter: its sentences need not be read."""

SURE_TURN, SURE_SENTENCE, SURE_CLAUSE = 0.45, 0.6, 0.7
"""A part is a matter of its own from here on: where the message says itself that it turns to
something else; a sentence where it does not; a clause, if the whole may be about that too.
Chosen on ``benchmarks/training/several_matters.jsonl``, which no figure is reported on."""

MOST_CATEGORIES = 5
ALTERNATIVES = 3

WITHOUT_MATTER = frozenset(
    {
        Intent.GREET,
        Intent.THANKS,
        Intent.AFFIRM,
        Intent.DENY,
        Intent.CANCEL,
        Intent.HUMAN,
        Intent.RATE,
        Intent.OUT_OF_SCOPE,
    }
)
LONGEST_SMALL_TALK = 40
"""Nobody greets, thanks or agrees at greater length: such a message has a matter."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What an engine makes of one text: probabilities of intents, categories best first,
    the probability of danger, and the nearest training examples."""

    intents: Mapping[Intent, float]
    categories: tuple[Category, ...] = ()
    danger: float = 0.0
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MessageParts:
    """The texts of a message that an engine reads: the head, and where that leaves a doubt
    (``Composer.parts_in_doubt``) each matter it may have, and each clause. The head of a blank
    message is empty. ``turns``: the message says itself that it turns to something else."""

    head: str
    matters: tuple[str, ...]
    clauses: tuple[str, ...]
    turns: bool


def today_in_china() -> date:
    """The day that residents mean by «今天»."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


@dataclass(frozen=True, kw_only=True)
class Composer:
    """Puts an Understanding together.

    Args:
        gazetteer: names of the organisation.
        today: the day a message is read on.
    """

    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    today: Callable[[], date] = today_in_china

    def take_apart(self, text: str) -> MessageParts:
        """The texts that an engine must read for ``text``."""
        return MessageParts(
            head="\n".join(head_segments(text)),
            matters=split_matters(text),
            clauses=split_clauses(text),
            turns=turns(text),
        )

    def parts_in_doubt(self, text: str, apart: MessageParts, head: Reading) -> tuple[str, ...]:
        """The parts of ``text`` that an engine must read too, after ``head``.

        Each costs as much as the head, and most messages have one matter and no danger.
        """
        if assess_urgency(text).danger is not Danger.NONE:
            return (*apart.matters, *apart.clauses)
        sure = bool(head.categories) and head.categories[0].confidence >= ONE_MATTER
        if not _has_matter(_likeliest(head), text) or (sure and not apart.turns):
            return ()
        return apart.matters if apart.turns else (*apart.matters, *apart.clauses)

    def compose(
        self,
        text: str,
        apart: MessageParts,
        readings: Sequence[Reading],
        *,
        parser: str,
        model: str,
    ) -> Understanding:
        """The Understanding of ``text`` from the readings of its head and of the parts read."""
        if not readings:
            return self._blank(text, parser, model)
        head = readings[0]
        finding = _weigh_danger(text, readings)
        ranking = _rank_intents(head, finding)
        intent, confidence = ranking[0]
        matters = _matters(apart, readings) if _has_matter(intent, text) else []
        return Understanding(
            text=text,
            intent=intent,
            confidence=confidence,
            alternatives=tuple(ranking[1 : 1 + ALTERNATIVES]),
            categories=tuple(_distinct([*matters, *head.categories]))[:MOST_CATEGORIES]
            if matters
            else (),
            urgency=finding.urgency,
            emergency_service=finding.service,
            entities=find_entities(text, self.gazetteer, self.today()),
            language=detect_language(text),
            parser=parser,
            model=model,
            evidence=head.evidence,
            matters=len(matters),
        )

    def _blank(self, text: str, parser: str, model: str) -> Understanding:
        return Understanding(
            text=text,
            intent=Intent.OUT_OF_SCOPE,
            confidence=1.0,
            alternatives=(),
            categories=(),
            urgency=Urgency.ORDINARY,
            emergency_service=None,
            entities=(),
            language=detect_language(text),
            parser=parser,
            model=model,
        )


def _weigh_danger(text: str, readings: Sequence[Reading]) -> UrgencyFinding:
    """The rules' finding, confirmed or corrected by what the models make of the message."""
    finding = assess_urgency(text)
    if _is_dangerous(finding, readings, len(text)):
        service = finding.service or guess_service(text)
        return replace(finding, danger=Danger.PRESENT, service=service)
    if finding.danger is Danger.PRESENT:
        return replace(finding, danger=Danger.TALKED_ABOUT, service=None)
    return finding


def _is_dangerous(finding: UrgencyFinding, readings: Sequence[Reading], length: int) -> bool:
    # The models read the beginning only, and danger may stand at the end.
    is_half_read, is_story = length > READ_CHARACTERS, length > LONG_MESSAGE
    head, highest = readings[0].danger, max(reading.danger for reading in readings)
    if finding.danger is Danger.PRESENT:
        return is_half_read or highest >= LEAST_DANGER
    if finding.danger is Danger.TALKED_ABOUT:
        return head >= NEVERTHELESS_DANGER
    if is_story:
        return head >= SURE_DANGER_IN_A_STORY
    return head >= SURE_DANGER or highest >= SURE_DANGER_IN_A_PART


def _rank_intents(head: Reading, finding: UrgencyFinding) -> list[tuple[Intent, float]]:
    likely = dict(head.intents)
    chance = likely.pop(Intent.EMERGENCY, 0.0)
    if finding.urgency is Urgency.EMERGENCY:
        chance = max(chance, head.danger, RULE_CONFIDENCE)
        return [(Intent.EMERGENCY, chance), *_ranked(likely, share=1.0 - chance)]
    return _ranked(likely, share=1.0)


def _ranked(likely: Mapping[Intent, float], share: float) -> list[tuple[Intent, float]]:
    total = sum(likely.values()) or 1.0
    scaled = ((intent, chance * share / total) for intent, chance in likely.items())
    return sorted(scaled, key=lambda entry: -entry[1])


def _has_matter(intent: Intent, text: str) -> bool:
    return intent not in WITHOUT_MATTER or len(text.strip()) > LONGEST_SMALL_TALK


def _matters(apart: MessageParts, readings: Sequence[Reading]) -> list[Category]:
    """What the message as a whole is about, then what each sure part adds to it."""
    head, split = readings[0], 1 + len(apart.matters)
    least = SURE_TURN if apart.turns else SURE_SENTENCE
    leading = [part.categories[0] for part in readings[1:split] if _is_sure_matter(part, least)]
    possible = {category.first for category in head.categories}
    leading += [
        clause.categories[0]
        for clause in readings[split:]
        if not apart.turns
        and _is_sure_matter(clause, SURE_CLAUSE)
        and clause.categories[0].first in possible
    ]
    by_first = {category.first: category for category in (*leading[::-1], *head.categories[:1])}
    first = head.categories[0].first if head.categories else None
    return sorted(by_first.values(), key=lambda category: category.first != first)


def _is_sure_matter(part: Reading, least: float) -> bool:
    if not part.categories or part.categories[0].confidence < least:
        return False
    return _likeliest(part) not in WITHOUT_MATTER


def _likeliest(reading: Reading) -> Intent:
    return max(reading.intents, key=lambda intent: reading.intents[intent])


def _distinct(categories: Iterable[Category]) -> list[Category]:
    kept: dict[tuple[str, str | None], Category] = {}
    for category in categories:
        kept.setdefault((category.first, category.second), category)
    return list(kept.values())
