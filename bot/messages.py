"""What residents say and what they are told, without any channel's own types.

Every value is frozen and turns into plain JSON and back, because the inbox and the outbox keep
messages in the database.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class AttachmentKind(StrEnum):
    """What came with a message."""

    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"
    LOCATION = "location"
    CONTACT = "contact"


@dataclass(frozen=True, kw_only=True)
class ResidentAddress:
    """Where a resident can be reached: the channel's name and its own id of the chat."""

    channel: str
    chat_id: str


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """Something that came along with the words.

    Attributes:
        ref: Where our own store keeps the content; None until it is fetched.
        remote: The channel's own handle, from which :meth:`Channel.fetch` gets the content.
        size_bytes: Size of the content when known.
    """

    kind: AttachmentKind
    ref: str | None = None
    remote: str | None = None
    mime: str | None = None
    size_bytes: int | None = None
    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, kw_only=True)
class IncomingMessage:
    """One update of one resident.

    Attributes:
        update_id: Unique within the channel; the same id again is the same update.
        choice: Payload of the button that was tapped; ``text`` is then empty.
        tapped: The channel's id of the message that carried the button.
        edited: The resident changed an earlier message.
        album: The same for all photos that were sent as one album.
        problem: Key of a sentence about content that could not be taken ("too_large", …).
    """

    address: ResidentAddress
    update_id: str
    received_at: datetime
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    choice: str | None = None
    tapped: str | None = None
    language_hint: str | None = None
    edited: bool = False
    album: str | None = None
    problem: str | None = None

    def with_attachments(self, attachments: tuple[Attachment, ...]) -> "IncomingMessage":
        """The same message with other attachments."""
        return replace(self, attachments=attachments)

    def to_json(self) -> dict[str, Any]:
        """Plain data for the inbox."""
        return {**asdict(self), "received_at": self.received_at.isoformat()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "IncomingMessage":
        """The message that :meth:`to_json` wrote down."""
        return cls(
            **{
                **data,
                "address": ResidentAddress(**data["address"]),
                "received_at": datetime.fromisoformat(data["received_at"]),
                "attachments": tuple(attachment_from_json(one) for one in data["attachments"]),
            }
        )


def attachment_from_json(data: dict[str, Any]) -> Attachment:
    """The attachment that ``asdict`` wrote down."""
    return Attachment(**{**data, "kind": AttachmentKind(data["kind"])})


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A button: ``payload`` comes back (at most 64 bytes), ``label`` is what is read."""

    payload: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Quote:
    """Words of a policy or of an official reply, verbatim, with where they stand."""

    text: str
    citation: str


@dataclass(frozen=True, kw_only=True)
class CardRow:
    """One line of a petition's card; ``edit`` is the payload of its «修改»."""

    label: str
    value: str
    edit: Choice | None = None


@dataclass(frozen=True, kw_only=True)
class Link:
    """An address to open, with the words to show for it."""

    url: str
    label: str


@dataclass(frozen=True, kw_only=True)
class News:
    """What a notice says about one petition, for templates and digests."""

    number: str
    title: str
    state: str


@dataclass(frozen=True, kw_only=True)
class OutgoingMessage:
    """One bubble.

    Attributes:
        key: Name of the leading sentence, for tests and figures; never shown.
        slot: Messages of one slot are versions of each other (the card of a form): a channel
            that can edit may put the new one in the place of the tapped one.
        urgent: Sent at once, at night too.
        news: What it tells about a petition, when it is a notice.
    """

    text: str
    key: str = ""
    choices: tuple[Choice, ...] = ()
    quote: Quote | None = None
    card: tuple[CardRow, ...] = ()
    link: Link | None = None
    slot: str | None = None
    urgent: bool = field(default=False)
    news: News | None = None

    def with_choices(self, *choices: Choice) -> "OutgoingMessage":
        """The same message with these buttons."""
        return replace(self, choices=choices)

    def to_json(self) -> dict[str, Any]:
        """Plain data for the outbox."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "OutgoingMessage":
        """The message that :meth:`to_json` wrote down."""
        return cls(
            **{
                **data,
                "choices": tuple(Choice(**one) for one in data["choices"]),
                "quote": Quote(**data["quote"]) if data["quote"] else None,
                "card": tuple(_card_row(one) for one in data["card"]),
                "link": Link(**data["link"]) if data["link"] else None,
                "news": News(**data["news"]) if data.get("news") else None,
            }
        )


def _card_row(data: dict[str, Any]) -> CardRow:
    return CardRow(**{**data, "edit": Choice(**data["edit"]) if data["edit"] else None})
