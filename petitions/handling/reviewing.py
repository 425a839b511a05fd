"""Review 复查 and re-review 复核 of a petition (信访工作条例 art. 35–36)."""

from datetime import datetime

from petitions.actors import Actor
from petitions.clocks import window_open
from petitions.deadlines import ClockName
from petitions.filing import own_supporter, resident_step
from petitions.ledger import Step, load_case, record, require_text, take
from petitions.permissions import refuse
from petitions.ports import UnitOfWork
from petitions.reopening import REREVIEW_ASKED, REVIEW_ASKED, REVIEW_DECIDED
from petitions.tables import Case
from petitions.words import LegalRegime
from petitions.workflow import STAFF_OUTCOMES, CaseAction, CaseStatus, next_status


def ask_review(work: UnitOfWork, number: str, *, resident: str, now: datetime, reason: str) -> Case:
    """Ask the next higher body to look again: a review first, then a re-review.

    Raises:
        PetitionNotFound: There is none with this number that is the resident's.
        ReasonRequired: No reason.
        ActionNotAllowed: ``because=not_a_petition`` (only 信访事项 have this road),
            ``window_closed``, ``final`` (the re-review has been decided), or the case is
            not closed.
    """
    supporter = own_supporter(work, number, resident)
    case = load_case(work, supporter.case_id)
    again = case.review_level >= REVIEW_DECIDED
    action = CaseAction.ASK_REREVIEW if again else CaseAction.ASK_REVIEW
    next_status(CaseStatus(case.status), action)
    require_text(action, reason)
    _ensure_reviewable(work, case, action, now)
    level = REREVIEW_ASKED if again else REVIEW_ASKED
    return resident_step(work, supporter, action, now, text=reason, changes={"review_level": level})


def _ensure_reviewable(work: UnitOfWork, case: Case, action: CaseAction, now: datetime) -> None:
    if case.regime != LegalRegime.PETITION.value:
        raise refuse(case, action, "not_a_petition")
    if case.review_level > REVIEW_DECIDED:
        raise refuse(case, action, "final")
    if case.outcome not in {outcome.value for outcome in STAFF_OUTCOMES}:
        raise refuse(case, action, str(case.outcome))
    again = action is CaseAction.ASK_REREVIEW
    window = ClockName.REREVIEW_ASK if again else ClockName.REVIEW_ASK
    if not window_open(work, case, window, now):
        raise refuse(case, action, "window_closed")


def decide_review(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    upheld: bool,
    reason: str,
    expected_version: int | None = None,
) -> Case:
    """Decide the review or re-review that is open.

    ``upheld`` means that the handling stands. Where it does not, the case is closed all the
    same, whoever decides opens it again with :func:`reopen_case`, and the road of reviews
    begins anew with the new handling.
    """
    again = load_case(work, case_id).status == CaseStatus.IN_REREVIEW.value
    action = CaseAction.DECIDE_REREVIEW if again else CaseAction.DECIDE_REVIEW
    case, role = take(work, case_id, action, actor, expected_version=expected_version, text=reason)
    step = Step(
        action=action,
        actor=actor,
        role=role,
        now=now,
        text=reason,
        facts={"upheld": upheld},
        changes={"review_level": case.review_level + 1 if upheld else 0},
    )
    return record(work, case, step)
