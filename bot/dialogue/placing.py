"""Finds and writes down where a matter is."""

import re
from dataclasses import replace

from bot.dialogue.form import Form
from bot.dialogue.turn import Reading
from bot.messages import Attachment, AttachmentKind
from nlu.understanding import Entity, EntityType, PlaceParts
from petitions.organisation import Organisation
from petitions.places import FoundBy, PlaceMatch, find_place

NO_PARTS = PlaceParts()
LONGEST_PLACE = 60
BARE_BUILDING = re.compile(r"^\s*(?P<number>\d{1,3}|[A-Za-z])\s*(?:号楼|号|栋|幢|座|楼)?\s*$")


def placed(form: Form, reading: Reading, organisation: Organisation) -> Form:
    """The form with the place that the words name; unchanged when they name none.

    A building alone («不是3栋是5栋») changes the building and keeps the estate.
    """
    entity = _place_meant(reading)
    parts = (entity.place if entity else None) or NO_PARTS
    match = find_place(
        organisation,
        estate=parts.estate,
        building=parts.building,
        place_text=entity.text if entity else None,
        matter=reading.text,
    )
    if entity and form.estate and _only_building(parts, match):
        return _moved_within(form, parts)
    if match is None and entity is None:
        return form
    return _at(form, match, parts, entity.text if entity else None)


def placed_as_written(form: Form, words: str, organisation: Organisation) -> Form:
    """The form with ``words`` as the place, resolved if they can be."""
    bare = BARE_BUILDING.match(words)
    if bare and form.estate:
        return replace(form, building=bare["number"].upper(), place_text=None)
    match = find_place(organisation, place_text=words)
    return _at(form, match, NO_PARTS, words[:LONGEST_PLACE])


def placed_by_location(
    form: Form, attachments: tuple[Attachment, ...], organisation: Organisation
) -> Form:
    """The form with a shared location as its place, by the venue's name if it has one."""
    spots = [one for one in attachments if one.kind is AttachmentKind.LOCATION]
    if not spots:
        return form
    name = spots[-1].name
    match = find_place(organisation, place_text=name) if name else None
    return replace(_at(form, match, NO_PARTS, name or form.place_text), place_known=True)


def place_shown(form: Form) -> str | None:
    """The place as the card shows it: official name, building, then what was more exact."""
    if not form.estate:
        return form.place_text
    return address(form.estate, form.building, form.place_detail)


def address(estate: str, building: str | None, detail: str | None = None) -> str:
    """A place in an estate as people write it: «锦绣家园3号楼2单元», «河畔公寓A座»."""
    suffix = "座" if building and building.isalpha() else "号楼"
    return f"{estate}{building + suffix if building else ''}{detail or ''}"


def _place_meant(reading: Reading) -> Entity | None:
    """The place to go by: of «不是3栋是5栋» the last one, else the one that says most."""
    places = reading.entities(EntityType.PLACE)
    if not places:
        return None
    if re.search(r"不是|而是|改成|应该是|not ", reading.text):
        return places[-1]
    return max(places, key=_exactness)


def _exactness(entity: Entity) -> tuple[bool, int]:
    parts = entity.place or NO_PARTS
    known = (parts.estate, parts.building, parts.unit, parts.floor, parts.room, parts.road)
    return parts.estate is not None, sum(part is not None for part in known)


def _only_building(parts: PlaceParts, match: PlaceMatch | None) -> bool:
    nothing_else = not (parts.estate or parts.road or parts.landmark)
    return match is None and nothing_else and bool(parts.building or parts.unit or parts.room)


def _moved_within(form: Form, parts: PlaceParts) -> Form:
    return replace(
        form,
        building=parts.building or form.building,
        place_detail=_detail(parts) or (None if parts.building else form.place_detail),
        place_text=None,
    )


def _at(form: Form, match: PlaceMatch | None, parts: PlaceParts, words: str | None) -> Form:
    in_estate = match is not None and match.estate_id is not None
    spot = match is not None and match.found_by in (FoundBy.LANDMARK, FoundBy.ROAD)
    return replace(
        form,
        place_text=words or (match.name if match else None),
        estate=match.name if match and in_estate and not spot else None,
        building=(match.building if match else None) or parts.building,
        place_detail=_detail(parts),
        place_known=match is not None,
    )


def _detail(parts: PlaceParts) -> str | None:
    pieces = (
        (parts.unit, "单元"),
        (parts.floor, "层"),
        (parts.room, "室"),
    )
    detail = "".join(f"{value}{word}" for value, word in pieces if value)
    return detail or None
