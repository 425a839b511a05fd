"""Turns what the texts give into what the API gives. Pure."""

from datetime import date

from console.api import knowledge_models as models
from knowledge.answering import Answer, Clarify, NoAnswer, Reply
from knowledge.bank import BankEntry
from knowledge.changes import Change
from knowledge.clusters import QuestionCluster
from knowledge.curation import DocumentView, VersionView
from knowledge.documents import Hit, Passage
from knowledge.gate import AnswerChange, GateReport, Outcome, TrialResult
from knowledge.passage_use import PassageUse
from knowledge.recalling import Recall, Told
from knowledge.trials import Trial


def version(view: VersionView, today: date) -> models.VersionOut:
    """One version."""
    citation = view.citation
    return models.VersionOut(
        id=view.id,
        title=citation.title,
        state=view.state.value,
        number=citation.number,
        issuer=citation.issuer,
        scope=citation.scope,
        kind=view.kind,
        topic=view.topic,
        source=citation.source,
        effective_from=citation.effective_from,
        effective_to=citation.effective_to,
        supersedes=list(view.supersedes),
        owner=view.owner,
        passages=view.passages,
        replaced=view.replaced,
        answers_today=view.answers_on(today),
        imported_at=view.imported_at,
        published_at=view.published_at,
        lapsed_at=view.lapsed_at,
    )


def document(view: DocumentView, today: date) -> models.DocumentOut:
    """One document."""
    versions = [version(one, today) for one in view.versions]
    return models.DocumentOut(id=view.id, title=view.title, versions=versions)


def passage(one: Passage, quoted: int = 0) -> models.PassageOut:
    """One passage."""
    return models.PassageOut(
        id=one.id,
        version_id=one.version_id,
        heading=one.heading,
        article=one.citation.article,
        page=one.citation.page,
        text=one.text,
        citation=one.citation.sentence(),
        quoted=quoted,
    )


def tried(reply: Reply, hits: list[Hit]) -> models.TriedOut:
    """What a resident would get."""
    answer = reply if isinstance(reply, Answer) else None
    return models.TriedOut(
        outcome=_outcome_word(reply),
        quote=answer.quote if answer else None,
        citation=answer.hits[0].passage.citation.sentence() if answer else None,
        own_words=answer.own_words if answer else False,
        rewritten=answer.rewritten if answer else None,
        on=None if isinstance(reply, Clarify) else reply.on,
        probability=answer.score if answer else None,
        topics=list(reply.topics) if isinstance(reply, Clarify) else [],
        hits=[_hit(one) for one in hits],
    )


def _outcome_word(reply: Reply) -> str:
    if isinstance(reply, NoAnswer):
        return reply.reason.value
    return "clarify" if isinstance(reply, Clarify) else "answer"


def _hit(one: Hit) -> models.HitOut:
    return models.HitOut(passage=passage(one.passage), score=one.score, reasons=dict(one.reasons))


def gate(report: GateReport) -> models.GateOut:
    """What the gate found."""
    return models.GateOut(
        asked=len(report.results),
        passes=not report.blocking,
        blocking=[_failure(one) for one in report.blocking],
        still_failing=[_failure(one) for one in report.still_failing],
        changes=[_answer_change(one) for one in report.changes],
    )


def _failure(result: TrialResult) -> models.FailureOut:
    return models.FailureOut(
        trial_id=result.trial.id,
        question=result.trial.question,
        problem=result.problem,
        before=_outcome(result.before),
        after=_outcome(result.after),
    )


def _answer_change(one: AnswerChange) -> models.AnswerChangeOut:
    return models.AnswerChangeOut(
        question=one.question, before=_outcome(one.before), after=_outcome(one.after)
    )


def _outcome(one: Outcome) -> models.OutcomeOut:
    return models.OutcomeOut(
        kind=one.kind,
        title=one.title,
        article=one.article,
        quote=one.quote,
        citation=one.citation,
    )


def change(one: Change) -> models.ChangeOut:
    """One step."""
    return models.ChangeOut(
        id=one.id,
        action=one.action.value,
        at=one.at,
        actor=one.actor,
        reason=one.reason,
        version_ids=list(one.version_ids),
        index_version=one.index_version,
        undone=one.undone,
        report=dict(one.report),
    )


def trial(one: Trial) -> models.TrialOut:
    """One question of the gate."""
    return models.TrialOut(**{name: getattr(one, name) for name in models.TrialOut.model_fields})


def bank_entry(one: BankEntry) -> models.BankOut:
    """One entry of the bank."""
    facts = {name: getattr(one, name) for name in models.BankOut.model_fields}
    return models.BankOut(**facts | {"passage_ids": list(one.passage_ids)})


def cluster(one: QuestionCluster) -> models.ClusterOut:
    """Questions that ask the same."""
    facts = {name: getattr(one, name) for name in models.ClusterOut.model_fields}
    lists = {"variants": list(one.variants), "ids": list(one.ids), "reasons": dict(one.reasons)}
    return models.ClusterOut(**facts | lists)


def use(one: PassageUse) -> models.UseOut:
    """How a passage was used."""
    return models.UseOut(
        passage=passage(one.passage, one.times),
        times=one.times,
        residents=one.residents,
        useful=one.useful,
        useless=one.useless,
        last_at=one.last_at,
    )


def recall(one: Recall) -> models.RecallOut:
    """Whom the answers of a version reached."""
    return models.RecallOut(
        version_id=one.version_id,
        citation=one.citation.sentence(),
        ended=one.ended,
        successor=one.successor.sentence() if one.successor else None,
        residents=one.residents,
        waiting=len(one.waiting),
        told=[_told(answer) for answer in one.told],
    )


def _told(one: Told) -> models.ToldOut:
    return models.ToldOut(
        question_id=one.question_id,
        question=one.question,
        article=one.article,
        asked_at=one.asked_at,
        reachable=one.resident is not None,
        recalled_at=one.recalled_at,
    )
