"""What the API takes and gives, as it stands in the OpenAPI document."""

from datetime import datetime

from pydantic import Field

from console.api.base import ApiModel

LONGEST_VALUE = 20_000
InputValue = str | int | bool | list[str] | None


class Problem(ApiModel):
    """Why a request was refused."""

    key: str = Field(description="Stable name of the error.")
    sentence: str = Field(description="What staff read, in Chinese.")
    facts: dict[str, object] = Field(default_factory=dict, description="What is known about it.")


class Me(ApiModel):
    """The person behind the request."""

    username: str
    name: str
    roles: list[str]
    unit_id: str | None
    community_id: str | None
    permissions: list[str]
    csrf_token: str = Field(
        description="To be sent as X-CSRF-Token with every change made by a session's cookie; "
        "empty for a bearer token, which needs none."
    )


class Clock(ApiModel):
    """One deadline at this moment."""

    name: str
    unit_id: str | None
    label: str
    sentence: str
    due_at: datetime
    overdue: bool
    paused: bool
    stopped: bool


class CaseLine(ApiModel):
    """A case in a list."""

    number: str
    title: str
    status: str
    urgency: str
    kind: str
    place: str
    grid_id: str | None
    unit_id: str | None
    unit_name: str
    supporters: int
    version: int
    opened_at: datetime
    due_at: datetime | None
    clock: Clock | None


class CaseList(ApiModel):
    """One page of the queue: dangers first, then what ends first."""

    cases: list[CaseLine]
    total: int
    more: bool = Field(description="Where closed cases are listed, counting stops at 10,000.")
    page: int
    page_size: int


class Board(ApiModel):
    """How many open cases there are."""

    total: int
    overdue: int
    due_today: int
    whistled: int
    by_status: dict[str, int]
    by_urgency: dict[str, int]


class PetitionSaid(ApiModel):
    """What one resident said; contact fields are masked."""

    number: str
    filed_at: datetime
    channel: str
    matter: str
    place_text: str | None
    place_detail: str | None
    happened_at_text: str | None
    wanted: str | None
    contact_name: str | None
    contact_phone: str | None
    anonymous: bool
    confidential: bool
    left: bool
    representative: bool


class Step(ApiModel):
    """One entry of the history."""

    sequence: int
    at: datetime
    action: str
    from_status: str | None
    to_status: str
    actor_role: str
    actor_name: str
    text: str | None
    for_resident: bool
    hash: str


class History(ApiModel):
    """Whether the chain of entries is whole."""

    intact: bool
    entries: int
    broken_at: int | None
    head_hash: str


class AttachmentLine(ApiModel):
    """One attachment; its content is at ``/desk/attachments/{id}``."""

    id: int
    kind: str
    mime: str | None
    size_bytes: int | None
    by_resident: bool


class CaseDetail(ApiModel):
    """Everything on a case."""

    number: str
    title: str
    status: str
    outcome: str | None
    version: int
    urgency: str
    kind: str
    regime: str
    category_first: str | None
    category_second: str | None
    place: str
    grid_id: str | None
    community_id: str | None
    unit_id: str | None
    unit_name: str
    proposed_unit: str | None
    routing_reason: str
    supporters: int
    opened_at: datetime
    due_at: datetime | None
    clocks: list[Clock]
    petitions: list[PetitionSaid]
    steps: list[Step]
    history: History
    attachments: list[AttachmentLine]
    verbs: list[str] = Field(description="What this person may do to the case now.")


class LetterParagraph(ApiModel):
    """A heading of a letter and what stands under it."""

    heading: str
    words: str


class Letter(ApiModel):
    """A letter of a petition (信访文书), ready to be printed."""

    kind: str
    title: str
    number: str
    article: str
    unit: str
    at: datetime
    paragraphs: list[LetterParagraph]


class Action(ApiModel):
    """One verb with what it needs; the fields are those of the desk's form."""

    expected_version: int | None = Field(
        None, ge=1, description="The version that was looked at; a stale one is refused (409)."
    )
    inputs: dict[str, InputValue] = Field(default_factory=dict)


class Done(ApiModel):
    """The case after an action; after a merge the one that goes on."""

    number: str
    status: str
    version: int


class RevealReason(ApiModel):
    """Why somebody wants to see a contact."""

    reason: str = Field(min_length=1, max_length=500)


class RevealedContact(ApiModel):
    """A contact in clear; who looked and why is kept."""

    petition_number: str
    name: str | None
    phone: str | None
    on_behalf_of: str | None


class VerbField(ApiModel):
    """One input of a verb."""

    name: str
    kind: str
    needed: bool
    choices: list[str]


class VerbDescription(ApiModel):
    """One verb and what it asks."""

    name: str
    label: str
    action: str
    fields: list[VerbField]
