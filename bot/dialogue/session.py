"""Where a conversation stands: small, frozen, and stored as versioned JSON after every turn."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from bot.dialogue.form import Form
from bot.messages import Attachment, Choice, attachment_from_json

SESSION_VERSION = 1
KEPT_FILINGS = 8


class Step(StrEnum):
    """What the last reply asked for; docs/architecture.md draws them."""

    IDLE = "idle"
    CLARIFY_INTENT = "clarify_intent"
    CLARIFY_TOPIC = "clarify_topic"
    ASK_MATTER = "ask_matter"
    ASK_PLACE = "ask_place"
    ASK_WANTED = "ask_wanted"
    ASK_CONTACT = "ask_contact"
    ASK_EDIT = "ask_edit"
    OFFER_JOIN = "offer_join"
    CARD = "card"
    RESUME = "resume"
    EMERGENCY_PLACE = "emergency_place"
    CHOOSE_CASE = "choose_case"
    ASK_NUMBER = "ask_number"
    ASK_CODE = "ask_code"
    ASK_SUPPLEMENT = "ask_supplement"
    CONFIRM_WITHDRAW = "confirm_withdraw"
    ASK_RATING = "ask_rating"
    ASK_COMMENT = "ask_comment"
    ASK_NOTE = "ask_note"


FORM_STEPS = frozenset(
    {
        Step.ASK_MATTER,
        Step.ASK_PLACE,
        Step.ASK_WANTED,
        Step.ASK_CONTACT,
        Step.ASK_EDIT,
        Step.OFFER_JOIN,
        Step.CARD,
        Step.RESUME,
    }
)
"""Steps in which a petition is being filled in."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """One resident's conversation.

    Attributes:
        resident: Pseudonym; the only thing that ties a petition to a chat.
        form: The petition being filled in.
        parked: A form put aside for something more pressing; offered again afterwards.
        field: The row of the card being changed (``ASK_EDIT``).
        verb: What is to be done once a case is chosen (``CHOOSE_CASE``, ``ASK_NUMBER``).
        petition: Number of the petition in focus.
        case_id: The case in focus (``OFFER_JOIN``).
        question: The last question asked of the texts: context of «那费用呢？».
        topic: What that question was about.
        topics: The topics offered (``CLARIFY_TOPIC``).
        pending_text: Words whose meaning was asked back (``CLARIFY_INTENT``), masked.
        matters: Further matters of one message, waiting for their turn, masked.
        options: The choices offered last, so that «1» or the words of a button work too.
        filed: Pairs of idempotency key and petition number, the latest last.
        unclear: How many messages in a row were not understood.
        attachments: Photos and places that came before the words they belong to.
        album: The album whose first photo was answered; the others follow without a word.
        alarm: Number of the emergency reported last, and when that was (``alarm_at``).
    """

    resident: str
    at: datetime
    language: str = "zh-CN"
    step: Step = Step.IDLE
    form: Form | None = None
    parked: Form | None = None
    field: str | None = None
    verb: str | None = None
    petition: str | None = None
    case_id: int | None = None
    question: str | None = None
    topic: str | None = None
    topics: tuple[str, ...] = ()
    pending_text: str | None = None
    matters: tuple[str, ...] = ()
    options: tuple[Choice, ...] = ()
    filed: tuple[tuple[str, str], ...] = ()
    unclear: int = 0
    attachments: tuple[Attachment, ...] = ()
    album: str | None = None
    alarm: str | None = None
    alarm_at: datetime | None = None
    turns: int = 0

    def at_step(self, step: Step, **changes: Any) -> Self:
        """The session at ``step``."""
        return replace(self, step=step, **changes)

    def at_rest(self, **changes: Any) -> Self:
        """Back to idle, with nothing half-done but a parked form."""
        clean = {"form": None, "field": None, "verb": None, "case_id": None, "pending_text": None}
        return replace(self, step=Step.IDLE, **{**clean, "topics": (), **changes})

    def with_filing(self, key: str, number: str) -> Self:
        """Remember that the form ``key`` became petition ``number``."""
        return replace(self, filed=(*self.filed, (key, number))[-KEPT_FILINGS:], petition=number)

    def number_filed(self, key: str) -> str | None:
        """The petition that the form ``key`` became, or None."""
        return dict(self.filed).get(key)

    def to_json(self) -> dict[str, Any]:
        """Versioned plain data."""
        return {
            **asdict(self),
            "version": SESSION_VERSION,
            "at": self.at.isoformat(),
            "alarm_at": self.alarm_at.isoformat() if self.alarm_at else None,
            "form": self.form.to_json() if self.form else None,
            "parked": self.parked.to_json() if self.parked else None,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read a stored session, forgiving what an older or newer release wrote.

        Unknown keys are dropped and missing ones take their defaults; a form that can't be
        read any more is dropped with its step rather than the whole conversation.
        """
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        values |= {
            "at": datetime.fromisoformat(data["at"]),
            "alarm_at": _moment(data.get("alarm_at")),
            "step": _step(data.get("step")),
            "form": _form(data.get("form")),
            "parked": _form(data.get("parked")),
            "options": tuple(Choice(**one) for one in data.get("options", ())),
            "topics": tuple(data.get("topics", ())),
            "matters": tuple(data.get("matters", ())),
            "filed": tuple((key, number) for key, number in data.get("filed", ())),
            "attachments": tuple(attachment_from_json(one) for one in data.get("attachments", ())),
        }
        session = cls(**values)
        lost_form = session.step in FORM_STEPS and session.form is None
        return session.at_rest() if lost_form else session


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _step(word: str | None) -> Step:
    try:
        return Step(word or "")
    except ValueError:
        return Step.IDLE


def _form(data: dict[str, Any] | None) -> Form | None:
    try:
        return Form.from_json(data) if data else None
    except (KeyError, TypeError, ValueError):
        return None
