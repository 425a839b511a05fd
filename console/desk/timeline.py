"""The history of a case in words: who did what, when, with which words. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.language import noted, translate
from console.wording import cases, desk
from petitions.organisation import Organisation
from petitions.tables import CaseEntry
from petitions.workflow import CaseAction, Role


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One line of the timeline.

    Attributes:
        detail: What the step was about (a unit, a number of days), in words.
        internal: Residents don't see this step.
        by_resident: A resident did it.
    """

    sequence: int
    at: datetime
    who: str
    what: str
    detail: str
    text: str
    internal: bool
    by_resident: bool
    citations: tuple[str, ...] = ()


def moments(entries: tuple[CaseEntry, ...], organisation: Organisation) -> tuple[Moment, ...]:
    """The timeline, newest first: what happened last is what is looked for."""
    return tuple(_moment(entry, organisation) for entry in reversed(entries))


def _moment(entry: CaseEntry, organisation: Organisation) -> Moment:
    return Moment(
        sequence=entry.sequence,
        at=entry.at,
        who=_who(entry, organisation),
        what=cases.VERB.get(entry.action, entry.action),
        detail=_detail(entry, organisation),
        text=entry.text or "",
        internal=not entry.for_resident,
        by_resident=entry.actor_role == Role.RESIDENT.value,
        citations=tuple(entry.facts.get("citations") or ()),
    )


def _who(entry: CaseEntry, organisation: Organisation) -> str:
    if entry.actor_role in (Role.RESIDENT.value, Role.SYSTEM.value):
        return desk.ROLE[entry.actor_role]
    unit = organisation.unit_name(entry.actor_unit) if entry.actor_unit else ""
    place = unit or desk.ROLE.get(entry.actor_role, "")
    return f"{place} {entry.actor_name}".strip()


def _detail(entry: CaseEntry, organisation: Organisation) -> str:
    tell = _DETAILS.get(CaseAction(entry.action))
    return tell(entry.facts, organisation) if tell else ""


def _units(ids: str | list[str] | None, organisation: Organisation) -> str:
    listed = [ids] if isinstance(ids, str) else ids or []
    return translate("、").join(organisation.unit_name(unit) for unit in listed)


def _given(facts: Mapping[str, Any], organisation: Organisation) -> str:
    helpers = _units(facts.get("co_handlers"), organisation)
    lead = _units(facts.get("unit"), organisation)
    burden = translate("（不在社区职责清单内）") if facts.get("burden") else ""
    given = translate("交{lead}主办{burden}").format(lead=lead, burden=burden)
    return given + (translate("，{helpers}协办").format(helpers=helpers) if helpers else "")


def _unit(facts: Mapping[str, Any], organisation: Organisation) -> str:
    return _units(facts.get("unit"), organisation)


def _several(facts: Mapping[str, Any], organisation: Organisation) -> str:
    late = translate("（超时）") if facts.get("late") else ""
    return _units(facts.get("units"), organisation) + late


def _days(facts: Mapping[str, Any], organisation: Organisation) -> str:
    return translate("{days} 天").format(days=facts.get("days"))


def _outcome(facts: Mapping[str, Any], organisation: Organisation) -> str:
    return cases.OUTCOME.get(str(facts.get("outcome")), "")


def _merged(facts: Mapping[str, Any], organisation: Organisation) -> str:
    if "into" in facts:
        return translate("并入 {number}").format(number=facts["into"])
    return translate("来自 {number}").format(number=facts.get("from", ""))


_SOLVED = {True: noted("居民认为已解决"), False: noted("居民认为没有解决")}


def _called_back(facts: Mapping[str, Any], organisation: Organisation) -> str:
    if not facts.get("reached"):
        return translate("没有联系上")
    known = facts.get("resolved")
    solved = translate(_SOLVED[known]) if known in _SOLVED else ""
    level = cases.SATISFACTION.get(str(facts.get("satisfaction")), "")
    return translate("，").join(filter(None, (translate("已联系上"), solved, level)))


def _regime(facts: Mapping[str, Any], organisation: Organisation) -> str:
    return cases.REGIME.get(str(facts.get("regime")), "")


def _corrected(facts: Mapping[str, Any], organisation: Organisation) -> str:
    after = facts.get("after") or {}
    return translate("、").join(cases.FIELD.get(name, name) for name in after)


def _decided(facts: Mapping[str, Any], organisation: Organisation) -> str:
    return cases.UPHELD["yes" if facts.get("upheld") else "no"]


_A = CaseAction
_DETAILS: dict[CaseAction, Callable[[Mapping[str, Any], Organisation], str]] = {
    _A.SCREEN: _regime,
    _A.DISPATCH: _given,
    _A.REASSIGN: _given,
    _A.OBJECT: _unit,
    _A.UPHOLD_OBJECTION: _unit,
    _A.OVERRULE_OBJECTION: _unit,
    _A.INVITE_CO_HANDLER: _unit,
    _A.PART_REPLY: _unit,
    _A.WHISTLE: _several,
    _A.REPORT_IN: _several,
    _A.REQUEST_EXTENSION: _days,
    _A.APPROVE_EXTENSION: _days,
    _A.REFUSE_EXTENSION: _days,
    _A.REPLY: _outcome,
    _A.CLOSE: _outcome,
    _A.MERGE: _merged,
    _A.ABSORB: _merged,
    _A.SPLIT: _merged,
    _A.RELEASE: _merged,
    _A.FOLLOW_UP: _called_back,
    _A.CORRECT: _corrected,
    _A.DECIDE_REVIEW: _decided,
    _A.DECIDE_REREVIEW: _decided,
}
