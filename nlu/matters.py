"""Several matters in one message: the sentences that bring up another one."""

import re

from nlu.text import sentences

TURNS = re.compile(
    r"另外|此外|还有|顺便|再一个|再就是|再有|同时|对了|第[二三四五]|其[二三四]|[二三四五]是|"
    r"(?:^|[\s。；;，,])[2-5２-５二三四五][、.．)）]|also|besides|another",
    re.IGNORECASE,
)
SHORTEST_MATTER = 6
MOST_MATTERS = 4


def further_matters(text: str) -> tuple[str, ...]:
    """Pieces of ``text`` that begin with a turn to something else; none in a single matter."""
    pieces: list[str] = []
    for sentence in sentences(text):
        cuts = [match.start() for match in TURNS.finditer(sentence.text)]
        ends = [*cuts, len(sentence.text)][1:]
        pieces += [sentence.text[start:end] for start, end in zip(cuts, ends, strict=True)]
    long_enough = [piece.strip() for piece in pieces if len(piece.strip()) >= SHORTEST_MATTER]
    return tuple(long_enough[:MOST_MATTERS])
