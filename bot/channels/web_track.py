"""Where a petition stands, for whoever brings its number and receipt code: no chat, no account.

The page shows the case's own steps and no more: what the resident wrote, a name, a place or a
phone are not on it, for a receipt may be lost or shown to others (个人信息保护法 art. 6, 25).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.dialogue.wording import Phrasebook, phrasebook
from bot.rate_limit import RateLimit
from petitions.errors import PetitionNotFound, WrongReceiptCode
from petitions.notices import TEXT_FOR_RESIDENT
from petitions.ports import UnitOfWork
from petitions.progress import track
from petitions.views import PetitionProgress, ProgressStep
from petitions.workflow import CaseAction, CaseStatus

LONGEST_NUMBER, LONGEST_CODE = 40, 20
TRIES_OF_ADDRESS, TRIES_OF_NUMBER = 20, 10
SECONDS_PER_TRY = 180.0
"""Wrong codes: some at once, then one in three minutes. Eight signs are 2^39 codes."""


class TrackProblem(StrEnum):
    """Why nothing is shown."""

    MISSING = "missing"
    WRONG = "wrong"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, kw_only=True)
class TrackedStep:
    """One step: when, what (a key of a sentence), by whom, and words meant for the resident."""

    at: datetime
    action: CaseAction
    unit: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """Where a petition stands, in the words of one language."""

    number: str
    filed_at: datetime
    status: str
    next: str
    is_late: bool
    outcome: str
    supporters: int | None
    steps: tuple[TrackedStep, ...]


@dataclass(frozen=True, kw_only=True)
class TrackView:
    """The page: what was typed, and what came of it. The code is never shown again."""

    number: str = ""
    found: Tracked | None = None
    problem: TrackProblem | None = None
    minutes: int = 0


class TrackPage:
    """Finds petitions for the public.

    Args:
        open_work: Opens a unit of work for reading.
        now: Tells the time in UTC.
        clock: Seconds that only go forward, for the limits; None takes the machine's.
    """

    def __init__(
        self,
        open_work: Callable[[], UnitOfWork],
        now: Callable[[], datetime],
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._open_work = open_work
        self._now = now
        more = {"clock": clock} if clock else {}
        rate = 1 / SECONDS_PER_TRY
        self._of_address = RateLimit(burst=TRIES_OF_ADDRESS, per_second=rate, **more)
        self._of_number = RateLimit(burst=TRIES_OF_NUMBER, per_second=rate, **more)

    def look(self, number: str, code: str, *, address: str, language: str) -> TrackView:
        """The petition, or what is wrong; one sentence for a wrong number and a wrong code.

        Args:
            address: Where the question comes from; only wrong ones count against it.
        """
        number = number.strip().upper()[:LONGEST_NUMBER]
        if not number or not code.strip():
            return TrackView(number=number, problem=TrackProblem.MISSING)
        if wait := self._seconds_to_wait(number, address):
            minutes = max(1, round(wait / 60))
            return TrackView(number=number, problem=TrackProblem.TOO_OFTEN, minutes=minutes)
        try:
            with self._open_work() as work:
                progress = track(work, number, code[:LONGEST_CODE], now=self._now())
        except (PetitionNotFound, WrongReceiptCode):
            self._of_address.seconds_to_wait(address)
            self._of_number.seconds_to_wait(number)
            return TrackView(number=number, problem=TrackProblem.WRONG)
        found = _tracked(progress, phrasebook(language), self._now())
        return TrackView(number=number, found=found)

    def _seconds_to_wait(self, number: str, address: str) -> int:
        return max(self._of_address.seconds_left(address), self._of_number.seconds_left(number))


def _tracked(progress: PetitionProgress, book: Phrasebook, now: datetime) -> Tracked:
    unit = progress.unit_name or book.say("case.somebody")
    status = "withdrawn" if progress.withdrawn else progress.status.value
    is_late = progress.due_at is not None and progress.due_at < now
    return Tracked(
        number=progress.number,
        filed_at=progress.filed_at,
        status=book.say(f"status.{status}", unit=unit),
        next=_next(progress, book, is_late=is_late),
        is_late=is_late and _is_awaited(progress),
        outcome=book.say(f"outcome.{progress.outcome}") if progress.outcome else "",
        supporters=progress.supporters,
        steps=tuple(_step(one) for one in progress.steps),
    )


def _is_awaited(progress: PetitionProgress) -> bool:
    answered = (CaseStatus.REPLIED, CaseStatus.FOLLOWED_UP, CaseStatus.CLOSED, CaseStatus.ARCHIVED)
    return not progress.withdrawn and progress.status not in answered


def _next(progress: PetitionProgress, book: Phrasebook, *, is_late: bool) -> str:
    if progress.due_at is None or not _is_awaited(progress):
        return ""
    return book.say("case.overdue" if is_late else "case.due", due=book.moment(progress.due_at))


def _step(step: ProgressStep) -> TrackedStep:
    """A step without what the resident wrote."""
    meant = step.action in TEXT_FOR_RESIDENT
    return TrackedStep(
        at=step.at,
        action=step.action,
        unit=step.unit_name,
        words=(step.text or "") if meant else "",
    )
