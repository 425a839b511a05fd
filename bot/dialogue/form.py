"""A petition on its way: what is known so far and what was already asked."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from bot.messages import Attachment, attachment_from_json

MAX_QUESTIONS = 3
"""A resident is asked little: product.md allows three questions a petition."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """Everything the card shows; nothing of it is filed before the resident confirms.

    Attributes:
        key: Idempotency key made with the form: however often it is confirmed, one petition.
        matter: The resident's own words, phone and ID numbers masked.
        kind: One of the kinds of ``petitions``: consult, help, complaint, report_misconduct,
            suggest.
        sealed_name: Name to call, encrypted; never in clear outside the contact field.
        sealed_phone: Phone to call, encrypted.
        contact_shown: What the card may show of it ("138****1111").
        asked: Which questions were put, in their order.
        similar_seen: The resident was shown the neighbours' cases and wants an own one.
    """

    key: str
    matter: str
    kind: str
    started_at: datetime
    language: str = "zh-CN"
    category_first: str | None = None
    category_second: str | None = None
    urgency: str = "ordinary"
    emergency_service: str | None = None
    place_text: str | None = None
    estate: str | None = None
    building: str | None = None
    place_detail: str | None = None
    place_known: bool = False
    happened_at_text: str | None = None
    wanted: str | None = None
    sealed_name: str | None = None
    sealed_phone: str | None = None
    contact_shown: str | None = None
    on_behalf_of: str | None = None
    anonymous: bool = False
    confidential: bool = False
    attachments: tuple[Attachment, ...] = ()
    asked: tuple[str, ...] = ()
    similar_seen: bool = False

    def having_asked(self, question: str) -> Self:
        """The form after ``question`` was put."""
        return replace(self, asked=(*self.asked, question))

    def may_ask(self, question: str) -> bool:
        """Whether ``question`` is still to be put: once, and three in all at most."""
        return question not in self.asked and len(self.asked) < MAX_QUESTIONS

    def with_words(self, words: str) -> Self:
        """The form with more of the resident's words."""
        return replace(self, matter=f"{self.matter}\n{words}" if self.matter else words)

    def to_json(self) -> dict[str, Any]:
        """Plain data for the session."""
        return {**asdict(self), "started_at": self.started_at.isoformat()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The form that :meth:`to_json` wrote down."""
        return cls(
            **{
                **data,
                "started_at": datetime.fromisoformat(data["started_at"]),
                "attachments": tuple(attachment_from_json(one) for one in data["attachments"]),
                "asked": tuple(data["asked"]),
            }
        )
