"""What the API of the texts takes and gives."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from console.api.base import ApiModel
from knowledge.trials import TrialKind


class Refused(ApiModel):
    """A file that was not imported, with the reason for the curator."""

    source: str
    reason: str


class VersionOut(ApiModel):
    """One wording of a document; ``effective_to`` is the last day in force."""

    id: int
    title: str
    state: str
    number: str | None
    issuer: str | None
    scope: str | None
    kind: str | None
    topic: str
    source: str
    effective_from: date | None
    effective_to: date | None
    supersedes: list[str]
    owner: str | None
    passages: int
    replaced: bool
    answers_today: bool
    imported_at: datetime
    published_at: datetime | None
    lapsed_at: datetime | None


class DocumentOut(ApiModel):
    """A document with its versions, newest first."""

    id: int
    title: str
    versions: list[VersionOut]


class ImportOut(ApiModel):
    """What an import did; the drafts wait to be looked at and published."""

    drafts: list[VersionOut]
    unchanged: list[str]
    refused: list[Refused]
    passages: int


class PassageOut(ApiModel):
    """A passage as it would be cited; ``quoted`` counts how often residents got it."""

    id: int
    version_id: int
    heading: str
    article: str | None
    page: int | None
    text: str
    citation: str
    quoted: int


class HitOut(ApiModel):
    """A passage that was found, with how much each way of looking gave it."""

    passage: PassageOut
    score: float
    reasons: dict[str, float]


class TriedOut(ApiModel):
    """What a resident would get for a question, and the nearest passages."""

    outcome: str = Field(description="answer, clarify, nothing_near, not_in_force, empty_index")
    quote: str | None
    citation: str | None
    own_words: bool
    rewritten: str | None
    on: date | None = Field(description="The day that the question named for itself.")
    probability: float | None
    topics: list[str]
    hits: list[HitOut]


class OutcomeOut(ApiModel):
    """What a question gets."""

    kind: str
    title: str
    article: str | None
    quote: str
    citation: str


class FailureOut(ApiModel):
    """A question of the gate that fails, before and after."""

    trial_id: int
    question: str
    problem: str
    before: OutcomeOut
    after: OutcomeOut


class AnswerChangeOut(ApiModel):
    """A question whose answer changes."""

    question: str
    before: OutcomeOut
    after: OutcomeOut


class GateOut(ApiModel):
    """What the gate found; it lets through what blocks nothing."""

    asked: int
    passes: bool
    blocking: list[FailureOut]
    still_failing: list[FailureOut]
    changes: list[AnswerChangeOut]


class PublishIn(ApiModel):
    """Versions to publish together; forcing needs a reason and a permission of its own."""

    version_ids: list[int] = Field(min_length=1, max_length=500)
    force: bool = False
    reason: str | None = Field(None, min_length=1, max_length=500)


class VersionsIn(ApiModel):
    """Versions to look at together."""

    version_ids: list[int] = Field(min_length=1, max_length=500)


class LapseIn(ApiModel):
    """The last day a version may be quoted."""

    last_day: date


class FactsIn(ApiModel):
    """Facts of a version to state anew; what is not named stays, null empties it."""

    title: str | None = None
    number: str | None = None
    issuer: str | None = None
    kind: str | None = None
    scope: str | None = None
    owner: str | None = None
    topics: list[str] | None = None
    supersedes: list[str] | None = None
    commencement: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None


class WordsIn(ApiModel):
    """The words of a draft, in Markdown."""

    text: str = Field(min_length=1, max_length=1_000_000)


class RollbackIn(ApiModel):
    """The step to undo; without one the newest. The reason is kept."""

    change_id: int | None = None
    reason: str = Field(min_length=1, max_length=500)


class ChangeOut(ApiModel):
    """One step that changed what residents are answered."""

    id: int
    action: str
    at: datetime
    actor: str
    reason: str | None
    version_ids: list[int]
    index_version: int
    undone: bool
    report: dict[str, Any]


class TrialIn(ApiModel):
    """A question for the gate: answered from ``title`` (``article``, ``phrase``), or refused."""

    question: str
    kind: TrialKind
    title: str | None = None
    article: str | None = None
    phrase: str | None = None
    on_day: date | None = None


class TrialOut(TrialIn):
    """A kept question of the gate."""

    id: int
    owner: str
    made_at: datetime


class BankIn(ApiModel):
    """A residents' question with its passage; ``reply`` is given as it stands."""

    question: str
    passage_id: int
    reply: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class BankOut(ApiModel):
    """A kept entry; without passages its words are gone and it counts no more."""

    id: int
    question: str
    title: str
    article: str | None
    reply: str | None
    valid_from: date | None
    valid_to: date | None
    owner: str
    made_at: datetime
    passage_ids: list[int]


class ClusterOut(ApiModel):
    """Questions in vain that ask the same, with how many different residents asked."""

    question: str
    variants: list[str]
    times: int
    residents: int
    reasons: dict[str, int]
    last_asked_at: datetime
    ids: list[int]
    draft_id: int | None


class FaqIn(ApiModel):
    """A draft to make of questions in vain; the owner is whoever is named, else who asks."""

    question: str
    question_ids: list[int] = Field(min_length=1, max_length=2_000)
    answer: str | None = None
    issuer: str | None = None
    owner: str | None = Field(None, min_length=1, max_length=80)


class UseOut(ApiModel):
    """How often a passage was quoted, and how residents liked it."""

    passage: PassageOut
    times: int
    residents: int
    useful: int
    useless: int
    last_at: datetime | None


class ToldOut(ApiModel):
    """One answer from the version; who got it stays unknown here."""

    question_id: int
    question: str
    article: str | None
    asked_at: datetime
    reachable: bool
    recalled_at: datetime | None


class RecallOut(ApiModel):
    """Whom the answers of a version reached, and how many still have to be told."""

    version_id: int
    citation: str
    ended: bool
    successor: str | None
    residents: int
    waiting: int
    told: list[ToldOut]


class MadeOut(ApiModel):
    """The ids of what was made."""

    ids: list[int]


class DoneOut(ApiModel):
    """How many things were done."""

    done: int
