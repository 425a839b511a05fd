"""The forms of the organisation's editors: one table of fields, and how a form is read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from console.auth import PostedForm
from console.errors import InvalidInput
from console.wording.cases import CLOCK, REGIME, UNIT_LEVEL, URGENCY
from console.wording.organisation import AMOUNT_UNIT, RUNS_ON, UNIT_KIND
from petitions.organisation_content import Content, Row

BETWEEN = "、"
NAME_CHARACTERS = 100
WORDS_CHARACTERS = 1000
LARGEST_NUMBER = 9999
PERCENT = 100


class FieldShape(StrEnum):
    """How a field is typed and read."""

    WORDS = auto()
    SENTENCE = auto()
    LIST = auto()
    NUMBER = auto()
    PERCENT = auto()
    CHOICE = auto()
    CHOICES = auto()
    YES_NO = auto()
    YES_NO_UNKNOWN = auto()


@dataclass(frozen=True, kw_only=True)
class ThingField:
    """One field of a form; ``options`` names the list to choose from."""

    name: str
    shape: FieldShape = FieldShape.WORDS
    needed: bool = False
    options: str = ""


_NAME = ThingField(name="name", needed=True)
_COMMUNITY = ThingField(
    name="community", shape=FieldShape.CHOICE, needed=True, options="communities"
)
_ALIASES = ThingField(name="aliases", shape=FieldShape.LIST)

FORMS: Mapping[str, tuple[ThingField, ...]] = {
    "street": (
        ThingField(name="city", needed=True),
        ThingField(name="district", needed=True),
        ThingField(name="subdistrict", needed=True),
    ),
    "communities": (
        _NAME,
        ThingField(name="committee", shape=FieldShape.CHOICE, needed=True, options="committees"),
        ThingField(name="number_code"),
    ),
    "grids": (_NAME, _COMMUNITY, ThingField(name="worker")),
    "estates": (
        _NAME,
        _COMMUNITY,
        _ALIASES,
        ThingField(name="roads", shape=FieldShape.LIST),
        ThingField(name="landmarks", shape=FieldShape.LIST),
    ),
    "buildings": (
        ThingField(name="number", needed=True),
        ThingField(name="grid", shape=FieldShape.CHOICE, needed=True, options="grids"),
        ThingField(name="responsible"),
        ThingField(name="units", shape=FieldShape.NUMBER),
        ThingField(name="floors", shape=FieldShape.NUMBER),
        ThingField(name="elevator", shape=FieldShape.YES_NO_UNKNOWN),
    ),
    "units": (
        _NAME,
        ThingField(name="short_name"),
        ThingField(name="kind", shape=FieldShape.CHOICE, needed=True, options="kinds"),
        ThingField(name="level", shape=FieldShape.CHOICE, needed=True, options="levels"),
        ThingField(name="serves", shape=FieldShape.CHOICES, options="places"),
        _ALIASES,
        ThingField(name="phone"),
    ),
    "duties": (
        _NAME,
        ThingField(name="first", shape=FieldShape.CHOICE, needed=True, options="firsts"),
        ThingField(name="second", shape=FieldShape.CHOICE, options="seconds"),
        ThingField(name="keywords", shape=FieldShape.LIST),
        ThingField(name="lead", shape=FieldShape.CHOICE, needed=True, options="kinds"),
        ThingField(name="level", shape=FieldShape.CHOICE, needed=True, options="levels"),
        ThingField(name="co_handlers", shape=FieldShape.CHOICES, options="kinds"),
        ThingField(name="urgency", shape=FieldShape.CHOICE, options="urgencies"),
        ThingField(name="in_community_list", shape=FieldShape.YES_NO),
        ThingField(name="basis"),
    ),
    "deadlines": (
        ThingField(name="amount", shape=FieldShape.NUMBER, needed=True),
        ThingField(name="unit", shape=FieldShape.CHOICE, needed=True, options="amount_units"),
        ThingField(name="calendar", shape=FieldShape.CHOICE, needed=True, options="runs_on"),
        ThingField(name="warn_at", shape=FieldShape.PERCENT, needed=True),
        ThingField(name="source", needed=True),
        ThingField(name="article"),
        ThingField(name="sentence", shape=FieldShape.SENTENCE, needed=True),
    ),
}
"""What can be edited at the desk. The ids, the clock of a deadline and what it applies to stay."""
ONLY_WHEN_NEW: Mapping[str, tuple[ThingField, ...]] = {
    "deadlines": (
        ThingField(name="clock", shape=FieldShape.CHOICE, needed=True, options="clocks"),
        ThingField(name="urgencies", shape=FieldShape.CHOICES, options="urgencies"),
        ThingField(name="regimes", shape=FieldShape.CHOICES, options="regimes"),
    ),
}
"""What is said once, when a thing is added."""

Options = Mapping[str, Mapping[str, str]]


def options_of(content: Content) -> Options:
    """What can be chosen from, each with its words."""
    plan, duties = content["organisation"], content["duty_list"]
    units = plan.get("units", [])
    kinds = [*UNIT_KIND, *(unit["kind"] for unit in units)]
    areas = [*plan.get("communities", []), *plan.get("estates", [])]
    return {
        "communities": _named(plan.get("communities", [])),
        "committees": _named([unit for unit in units if unit["kind"] == "committee"]),
        "grids": _named(plan.get("grids", [])),
        "places": _named(areas),
        "kinds": {kind: UNIT_KIND.get(kind, kind) for kind in kinds},
        "levels": UNIT_LEVEL,
        "firsts": {duty["first"]: duty["first"] for duty in duties},
        "seconds": {two: two for duty in duties if (two := duty.get("second"))},
        "urgencies": URGENCY,
        "regimes": REGIME,
        "clocks": CLOCK,
        "amount_units": AMOUNT_UNIT,
        "runs_on": RUNS_ON,
    }


def _named(rows: Sequence[Row]) -> Mapping[str, str]:
    return {str(row["id"]): str(row["name"]) for row in rows}


def fields_of(kind: str, *, new: bool) -> tuple[ThingField, ...]:
    """The fields of a form in their order."""
    return (*(ONLY_WHEN_NEW.get(kind, ()) if new else ()), *FORMS[kind])


def shown(fields: Sequence[ThingField], row: Row) -> dict[str, tuple[str, ...]]:
    """What the form shows of a thing, by field."""
    return {field.name: _shown(field, row.get(field.name)) for field in fields}


def _shown(field: ThingField, value: Any) -> tuple[str, ...]:
    if field.shape is FieldShape.CHOICES:
        return tuple(value or ())
    if field.shape is FieldShape.LIST:
        return (BETWEEN.join(value or ()),)
    if field.shape is FieldShape.PERCENT:
        return (str(round(value * PERCENT)) if value else "",)
    if field.shape is FieldShape.YES_NO:
        return ("no" if value is False else "yes",)
    if field.shape is FieldShape.YES_NO_UNKNOWN:
        return ("unknown" if value is None else "yes" if value else "no",)
    return ("" if value is None else str(value),)


def typed(fields: Sequence[ThingField], form: PostedForm) -> dict[str, tuple[str, ...]]:
    """What was typed, to be shown again."""
    return {field.name: form.all(field.name) for field in fields}


def read_thing(kind: str, form: PostedForm, options: Options, *, new: bool) -> Row:
    """Read the fields of a thing, as a file would state it.

    Raises:
        InvalidInput: Names the first field that is wrong and why.
    """
    row = {field.name: _read(field, form, options) for field in fields_of(kind, new=new)}
    if "urgencies" in row:
        applies = {"urgency": row.pop("urgencies"), "regime": row.pop("regimes")}
        row["applies"] = {name: chosen for name, chosen in applies.items() if chosen}
    return row


def _read(field: ThingField, form: PostedForm, options: Options) -> Any:
    if field.shape is FieldShape.CHOICES:
        return _read_choices(field, form, options)
    words = form.get(field.name).strip()
    if not words:
        if field.needed:
            raise InvalidInput(field=field.name, problem="required")
        return [] if field.shape is FieldShape.LIST else None
    return _READERS[field.shape](field, words, options)


def _read_choices(field: ThingField, form: PostedForm, options: Options) -> list[str]:
    chosen = [word for word in form.all(field.name) if word]
    if not set(chosen) <= options[field.options].keys():
        raise InvalidInput(field=field.name, problem="unknown")
    return chosen


def _read_words(field: ThingField, words: str, _: Options) -> str:
    longest = WORDS_CHARACTERS if field.shape is FieldShape.SENTENCE else NAME_CHARACTERS
    if len(words) > longest:
        raise InvalidInput(field=field.name, problem="too_long")
    return words.rstrip("。") if field.shape is FieldShape.SENTENCE else words


def _read_list(field: ThingField, words: str, _: Options) -> list[str]:
    if len(words) > WORDS_CHARACTERS:
        raise InvalidInput(field=field.name, problem="too_long")
    for sign in (",", "，", "\n", ";", "；"):
        words = words.replace(sign, BETWEEN)
    return list(dict.fromkeys(one.strip() for one in words.split(BETWEEN) if one.strip()))


def _read_number(field: ThingField, words: str, _: Options) -> int:
    if not (words.isascii() and words.isdigit() and 1 <= int(words) <= LARGEST_NUMBER):
        raise InvalidInput(field=field.name, problem="number")
    return int(words)


def _read_percent(field: ThingField, words: str, options: Options) -> float:
    number = _read_number(field, words, options)
    if number > PERCENT:
        raise InvalidInput(field=field.name, problem="number")
    return number / PERCENT


def _read_choice(field: ThingField, words: str, options: Options) -> str:
    if words not in options[field.options]:
        raise InvalidInput(field=field.name, problem="unknown")
    return words


def _read_yes_no(_: ThingField, words: str, __: Options) -> bool | None:
    return {"yes": True, "no": False}.get(words)


_READERS: Mapping[FieldShape, Callable[[ThingField, str, Options], Any]] = {
    FieldShape.WORDS: _read_words,
    FieldShape.SENTENCE: _read_words,
    FieldShape.LIST: _read_list,
    FieldShape.NUMBER: _read_number,
    FieldShape.PERCENT: _read_percent,
    FieldShape.CHOICE: _read_choice,
    FieldShape.YES_NO: _read_yes_no,
    FieldShape.YES_NO_UNKNOWN: _read_yes_no,
}
