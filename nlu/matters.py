"""The parts of a message that may each be a matter of their own, and its clauses."""

import re

from nlu.text import normalise, sentences

TURN = re.compile(
    r"(?=(?:另外|另一[个件]|还有(?!\d|人|多|没|几|过)|[还也再](?:想|要)?(?:问|咨询|反映|请教|说个)|再就是|再有|再一[个件]|"
    r"此外|除此之外|同时(?!间)|顺便|顺带|对了|最后[问说]|主要是?想|"
    r"第[一二三四五](?:[个件]|[,，、:：是])(?!期|单|小|中|人|次|天|层|栋)|其[一二三四](?!他)|"
    r"[一二三四]是(?=[^,，。]{4})|(?<!\d)[1-5][.、)）](?!\d)|[（(][1-5][)）]|[①②③④]|"
    r"(?i:also|another thing|by the way|plus )))"
)
"""Words by which a message turns to something else."""

BREAK = re.compile(r"[,，;；]")
SHORTEST_PART = 8
LONGEST_PART = 80
MOST_PARTS = 6
READ_CHARACTERS = 300
"""Matters are looked for in the first part of a message; the rest tells how it came about."""


def split_matters(text: str) -> tuple[str, ...]:
    """Normalised parts of ``text`` that may be a matter each.

    It is split where it says itself that it turns to something else, else at sentence ends: a
    clause alone says too little to be classified («也没人管»). A short part joins the one before
    it; one part alone is no split and gives an empty tuple. Whether a part really is a matter
    of its own is for its classification to say.
    """
    read = text[:READ_CHARACTERS]
    pieces = TURN.split(read) if turns(text) else [one.text for one in sentences(read)]
    return _joined(pieces)


def split_clauses(text: str) -> tuple[str, ...]:
    """Normalised clauses of ``text``, each of which may tell of a danger; empty for one alone."""
    return _joined(
        [
            clause
            for sentence in sentences(text[:READ_CHARACTERS])
            for stretch in TURN.split(sentence.text)
            for clause in BREAK.split(stretch)
        ]
    )


def turns(text: str) -> bool:
    """Whether ``text`` says itself that it turns to something else: «另外», «二是»."""
    return TURN.search(text[:READ_CHARACTERS]) is not None


def _joined(pieces: list[str]) -> tuple[str, ...]:
    parts: list[str] = []
    for piece in map(normalise, pieces):
        # «你好» says nothing by itself: it joins what stands before it.
        if len(piece) >= SHORTEST_PART or (piece and not parts):
            parts.append(piece)
        elif piece:
            parts[-1] = f"{parts[-1]}，{piece}"
    return tuple(part[:LONGEST_PART] for part in parts[:MOST_PARTS]) if len(parts) > 1 else ()
