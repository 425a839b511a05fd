"""An organisation as plain data: the content of its three files, and a flat form for tables.

``organisation_files.organisation_from(content_of(one))`` gives an equal organisation.
"""

from collections.abc import Mapping
from dataclasses import fields
from enum import Enum
from typing import Any

from petitions.deadlines import DeadlineRule
from petitions.organisation import Building, Organisation

Content = Mapping[str, Any]
Row = dict[str, Any]
PARTS = ("communities", "grids", "estates", "units", "roads", "landmarks")
"""What stands in ``organisation.yaml`` as lists."""


def content_of(organisation: Organisation) -> dict[str, Any]:
    """The content of the files, keys as they stand there; nothing empty is written."""
    days = organisation.calendar.overrides
    working_days = {
        "worked": [day.isoformat() for day, works in sorted(days.items()) if works],
        "rest": [day.isoformat() for day, works in sorted(days.items()) if not works],
    }
    plan: dict[str, Any] = {
        "city": organisation.city,
        "district": row_of(organisation.district),
        "subdistrict": row_of(organisation.subdistrict),
        **{part: [row_of(one) for one in getattr(organisation, part)] for part in PARTS},
        "working_days": {name: listed for name, listed in working_days.items() if listed},
    }
    return {
        "organisation": {key: value for key, value in plan.items() if value},
        "duty_list": [row_of(one) for one in organisation.duties],
        "deadlines": [_deadline(one) for one in organisation.deadline_rules],
    }


def row_of(one: Any) -> Row:
    """One line of a file: its fields as plain data, without what is empty."""
    values = ((item.name, _plain(getattr(one, item.name))) for item in fields(one))
    return {name: value for name, value in values if value not in (None, "", [])}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [row_of(one) if isinstance(one, Building) else one for one in value]
    return value.value if isinstance(value, Enum) else value


def _deadline(rule: DeadlineRule) -> Row:
    row = row_of(rule)
    applies = {name: row.pop(name) for name in ("urgency", "regime") if name in row}
    if not row["retired"]:
        del row["retired"]
    return row | {"applies": applies}


def items_of(content: Content) -> dict[tuple[str, str], Row]:
    """Every thing of an organisation by kind and id, to compare two of them.

    Buildings are named «estate/number»; roads and landmarks by their names.
    """
    plan = content["organisation"]
    lists = {part: plan.get(part, []) for part in PARTS}
    lists |= {"duties": content["duty_list"], "deadlines": content["deadlines"]}
    found = {
        (kind, str(row.get("id") or row.get("name"))): {
            key: value for key, value in row.items() if key != "buildings"
        }
        for kind, rows in lists.items()
        for row in rows
    }
    buildings = {
        ("buildings", f"{estate['id']}/{row['number']}"): row
        for estate in lists["estates"]
        for row in estate.get("buildings", [])
    }
    rest = {"calendar": plan.get("working_days", {}), "city": {"name": plan.get("city", "")}}
    return found | buildings | {(kind, kind): dict(row) for kind, row in rest.items()}
