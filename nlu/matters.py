"""The parts of a message that may each be a matter of their own."""

import re

from nlu.text import normalise, sentences

CUE = re.compile(
    r"(?=(?:另外|还有(?!\d|人|多|没|几)|再有|此外|除此之外|同时(?!间)|顺便|顺带|对了|再一个|还有一个|第[一二三四五][,，、:：是]?(?!期|单|小|中|人|次|天|层|栋)|"
    r"其[一二三四]|[一二三四]是(?=[^,，。]{4})|(?<!\d)[1-5][.、)）](?!\d)|[（(][1-5][)）]|also[, ]|another thing))"
)
BREAK = re.compile(r"[,，;；]")
SHORTEST_PART = 8
LONGEST_PART = 80
MOST_PARTS = 6
READ_CHARACTERS = 300
"""Matters are looked for in the first part of a message; the rest tells how it came about."""


def split_matters(text: str) -> tuple[str, ...]:
    """Normalised parts of ``text``: at sentence ends, commas and words like «另外».

    A short part joins the one before it; one part alone is no split and gives an empty tuple.
    Whether a part really is a matter of its own is for its classification to say.
    """
    parts: list[str] = []
    for sentence in sentences(text[:READ_CHARACTERS]):
        for stretch in CUE.split(sentence.text):
            for piece in BREAK.split(stretch):
                _append(parts, normalise(piece))
    return tuple(part[:LONGEST_PART] for part in parts[:MOST_PARTS]) if len(parts) > 1 else ()


def counts_matters(text: str) -> bool:
    """Whether ``text`` says itself that it turns to something else: «另外», «二是»."""
    return CUE.search(text[:READ_CHARACTERS]) is not None


def _append(parts: list[str], piece: str) -> None:
    # «你好» says nothing by itself: it joins what stands before it.
    if len(piece) >= SHORTEST_PART or (piece and not parts):
        parts.append(piece)
    elif piece:
        parts[-1] = f"{parts[-1]}，{piece}"
