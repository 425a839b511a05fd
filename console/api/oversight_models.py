"""What the oversight routes give."""

from datetime import datetime

from pydantic import Field

from console.api.base import ApiModel


class Share(ApiModel):
    """A share with the numbers behind it; no value where there is nothing to share."""

    met: int
    n: int
    value: float | None


class Rates(ApiModel):
    """The three rates of one way of counting."""

    cases: int
    response: Share
    resolution: Share
    satisfaction: Share
    unrated: Share


class Exclusion(ApiModel):
    """A case left out of the adjusted rates, with both persons."""

    case_id: int
    reason: str
    asked_by: str
    settled_by: str | None


class BothWays(ApiModel):
    """Raw, and without what two persons left out."""

    raw: Rates
    adjusted: Rates
    left_out: list[Exclusion]
    waiting: int


class OddCase(ApiModel):
    """A case with signs of having been closed on paper only."""

    number: str
    title: str
    unit_id: str | None
    signs: list[str]


class CallToMake(ApiModel):
    """A case whose resident is to be called back."""

    number: str
    title: str
    due_at: datetime | None


class BurdenLine(ApiModel):
    """Work outside the duty list of one unit in one month, of all it was given."""

    unit_id: str
    unit_name: str
    community_id: str
    month: str
    leading: Share
    helping: Share


class HotIssue(ApiModel):
    """Several petitions about one trouble in one place."""

    event_id: str
    name: str
    place: str
    case_numbers: list[str] = Field(description="Those that this person may see.")
    first_at: datetime
    last_at: datetime
    heat: float
