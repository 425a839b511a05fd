"""Several petitions, one case: merge, split, and who speaks for all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
from petitions.workflow import CaseAction, Outcome, Role

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
    _lock_both(work, case_id, into_case_id)
    merge = CaseAction.MERGE
    source, role = take(work, case_id, merge, actor, expected_version=expected_version, text=reason)
    if case_id == into_case_id:
        raise refuse(source, merge, "same_case")
    target, target_role = take(work, into_case_id, CaseAction.ABSORB, actor)
    if source.regime != target.regime or source.confidential != target.confidential:
        raise refuse(source, merge, "different_regime")
    _close_into(work, source, target, _Word(actor=actor, role=role, now=now, reason=reason))
    said = _Word(actor=actor, role=target_role, now=now, reason=reason)
    return _absorb(work, target, source, said)


@dataclass(frozen=True, kw_only=True)
class _Word:
    """Who joins or parts cases, in which role, when and why."""

    actor: Actor
    role: Role
    now: datetime
    reason: str | None

    def step(self, action: CaseAction, facts: dict[str, Any], changes: dict[str, Any]) -> Step:
        """One of the two steps of joining or parting."""
        return Step(
            action=action,
            actor=self.actor,
            role=self.role,
            now=self.now,
            text=self.reason,
            facts=facts,
            changes=changes,
        )


def _lock_both(work: UnitOfWork, one_id: int, other_id: int) -> None:
    # Always in one order: of two people who join the same two cases nobody waits for the other.
    for locked in sorted({one_id, other_id}):
        load_case(work, locked)


def _close_into(work: UnitOfWork, source: Case, target: Case, said: _Word) -> None:
    changes = {
        "outcome": Outcome.MERGED.value,
        "closed_at": said.now,
        "merged_into": target.id,
    }
    record(work, source, said.step(CaseAction.MERGE, {"into": target.number}, changes))


def _absorb(work: UnitOfWork, target: Case, source: Case, said: _Word) -> Case:
    moved = _move_supporters(work, source.id or 0, target.id or 0)
    facts = {"from": source.number, "petition_numbers": moved}
    changes = {"supporter_count": supporters_of(work, target.id or 0)}
    return record(work, target, said.step(CaseAction.ABSORB, facts, changes))


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
    _lock_both(work, case_id, goes_on.id or 0)
    split = CaseAction.SPLIT
    source, role = take(work, case_id, split, actor, expected_version=expected_version, text=reason)
    if source.merged_into is None:
        raise refuse(source, split, "not_merged")
    target, target_role = take(work, goes_on.id or 0, CaseAction.RELEASE, actor)
    said = _Word(actor=actor, role=target_role, now=now, reason=reason)
    moved = _release(work, target, source, said)
    return _open_anew(
        work, source, target, moved, _Word(actor=actor, role=role, now=now, reason=reason)
    )


def _release(work: UnitOfWork, target: Case, source: Case, said: _Word) -> list[str]:
    """Let those go back who came along with ``source``; the numbers of their petitions."""
    moved = _take_back(work, source, target)
    facts = {"from": source.number, "petition_numbers": moved}
    changes = {"supporter_count": supporters_of(work, target.id or 0)}
    record(work, target, said.step(CaseAction.RELEASE, facts, changes))
    return moved


def _open_anew(work: UnitOfWork, source: Case, target: Case, moved: list[str], said: _Word) -> Case:
    changes = {
        "merged_into": None,
        "outcome": None,
        "closed_at": None,
        "replied_at": None,
        "supporter_count": supporters_of(work, source.id or 0),
    }
    facts = {"into": target.number, "petition_numbers": moved}
    return record(work, source, said.step(CaseAction.SPLIT, facts, changes))


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
