"""What the pages of the web chat show, as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.channels.web_text import PageWords, emergency_numbers, page_words
from bot.messages import AttachmentKind, OutgoingMessage


@dataclass(frozen=True, kw_only=True)
class WebPaths:
    """Where the pages and their parts are found."""

    chat: str = "/"
    send: str = "/chat"
    elder: str = "/chat/elder"
    language: str = "/chat/language"
    privacy: str = "/chat/privacy"
    track: str = "/track"
    verify: str = "/verify"
    static: str = "/chat/static"
    tokens: str = "/static/tokens.css"
    mark: str = "/static/mark.svg"
    messages: str = "/api/v1/chat/messages"


@dataclass(frozen=True, kw_only=True)
class Operator:
    """Who runs this chat and answers for the data (个人信息保护法 art. 17).

    Attributes:
        keeps_days: How long conversations are kept; None when no number is set.
    """

    name: str
    phone: str | None = None
    address: str | None = None
    keeps_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request: whose page it is and how it is to be shown.

    Attributes:
        csrf: Token that every form of the page carries.
        path: Where the switches of the header come back to.
    """

    now: datetime
    csrf: str
    language: str = "zh-CN"
    elder: bool = False
    path: str = "/"

    @property
    def words(self) -> PageWords:
        """The sentences in the visitor's language."""
        return page_words(self.language)


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """Something a resident sent; ``url`` shows it again, when it can be shown."""

    kind: AttachmentKind
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Bubble:
    """One message of the conversation: ours when there is a ``reply``, else the resident's.

    Attributes:
        id: The same whenever the message is shown; no two messages share one.
        said: The resident's words, or the label of the button that was tapped.
    """

    id: str
    at: datetime
    said: str = ""
    files: tuple[SentFile, ...] = ()
    reply: OutgoingMessage | None = None

    @property
    def speaker(self) -> str:
        """``huiyin`` or ``resident``."""
        return "huiyin" if self.reply else "resident"

    @property
    def text(self) -> str:
        """The words, without the space around them."""
        return (self.reply.text if self.reply else self.said).strip()

    @property
    def offers(self) -> bool:
        """Whether there is anything to tap."""
        reply = self.reply
        return bool(reply and (reply.choices or any(row.edit for row in reply.card)))

    @property
    def calls(self) -> tuple[str, ...]:
        """The emergency numbers that an urgent reply names in its first line."""
        is_urgent = self.reply and self.reply.urgent
        return emergency_numbers(self.text.partition("\n")[0]) if is_urgent else ()


@dataclass(frozen=True, kw_only=True)
class ChatView:
    """What the chat page shows.

    Attributes:
        bubbles: Oldest first.
        last: What ``?after=`` takes to get only newer messages.
        is_waiting: The last words are not answered yet.
        earlier: Address of the page with older messages.
        newest: Address of the conversation's end when this page shows a part before it; nothing
            on such a page can be tapped, and nothing is added to it.
        problem: A sentence about what just went wrong; ``draft`` keeps what was typed.
    """

    bubbles: tuple[Bubble, ...] = ()
    last: str = ""
    is_waiting: bool = False
    earlier: str | None = None
    newest: str | None = None
    problem: str | None = None
    draft: str = ""


class ContactProblem(StrEnum):
    """What is wrong with a field of the contact form; the first word names the field."""

    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    PHONE_MISSING = "phone_missing"
    PHONE_WRONG = "phone_wrong"
    CONSENT_MISSING = "consent_missing"

    @property
    def field(self) -> str:
        """The field it is about."""
        return self.value.partition("_")[0]


@dataclass(frozen=True, kw_only=True)
class ContactView:
    """The one-time form for name and phone.

    Attributes:
        action: Address the form is sent to.
        title: The petition in a few words.
        minutes: How long the page is still good for.
        back: Where the conversation is; None when it is in another app.
    """

    action: str
    minutes: int
    title: str | None = None
    name: str = ""
    phone: str = ""
    consent: bool = False
    problems: tuple[ContactProblem, ...] = ()
    back: str | None = None

    def problem_of(self, field: str) -> ContactProblem | None:
        """What is wrong with ``field``, or None."""
        return next((one for one in self.problems if one.field == field), None)


class PageProblem(StrEnum):
    """Why there is a page that only says what went wrong."""

    TOO_LARGE = "too_large"
    TOO_FAST = "too_fast"
    SESSION_LOST = "session_lost"
    LINK_OVER = "link_over"
    NOT_FOUND = "not_found"
    BROKEN = "broken"
