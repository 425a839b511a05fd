"""The words of bytes: Chinese texts come in UTF-8, GB18030 and, rarely, Big5."""

import codecs
import re

from charset_normalizer import from_bytes

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; the longer ones of UTF-32 begin with those of UTF-16."""
FEW_BYTES = 16
LIKELY = ["utf_8", "gb18030", "big5"]
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "big5": "big5hkscs"}
"""Encodings that files name, and those that hold the signs that turn up in them all the same."""
CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")


def decode(content: bytes, declared: str | None = None) -> str | None:
    """The words of ``content`` with line feeds only, or None where it is no text.

    Args:
        content: The bytes of a file.
        declared: The encoding that the file names for itself; it is only believed where every
            byte fits.
    """
    for name in _candidates(content, declared):
        words = _decoded(content, name)
        if words is not None and not CONTROL.search(words):
            return words.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\x1a")
    return None


def _candidates(content: bytes, declared: str | None) -> list[str]:
    for mark, name in MARKS:
        if content.startswith(mark):
            return [name]
    named = [declared] if declared else []
    return [*named, "utf-8", *_guesses(content)]


def _guesses(content: bytes) -> list[str]:
    best = from_bytes(content, cp_isolation=LIKELY).best()
    guessed = [best.encoding] if best else []
    # Few words tell nothing of the encoding; here they are in the usual one.
    return ["gb18030", *guessed] if len(content) < FEW_BYTES else guessed


def _decoded(content: bytes, name: str) -> str | None:
    try:
        known = codecs.lookup(name).name
        return content.decode(WIDER.get(known, known))
    except (LookupError, UnicodeError):
        return None
