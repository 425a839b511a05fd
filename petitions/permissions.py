"""Whose case is it? Roles are in the workflow's table; reach is here, as one rule a role.

- A department or grid worker acts for a unit that leads, helps, or was whistled for.
- A committee acts in its community, and on cases whose place nobody knows yet.
- A grid worker may also look after the cases of the own grids.
- A report (信访工作条例 art. 30) is for the unit it was given to and for supervisors only; who
  belongs to the unit it is about learns nothing of it. On a report, the unit that got it may
  do what otherwise the committee does.
- The office of the street or the district sees what was escalated to its level.
- Who was recused (回避, the same article) neither sees the case nor acts on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, true
from sqlmodel import col, select

from petitions.actors import Actor
from petitions.errors import ActionNotAllowed, CaseNotFound, NotPermitted
from petitions.facets import CaseShield, CoHandling, Recusal, Whistle
from petitions.organisation import Organisation
from petitions.ports import UnitOfWork
from petitions.tables import Case, Supporter
from petitions.words import CaseLevel, LegalRegime
from petitions.workflow import (
    TRANSITIONS,
    CaseAction,
    CaseStatus,
    Role,
    allowed_actions,
    next_status,
)

LEAD_ACTIONS = frozenset(
    {
        CaseAction.SIGN_FOR,
        CaseAction.OBJECT,
        CaseAction.START,
        CaseAction.SUSPEND,
        CaseAction.RESUME,
        CaseAction.REPLY,
        CaseAction.INVITE_CO_HANDLER,
        CaseAction.REQUEST_EXTENSION,
    }
)
"""What only the lead unit does, whatever other roles the actor holds."""
CO_HANDLER_ACTIONS = frozenset({CaseAction.PART_REPLY})
WHISTLED_ACTIONS = frozenset({CaseAction.REPORT_IN})


def units_of(actor: Actor, organisation: Organisation) -> frozenset[str]:
    """The units the actor speaks for; a committee member speaks for the committee."""
    committee = organisation.committee_of(actor.community_id) if _is_committee(actor) else None
    return frozenset(filter(None, (actor.unit_id, committee)))


def _is_committee(actor: Actor) -> bool:
    return actor.has(Role.COMMITTEE)


def ensure_may(work: UnitOfWork, case: Case, action: CaseAction, actor: Actor) -> Role:
    """Check that ``actor`` may do ``action`` to ``case``; return the role it is done in.

    Raises:
        CaseNotFound: The actor may not know of the case.
        ActionNotAllowed: The case can't take the action now.
        NotPermitted: Somebody else may, this actor may not.
    """
    if not may_see(work, case, actor):
        raise CaseNotFound(case_id=case.id)
    next_status(CaseStatus(case.status), action)
    role = role_for(work, case, action, actor)
    if role is None:
        raise NotPermitted(action=action.value, case_id=case.id)
    return role


@dataclass(frozen=True, kw_only=True)
class Involved:
    """The units beside the lead, where they were read already."""

    co_handlers: frozenset[str]
    whistled: frozenset[str]


def actions_for(
    work: UnitOfWork, case: Case, actor: Actor, involved: Involved | None = None
) -> tuple[CaseAction, ...]:
    """What this actor may do to this case now: the buttons to show."""
    roles = roles_on(work, case, actor)
    return tuple(
        action
        for action in allowed_actions(CaseStatus(case.status), roles)
        if role_for(work, case, action, actor, involved)
    )


def role_for(
    work: UnitOfWork,
    case: Case,
    action: CaseAction,
    actor: Actor,
    involved: Involved | None = None,
) -> Role | None:
    """The role in which ``actor`` may do ``action`` to ``case``, or None."""
    rule = TRANSITIONS.get((CaseStatus(case.status), action))
    held = roles_on(work, case, actor)
    fitting = [role for role in Role if rule and role in rule.roles and role in held]
    if not fitting or not _unit_fits(work, case, action, actor, involved):
        return None
    return fitting[0]


def roles_on(work: UnitOfWork, case: Case, actor: Actor) -> frozenset[Role]:
    """The roles that hold on this case; on a report its unit stands where the committee does."""
    if case.regime == LegalRegime.REPORT.value and _leads(work, case, actor):
        return actor.roles | {Role.COMMITTEE}
    return actor.roles


def _unit_fits(
    work: UnitOfWork,
    case: Case,
    action: CaseAction,
    actor: Actor,
    involved: Involved | None = None,
) -> bool:
    if actor.has(Role.SYSTEM) or actor.has(Role.RESIDENT):
        return True
    if action in LEAD_ACTIONS or _is_units_send_back(case, action):
        return _leads(work, case, actor)
    if action in CO_HANDLER_ACTIONS:
        helpers = involved.co_handlers if involved else co_handlers_of(work, case)
        return bool(units_of(actor, work.organisation) & helpers)
    if action in WHISTLED_ACTIONS:
        called = involved.whistled if involved else whistled_units(work, case)
        return bool(units_of(actor, work.organisation) & called)
    return True


def _is_units_send_back(case: Case, action: CaseAction) -> bool:
    """Before the reply it is the lead unit that sends back; after it, the committee."""
    before_reply = case.status in (CaseStatus.SIGNED_FOR.value, CaseStatus.HANDLING.value)
    return action is CaseAction.SEND_BACK and before_reply


def _leads(work: UnitOfWork, case: Case, actor: Actor) -> bool:
    return case.lead_unit in units_of(actor, work.organisation)


def co_handlers_of(work: UnitOfWork, case: Case) -> frozenset[str]:
    """Units that help with the case."""
    query = select(CoHandling.unit_id).where(CoHandling.case_id == case.id)
    return frozenset(work.session.exec(query))


def whistled_units(work: UnitOfWork, case: Case) -> frozenset[str]:
    """Units that were whistled for and have not reported in yet."""
    query = select(Whistle.unit_id).where(
        Whistle.case_id == case.id, col(Whistle.reported_in_at).is_(None)
    )
    return frozenset(work.session.exec(query))


def may_see(work: UnitOfWork, case: Case, actor: Actor) -> bool:
    """Tell whether the actor may know of the case."""
    query = select(Case.id).where(Case.id == case.id, visible_to(actor, work.organisation))
    return work.session.exec(query).first() is not None


def visible_to(actor: Actor, organisation: Organisation) -> ColumnElement[bool]:
    """The condition on :class:`Case` that holds for what the actor may see."""
    if actor.has(Role.SYSTEM):
        return true()
    units = units_of(actor, organisation)
    ordinary = or_(false(), *_ordinary_reach(actor, units, organisation))
    reports = or_(_supervises(actor), col(Case.lead_unit).in_(units), _stands_behind(actor))
    is_report = col(Case.regime) == LegalRegime.REPORT.value
    reach = or_(and_(not_(is_report), ordinary), and_(is_report, reports))
    kept_out = or_(_shielded_from(units), _recused(actor))
    return and_(reach, or_(_stands_behind(actor), not_(kept_out)))


def _ordinary_reach(
    actor: Actor, units: frozenset[str], organisation: Organisation
) -> list[ColumnElement[bool]]:
    reach = [_supervises(actor), _stands_behind(actor)]
    if _is_committee(actor):
        reach.append(_in_community(actor))
    if actor.has(Role.GRID_WORKER):
        reach.append(col(Case.grid_id).in_(actor.grid_ids))
    if units:
        reach += [col(Case.lead_unit).in_(units), _involves(units)]
    if levels := organisation.levels_overseen(units):
        reach.append(col(Case.level).in_(_reached_from(levels)))
    return reach


def _reached_from(levels: Iterable[str]) -> tuple[str, ...]:
    """A street still sees what went on to the district."""
    ladder = [level.value for level in CaseLevel]
    return tuple(ladder[min(map(ladder.index, levels)) :])


def _in_community(actor: Actor) -> ColumnElement[bool]:
    if actor.community_id is None:
        return true()
    own = col(Case.community_id) == actor.community_id
    return or_(own, col(Case.community_id).is_(None))


def _supervises(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.has(Role.SUPERVISOR) else false()


def _stands_behind(actor: Actor) -> ColumnElement[bool]:
    if not actor.has(Role.RESIDENT):
        return false()
    return exists().where(
        col(Supporter.case_id) == col(Case.id),
        col(Supporter.resident) == actor.id,
        col(Supporter.left_at).is_(None),
    )


def _involves(units: frozenset[str]) -> ColumnElement[bool]:
    helping = exists().where(
        col(CoHandling.case_id) == col(Case.id), col(CoHandling.unit_id).in_(units)
    )
    called = exists().where(col(Whistle.case_id) == col(Case.id), col(Whistle.unit_id).in_(units))
    return or_(helping, called)


def _shielded_from(units: frozenset[str]) -> ColumnElement[bool]:
    if not units:
        return false()
    # Shields and recusals are few: read once, instead of looked up for every case of the queue.
    return col(Case.id).in_(select(CaseShield.case_id).where(col(CaseShield.unit_id).in_(units)))


def _recused(actor: Actor) -> ColumnElement[bool]:
    if actor.has(Role.RESIDENT):
        return false()
    return col(Case.id).in_(select(Recusal.case_id).where(col(Recusal.person) == actor.id))


def refuse(case: Case, action: CaseAction, because: str) -> ActionNotAllowed:
    """Make the error of a rule that stands beside the table."""
    return ActionNotAllowed(status=case.status, action=action.value, because=because)
