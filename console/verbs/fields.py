"""The fields of the verbs' forms; their labels stand in wording.cases.FIELD."""

from dataclasses import dataclass
from enum import StrEnum

from petitions.workflow import Outcome


class FieldKind(StrEnum):
    """How a field is drawn."""

    LINE = "line"
    LINES = "lines"
    NUMBER = "number"
    RADIOS = "radios"
    SELECT = "select"
    UNIT = "unit"
    UNITS = "units"
    PHOTOS = "photos"
    CITATIONS = "citations"
    SPEAKERS = "speakers"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a verb's form.

    Attributes:
        words: Name of the word table that its choices are read from.
        choices: The keys offered, in their order; empty means the whole table.
        current: Column of the case that it starts with.
    """

    name: str
    kind: FieldKind
    needed: bool = False
    words: str = ""
    choices: tuple[str, ...] = ()
    current: str = ""


def words_field(name: str, *, needed: bool = False) -> Field:
    """A field for several lines."""
    return Field(name=name, kind=FieldKind.LINES, needed=needed)


def outcome_field(*, needed: bool) -> Field:
    """How it ended, as far as staff may say."""
    return Field(
        name="outcome",
        kind=FieldKind.RADIOS,
        needed=needed,
        words="outcome",
        choices=tuple(outcome.value for outcome in OUTCOMES),
        current="outcome",
    )


def correction_field(name: str, kind: FieldKind, words: str = "") -> Field:
    """A column of the case that may be put right."""
    return Field(name=name, kind=kind, words=words, current=name)


OUTCOMES = (
    Outcome.RESOLVED,
    Outcome.EXPLAINED,
    Outcome.NOT_SUPPORTED,
    Outcome.OTHER_CHANNEL,
)
REASON = words_field("reason", needed=True)
UNIT = Field(name="unit_id", kind=FieldKind.UNIT, needed=True)
HELPERS = Field(name="co_handlers", kind=FieldKind.UNITS)
PHOTOS = Field(name="photos", kind=FieldKind.PHOTOS)
CITATIONS = Field(name="citations", kind=FieldKind.CITATIONS)
UPHELD = Field(name="upheld", kind=FieldKind.RADIOS, needed=True, words="upheld")
DISPATCHING = (UNIT, HELPERS, words_field("reason"))
DECISION = (UPHELD, REASON)
