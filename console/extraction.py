"""Finds what is to be translated in Python files, for Babel; see ``babel.cfg``.

A string counts that stands inside a call of ``translate``, ``noted``, ``Words`` or ``NavLink``.
"""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

MARKS = frozenset({"translate", "noted", "Words", "NavLink"})
CHINESE_SIGN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e“”]")
Found = tuple[int, str, str, list[str]]


def extract_words(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Found]:
    """Babel's extraction method: line, function, message and comments of each sentence."""
    for call in ast.walk(ast.parse(file.read())):
        if isinstance(call, ast.Call) and _name(call) in MARKS:
            yield from _sentences(call)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _sentences(call: ast.Call) -> Iterator[Found]:
    for part in ast.walk(call):
        words = part.value if isinstance(part, ast.Constant) else None
        if isinstance(words, str) and CHINESE_SIGN.search(words):
            yield call.lineno, "", words, []
