"""What comes in from outside, checked before it touches a table."""

import unicodedata
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from petitions.errors import InvalidDraft
from petitions.words import PetitionKind, Urgency

MATTER_CHARACTERS = 20_000
SHORT_CHARACTERS = 200
LINE_CHARACTERS = 1_000
TITLE_CHARACTERS = 40


def _clean(value: Any) -> Any:
    """Drop what no database takes (NUL, lone surrogates, control signs) and outer blanks."""
    if not isinstance(value, str):
        return value
    kept = (sign for sign in value if sign in "\n\t" or unicodedata.category(sign) not in _REFUSED)
    return "".join(kept).strip()


_REFUSED = frozenset({"Cc", "Cs"})


def _clean_or_none(value: Any) -> Any:
    cleaned = _clean(value)
    return None if cleaned == "" else cleaned


def _kind(value: Any) -> Any:
    # The understanding knows «report» for a problem of any sort; asking for help is the
    # milder reading and staff may correct it.
    return PetitionKind.HELP if value == "report" else value


Matter = Annotated[
    Annotated[str, Field(min_length=1, max_length=MATTER_CHARACTERS)], BeforeValidator(_clean)
]
Short = Annotated[
    Annotated[str, Field(max_length=SHORT_CHARACTERS)] | None, BeforeValidator(_clean_or_none)
]
Line = Annotated[
    Annotated[str, Field(max_length=LINE_CHARACTERS)] | None, BeforeValidator(_clean_or_none)
]


class AttachmentRef(BaseModel):
    """A photo, voice or place that is already kept elsewhere; ``ref`` finds it again."""

    model_config = ConfigDict(frozen=True)

    kind: str = Field(max_length=20)
    ref: str | None = Field(default=None, max_length=500)
    mime: str | None = Field(default=None, max_length=100)
    size_bytes: int | None = Field(default=None, ge=0)
    name: Short = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


class PetitionDraft(BaseModel):
    """A petition as the resident confirmed it, not yet filed.

    ``resident`` is a pseudonym; name and phone go into the encrypted contact fields and
    nowhere else. Build one with :func:`make_draft` to get this room's own error.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    matter: Matter
    resident: str = Field(min_length=1, max_length=100)
    channel: str = Field(min_length=1, max_length=40)
    idempotency_key: str = Field(min_length=1, max_length=200)
    title: Short = None
    kind: Annotated[PetitionKind, BeforeValidator(_kind)] = PetitionKind.HELP
    category_first: Short = None
    category_second: Short = None
    urgency: Urgency = Urgency.ORDINARY
    emergency_service: str | None = Field(default=None, max_length=10)
    place_text: Line = None
    estate: Short = None
    building: Short = None
    place_detail: Short = None
    happened_at_text: Short = None
    wanted: Line = None
    contact_name: Short = None
    contact_phone: Short = None
    on_behalf_of: Short = None
    anonymous: bool = False
    confidential: bool = False
    attachments: tuple[AttachmentRef, ...] = ()
    language: str = Field(default="zh-CN", max_length=10)


def make_draft(**values: Any) -> PetitionDraft:
    """Check ``values`` and make the draft.

    Raises:
        InvalidDraft: Names the first field that is wrong and pydantic's word for why
            (``string_too_short``, ``string_too_long``, ``missing``, …).
    """
    try:
        return PetitionDraft(**values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InvalidDraft(field=field, problem=first["type"]) from None


def title_of(title: str | None, matter: str) -> str:
    """The title given, else the beginning of the matter in one line."""
    return title or " ".join(matter.split())[:TITLE_CHARACTERS]
