"""Where a long text is cut: at a paragraph, a line, a sentence or a clause, best first."""

import re
import unicodedata

_BREAKS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[。！？；…]+[”’」』）)]*|[.!?;]+[\"')]*\s"),
    re.compile(r"[，、,：:]|\s"),
)
_JOINED_TO_NEXT = "\u200d"
_JOINED_TO_PREVIOUS = ("\u200d", "\ufe0f", "\u20e3")


def cut_by_bytes(text: str, most_bytes: int) -> list[str]:
    """``text`` in pieces of at most ``most_bytes`` bytes of UTF-8; no piece is blank."""
    pieces, rest = [], sendable(text).strip()
    while len(rest.encode()) > most_bytes:
        fitting = len(rest.encode()[:most_bytes].decode("utf-8", "ignore"))
        end = best_break(rest, fitting)
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [piece for piece in (*pieces, rest) if piece]


def best_break(text: str, end: int) -> int:
    """Where to cut before ``end``; never in the first half, so that no piece is tiny."""
    for pattern in _BREAKS:
        ends = [match.end() for match in pattern.finditer(text, end // 2, end)]
        if ends:
            return ends[-1]
    return _outside_emoji(text, end)


def _outside_emoji(text: str, end: int) -> int:
    """The nearest place at or before ``end`` that doesn't tear a composed sign apart."""
    for place in range(end, max(end - 20, 1), -1):
        before, after = text[place - 1], text[place]
        composed = after in _JOINED_TO_PREVIOUS or unicodedata.combining(after) > 0
        if before != _JOINED_TO_NEXT and not composed and not _is_skin_tone(after):
            return place
    return end


def _is_skin_tone(sign: str) -> bool:
    return "\U0001f3fb" <= sign <= "\U0001f3ff"


def sendable(text: str) -> str:
    """``text`` without halves of characters, which no request could carry."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
