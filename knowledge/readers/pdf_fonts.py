"""Fonts of a PDF file: which words the bytes of its content stand for, and how wide they are."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

UNKNOWN = "\ufffd"
MOST_CODES = 70_000
EM = 1000
"""Units of width in one em (ISO 32000-1, 9.2.4)."""
CODECS = {
    "GB": "gb18030",
    "GBpc": "gb18030",
    "GBK": "gb18030",
    "GBKp": "gb18030",
    "GBK2K": "gb18030",
    "B5pc": "big5hkscs",
    "HKscs": "big5hkscs",
    "ETen": "big5hkscs",
    "ETenms": "big5hkscs",
    "UniGB": "utf-16-be",
    "UniCNS": "utf-16-be",
    "UniJIS": "utf-16-be",
    "UniKS": "utf-16-be",
}
"""Encodings of the predefined CMaps by the start of their names (ISO 32000-1, table 118)."""
SIMPLE_CODECS = {"/MacRomanEncoding": "mac_roman", "/WinAnsiEncoding": "cp1252"}
GLYPHS = {
    "space": " ", "exclam": "!", "quotedbl": '"', "numbersign": "#", "dollar": "$",
    "percent": "%", "ampersand": "&", "quotesingle": "'", "quoteright": "’", "quoteleft": "‘",
    "parenleft": "(", "parenright": ")", "asterisk": "*", "plus": "+", "comma": ",",
    "hyphen": "-", "period": ".", "slash": "/", "zero": "0", "one": "1", "two": "2",
    "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "colon": ":", "semicolon": ";", "less": "<", "equal": "=", "greater": ">", "question": "?",
    "at": "@", "bracketleft": "[", "backslash": "\\", "bracketright": "]", "underscore": "_",
    "braceleft": "{", "bar": "|", "braceright": "}", "asciitilde": "~", "bullet": "•",
    "endash": "–", "emdash": "—", "quotedblleft": "“", "quotedblright": "”", "ellipsis": "…",
    "fi": "fi", "fl": "fl", "section": "§", "degree": "°", "multiply": "×", "copyright": "©",
}  # fmt: skip
"""The glyph names of Latin texts; single letters name themselves."""
NAMED_CODE = re.compile(r"/?(?:uni|u)([0-9A-Fa-f]{4,6})$")
SECTION = re.compile(rb"begin(bfchar|bfrange|codespacerange)(.*?)end\1", re.DOTALL)
PAIR = re.compile(rb"<\s*([0-9A-Fa-f\s]*)>\s*<\s*([0-9A-Fa-f\s]*)>")
RANGE = re.compile(
    rb"<\s*([0-9A-Fa-f]+)\s*>\s*<\s*([0-9A-Fa-f]+)\s*>\s*(?:<\s*([0-9A-Fa-f\s]*)>|\[([^\]]*)\])"
)
HEX = re.compile(rb"<\s*([0-9A-Fa-f\s]*)>")


@dataclass(frozen=True, kw_only=True)
class Glyph:
    """One sign as it is shown: its words, its width in thousandths of an em, and its bytes."""

    words: str
    width: float
    is_space: bool = False


class PdfFont:
    """Turns the bytes of a content stream into glyphs."""

    def __init__(self, resource: DictionaryObject) -> None:
        """``resource`` is the font dictionary; what it lacks is taken as a viewer would."""
        self._to_unicode = _character_map(resource)
        self._composite = resource.get("/Subtype") == "/Type0"
        encoding = resolved(resource.get("/Encoding"))
        if self._composite:
            self._codec = _codec(encoding)
            self._widths, self._default = _composite_widths(resource)
            self._by_code = encoding in ("/Identity-H", "/Identity-V")
        else:
            self._names = _simple_encoding(encoding)
            self._widths, self._default = _simple_widths(resource)
        self._known: dict[bytes, Glyph] = {}

    def glyphs(self, shown: bytes) -> Iterator[Glyph]:
        """The glyphs of a shown string, in its order."""
        for code in self._codes(shown):
            glyph = self._known.get(code)
            if glyph is None:
                glyph = self._known[code] = self._glyph(code)
            yield glyph

    def _codes(self, shown: bytes) -> Iterator[bytes]:
        if not self._composite:
            yield from (shown[n : n + 1] for n in range(len(shown)))
            return
        position = 0
        while position < len(shown):
            length = self._code_length(shown[position])
            yield shown[position : position + length]
            position += length

    def _code_length(self, first: int) -> int:
        """Two bytes, but one for ASCII in encodings that mix both."""
        mixed = self._codec is not None and self._codec != "utf-16-be"
        return 1 if mixed and first < 0x81 else 2

    def _glyph(self, code: bytes) -> Glyph:
        number = int.from_bytes(code, "big")
        words = self._to_unicode.get(number)
        if words is None:
            words = self._decoded(code, number)
        return Glyph(words=words, width=self._width(number, words), is_space=code == b" ")

    def _decoded(self, code: bytes, number: int) -> str:
        if not self._composite:
            return self._names.get(number, UNKNOWN)
        return code.decode(self._codec, "replace") if self._codec else UNKNOWN

    def _width(self, number: int, words: str) -> float:
        if not self._composite or self._by_code:
            return self._widths.get(number, self._default)
        # Widths count by glyphs of a character collection that is not at hand.
        return EM / 2 if words.isascii() else EM


def resolved(value: Any) -> Any:
    """``value``, or the object that it refers to."""
    return value.get_object() if hasattr(value, "get_object") else value


def _codec(encoding: object) -> str | None:
    """The codec of a predefined CMap, or None for one that numbers the glyphs."""
    name = encoding.removeprefix("/") if isinstance(encoding, str) else ""
    return CODECS.get(name.split("-")[0])


def _character_map(resource: DictionaryObject) -> dict[int, str]:
    """The /ToUnicode map of a font (ISO 32000-1, 9.10.3)."""
    stream = resolved(resource.get("/ToUnicode"))
    found: dict[int, str] = {}
    if not isinstance(stream, StreamObject):
        return found
    for kind, body in SECTION.findall(stream.get_data()):
        if kind == b"bfchar":
            found.update((int(code, 16), _words(text)) for code, text in _pairs(body))
        elif kind == b"bfrange":
            for entry in RANGE.finditer(body):
                found.update(_range(entry, MOST_CODES - len(found)))
        if len(found) > MOST_CODES:
            break
    return found


def _pairs(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    for code, text in PAIR.findall(body):
        if code.strip():
            yield b"".join(code.split()), text


def _range(entry: re.Match[bytes], most: int) -> Iterator[tuple[int, str]]:
    first, last = int(entry[1], 16), int(entry[2], 16)
    codes = range(first, min(last, first + most) + 1)
    if entry[4] is not None:
        yield from zip(codes, map(_words, HEX.findall(entry[4])), strict=False)
        return
    start = _words(entry[3])
    if not start:
        return
    for code in codes:
        sign = ord(start[-1]) + code - first
        if sign <= 0x10FFFF:
            yield code, start[:-1] + chr(sign)


def _words(written: bytes) -> str:
    digits = b"".join(written.split()).decode("ascii")
    if len(digits) <= 2:
        return chr(int(digits, 16)) if digits else ""
    whole = digits[: len(digits) - len(digits) % 4]
    return bytes.fromhex(whole).decode("utf-16-be", "replace")


def _simple_encoding(encoding: Any) -> dict[int, str]:
    """What the codes of a font with single bytes stand for."""
    base = encoding.get("/BaseEncoding") if isinstance(encoding, DictionaryObject) else encoding
    codec = SIMPLE_CODECS.get(str(base), "cp1252")
    signs = {code: bytes([code]).decode(codec, "replace") for code in range(32, 256)}
    if isinstance(encoding, DictionaryObject):
        signs.update(_differences(resolved(encoding.get("/Differences"))))
    return signs


def _differences(listed: Any) -> Iterator[tuple[int, str]]:
    code = 0
    for entry in listed if isinstance(listed, ArrayObject) else ():
        if isinstance(entry, int):
            code = int(entry)
        else:
            yield code, _named(str(entry).removeprefix("/"))
            code += 1


def _named(glyph: str) -> str:
    if code := NAMED_CODE.match(glyph):
        return chr(int(code[1], 16)) if int(code[1], 16) <= 0x10FFFF else UNKNOWN
    return glyph if len(glyph) == 1 else GLYPHS.get(glyph, UNKNOWN)


def _simple_widths(resource: DictionaryObject) -> tuple[Mapping[int, float], float]:
    listed = resolved(resource.get("/Widths"))
    if not isinstance(listed, ArrayObject):
        return {}, EM / 2
    unit = 1.0
    if resource.get("/Subtype") == "/Type3":
        matrix = resolved(resource.get("/FontMatrix")) or [0.001]
        unit = abs(float(matrix[0])) * EM
    first = int(resolved(resource.get("/FirstChar")) or 0)
    return {first + n: _float(width) * unit for n, width in enumerate(listed[:256])}, EM / 2


def _composite_widths(resource: DictionaryObject) -> tuple[Mapping[int, float], float]:
    """The widths of a composite font by glyph number (ISO 32000-1, 9.7.4.3)."""
    descendants = resolved(resource.get("/DescendantFonts")) or [DictionaryObject()]
    font = resolved(descendants[0])
    entries = [resolved(entry) for entry in resolved(font.get("/W")) or ()]
    widths: dict[int, float] = {}
    position = 0
    while position + 1 < len(entries) and len(widths) <= MOST_CODES:
        first, second = int(entries[position]), entries[position + 1]
        if isinstance(second, ArrayObject):
            widths.update((first + n, _float(width)) for n, width in enumerate(second))
            position += 2
        else:
            last = min(int(second), first + MOST_CODES)
            width = _float(entries[position + 2]) if position + 2 < len(entries) else EM
            widths.update(dict.fromkeys(range(first, last + 1), width))
            position += 3
    return widths, _float(resolved(font.get("/DW", EM)))


def _float(value: Any) -> float:
    value = resolved(value)
    return float(value) if isinstance(value, int | float) else EM
