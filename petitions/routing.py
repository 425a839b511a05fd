"""Decides which unit leads a matter and why. Pure; the reason is data, said by who shows it.

Place → grid → community; category and words → line of the duty list → the unit of that kind
that serves the place. A report of misconduct never goes to those it is about, nor down the
ordinary road at all: it goes to the discipline body (信访工作条例 art. 22, 30).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from petitions.drafts import PetitionDraft
from petitions.organisation import DutyItem, Organisation, Unit
from petitions.places import PlaceMatch, find_place
from petitions.words import PetitionKind

WORDS_READ = 500
"""How much of a long matter is searched for the duty list's words: the point stands first."""
SECOND_LEVEL_BONUS = 3.0
FIRST_LEVEL_BONUS = 1.5


class ReasonKey(StrEnum):
    """Why a unit leads."""

    DUTY = "duty"
    CATEGORY = "category"
    FIRST_RECEIVER = "first_receiver"
    UNPLACED = "unplaced"
    REPORT = "report"


@dataclass(frozen=True, kw_only=True)
class Routing:
    """Where a matter goes.

    Attributes:
        lead_unit: Unit id, or None when nobody can be told: the committees must look.
        in_duty_list: False marks work outside the community's duty list.
        shielded_units: Units that the matter is a report about.
        reason: ``{"key", "fields"}``; the fields are names: ``place``, ``building``, ``owner``
            (grid or community), ``duty``, ``basis``, ``unit``, and a list of ``helpers``.
    """

    lead_unit: str | None
    co_handlers: tuple[str, ...] = ()
    place: PlaceMatch | None = None
    duty_item: str | None = None
    in_duty_list: bool = False
    shielded_units: tuple[str, ...] = ()
    reason: dict[str, Any] = field(default_factory=dict)

    @property
    def community_id(self) -> str | None:
        """The community that the place lies in, or None while that is not known."""
        return self.place.community_id if self.place else None


def route(organisation: Organisation, draft: PetitionDraft) -> Routing:
    """Route what was said; every answer carries its reason."""
    text = f"{draft.title or ''}\n{draft.matter}"
    place = find_place(
        organisation,
        estate=draft.estate,
        building=draft.building,
        place_text=draft.place_text,
        matter=text[:WORDS_READ],
    )
    if draft.kind is PetitionKind.REPORT_MISCONDUCT:
        return _route_report(organisation, place, text)
    return _route_duty(organisation, place, find_duty(organisation, draft))


def route_again(
    organisation: Organisation, duty_item: str | None, place: PlaceMatch | None
) -> Routing:
    """Route a matter whose line of the duty list is known, after the organisation changed."""
    item = next((one for one in organisation.duties if one.id == duty_item), None)
    return _route_duty(organisation, place, item)


def find_duty(organisation: Organisation, draft: PetitionDraft) -> DutyItem | None:
    """Find the line of the duty list: by its words first, by category where no word is there.

    Of several, the one with most characters of its words in the matter wins, agreement with
    the category counting as a few characters; without any word the catch-all line of the
    first-level category.
    """
    text = f"{draft.title or ''}\n{draft.matter}"[:WORDS_READ]
    scored = [
        (letters + _category_bonus(item, draft), item)
        for item in organisation.duties
        if (letters := _letters_hit(item, text))
    ]
    if scored:
        return max(scored, key=_score)[1]
    return next((item for item in organisation.duties if _is_catch_all(item, draft)), None)


def _score(scored: tuple[float, DutyItem]) -> float:
    return scored[0]


def _letters_hit(item: DutyItem, text: str) -> int:
    """Characters of the item's words found in ``text``; a word inside a longer one is not two."""
    hits = [word for word in item.keywords if word in text]
    return sum(len(word) for word in hits if not any(word in o and word != o for o in hits))


def _category_bonus(item: DutyItem, draft: PetitionDraft) -> float:
    if item.first != draft.category_first:
        return 0
    same_second = item.second is not None and item.second == draft.category_second
    return SECOND_LEVEL_BONUS if same_second else FIRST_LEVEL_BONUS


def _is_catch_all(item: DutyItem, draft: PetitionDraft) -> bool:
    return not item.keywords and item.second is None and item.first == draft.category_first


def _route_duty(
    organisation: Organisation, place: PlaceMatch | None, item: DutyItem | None
) -> Routing:
    lead = _serving(organisation, item.lead, item.level, place) if item else None
    if lead is None or item is None:
        return _route_to_first_receiver(organisation, place, item)
    kinds = dict.fromkeys(item.co_handlers)
    helpers = [_serving(organisation, kind, item.level, place) for kind in kinds]
    co_handlers = tuple(unit for unit in helpers if unit and unit.id != lead.id)
    return Routing(
        lead_unit=lead.id,
        co_handlers=tuple(unit.id for unit in co_handlers),
        place=place,
        duty_item=item.id,
        in_duty_list=item.in_community_list,
        reason=_duty_reason(organisation, place, item, lead, co_handlers),
    )


def _serving(
    organisation: Organisation, kind: str, level: str, place: PlaceMatch | None
) -> Unit | None:
    units = organisation.units_of_kind(
        kind,
        level=level,
        estate=place.estate_id if place else None,
        community=place.community_id if place else None,
    )
    return units[0] if units else None


def _route_to_first_receiver(
    organisation: Organisation, place: PlaceMatch | None, item: DutyItem | None
) -> Routing:
    """The committee that received it leads until it is settled (首接负责)."""
    lead = organisation.committee_of(place.community_id if place else None)
    key = ReasonKey.FIRST_RECEIVER if lead else ReasonKey.UNPLACED
    return Routing(
        lead_unit=lead,
        place=place,
        duty_item=item.id if item else None,
        in_duty_list=bool(item and item.in_community_list),
        reason=_reason(
            key,
            **_place_names(organisation, place),
            duty=item.name if item else "",
            unit=organisation.unit_name(lead),
        ),
    )


def _route_report(organisation: Organisation, place: PlaceMatch | None, text: str) -> Routing:
    bodies = organisation.units_of_kind("discipline")
    reported = _units_reported(units_named(organisation, text), {unit.id for unit in bodies})
    bodies = tuple(unit for unit in bodies if unit.id not in reported)
    lead = bodies[0] if bodies else None
    return Routing(
        lead_unit=lead.id if lead else None,
        place=place,
        in_duty_list=True,
        shielded_units=reported,
        reason=_reason(ReasonKey.REPORT, unit=lead.name if lead else ""),
    )


def _units_reported(named: tuple[str, ...], bodies: set[str]) -> tuple[str, ...]:
    # Named beside others, the discipline body is whom the resident appeals to; named alone it
    # may be the one accused, and then it must not get the case.
    others = tuple(unit for unit in named if unit not in bodies)
    return others or named


def units_named(organisation: Organisation, text: str) -> tuple[str, ...]:
    """Ids of the units whose name or alias stands in ``text``."""
    return tuple(unit.id for unit in organisation.units if any(name in text for name in unit.names))


_NO_FIELDS = {"place": "", "building": "", "owner": "", "duty": "", "basis": "", "unit": ""}


def _reason(key: ReasonKey, helpers: Iterable[str] = (), **fields: str) -> dict[str, Any]:
    return {"key": key.value, "fields": {**_NO_FIELDS, **fields, "helpers": list(helpers)}}


def _duty_reason(
    organisation: Organisation,
    place: PlaceMatch | None,
    item: DutyItem,
    lead: Unit,
    co_handlers: Iterable[Unit],
) -> dict[str, Any]:
    return _reason(
        ReasonKey.DUTY if item.keywords else ReasonKey.CATEGORY,
        **_place_names(organisation, place),
        duty=item.name,
        basis=item.basis or "",
        unit=lead.name,
        helpers=[unit.called for unit in co_handlers],
    )


def _place_names(organisation: Organisation, place: PlaceMatch | None) -> dict[str, str]:
    if place is None:
        return {}
    grid = organisation.grid(place.grid_id)
    community = organisation.community(place.community_id)
    owner = grid.name if grid else community.name if community else ""
    return {"place": place.name, "building": place.building or "", "owner": owner}
