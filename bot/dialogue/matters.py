"""Tells several matters in one message apart, to be handled one after the other. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.dialogue.turn import Reading
from nlu.understanding import Intent

MATTER_INTENTS = frozenset(
    {Intent.CONSULT, Intent.REPORT, Intent.REPORT_MISCONDUCT, Intent.SUGGEST, Intent.EMERGENCY}
)
"""Intents that bring a matter of their own."""
SHORTEST_MATTER = 5
MOST_MATTERS = 4
LONGEST_SPLIT = 600
"""Longer messages tell one story; whoever lists several matters is brief."""
SURE_ENOUGH = 0.45
NUMBERED = re.compile(
    r"(?:^|[\n。；;，,\s])"
    r"(?:第?[一二三四五六][、.．，是件]|[（(]?[1-6１-６][)）、.．](?!\d)|[①②③④⑤⑥])"
)
OPENERS = re.compile(
    r"(?:[。！!？?；;，,\n\s]|^)"
    r"(?=另外|还有(?!人|没|多|几|一段|什么)|其次|再就是|再有就是|此外|顺便(?:问|说|反映)?|同时还|"
    r"also,|another thing)",
    re.IGNORECASE,
)
LEADING = re.compile(
    r"^(?:另外|还有|其次|再就是|再有就是|此外|顺便|同时还|也|就是|一个是|一是|二是|also,?|"
    r"another thing)[，,、:：\s]*",
    re.IGNORECASE,
)


def candidate_matters(text: str) -> tuple[str, ...]:
    """Parts of ``text`` that may be matters of their own; empty when it looks like one."""
    if len(text) > LONGEST_SPLIT:
        return ()
    splitter = NUMBERED if len(NUMBERED.findall(text)) >= 2 else OPENERS
    parts = [_bare(part) for part in splitter.split(text)]
    matters = [part for part in parts if len(part) >= SHORTEST_MATTER]
    return tuple(matters[:MOST_MATTERS]) if len(matters) >= 2 else ()


def _bare(part: str) -> str:
    return LEADING.sub("", part.strip(" \n，,。；;、")).strip(" \n，,。；;、")


def distinct_matters(readings: Sequence[Reading], *, counted: int = 0) -> tuple[Reading, ...]:
    """The readings when they are really different matters; empty when they are one.

    Parts are different when each is a matter in itself and neighbours differ in what they want
    or in what they are about, or when the parser counted several in the whole (``counted``). A
    part that is none belongs to the one before it and makes the whole one matter.
    """
    if len(readings) < 2 or not all(_is_matter(reading) for reading in readings):
        return ()
    different = all(_subject(one) != _subject(other) for one, other in pairwise(readings))
    return tuple(readings) if different or counted >= len(readings) else ()


def _is_matter(reading: Reading) -> bool:
    return reading.intent in MATTER_INTENTS and reading.confidence >= SURE_ENOUGH


def _subject(reading: Reading) -> tuple[bool, str | None, str | None]:
    categories = reading.understanding.categories if reading.understanding else ()
    best = categories[0] if categories else None
    asks = reading.intent is Intent.CONSULT
    return asks, best.first if best else None, best.second if best else None
