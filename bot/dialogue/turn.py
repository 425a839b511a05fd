"""What goes into a step and what comes out of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from bot.channels.base import ChannelCapabilities
from bot.dialogue.desk import PetitionDesk
from bot.dialogue.media import media_words
from bot.dialogue.phrases import plain
from bot.dialogue.session import Session
from bot.dialogue.wording import Phrasebook
from bot.messages import Attachment, Choice, IncomingMessage, Link, OutgoingMessage
from knowledge.answering import Reply
from nlu.understanding import Entity, EntityType, Intent, Understanding
from petitions.organisation import Organisation
from petitions.ports import ContactCipher


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Some words with what they mean and, for a question, what the texts say to it."""

    text: str
    understanding: Understanding | None = None
    answer: Reply | None = None

    @property
    def intent(self) -> Intent | None:
        """What the words want, or None when nobody was asked."""
        return self.understanding.intent if self.understanding else None

    @property
    def confidence(self) -> float:
        """How sure that is, 0 to 1."""
        return self.understanding.confidence if self.understanding else 0.0

    def entities(self, kind: EntityType) -> Sequence[Entity]:
        """The spans of one type, in their order."""
        found = self.understanding.entities if self.understanding else ()
        return [entity for entity in found if entity.type is kind]


@dataclass(frozen=True, kw_only=True)
class Insight:
    """All that can be found out about a message before the transaction opens.

    Attributes:
        reading: The words to go by: cleaned and cut, or those an earlier question was about.
        further: The other matters of the same message, when it holds several.
        waiting: The matters that wait in the session.
        was_cut: The message was longer than we take.
    """

    message: IncomingMessage
    now: datetime
    reading: Reading
    further: tuple[Reading, ...] = ()
    waiting: tuple[Reading, ...] = ()
    was_cut: bool = False

    @property
    def text(self) -> str:
        """The words to go by."""
        return self.reading.text

    @property
    def intent(self) -> Intent | None:
        """What they want."""
        return self.reading.intent

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """What came along."""
        return self.message.attachments


@dataclass(frozen=True, kw_only=True)
class QuestionAsked:
    """A question to keep for the curators, with what the resident got."""

    resident: str
    question: str
    answer: Reply


@dataclass(frozen=True, kw_only=True)
class QuestionRated:
    """Whether the last answer helped."""

    resident: str
    question: str
    useful: bool


Note = QuestionAsked | QuestionRated
"""Something for another room, written after the turn's own transaction."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Everything a step may look at or use beside the session.

    ``begin`` starts whatever matter the words are about, for steps that come to the next one;
    ``track_address`` is the page that follows a petition without a chat, or empty.
    """

    insight: Insight
    desk: PetitionDesk
    book: Phrasebook
    organisation: Organisation
    capabilities: ChannelCapabilities
    cipher: ContactCipher
    new_key: Callable[[], str]
    max_megabytes: int
    begin: "StepFunction"
    track_address: str = ""

    @property
    def now(self) -> datetime:
        """The time of this turn in UTC."""
        return self.insight.now

    @property
    def text(self) -> str:
        """The words to go by."""
        return self.insight.text

    def about(self, reading: Reading, *, keep_attachments: bool = False) -> Self:
        """The same scene for one matter of several; the others wait for their turn."""
        insight = self.insight
        attachments = insight.message.attachments if keep_attachments else ()
        message = replace(insight.message, attachments=attachments, choice=None)
        waiting = (*insight.further, *insight.waiting)
        alone = replace(insight, reading=reading, message=message, waiting=waiting, further=())
        return replace(self, insight=alone)

    def say(self, key: str, *choices: Choice, **words: Any) -> OutgoingMessage:
        """The sentence ``key`` as a bubble with these buttons; it offers what can be sent here."""
        text = self.book.say(key, **media_words(self.book, self.capabilities), **words)
        return OutgoingMessage(text=text, key=key, choices=choices)

    def choice(self, payload: str, label: str, **words: Any) -> Choice:
        """A button whose words are the sentence ``label``."""
        return Choice(payload=payload, label=self.book.say(label, **words))

    def link(self, url: str, label: str) -> Link:
        """An address whose words are the sentence ``label``."""
        return Link(url=url, label=self.book.say(label))


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One answer: what to say, and where the conversation stands then."""

    session: Session
    replies: tuple[OutgoingMessage, ...]
    notes: tuple[Note, ...] = field(default=())

    def led_by(self, *replies: OutgoingMessage) -> Self:
        """The same turn with ``replies`` said first."""
        return replace(self, replies=(*replies, *self.replies))

    def then(self, later: Self) -> Self:
        """This turn and after it ``later``, as one."""
        return replace(
            later, replies=(*self.replies, *later.replies), notes=(*self.notes, *later.notes)
        )


LONGEST_ASSENT = 12
SURE = 0.7
"""From here on an intent alone may do what is hard to undo."""


def places_named(scene: Scene) -> bool:
    """Whether the words name a place."""
    return bool(scene.insight.reading.entities(EntityType.PLACE))


def signs_named(kind: EntityType, scene: Scene) -> int:
    """How many signs of the words name something of that kind."""
    return sum(entity.end - entity.start for entity in scene.insight.reading.entities(kind))


def surely(intent: Intent, scene: Scene) -> bool:
    """Whether a few words say just ``intent``: «第3单元» agrees to nothing, whatever it resembles,
    and a place is news rather than an answer.
    """
    reading, words = scene.insight.reading, plain(scene.text)
    says_more = any(sign.isdigit() for sign in words) or len(words) > LONGEST_ASSENT
    sure = reading.intent is intent and reading.confidence >= SURE
    return sure and not says_more and not places_named(scene)


StepFunction = Callable[[Session, Scene], Turn]
"""What handles a message at one step."""

ChoiceFunction = Callable[[Session, Scene, str], Turn]
"""What handles a tapped button; the last argument is what follows the verb in its payload."""


def turn(session: Session, *replies: OutgoingMessage, notes: tuple[Note, ...] = ()) -> Turn:
    """A turn that says ``replies``."""
    return Turn(session=session, replies=replies, notes=notes)
