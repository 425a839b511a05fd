"""Messages of residents from a JSON-lines file, for the search of hot issues."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from huiyin.jsonl import BadInput, read_rows
from petitions.deadlines import LOCAL_ZONE
from petitions.hot_issues import HotIssue, Report

_FORMATS = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d")


def read_reports(path: Path) -> Iterator[Report]:
    """Yield ``{"id", "time", "title", "body", "likes"?}``; times without a zone are local.

    Raises:
        BadInput: A row lacks something or its time can't be read.
    """
    for number, row in enumerate(read_rows(path), 1):
        try:
            yield _report(row)
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(f"{path}, row {number}: {type(error).__name__} {error}") from error


def _report(row: dict[str, Any]) -> Report:
    return Report(
        id=str(row["id"]),
        at=read_time(str(row["time"])),
        title=str(row.get("title") or ""),
        body=str(row.get("body") or ""),
        likes=int(row.get("likes") or 0),
    )


def read_time(words: str) -> datetime:
    """Read a time in ISO form or as exports write it; without a zone it is local.

    Raises:
        ValueError: It is neither.
    """
    moment = _read(words.strip())
    return moment.replace(tzinfo=LOCAL_ZONE) if moment.tzinfo is None else moment


def _read(words: str) -> datetime:
    for form in _FORMATS:
        try:
            return datetime.strptime(words, form)  # noqa: DTZ007 - the zone is put on by the caller
        except ValueError:
            continue
    return datetime.fromisoformat(words)


def issue_row(issue: HotIssue, ids: dict[str, Any]) -> dict[str, Any]:
    """One row of the answer; ``ids`` gives each id back as it was written."""
    return {
        "event_id": issue.event_id,
        "name": issue.name,
        "ids": [ids.get(one, one) for one in issue.ids],
        "place": issue.place,
        "first": issue.first.isoformat(),
        "last": issue.last.isoformat(),
        "heat": issue.heat,
    }
