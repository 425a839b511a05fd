"""Where a case is, in words. Pure."""

from console.language import translate
from petitions.organisation import Building, Organisation
from petitions.tables import Case


def building_of(organisation: Organisation, case: Case) -> Building | None:
    """The building of the case, or None."""
    estate = organisation.estate(case.estate_id)
    return estate.building(case.building) if estate and case.building else None


def place_of(organisation: Organisation, case: Case) -> str:
    """Where it is: the known place, else the resident's own words for it."""
    estate = organisation.estate(case.estate_id)
    if estate is None:
        return case.place_text or ""
    if not case.building:
        return estate.name
    return translate("{estate} {number}号楼").format(estate=estate.name, number=case.building)
