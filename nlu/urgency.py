"""How soon somebody must act, by rules; pure.

A hazard counts where it happens: not when it is negated, past, over, supposed, asked about,
proposed, quoted or told. The words for all that are one table, urgency_rules.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from nlu import outage_rules as outages
from nlu import urgency_rules as rules
from nlu.text import Sentence, reading, sentences
from nlu.understanding import Urgency

CLAUSE = re.compile(r"[^,，、\s]+")
LONG_MESSAGE = 400
"""A longer message tells a story: a hazard in it counts only with a word of the present."""


LONGEST_STRETCH = 500
MOST_MATCHES = 10
"""Of one hazard in one sentence: whoever writes it oftener says nothing new."""


class Danger(StrEnum):
    """What the rules say about danger in a message."""

    PRESENT = "present"
    TALKED_ABOUT = "talked_about"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class UrgencyFinding:
    """The outcome of the rules.

    ``service`` is the number to call where there is danger, ``hazard`` the row of the table,
    and ``without_danger`` what the urgency would be if that danger were none.
    """

    danger: Danger
    without_danger: Urgency = Urgency.ORDINARY
    service: str | None = None
    hazard: str | None = None

    @property
    def urgency(self) -> Urgency:
        """How soon somebody must act, by the rules alone."""
        return Urgency.EMERGENCY if self.danger is Danger.PRESENT else self.without_danger


def assess_urgency(text: str) -> UrgencyFinding:
    """Read ``text`` by the table of rules."""
    read = rules.FIGURES.sub("", reading(text))
    found = list(_hazards(read))
    otherwise = _without_danger(read)
    present = [hazard for hazard, happens in found if happens]
    if present:
        return _emergency(present, otherwise)
    danger = Danger.TALKED_ABOUT if found else Danger.NONE
    return UrgencyFinding(danger=danger, without_danger=otherwise)


def guess_service(text: str) -> str:
    """The number to call for a danger that no rule saw: by single words, else the police."""
    read = reading(text)
    counts = {service: len(words.findall(read)) for service, words in rules.SERVICE_WORDS.items()}
    best = max(counts, key=lambda service: counts[service])
    return best if counts[best] else rules.POLICE


def _emergency(present: list[rules.Hazard], otherwise: Urgency) -> UrgencyFinding:
    # In the order of the table: what threatens many comes first.
    hazard = min(present, key=rules.HAZARDS.index)
    return UrgencyFinding(
        danger=Danger.PRESENT,
        without_danger=otherwise,
        service=hazard.service,
        hazard=hazard.name,
    )


def _hazards(read: str) -> Iterator[tuple[rules.Hazard, bool]]:
    is_story = len(read) > LONG_MESSAGE
    # What is told before a hazard cannot have ended it.
    ended = max((match.start() for match in rules.RESOLVED.finditer(read)), default=-1)
    for sentence in _stretches(read):
        over = ended >= sentence.start
        for hazard in rules.HAZARDS:
            for match in islice(hazard.pattern.finditer(sentence.text), MOST_MATCHES):
                yield hazard, not over and _happens(sentence, match, is_story=is_story)


def _stretches(read: str) -> Iterator[Sentence]:
    """Sentences; one without end is cut, so that the time stays in proportion to the text."""
    for sentence in sentences(read):
        for start in range(0, len(sentence.text), LONGEST_STRETCH):
            piece = sentence.text[start : start + LONGEST_STRETCH]
            yield Sentence(text=piece, start=sentence.start + start)


def _happens(sentence: Sentence, match: re.Match[str], *, is_story: bool) -> bool:
    text = sentence.text
    before, after = _clause_before(text, match.start()), text[match.end() :]
    if rules.NEGATED.search(before) or rules.AFTER_ONLY_A_NAME.search(after):
        return False
    if _is_quoted(text, match) or rules.TOLD.search(text) or rules.PROPOSING.search(text):
        return False
    if _is_of_the_past(text, match):
        return False
    if rules.PRESENT.search(text):
        return True
    if is_story or _is_supposed(text, match):
        return False
    return not any(pattern.search(text) for pattern in (rules.PAST, rules.ASKING, rules.HABITUAL))


def _is_of_the_past(text: str, match: re.Match[str]) -> bool:
    # «前年有人掉下去，现在还没修»: what is so now stands in another clause than the hazard.
    clause = _clause_before(text, match.start()) + match[0]
    return bool(rules.PAST.search(clause)) and not rules.PRESENT.search(clause)


def _is_supposed(text: str, match: re.Match[str]) -> bool:
    # «电梯要是困住人»: the hazard's own words may hold the «if».
    return bool(rules.HYPOTHETICAL.search(_two_clauses_before(text, match.start()) + match[0]))


def _clause_before(text: str, position: int) -> str:
    return re.split(r"[,\s、:]", text[:position])[-1]


def _two_clauses_before(text: str, position: int) -> str:
    return ",".join(re.split(r"[,\s、]", text[:position])[-2:])


def _is_quoted(text: str, match: re.Match[str]) -> bool:
    return any(
        quote.start() < match.start() < quote.end()
        and rules.QUOTE_OF_SIGNS.search(text[: quote.start()])
        for quote in rules.QUOTED.finditer(text)
    )


def _without_danger(read: str) -> Urgency:
    if any(_is_outage(sentence.text) for sentence in _stretches(read)):
        return Urgency.UTILITY
    lasts = any(outages.LONG_STANDING.search(sentence.text) for sentence in _stretches(read))
    return Urgency.LONG_STANDING if lasts else Urgency.ORDINARY


def _is_outage(sentence: str) -> bool:
    match = outages.OUTAGE.search(sentence)
    if match is None or outages.NOT_OUT.search(sentence):
        return False
    return not rules.NEGATED.search(_clause_before(sentence, match.start()))
