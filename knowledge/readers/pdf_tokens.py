"""The operators of a PDF content stream with their operands (ISO 32000-1, 7.8.2)."""

import re
from collections.abc import Callable, Iterator, Mapping

Operand = float | str | bytes | list["Operand"]
"""A number, a name with its slash, a string, or an array; dictionaries are passed over."""

SPACE = rb"\x00\t\n\x0c\r "
REGULAR = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
TOKEN = re.compile(
    rb"(?:[" + SPACE + rb"]|%[^\r\n]*+)*+(?:"
    rb"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?!" + REGULAR + rb"))"
    rb"|(?P<name>/" + REGULAR + rb"*)"
    rb"|(?P<hex><[0-9A-Fa-f\x00\t\n\x0c\r ]*>)"
    rb"|(?P<plain>\((?:[^()\\])*\))"
    rb"|(?P<string>\()"
    rb"|(?P<open>\[)"
    rb"|(?P<close>\])"
    rb"|(?P<word>" + REGULAR + rb"+)"
    rb"|(?P<other>[<>)}{])"
    rb"|(?P<end>\Z))"
)
BRACKET = re.compile(rb"\\.|[()]", re.DOTALL)
ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|\r|\n)|(.))|\r\n?", re.DOTALL)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
IMAGE_DATA, IMAGE_END = b"ID", re.compile(rb"[\x00\t\n\x0c\r ]EI(?=[\x00\t\n\x0c\r ]|$)")
MOST_OPERANDS = 64
"""Operands that are kept for an operator; none takes more than six."""


def operators(content: bytes) -> Iterator[tuple[bytes, list[Operand]]]:
    """Each operator with what stands before it; damaged places are passed over."""
    operands: list[Operand] = []
    array: list[Operand] | None = None
    for kind, written in _tokens(content):
        if kind in VALUES:
            (operands if array is None else array).append(VALUES[kind](written))
        elif kind == "word" and array is None:
            yield written, operands[-MOST_OPERANDS:]
            operands = []
        elif kind == "open":
            array = []
        elif kind == "close":
            operands.append(array or [])
            array = None


def _tokens(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Kind and bytes of each token; the data of inline images are passed over."""
    position = 0
    while found := TOKEN.match(content, position):
        kind = found.lastgroup or ""
        written = found[kind]
        position = found.end()
        if kind == "string":
            end = _string_end(content, position)
            written, position = content[position : end - 1], end
        elif kind == "end":
            return
        elif written == IMAGE_DATA:
            image_end = IMAGE_END.search(content, position)
            position = image_end.end() if image_end else len(content)
        yield kind, written


def _string_end(content: bytes, position: int) -> int:
    """Where the string that opened before ``position`` is closed; brackets nest."""
    depth = 1
    for found in BRACKET.finditer(content, position):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(content) + 1


def _unescaped(written: bytes) -> bytes:
    return ESCAPE.sub(_escaped, written)


def _escaped(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return bytes([int(found[1], 8) & 0xFF])
    if found[2] is not None:
        return b""
    return ESCAPED.get(found[3], found[3]) if found[3] is not None else b"\n"


def _hex(written: bytes) -> bytes:
    digits = b"".join(written[1:-1].replace(b"\x00", b"").split()).decode("ascii")
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


VALUES: Mapping[str, Callable[[bytes], Operand]] = {
    "number": float,
    "name": lambda written: written.decode("latin-1"),
    "hex": _hex,
    "plain": lambda written: written[1:-1],
    "string": _unescaped,
}
