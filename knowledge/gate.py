"""The publish gate: what a step would change is asked and shown before residents meet it.

The gate's own questions and those that residents asked lately are put to the texts as they are
and as they would be. A step is refused when a question of the gate fails then, unless it failed
in the very same way before; whoever may can force it, with a reason that is kept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session, col, select

from knowledge.answering import Answer, Clarify, NoAnswer, Reply
from knowledge.changes import Author, ChangeAction, Step, take_step
from knowledge.errors import KnowledgeError
from knowledge.published import state_after
from knowledge.publishing import lapse, publish
from knowledge.retrieval import KnowledgeBase
from knowledge.store import SessionFactory, read_only
from knowledge.succession import title_key
from knowledge.tables import KnowledgeQuestion
from knowledge.trials import Trial, TrialKind, list_trials

ASKED_LATELY = 60
"""Different questions of residents that are asked again."""
ROWS_LOOKED_THROUGH = 400


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a question gets: the words and where they stand; ``kind`` tells the other cases."""

    kind: str
    title: str = ""
    article: str | None = None
    quote: str = ""
    citation: str = ""


@dataclass(frozen=True, kw_only=True)
class TrialResult:
    """One question of the gate before and after; ``problem`` is empty when it is well after."""

    trial: Trial
    before: Outcome
    after: Outcome
    problem: str
    problem_before: str

    @property
    def blocks(self) -> bool:
        """Whether the step makes it fail, or fail otherwise."""
        return bool(self.problem) and (not self.problem_before or self.before != self.after)


@dataclass(frozen=True, kw_only=True)
class AnswerChange:
    """A question whose answer changes."""

    question: str
    before: Outcome
    after: Outcome


@dataclass(frozen=True, kw_only=True)
class GateReport:
    """What the gate found.

    ``seen`` is the index version that it looked at; ``titles`` are those of the versions that
    count after the step, by id.
    """

    seen: int
    titles: Mapping[int, str]
    results: tuple[TrialResult, ...]
    changes: tuple[AnswerChange, ...]

    @property
    def blocking(self) -> tuple[TrialResult, ...]:
        """What keeps the step from being taken."""
        return tuple(result for result in self.results if result.blocks)

    @property
    def still_failing(self) -> tuple[TrialResult, ...]:
        """What fails with and without the step, in the same way."""
        return tuple(r for r in self.results if r.problem and not r.blocks)

    def summary(self) -> Mapping[str, Any]:
        """What is kept with the step: counts, and the questions that failed."""
        return {
            "asked": len(self.results),
            "failed": [asdict(r.trial) | {"made_at": None, "on_day": None} for r in self.blocking],
            "still_failing": len(self.still_failing),
            "changed": len(self.changes),
        }


class GateRefused(KnowledgeError):
    """Questions of the gate would fail; mend the text or the question, or force the step."""

    def __init__(self, report: GateReport) -> None:
        super().__init__(f"{len(report.blocking)} questions of the gate would fail")
        self.report = report


def preview_publication(
    open_session: SessionFactory, base: KnowledgeBase, version_ids: Iterable[int]
) -> GateReport:
    """What publishing would change; nothing is.

    Raises:
        UnknownVersion, VersionNotAllowed, UnfinishedDraft: it cannot be published.
    """
    return preview(open_session, base, _publishing(version_ids))


def preview_lapse(
    open_session: SessionFactory, base: KnowledgeBase, version_id: int, last_day: date
) -> GateReport:
    """What ending a version would change; nothing is.

    Raises:
        UnknownVersion, VersionNotAllowed: it cannot be ended.
    """
    return preview(open_session, base, lambda s: lapse(s, version_id, last_day, datetime.now(UTC)))


def preview(open_session: SessionFactory, base: KnowledgeBase, step: Step) -> GateReport:
    """What ``step`` would change."""
    base.refresh()
    seen = base.version
    state = state_after(open_session, base.collection, step)
    after = base.as_if(state)
    trials = list_trials(open_session, base.collection)
    asked = {trial.question for trial in trials}
    lately = [q for q in asked_lately(open_session, base.collection) if q not in asked]
    changes = [_compare(question, base, after) for question in lately]
    results = tuple(_try(trial, base, after) for trial in trials)
    changes += [
        AnswerChange(question=r.trial.question, before=r.before, after=r.after) for r in results
    ]
    return GateReport(
        seen=seen,
        titles={one.passage.version_id: one.passage.citation.title for one in state.passages},
        results=results,
        changes=tuple(change for change in changes if change.before != change.after),
    )


def publish_through_gate(
    open_session: SessionFactory,
    base: KnowledgeBase,
    version_ids: Sequence[int],
    author: Author,
    *,
    force: bool = False,
) -> GateReport:
    """Publish when the gate agrees, or when it is forced; all versions or none.

    Args:
        force: publish in spite of the gate; the author's reason is kept with the step.

    Raises:
        GateRefused: a question would fail, and it is not forced.
        PublicationOvertaken: somebody else published meanwhile; look again.
        UnknownVersion, VersionNotAllowed, UnfinishedDraft: it cannot be published.
    """
    report = preview_publication(open_session, base, version_ids)
    if report.blocking and not force:
        raise GateRefused(report)
    with open_session() as session:
        take_step(
            session,
            base.collection,
            ChangeAction.PUBLISH,
            _publishing(version_ids),
            author,
            report=report.summary(),
            seen=report.seen,
        )
        session.commit()
    base.refresh()
    return report


def lapse_with_record(
    open_session: SessionFactory,
    base: KnowledgeBase,
    version_id: int,
    last_day: date,
    author: Author,
) -> None:
    """End a version after ``last_day``; the step can be undone.

    Raises:
        UnknownVersion, VersionNotAllowed: it cannot be ended.
    """
    with open_session() as session:
        take_step(
            session,
            base.collection,
            ChangeAction.LAPSE,
            lambda s: lapse(s, version_id, last_day, datetime.now(UTC)),
            author,
        )
        session.commit()
    base.refresh()


def asked_lately(open_session: SessionFactory, collection: str) -> list[str]:
    """Different questions that residents asked, newest first, personal data masked."""
    with open_session() as session:
        statement = (
            select(KnowledgeQuestion.question)
            .where(KnowledgeQuestion.collection == collection)
            .order_by(col(KnowledgeQuestion.id).desc())
            .limit(ROWS_LOOKED_THROUGH)
        )
        rows = read_only(session).exec(statement).all()
    return list(dict.fromkeys(rows))[:ASKED_LATELY]


def outcome_of(reply: Reply) -> Outcome:
    """A reply as the gate compares it."""
    if isinstance(reply, NoAnswer):
        return Outcome(kind=reply.reason.value)
    if isinstance(reply, Clarify):
        return Outcome(kind="clarify", quote=" / ".join(reply.topics))
    citation = reply.hits[0].passage.citation
    return Outcome(
        kind="answer",
        title=citation.title,
        article=citation.article,
        quote=reply.quote,
        citation=citation.sentence(),
    )


def problem_of(trial: Trial, reply: Reply) -> str:
    """What is wrong with the reply, as a key; empty when it is as expected."""
    if trial.kind is TrialKind.REFUSE:
        return "answered" if isinstance(reply, Answer) else ""
    if not isinstance(reply, Answer):
        return "not_answered"
    citation = reply.hits[0].passage.citation
    if trial.title and title_key(citation.title) != title_key(trial.title):
        return "other_text"
    if trial.article and citation.article != trial.article:
        return "other_article"
    return "phrase_missing" if trial.phrase and trial.phrase not in reply.quote else ""


def _publishing(version_ids: Iterable[int]) -> Callable[[Session], None]:
    chosen = list(version_ids)
    return lambda session: publish(session, chosen, datetime.now(UTC))


def _compare(question: str, before: KnowledgeBase, after: KnowledgeBase) -> AnswerChange:
    return AnswerChange(
        question=question,
        before=outcome_of(before.answer(question)),
        after=outcome_of(after.answer(question)),
    )


def _try(trial: Trial, before: KnowledgeBase, after: KnowledgeBase) -> TrialResult:
    old = before.answer(trial.question, on=trial.on_day)
    new = after.answer(trial.question, on=trial.on_day)
    return TrialResult(
        trial=trial,
        before=outcome_of(old),
        after=outcome_of(new),
        problem=problem_of(trial, new),
        problem_before=problem_of(trial, old),
    )
