"""Which text takes the place of which: pure functions over the versions of a collection."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

NATION = re.compile(r"^中华人民共和国")
MARKS = re.compile(r"[\s《》〈〉<>“”\"·]")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a version says about itself and about others.

    ``commencement`` is the day the text names for itself, ``effective_from`` the first day of
    this wording; ``supersedes`` holds the titles it puts out of force.
    """

    id: int
    title: str
    issuer: str | None
    commencement: date | None
    effective_from: date | None
    supersedes: tuple[str, ...]


def title_key(title: str) -> str:
    """``title`` without the signs and the prefix that writers leave out at will."""
    return NATION.sub("", MARKS.sub("", title))


def last_days(claims: Iterable[Claim]) -> Mapping[int, date]:
    """The last day in force of every version that another one supersedes, by its id."""
    by_title: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_title[title_key(claim.title)].append(claim)
    ends: dict[int, date] = {}
    for family in by_title.values():
        for claim in family:
            _end_older_wordings(claim, family, ends)
            for title in claim.supersedes:
                _end_named(claim, by_title.get(title_key(title), []), ends)
    return ends


def _end_older_wordings(newer: Claim, family: list[Claim], ends: dict[int, date]) -> None:
    if (begins := newer.effective_from) is None:
        return
    for older in family:
        if older is newer or not _may_be_one_document(newer, older):
            continue
        if older.effective_from is not None and older.effective_from < begins:
            _end_before(older.id, begins, ends)


def _end_named(newer: Claim, named: list[Claim], ends: dict[int, date]) -> None:
    """A text named as repealed ends the day before; a later wording of it is not meant."""
    if newer.commencement is None:
        return
    for older in named:
        if older is newer:
            continue
        if older.effective_from is None or older.effective_from < newer.commencement:
            _end_before(older.id, newer.commencement, ends)


def _may_be_one_document(one: Claim, other: Claim) -> bool:
    """Notices of different offices may share a plain title; a missing issuer fits any."""
    return one.issuer is None or other.issuer is None or one.issuer == other.issuer


def _end_before(version_id: int, successor_from: date, ends: dict[int, date]) -> None:
    last = successor_from - timedelta(days=1)
    ends[version_id] = min(last, ends.get(version_id, last))
