"""What a message means, and the port of everything that can tell.

Offsets of entities count characters of the text as it was given; the text itself is never
changed. All values are frozen, so an Understanding can be stored with the turn it belongs to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Intent(StrEnum):
    """What the resident wants done."""

    CONSULT = "consult"
    REPORT = "report"
    REPORT_MISCONDUCT = "report_misconduct"
    SUGGEST = "suggest"
    TRACK = "track"
    URGE = "urge"
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"
    RATE = "rate"
    JOIN = "join"
    HUMAN = "human"
    GREET = "greet"
    THANKS = "thanks"
    AFFIRM = "affirm"
    DENY = "deny"
    CANCEL = "cancel"
    EMERGENCY = "emergency"
    OUT_OF_SCOPE = "out_of_scope"


class Urgency(StrEnum):
    """How soon somebody must act."""

    EMERGENCY = "emergency"
    UTILITY = "utility"
    LONG_STANDING = "long_standing"
    ORDINARY = "ordinary"


class EntityType(StrEnum):
    """What a span of the message names."""

    PLACE = "place"
    TIME = "time"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    NAME = "name"
    AMOUNT = "amount"
    DEPARTMENT = "department"
    PETITION_NUMBER = "petition_number"


PERSONAL_TYPES = frozenset({EntityType.PHONE, EntityType.ID_NUMBER, EntityType.NAME})
"""Entities that tell who somebody is: to be masked before a text leaves the machine."""


class Language(StrEnum):
    """What the reply is to be written in."""

    SIMPLIFIED = "zh-CN"
    TRADITIONAL = "zh-TW"
    ENGLISH = "en"


@dataclass(frozen=True, kw_only=True)
class PlaceParts:
    """A place taken apart; numbers are Arabic digits ("3"), the rest is as written.

    ``estate`` is the official name when the gazetteer knows it.
    """

    estate: str | None = None
    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    road: str | None = None
    landmark: str | None = None


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A span of the message, ``text == message[start:end]``.

    ``value`` is the normal form: an ISO date, date range ("2026-10-01/2026-10-08") or time for
    TIME, digits for PHONE, yuan for AMOUNT, the official name for DEPARTMENT; None where there
    is none.
    """

    type: EntityType
    text: str
    start: int
    end: int
    value: str | None = None
    place: PlaceParts | None = None
    personal: bool = False


@dataclass(frozen=True, kw_only=True)
class Category:
    """A class of the citizen-message taxonomy.

    ``confidence`` is the probability of ``first`` where this is its best second-level class,
    and the probability of the pair otherwise.
    """

    first: str
    second: str | None
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """All that was understood of one message.

    ``alternatives`` holds the other likely intents, best first. ``categories`` is best first
    and empty where the intent carries no matter: the first ``matters`` of them are each a matter
    of the message, the others are what it may be about instead. ``evidence`` holds the training
    examples nearest to the message, for staff. ``emergency_service`` is 110, 119, 120 or 122.
    """

    text: str
    intent: Intent
    confidence: float
    alternatives: tuple[tuple[Intent, float], ...]
    categories: tuple[Category, ...]
    urgency: Urgency
    emergency_service: str | None
    entities: tuple[Entity, ...]
    language: Language
    parser: str
    model: str
    evidence: tuple[str, ...] = ()
    matters: int = 0


class MessageParser(Protocol):
    """Understands messages; every text, blank or endless, gets an Understanding.

    Raises:
        ParserUnavailable: this engine cannot answer now; another one should.
    """

    @property
    def name(self) -> str:
        """The engine, as it stands in ``Understanding.parser``: "local" or "rasa"."""
        ...

    def parse(self, text: str) -> Understanding:
        """What ``text`` means."""
        ...

    def parse_many(self, texts: Sequence[str]) -> list[Understanding]:
        """What each of ``texts`` means, in their order."""
        ...


class Embedder(Protocol):
    """Turns texts into unit vectors; e5 in the service, hashed n-grams in tests."""

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        ...

    @property
    def model_name(self) -> str:
        """Changes whenever the vectors change."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of ``texts``, shape (texts, dimension), each of length 1."""
        ...


class NluError(Exception):
    """Base of all that goes wrong while understanding."""


class ParserUnavailable(NluError):
    """The engine is slow, gone or answered nonsense: use another engine."""


class TrainingDataError(NluError):
    """The training data cannot be used; the sentence names the file and what is wrong."""
