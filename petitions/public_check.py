"""What anybody with number and receipt code may learn of a case's history: whether it is whole.

No words, no names, no place: steps, their times and their hashes only (个人信息保护法 art. 25).
"""

from dataclasses import dataclass
from datetime import datetime

from petitions.history import history_of, verify_history
from petitions.ports import UnitOfWork
from petitions.progress import track
from petitions.workflow import CaseAction, CaseStatus


@dataclass(frozen=True, kw_only=True)
class CheckedStep:
    """One link of the chain."""

    sequence: int
    at: datetime
    action: CaseAction
    status: CaseStatus
    hash: str


@dataclass(frozen=True, kw_only=True)
class PublicCheck:
    """The result of a check.

    Attributes:
        broken_at: Sequence of the first step that does not fit; None when the chain is whole.
        steps: All steps, also those whose words are kept among staff: a step that was left
            out could not be checked.
    """

    number: str
    intact: bool
    broken_at: int | None
    head_hash: str
    steps: tuple[CheckedStep, ...]


def check_petition(work: UnitOfWork, number: str, code: str, *, now: datetime) -> PublicCheck:
    """Recompute the history behind a petition.

    Whoever calls this for the public must limit how often one caller may try.

    Raises:
        PetitionNotFound: No petition has this number.
        WrongReceiptCode: The code is another one.
    """
    progress = track(work, number, code, now=now)
    found = verify_history(work, progress.case_id)
    return PublicCheck(
        number=progress.number,
        intact=found.intact,
        broken_at=found.broken_at,
        head_hash=found.head_hash,
        steps=tuple(
            CheckedStep(
                sequence=entry.sequence,
                at=entry.at,
                action=CaseAction(entry.action),
                status=CaseStatus(entry.to_status),
                hash=entry.hash,
            )
            for entry in history_of(work, progress.case_id)
        ),
    )
