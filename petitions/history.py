"""The append-only, hash-chained history of a case, and how to check it.

An entry's hash covers the hash before it and everything the entry says, as canonical JSON.
Words are covered by a salted digest, so that words deleted by law leave the chain whole; the
digests of the petitions themselves stand in the entries that took them in. A petition that
has no words left was erased and is passed over.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from petitions.errors import CaseNotFound
from petitions.ports import UnitOfWork
from petitions.tables import Case, CaseEntry, Petition

FIRST_HASH = "0" * 64
ERASED = ""
"""Stands for the digest of a petition whose words were deleted by law."""

_HASHED = (
    "case_id",
    "sequence",
    "action",
    "from_status",
    "to_status",
    "actor_role",
    "actor_id",
    "actor_name",
    "actor_unit",
    "for_resident",
    "text_digest",
    "facts",
    "previous_hash",
)
_SAID = (
    "number",
    "resident",
    "channel",
    "kind",
    "matter",
    "title",
    "category_first",
    "category_second",
    "urgency",
    "emergency_service",
    "place_text",
    "estate",
    "building",
    "place_detail",
    "happened_at_text",
    "wanted",
    "anonymous",
    "confidential",
    "language",
)


@dataclass(frozen=True, kw_only=True)
class HistoryCheck:
    """What a check found.

    Attributes:
        entries: How many entries there are.
        broken_at: Sequence of the first entry that does not fit; None when all fit. One past
            the last entry means that entries are missing at the end.
        head_hash: Hash of the last entry; the resident may write it down.
    """

    intact: bool
    entries: int
    broken_at: int | None
    head_hash: str


def canonical_json(content: Mapping[str, Any]) -> str:
    """The one way to write ``content``: keys sorted, no blanks, as UTF-8 text."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(salt: str, text: str) -> str:
    """A salted digest of words."""
    return hashlib.sha256(f"{salt}\x1f{text}".encode()).hexdigest()


def entry_hash(entry: CaseEntry) -> str:
    """Compute the hash that belongs to ``entry``."""
    content = {name: getattr(entry, name) for name in _HASHED}
    content["at"] = _written(entry.at)
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def petition_digest(petition: Petition) -> str:
    """Compute the digest of everything a petition says but its contact fields."""
    content = {name: getattr(petition, name) for name in _SAID}
    content["filed_at"] = _written(petition.filed_at)
    return digest(petition.salt, canonical_json(content))


def verify_history(
    work: UnitOfWork, case_id: int, entries: Sequence[CaseEntry] | None = None
) -> HistoryCheck:
    """Recompute the whole chain of a case and the digests of its petitions.

    Args:
        work: The transaction.
        case_id: Whose history it is.
        entries: All its entries, oldest first, where they were just read.

    Raises:
        CaseNotFound: There is no such case.
    """
    case = work.session.get(Case, case_id)
    if case is None:
        raise CaseNotFound(case_id=case_id)
    known = history_of(work, case_id) if entries is None else entries
    return check_chain(case, known, _digests(work, case_id))


def history_of(work: UnitOfWork, case_id: int) -> Sequence[CaseEntry]:
    """All entries of a case, oldest first."""
    query = select(CaseEntry).where(CaseEntry.case_id == case_id).order_by(col(CaseEntry.sequence))
    return work.session.exec(query).all()


def check_chain(
    case: Case, entries: Sequence[CaseEntry], petition_digests: Mapping[str, str]
) -> HistoryCheck:
    """Check entries against each other, against the case and against the petitions. Pure."""
    broken = _first_broken(entries, petition_digests)
    if broken is None and (len(entries), _head(entries)) != (case.version, case.history_hash):
        broken = len(entries) + 1
    return HistoryCheck(
        intact=broken is None, entries=len(entries), broken_at=broken, head_hash=_head(entries)
    )


def _first_broken(entries: Sequence[CaseEntry], petition_digests: Mapping[str, str]) -> int | None:
    previous = FIRST_HASH
    for sequence, entry in enumerate(entries, start=1):
        fits = entry.sequence == sequence and entry.previous_hash == previous
        if not (fits and _entry_fits(entry) and _petition_fits(entry, petition_digests)):
            return sequence
        previous = entry.hash
    return None


def _entry_fits(entry: CaseEntry) -> bool:
    words_fit = entry.text is None or digest(entry.text_salt, entry.text) == entry.text_digest
    return words_fit and entry.hash == entry_hash(entry)


def _petition_fits(entry: CaseEntry, petition_digests: Mapping[str, str]) -> bool:
    number = entry.facts.get("petition_number")
    expected = entry.facts.get("petition_digest")
    found = petition_digests.get(str(number))
    return expected is None or found in (expected, ERASED)


def _digests(work: UnitOfWork, case_id: int) -> dict[str, str]:
    petitions = work.session.exec(select(Petition).where(Petition.case_id == case_id))
    return {
        petition.number: petition_digest(petition) if petition.matter else ERASED
        for petition in petitions
    }


def _head(entries: Sequence[CaseEntry]) -> str:
    return entries[-1].hash if entries else FIRST_HASH


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
