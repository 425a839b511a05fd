"""The organisation's changes are kept, and open cases follow them.

Decided: an open case whose unit is gone goes back to screened and is proposed anew by its line of
the duty list; the committee is told. Where only the grid is gone and the estate tells the new one,
the place is put right and the unit goes on; where it does not, the case goes back to screened
too. What was replied to stays where it is. Each step says why.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, delete, select

from petitions.actors import SYSTEM
from petitions.clocks import resume_clocks, terms_of
from petitions.facets import CoHandling
from petitions.history import canonical_json
from petitions.ledger import Step, load_case, record
from petitions.organisation import Organisation
from petitions.organisation_content import Content, content_of, items_of
from petitions.organisation_files import organisation_from
from petitions.oversight_tables import OrganisationVersion
from petitions.places import PlaceMatch, place_in
from petitions.ports import UnitOfWork
from petitions.routing import Routing, route_again
from petitions.tables import IS_OPEN, Case
from petitions.workflow import CaseAction, CaseStatus, Role, next_status


class Origin(StrEnum):
    """Where an organisation was stated: in its files, or at the desk."""

    FILES = "files"
    DESK = "desk"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Who stated an organisation, where, when and why."""

    origin: Origin
    now: datetime
    author: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """What taking over an organisation led to.

    Attributes:
        changes: ``{"kind", "id", "change", "before", "after"}``, a line each.
        rerouted: Numbers of the open cases that lost a unit or a grid.
    """

    changes: tuple[Mapping[str, Any], ...]
    rerouted: tuple[str, ...]


def adopt_organisation(work: UnitOfWork, *, now: datetime) -> Adoption:
    """Note what changed since the organisation was seen last, and let open cases follow.

    A repeat finds nothing. The first time there is nothing to compare with: it is only kept.
    """
    return _take_over(work, _latest(work), Statement(origin=Origin.FILES, now=now))


def edit_organisation(
    work: UnitOfWork,
    edit: Callable[[Content], Content],
    *,
    author: str,
    note: str | None,
    now: datetime,
) -> Adoption:
    """Change the newest organisation by ``edit``, and let open cases follow in this transaction.

    ``work`` goes on with the new organisation.

    Raises:
        InvalidOrganisation: The parts would contradict each other.
    """
    _wait_for_other_editors(work)
    last = _latest(work)
    if last is None:  # how it stood in the files, to go back to and to compare with
        adopt_organisation(work, now=now)
        last = _latest(work)
    basis = last.content if last else content_of(work.organisation)
    work.organisation = organisation_from(edit(basis))
    statement = Statement(origin=Origin.DESK, author=author, note=note, now=now)
    return _take_over(work, last, statement)


def _take_over(
    work: UnitOfWork, last: OrganisationVersion | None, statement: Statement
) -> Adoption:
    content = content_of(work.organisation)
    digest = hashlib.sha256(canonical_json(content).encode()).hexdigest()
    if last is not None and last.digest == digest:
        return Adoption(changes=(), rerouted=())
    changes = changes_between(last.content, content) if last else ()
    work.session.add(
        OrganisationVersion(
            digest=digest,
            content=content,
            changes=[dict(one) for one in changes],
            seen_at=statement.now,
            origin=statement.origin.value,
            author=statement.author,
            note=statement.note,
        )
    )
    names = _names(last.content if last else content)
    followed = (_follow(work, case_id, names, statement.now) for case_id in _orphans(work))
    return Adoption(changes=changes, rerouted=tuple(number for number in followed if number))


def _wait_for_other_editors(work: UnitOfWork) -> None:
    # The oldest row is the one that all editors can agree on; the newest may not be there yet.
    query = select(OrganisationVersion.id).order_by(col(OrganisationVersion.id)).limit(1)
    work.session.exec(query.with_for_update()).first()


def changes_between(before: Content, after: Content) -> tuple[Mapping[str, Any], ...]:
    """What was added, removed and changed from one organisation to another. Pure."""
    old, new = items_of(before), items_of(after)
    return tuple(
        {
            "kind": kind,
            "id": name,
            "change": _change(old.get((kind, name)), new.get((kind, name))),
            "before": old.get((kind, name)),
            "after": new.get((kind, name)),
        }
        for kind, name in sorted(old.keys() | new.keys())
        if old.get((kind, name)) != new.get((kind, name))
    )


def _change(before: Any, after: Any) -> str:
    if before is None:
        return "added"
    return "removed" if after is None else "changed"


def organisation_versions(work: UnitOfWork, *, limit: int = 50) -> Sequence[OrganisationVersion]:
    """How the organisation stood, newest first."""
    query = select(OrganisationVersion).order_by(col(OrganisationVersion.id).desc()).limit(limit)
    return work.session.exec(query).all()


def _latest(work: UnitOfWork) -> OrganisationVersion | None:
    return next(iter(organisation_versions(work, limit=1)), None)


def _names(content: Content) -> dict[str, str]:
    plan = content["organisation"]
    return {one["id"]: one["name"] for kind in ("units", "grids") for one in plan.get(kind, [])}


def _orphans(work: UnitOfWork) -> Sequence[int]:
    units = [unit.id for unit in work.organisation.units]
    grids = [grid.id for grid in work.organisation.grids]
    to_do = col(Case.replied_at).is_(None)
    gone = or_(
        to_do & col(Case.lead_unit).not_in(units),
        to_do & col(Case.lead_unit).is_(None) & col(Case.proposed_unit).not_in(units),
        col(Case.grid_id).not_in(grids),
    )
    query = select(col(Case.id)).where(IS_OPEN, gone).order_by(col(Case.id))
    return [case_id for case_id in work.session.exec(query) if case_id is not None]


def _follow(work: UnitOfWork, case_id: int, names: Mapping[str, str], now: datetime) -> str | None:
    case = load_case(work, case_id)
    if not _gone(work.organisation, case):  # another process was faster
        return None
    _let_helpers_go(work, case)
    place = place_in(work.organisation, case.estate_id, case.building)
    changes = _place_changes(work.organisation, case, place)
    if _keeps_its_unit(work.organisation, case, place):
        _record(work, case, CaseAction.CORRECT, changes, names, now)
        return case.number
    routing = route_again(work.organisation, case.duty_item, place)
    changes |= _proposal(case, routing)
    if case.status == CaseStatus.SUSPENDED.value:
        resume_clocks(work, terms_of(case), now)
    if next_status(CaseStatus(case.status), CaseAction.REROUTE) is CaseStatus.SCREENED:
        changes |= {"lead_unit": None, "designated": False}
    _record(work, case, CaseAction.REROUTE, changes, names, now)
    return case.number


def _keeps_its_unit(organisation: Organisation, case: Case, place: PlaceMatch | None) -> bool:
    """The unit goes on where it is still there and the case's new grid is known."""
    works = next_status(CaseStatus(case.status), CaseAction.REROUTE).value != case.status
    known = any(unit.id == case.lead_unit for unit in organisation.units)
    return works and known and place is not None and place.grid_id is not None


def _place_changes(
    organisation: Organisation, case: Case, place: PlaceMatch | None
) -> dict[str, Any]:
    if place is None:
        known = organisation.community(case.community_id)
        return {"grid_id": None, "community_id": known.id if known else None}
    return {"grid_id": place.grid_id, "community_id": place.community_id}


def _proposal(case: Case, routing: Routing) -> dict[str, Any]:
    if case.replied_at is not None:
        return {}
    return {
        "proposed_unit": routing.lead_unit,
        "proposed_co_handlers": list(routing.co_handlers),
        "routing_reason": routing.reason,
    }


def _record(
    work: UnitOfWork,
    case: Case,
    action: CaseAction,
    changes: Mapping[str, Any],
    names: Mapping[str, str],
    now: datetime,
) -> None:
    gone = _gone(work.organisation, case)
    reason = "、".join(names.get(one, one) for one in gone) + "已撤销，按新的组织重新确定。"
    step = Step(
        action=action,
        actor=SYSTEM,
        role=Role.SYSTEM,
        now=now,
        text=reason,
        facts={"gone": gone, "unit": case.lead_unit, "grid": case.grid_id},
        changes=changes,
    )
    record(work, case, step)


def _gone(organisation: Organisation, case: Case) -> list[str]:
    known = {one.id for one in (*organisation.units, *organisation.grids)}
    held = (case.lead_unit or case.proposed_unit, case.grid_id)
    return [one for one in held if one and one not in known]


def _let_helpers_go(work: UnitOfWork, case: Case) -> None:
    """A unit that is gone helps no more; what it had answered stays."""
    units = [unit.id for unit in work.organisation.units]
    work.session.exec(
        delete(CoHandling).where(
            col(CoHandling.case_id) == case.id,
            col(CoHandling.unit_id).not_in(units),
            col(CoHandling.replied_at).is_(None),
        )
    )
