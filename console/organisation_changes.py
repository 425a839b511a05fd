"""What was changed in the organisation, in words for the history page. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.organisation_forms import BETWEEN, FORMS, Options
from console.wording.organisation import THING_FIELD, YES_NO


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field before and after; empty where there was or is nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """One thing that was added, closed or changed."""

    kind: str
    name: str
    change: str
    fields: Sequence[FieldChange]


def lines_of(changes: Sequence[Mapping[str, Any]], options: Options) -> Sequence[ChangeLine]:
    """Put the changes of a version into words, in their order."""
    return [_line(change, options) for change in changes]


def _line(change: Mapping[str, Any], options: Options) -> ChangeLine:
    before, after = change.get("before") or {}, change.get("after") or {}
    row = after or before
    name = str(row.get("name") or row.get("sentence") or change["id"])
    if after.get("retired") and not before.get("retired"):
        # Kept for the clocks that run by it; for people it is closed.
        return ChangeLine(kind=change["kind"], name=name, change="removed", fields=())
    fields = _fields(change["kind"], before, after, options) if before and after else ()
    return ChangeLine(kind=change["kind"], name=name, change=str(change["change"]), fields=fields)


def _fields(
    kind: str, before: Mapping[str, Any], after: Mapping[str, Any], options: Options
) -> Sequence[FieldChange]:
    lists = {field.name: field.options for field in FORMS.get(kind, ())}
    return [
        FieldChange(
            field=name,
            before=_said(before.get(name), options.get(lists.get(name, ""), {})),
            after=_said(after.get(name), options.get(lists.get(name, ""), {})),
        )
        for name in dict.fromkeys((*before, *after))
        if name in THING_FIELD and before.get(name) != after.get(name)
    ]


def _said(value: Any, names: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES_NO["yes" if value else "no"]
    if isinstance(value, list):
        return BETWEEN.join(names.get(str(one), str(one)) for one in value)
    if isinstance(value, Mapping):
        return BETWEEN.join(_said(one, names) for one in value.values() if one)
    return names.get(str(value), str(value))
