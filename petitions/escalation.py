"""From the community to the street and the district: by rule, each rule one row.

The case stays with its unit; who looks after it changes. A report is never escalated by rule:
its road is the discipline body's own (信访工作条例 art. 30).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from petitions.actors import SYSTEM, Actor
from petitions.clocks import PROMISES
from petitions.ledger import Step, load_case, record
from petitions.permissions import refuse
from petitions.ports import UnitOfWork
from petitions.tables import IS_OPEN, Case, CaseClock
from petitions.words import CaseLevel, LegalRegime
from petitions.workflow import CaseAction, Role

CASES_AT_A_TIME = 200


@dataclass(frozen=True, kw_only=True)
class EscalationRule:
    """When a case goes on to the next level.

    Attributes:
        late_days: Calendar days since the promise to the resident ended.
        supervised: True: the rule is for cases under supervision.
        sentence: Why, as it stands in the history.
        source: Where the rule is from.
    """

    id: str
    level: CaseLevel
    to_level: CaseLevel
    late_days: int
    supervised: bool
    sentence: str
    source: str


RULES: tuple[EscalationRule, ...] = (
    EscalationRule(
        id="late-community",
        level=CaseLevel.COMMUNITY,
        to_level=CaseLevel.SUBDISTRICT,
        late_days=1,
        supervised=False,
        sentence="承诺的时限过后1日仍未答复，由街道督办。",
        source="城市通行做法",
    ),
    EscalationRule(
        id="supervised-community",
        level=CaseLevel.COMMUNITY,
        to_level=CaseLevel.SUBDISTRICT,
        late_days=0,
        supervised=True,
        sentence="已经督办的事项到期仍未答复，由街道督办。",
        source="城市通行做法",
    ),
    EscalationRule(
        id="late-subdistrict",
        level=CaseLevel.SUBDISTRICT,
        to_level=CaseLevel.DISTRICT,
        late_days=7,
        supervised=False,
        sentence="承诺的时限过后7日仍未答复，由区里督办。",
        source="城市通行做法",
    ),
)


def escalate_late_cases(work: UnitOfWork, *, now: datetime) -> int:
    """Escalate by rule what is late; one level a call, so that each step stands in the history.

    A repeat finds nothing. Each rule takes at most ``CASES_AT_A_TIME`` cases a call.

    Returns:
        How many cases went on to a higher level.
    """
    # The highest level first: what one rule moves up is not moved again by the next.
    return sum(_apply(work, rule, now) for rule in reversed(RULES))


def _apply(work: UnitOfWork, rule: EscalationRule, now: datetime) -> int:
    found = _late_cases(work, rule, now)
    for case_id in found:
        case = load_case(work, case_id)
        step = escalation_step(
            case,
            rule.to_level,
            actor=SYSTEM,
            role=Role.SYSTEM,
            now=now,
            text=rule.sentence,
            rule=rule.id,
        )
        record(work, case, step)
    return len(found)


def _late_cases(work: UnitOfWork, rule: EscalationRule, now: datetime) -> Sequence[int]:
    query = (
        select(col(Case.id))
        .join(CaseClock, col(CaseClock.case_id) == col(Case.id))
        .where(col(CaseClock.stopped_at).is_(None), col(CaseClock.paused_at).is_(None))
        .where(col(CaseClock.clock).in_([name.value for name in PROMISES]))
        .where(col(CaseClock.due_at) < now - timedelta(days=rule.late_days))
        .where(IS_OPEN, Case.level == rule.level.value)
        .where(Case.regime != LegalRegime.REPORT.value)
        .distinct()
        .order_by(col(Case.id))
        .limit(CASES_AT_A_TIME)
    )
    if rule.supervised:
        query = query.where(col(Case.supervised).is_(True))
    return [case_id for case_id in work.session.exec(query) if case_id is not None]


def next_level(case: Case) -> CaseLevel:
    """The level above that of the case.

    Raises:
        ActionNotAllowed: ``because=highest_level``.
    """
    higher = [level for level in CaseLevel if _height(level) > _height(CaseLevel(case.level))]
    if not higher:
        raise refuse(case, CaseAction.ESCALATE, "highest_level")
    return higher[0]


def ensure_may_escalate(case: Case, level: CaseLevel) -> None:
    """Check what stands beside the table.

    Raises:
        ActionNotAllowed: ``because=not_higher`` or ``report``.
    """
    if case.regime == LegalRegime.REPORT.value:
        raise refuse(case, CaseAction.ESCALATE, "report")
    if _height(level) <= _height(CaseLevel(case.level)):
        raise refuse(case, CaseAction.ESCALATE, "not_higher")


def _height(level: CaseLevel) -> int:
    return list(CaseLevel).index(level)


def escalation_step(
    case: Case,
    level: CaseLevel,
    *,
    actor: Actor,
    role: Role,
    now: datetime,
    text: str,
    rule: str,
) -> Step:
    """The step that lifts a case to ``level``."""
    return Step(
        action=CaseAction.ESCALATE,
        actor=actor,
        role=role,
        now=now,
        text=text,
        facts={"from_level": case.level, "level": level.value, "rule": rule},
        changes={"level": level.value},
    )
