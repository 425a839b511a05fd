"""The words of a passage that a resident gets to read."""

from collections.abc import Sequence

from knowledge.parts import Line, lines_of, parts_of
from knowledge.splitting import sentences
from knowledge.tokens import tokens_of

LONGEST_QUOTE = 280
"""Characters up to which a passage is quoted whole."""
GAP = "……"


def quote(text: str, best_part: int) -> str:
    """The best part of a passage with what is needed to understand it.

    A short passage is quoted whole. From a longer one come the line of the best part, the line
    that introduces it, and as many lines around as fit; what was left out stands as "……".
    Words are never changed; a table row is read out with its header.
    """
    lines = lines_of(text)
    if sum(len(line.reading) for line in lines) <= LONGEST_QUOTE:
        return "\n".join(line.reading for line in lines)
    parts = parts_of(text)
    part = parts[min(best_part, len(parts) - 1)]
    centre = next(i for i, line in enumerate(lines) if line.number == part.line)
    if len(lines[centre].reading) > LONGEST_QUOTE:
        return _quote_sentences(lines[centre], part.reading)
    return _quote_lines(lines, _chosen(lines, centre))


def part_for(text: str, best_part: int, question: str) -> int:
    """The number of the part to quote.

    Where a question of the bank was nearest, ``best_part`` lies behind the passage's own parts:
    then the part that shares most with ``question`` is quoted.
    """
    parts = parts_of(text)
    if best_part < len(parts):
        return best_part
    asked = set(tokens_of(question))
    shared = [len(asked & set(tokens_of(part.reading))) for part in parts]
    return shared.index(max(shared)) if shared else 0


def _chosen(lines: Sequence[Line], centre: int) -> list[int]:
    """The centre, its introduction, then the lines after and before it while they fit."""
    chosen = {centre}
    lead = _lead_position(lines, centre)
    if lead is not None:
        chosen.add(lead)
    room = LONGEST_QUOTE - sum(len(lines[i].reading) for i in chosen)
    for step in (1, -1):
        position = centre + step
        while 0 <= position < len(lines) and position not in chosen:
            room -= len(lines[position].reading)
            if room < 0:
                break
            chosen.add(position)
            position += step
    return sorted(chosen)


def _lead_position(lines: Sequence[Line], centre: int) -> int | None:
    lead = lines[centre].lead
    before = range(centre - 1, -1, -1)
    return next((i for i in before if lines[i].reading == lead), None) if lead else None


def _quote_lines(lines: Sequence[Line], chosen: Sequence[int]) -> str:
    quoted: list[str] = []
    if chosen[0] > 0:
        quoted.append(GAP)
    for before, position in zip([chosen[0] - 1, *chosen], chosen, strict=False):
        if position > before + 1:
            quoted.append(GAP)
        quoted.append(lines[position].reading)
    if chosen[-1] < len(lines) - 1:
        quoted.append(GAP)
    return "\n".join(quoted)


def _quote_sentences(line: Line, part: str) -> str:
    """The sentences of an endless line from the one that was found on."""
    all_sentences = sentences(line.reading)
    first = next((i for i, s in enumerate(all_sentences) if s.strip() and s in part), 0)
    last, length = first + 1, len(all_sentences[first])
    while last < len(all_sentences) and length + len(all_sentences[last]) <= LONGEST_QUOTE:
        length += len(all_sentences[last])
        last += 1
    words = "".join(all_sentences[first:last])
    return f"{GAP if first else ''}{words}{GAP if last < len(all_sentences) else ''}"
