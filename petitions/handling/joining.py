"""Several petitions, one case: merge, split, and who speaks for all."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from petitions.actors import Actor
from petitions.errors import InvalidDraft
from petitions.ledger import Step, load_case, record, take
from petitions.neighbours import supporters_of
from petitions.permissions import refuse
from petitions.ports import UnitOfWork
from petitions.tables import Case, CaseEntry, Supporter
from petitions.workflow import CaseAction, Outcome

MOST_REPRESENTATIVES = 5
"""信访工作条例 art. 20: of a joint petition at most five speak for all."""


def merge_case(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    into_case_id: int,
    reason: str | None = None,
    expected_version: int | None = None,
) -> Case:
    """Close a case into another about the same thing (并案); everybody behind it goes along.

    Returns:
        The case that goes on.

    Raises:
        ActionNotAllowed: ``because=same_case``, or ``different_regime``: a report is never
            merged with what others can read.
    """
    for locked in sorted({case_id, into_case_id}):  # always in one order: no deadlock
        load_case(work, locked)
    source, role = take(
        work, case_id, CaseAction.MERGE, actor, expected_version=expected_version, text=reason
    )
    if case_id == into_case_id:
        raise refuse(source, CaseAction.MERGE, "same_case")
    target, target_role = take(work, into_case_id, CaseAction.ABSORB, actor)
    if source.regime != target.regime or source.confidential != target.confidential:
        raise refuse(source, CaseAction.MERGE, "different_regime")
    closing = Step(
        action=CaseAction.MERGE,
        actor=actor,
        role=role,
        now=now,
        text=reason,
        facts={"into": target.number},
        changes={
            "outcome": Outcome.MERGED.value,
            "closed_at": now,
            "merged_into": into_case_id,
        },
    )
    record(work, source, closing)
    moved = _move_supporters(work, case_id, into_case_id)
    absorbing = Step(
        action=CaseAction.ABSORB,
        actor=actor,
        role=target_role,
        now=now,
        text=reason,
        facts={"from": source.number, "petition_numbers": moved},
        changes={"supporter_count": supporters_of(work, into_case_id)},
    )
    return record(work, target, absorbing)


def _move_supporters(work: UnitOfWork, case_id: int, into_case_id: int) -> list[str]:
    supporters = work.session.exec(select(Supporter).where(Supporter.case_id == case_id)).all()
    _carry(supporters, into_case_id)
    work.session.flush()
    too_many = len(_representatives(work, into_case_id)) > MOST_REPRESENTATIVES
    for supporter in supporters if too_many else ():
        supporter.representative = False
    work.session.flush()
    return [supporter.petition_number for supporter in supporters]


def _carry(supporters: Iterable[Supporter], case_id: int) -> None:
    for supporter in supporters:
        supporter.case_id = case_id


def split_case(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    expected_version: int | None = None,
) -> Case:
    """Take a merged case out again (拆分): the inverse of :func:`merge_case`.

    Everybody who came along with it and still stands there goes back with it; who joined
    later stays. Both histories and what was told go on as they are.

    Returns:
        The case that stands on its own again, opened anew.

    Raises:
        ActionNotAllowed: ``because=not_merged``.
    """
    goes_on = _case_that_goes_on(work, load_case(work, case_id))
    for locked in sorted({case_id, goes_on.id or 0}):  # always in one order: no deadlock
        load_case(work, locked)
    source, role = take(
        work, case_id, CaseAction.SPLIT, actor, expected_version=expected_version, text=reason
    )
    if source.merged_into is None:
        raise refuse(source, CaseAction.SPLIT, "not_merged")
    target, target_role = take(work, goes_on.id or 0, CaseAction.RELEASE, actor)
    moved = _take_back(work, source, target)
    releasing = Step(
        action=CaseAction.RELEASE,
        actor=actor,
        role=target_role,
        now=now,
        text=reason,
        facts={"from": source.number, "petition_numbers": moved},
        changes={"supporter_count": supporters_of(work, target.id or 0)},
    )
    record(work, target, releasing)
    changes: dict[str, Any] = {
        "merged_into": None,
        "outcome": None,
        "closed_at": None,
        "replied_at": None,
        "supporter_count": supporters_of(work, case_id),
    }
    opening = Step(
        action=CaseAction.SPLIT,
        actor=actor,
        role=role,
        now=now,
        text=reason,
        facts={"into": target.number, "petition_numbers": moved},
        changes=changes,
    )
    return record(work, source, opening)


def _case_that_goes_on(work: UnitOfWork, case: Case) -> Case:
    while case.merged_into is not None:
        case = work.session.get_one(Case, case.merged_into)
    return case


def _take_back(work: UnitOfWork, source: Case, target: Case) -> list[str]:
    """Move back who came with the source's last merge and stands behind the target now."""
    query = (
        select(CaseEntry.facts)
        .where(CaseEntry.case_id == source.merged_into)
        .where(CaseEntry.action == CaseAction.ABSORB.value)
        .order_by(col(CaseEntry.sequence).desc())
    )
    absorbed = (facts for facts in work.session.exec(query) if facts["from"] == source.number)
    numbers = next(absorbed)["petition_numbers"]
    supporters = work.session.exec(
        select(Supporter)
        .where(Supporter.case_id == target.id, col(Supporter.petition_number).in_(numbers))
        .order_by(col(Supporter.id))
    ).all()
    _carry(supporters, source.id or 0)
    work.session.flush()
    return [supporter.petition_number for supporter in supporters]


def name_representatives(
    work: UnitOfWork,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    petition_numbers: Sequence[str],
    expected_version: int | None = None,
) -> Case:
    """Say which of those behind a case speak for all; it replaces who was named before.

    Raises:
        ActionNotAllowed: ``because=too_many_representatives``: more than five (信访工作条例
            art. 20).
        InvalidDraft: A number that does not stand behind the case.
    """
    action = CaseAction.NAME_REPRESENTATIVES
    case, role = take(work, case_id, action, actor, expected_version=expected_version)
    named = set(petition_numbers)
    if len(named) > MOST_REPRESENTATIVES:
        raise refuse(case, action, "too_many_representatives")
    standing = {one.petition_number: one for one in _standing(work, case_id)}
    if not named <= standing.keys():
        raise InvalidDraft(field="petition_numbers", problem="not_behind_the_case")
    for number, supporter in standing.items():
        supporter.representative = number in named
    facts = {"petition_numbers": sorted(named)}
    return record(work, case, Step(action=action, actor=actor, role=role, now=now, facts=facts))


def _standing(work: UnitOfWork, case_id: int) -> Sequence[Supporter]:
    query = select(Supporter).where(Supporter.case_id == case_id, col(Supporter.left_at).is_(None))
    return work.session.exec(query).all()


def _representatives(work: UnitOfWork, case_id: int) -> list[Supporter]:
    return [one for one in _standing(work, case_id) if one.representative]
