"""How residents begin before they ask: «您好，我想问一下…». It is about nothing and is left out."""

import re

_ASK = r"(?:请教|请问|问问|问|咨询|打听|了解)"
_SHORTLY = r"(?:一?下子?|个事儿?|您)"
PREAMBLE = re.compile(
    r"^(?:[，,。.！!~～：:\s]|您好|你好|麻烦|另外|还有|对了|顺便|"
    rf"(?:我|还|也|就|再|是|只|主要)*(?:想|要|来){_ASK}{_SHORTLY}?(?![的题])|"
    rf"再?{_ASK}{_SHORTLY}(?![的题])|请问|请教)+"
)
SHORTEST = 3
"""Signs that have to stay: «请问狗证» is left as it is."""


def without_preamble(question: str) -> str:
    """``question`` without its polite beginning, or as it is if hardly anything would stay."""
    matter = PREAMBLE.sub("", question)
    return matter if len(matter) >= SHORTEST else question
