"""The operators of a PDF content stream with their operands (ISO 32000-1, 7.8.2)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

Operand = float | str | bytes | list["Operand"]
"""A number, a name with its slash, a string, or an array; dictionaries are passed over."""

SPACE = rb"\x00\t\n\x0c\r "
REGULAR = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
TOKEN = re.compile(
    # White space, comments and dictionaries, then one token.
    rb"(?:[" + SPACE + rb"]++|%[^\r\n]*+|<<(?:[^<>]|<[^<>]*+>)*+>>)*+(?:"
    rb"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?!" + REGULAR + rb"))"
    rb"|(?P<word>" + REGULAR + rb"+)"
    rb"|(?P<name>/" + REGULAR + rb"*)"
    rb"|<(?P<hex>[0-9A-Fa-f" + SPACE + rb"]*)>"
    rb"|\((?P<plain>[^()\\\r]*)\)"
    rb"|(?P<string>\()"
    rb"|(?P<open>\[)"
    rb"|(?P<close>\])"
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
        if kind == "word" and array is None:
            yield written, operands
            operands = []
        elif kind in VALUES:
            (operands if array is None else array).append(VALUES[kind](written))
        elif kind == "open":
            array = []
        elif kind == "close":
            operands = [*operands[-MOST_OPERANDS:], array or []]
            array = None


def last_numbers(operands: Sequence[Operand], count: int) -> tuple[float, ...] | None:
    """The last operands as so many numbers, or None where the file is damaged."""
    numbers = tuple(operand for operand in operands[-count:] if isinstance(operand, float))
    return numbers if len(numbers) == count else None


def _tokens(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Kind and bytes of each token; the data of inline images are passed over."""
    position, size = 0, len(content)
    while position < size:
        for found in TOKEN.finditer(content, position):
            kind, written = found.lastgroup or "", found[found.lastindex or 0]
            if kind == "string":
                position = _string_end(content, found.end())
                yield kind, content[found.end() : position - 1]
                break
            yield kind, written
            if written == IMAGE_DATA and kind == "word":
                image_end = IMAGE_END.search(content, found.end())
                position = image_end.end() if image_end else size
                break
            if kind == "end":
                return


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
    if len(written) % 2 == 0 and not NO_DIGIT.search(written):
        return bytes.fromhex(written.decode("ascii"))
    digits = NO_DIGIT.sub(b"", written).decode("ascii")
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


NO_DIGIT = re.compile(rb"[^0-9A-Fa-f]")
VALUES: Mapping[str, Callable[[bytes], Operand]] = {
    "number": float,
    "name": lambda written: written.decode("latin-1"),
    "hex": _hex,
    "plain": bytes,
    "string": _unescaped,
}
