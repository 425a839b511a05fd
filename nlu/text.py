"""Cleaning a message and choosing the part of it that tells what it is about."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from nlu.language import simplify

LONGEST_TITLE = 60
BODY_CHARACTERS = 120
"""A longer beginning costs time and was measured to help little."""

HEAD_CHARACTERS = 150
LONGEST_READ = 20_000
"""Characters of a message that are looked at; no resident writes more in earnest."""

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_NOISE = re.compile(r"[\u200b-\u200f\u2028-\u202e\ufe00-\ufe0f\ufeff]")
_REPEATED = re.compile(r"([^\w\s])\1+")
_SPACES = re.compile(r"\s+")
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_UNSAYABLE = frozenset({"Cc", "Cs", "Co", "Cn", "So", "Sk", "Cf"})


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence of a message with its place in it."""

    text: str
    start: int


def reading(text: str) -> str:
    """``text`` in half width and simplified characters, of the same length."""
    return simplify(text[:LONGEST_READ].translate(_FULL_WIDTH))


def normalise(text: str) -> str:
    """``text`` as the classifiers see it: one script, no emoji, single spaces and marks."""
    folded = unicodedata.normalize("NFKC", reading(text))
    spoken = "".join(" " if _is_unsayable(character) else character for character in folded)
    return _SPACES.sub(" ", _REPEATED.sub(r"\1", _NOISE.sub("", spoken))).strip()


def _is_unsayable(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character) in _UNSAYABLE


def head_segments(text: str) -> tuple[str, ...]:
    """The one or two parts that tell what ``text`` is about, normalised; none when blank.

    A first line that reads like a title stands for itself, with the beginning of the body
    beside it; otherwise it is the beginning of the whole.
    """
    title, body = _split_title(text[:LONGEST_READ])
    if not title:
        head = normalise(_beginning(body, HEAD_CHARACTERS))
        return (head,) if head else ()
    parts = (normalise(title), normalise(_beginning(body, BODY_CHARACTERS)))
    return tuple(part for part in parts if part)


def _split_title(text: str) -> tuple[str, str]:
    first, separator, rest = text.strip().partition("\n")
    if separator and rest.strip() and len(first) <= LONGEST_TITLE:
        return first.strip(), rest.strip()
    return "", text.strip()


def _beginning(text: str, characters: int) -> str:
    return text[: characters * 2].strip()[:characters]


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of ``text`` with their offsets; blank ones are left out."""
    for match in _SENTENCE.finditer(text):
        if match[0].strip():
            yield Sentence(text=match[0], start=match.start())
