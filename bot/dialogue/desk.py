"""What the dialogue needs of petitions: one resident's verbs, inside the turn's transaction.

``bot/petition_desk.py`` is the real one, over ``petitions``. The values here hold only what a
resident may read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.dialogue.form import Form
from bot.messages import Attachment


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A petition that is in the queue.

    ``code`` opens it from another channel; ``unit`` is who leads, None while the committee
    still has to tell; ``again`` says that it was there already.
    """

    number: str
    code: str
    unit: str | None
    due_at: datetime | None
    again: bool = False
    supporters: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseGlance:
    """How one of the resident's petitions stands.

    Attributes:
        status: Word of the case's status, or "withdrawn".
        actions: The resident's own verbs that it takes now.
        reply: The official reply, once there is one.
        category: Its second-level class, else its first, as filed.
    """

    number: str
    title: str
    status: str
    unit: str | None
    due_at: datetime | None
    filed_at: datetime
    actions: frozenset[str]
    overdue: bool = False
    reply: str | None = None
    category: str | None = None


@dataclass(frozen=True, kw_only=True)
class SimilarCase:
    """An open case that neighbours filed about what looks like the same thing.

    It tells where and what kind of thing, never a neighbour's words; ``supporters`` is None
    while they are so few that the number would tell who they are.
    """

    case_id: int
    where: str
    what: str
    opened_at: datetime
    supporters: int | None


@dataclass(frozen=True, kw_only=True)
class RatingTaken:
    """What a rating led to: handled again, or put before a supervisor, or neither."""

    reopened: bool = False
    supervised: bool = False
    unit: str | None = None
    due_at: datetime | None = None


class DeskRefusal(Exception):
    """Petitions said no; the resident is told why."""


class NoSuchPetition(DeskRefusal):
    """Number unknown, not the resident's, or the code is wrong: told apart to nobody."""


class NotNow(DeskRefusal):
    """The case can't take this now; ``status`` is where it stands."""

    def __init__(self, status: str) -> None:
        """Keep the status for the reply."""
        self.status = status
        super().__init__(status)


class AlreadyBehind(DeskRefusal):
    """The resident already stands behind this case, under ``number``."""

    def __init__(self, number: str) -> None:
        """Keep the number for the reply."""
        self.number = number
        super().__init__(number)


class PetitionDesk(Protocol):
    """The verbs of one resident. Nothing is durable before the turn commits."""

    def file(self, form: Form) -> Filed:
        """File the form; the same form again gives the same petition."""
        ...

    def similar(self, form: Form) -> SimilarCase | None:
        """The open case most like the form, or None."""
        ...

    def join(self, case_id: int, form: Form) -> Filed:
        """Stand behind a neighbour's case.

        Raises:
            AlreadyBehind: The resident does already.
            NotNow: The case is closed by now.
        """
        ...

    def mine(self) -> Sequence[CaseGlance]:
        """The resident's petitions, the newest first."""
        ...

    def find(self, number: str) -> CaseGlance:
        """One of the resident's own petitions.

        Raises:
            NoSuchPetition: There is none of this number among them.
        """
        ...

    def open_with_code(self, number: str, code: str) -> CaseGlance:
        """A petition of whoever holds its receipt code.

        Raises:
            NoSuchPetition: Number and code don't belong together.
        """
        ...

    def urge(self, number: str) -> CaseGlance:
        """Ask for more speed. Raises NotNow, NoSuchPetition."""
        ...

    def supplement(self, number: str, words: str, attachments: Sequence[Attachment]) -> CaseGlance:
        """Add words and photos. Raises NotNow, NoSuchPetition."""
        ...

    def withdraw(self, number: str, reason: str) -> CaseGlance:
        """Take it back. Raises NotNow, NoSuchPetition."""
        ...

    def rate(self, number: str, level: int, comment: str) -> RatingTaken:
        """Rate in five levels, 1 (very dissatisfied) to 5. Raises NotNow, NoSuchPetition."""
        ...

    def link_code(self) -> str:
        """A code that links another chat with this one, once and soon."""
        ...

    def link_with(self, code: str) -> bool:
        """Link with the chat that shows ``code``; False when there is none."""
        ...

    def forget_me(self) -> bool:
        """Forget the resident's data in all linked chats; whether petitions were included."""
        ...

    def contact_link(self, form: Form) -> str:
        """Address of the one-time local form for name and phone."""
        ...

    def with_linked_contact(self, form: Form) -> Form:
        """The form with what was entered behind its link, if anything was."""
        ...
