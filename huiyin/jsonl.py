"""JSON lines in, JSON lines out, with errors that name the line."""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from huiyin.errors import HuiyinError


class BadInput(HuiyinError):
    """The input file cannot be used; the sentence names file and line."""


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield one object a line; blank lines are passed over.

    Raises:
        BadInput: the file is missing, is not UTF-8, or a line is not a JSON object.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _parse_row(line, path, number)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text") from error


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write ``rows`` and return how many; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    count = 0
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            for count, row in enumerate(rows, 1):  # noqa: B007 - the count is the result
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return count


def _parse_row(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}, line {number}: not JSON ({error.msg})") from error
    if not isinstance(row, dict):
        raise BadInput(f"{path}, line {number}: not a JSON object")
    return row
