"""The curator's routes under ``/api/v1/knowledge``: everything that is done with the texts."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, File, Query, Request, UploadFile

from console.api import knowledge_models as models
from console.api import knowledge_views as views
from console.api.once import CommandRoute
from console.audit import AuditAction
from console.auth import RowId, services_of
from console.curating import (
    author_of,
    publish_versions,
    read_uploads,
    texts_of,
    today_of,
    write_down_each,
    write_down_versions,
)
from console.desk.curator import Curator
from console.errors import FeatureMissing, InvalidInput
from console.texts import Texts
from knowledge.bank import BankDraft
from knowledge.editing import FactsEdit
from knowledge.faq import FaqDraft
from knowledge.trials import TrialDraft

router = APIRouter(prefix="/knowledge", tags=["knowledge"], route_class=CommandRoute)


def _texts(request: Request) -> Texts:
    return texts_of(services_of(request))


@router.get("/documents")
def list_documents(request: Request, me: Curator) -> list[models.DocumentOut]:
    """Every document with all its versions in every state."""
    today = today_of(services_of(request))
    return [views.document(one, today) for one in _texts(request).documents()]


@router.post("/import")
def import_texts(
    request: Request, me: Curator, files: Annotated[list[UploadFile], File()]
) -> models.ImportOut:
    """Import files as drafts; what each became stands in the answer."""
    services = services_of(request)
    texts = texts_of(services)
    report = texts.take_in(read_uploads(services, files))
    write_down_versions(services, me, AuditAction.IMPORT_TEXTS, report.version_ids)
    today = today_of(services)
    return models.ImportOut(
        drafts=[views.version(texts.version(one), today) for one in report.version_ids],
        unchanged=list(report.unchanged),
        refused=[models.Refused(source=r.source, reason=r.reason) for r in report.refused],
        passages=report.passages,
    )


@router.get("/versions/{version_id}")
def read_version(request: Request, me: Curator, version_id: RowId) -> models.VersionOut:
    """One version."""
    return _version(request, version_id)


def _version(request: Request, version_id: int) -> models.VersionOut:
    return views.version(_texts(request).version(version_id), today_of(services_of(request)))


@router.get("/versions/{version_id}/passages")
def list_passages(request: Request, me: Curator, version_id: RowId) -> list[models.PassageOut]:
    """The passages of a version, published or not, with how often each was quoted."""
    texts = _texts(request)
    uses = texts.uses(version_id)
    return [views.passage(one, uses.get(one.id, 0)) for one in texts.passages(version_id)]


@router.post("/versions/{version_id}/facts")
def state_facts(
    request: Request, me: Curator, version_id: RowId, facts: models.FactsIn
) -> models.VersionOut:
    """State facts of a version in place of what was read from its words."""
    edit = FactsEdit(facts=facts.model_dump(exclude_unset=True))
    _texts(request).edit(version_id, edit, author_of(me))
    write_down_versions(services_of(request), me, AuditAction.EDIT_VERSION, [version_id])
    return _version(request, version_id)


@router.post("/versions/{version_id}/text")
def rewrite_draft(
    request: Request, me: Curator, version_id: RowId, words: models.WordsIn
) -> list[models.PassageOut]:
    """Give a draft other words and see the passages they make."""
    texts = _texts(request)
    texts.rewrite(version_id, words.text)
    write_down_versions(services_of(request), me, AuditAction.EDIT_VERSION, [version_id])
    return [views.passage(one) for one in texts.passages(version_id)]


@router.post("/versions/{version_id}/submit")
def submit_version(request: Request, me: Curator, version_id: RowId) -> models.VersionOut:
    """Hand a draft in for review."""
    _texts(request).submit(version_id)
    return _version(request, version_id)


@router.post("/versions/{version_id}/hand-back")
def hand_back_version(request: Request, me: Curator, version_id: RowId) -> models.VersionOut:
    """Make a draft of a version in review again."""
    _texts(request).hand_back(version_id)
    return _version(request, version_id)


@router.post("/versions/{version_id}/lapse/preview")
def preview_lapse(
    request: Request, me: Curator, version_id: RowId, wish: models.LapseIn
) -> models.GateOut:
    """See what ending a version would change; nothing is."""
    return views.gate(_texts(request).preview_lapse(version_id, wish.last_day))


@router.post("/versions/{version_id}/lapse")
def lapse_version(
    request: Request, me: Curator, version_id: RowId, wish: models.LapseIn
) -> models.VersionOut:
    """End a version after its last day."""
    _texts(request).lapse(version_id, wish.last_day, author_of(me))
    write_down_versions(services_of(request), me, AuditAction.LAPSE_VERSION, [version_id])
    return _version(request, version_id)


@router.post("/gate")
def ask_gate(request: Request, me: Curator, wish: models.VersionsIn) -> models.GateOut:
    """See what publishing would change, and whether the gate lets it through; nothing is."""
    return views.gate(_texts(request).preview(wish.version_ids))


@router.post("/publish")
def publish(request: Request, me: Curator, wish: models.PublishIn) -> models.GateOut:
    """Publish versions, all or none; forcing the gate needs a reason and a permission."""
    report = publish_versions(
        services_of(request), me, wish.version_ids, force=wish.force, reason=wish.reason
    )
    return views.gate(report)


@router.get("/changes")
def list_changes(request: Request, me: Curator) -> list[models.ChangeOut]:
    """The last steps that changed what residents are answered, newest first."""
    return [views.change(one) for one in _texts(request).changes()]


@router.post("/rollback")
def roll_back(request: Request, me: Curator, wish: models.RollbackIn) -> models.ChangeOut:
    """Undo the newest step; again, and the one before goes too."""
    texts = _texts(request)
    done = texts.roll_back(author_of(me, wish.reason), wish.change_id)
    write_down_each(services_of(request), me, AuditAction.ROLL_BACK, "change", [done])
    return views.change(next(one for one in texts.changes() if one.id == done))


@router.get("/try")
def try_question(
    request: Request,
    me: Curator,
    q: Annotated[str, Query(min_length=1, max_length=300)],
    context: Annotated[str | None, Query(description="The topic of the answer before.")] = None,
    on: Annotated[date | None, Query(description="Ask as on this day.")] = None,
) -> models.TriedOut:
    """Ask as a resident would and see why each passage was found; nothing is recorded."""
    reply, hits = _texts(request).try_question(q, context=context, on=on)
    return views.tried(reply, list(hits))


@router.get("/trials")
def list_trials(request: Request, me: Curator) -> list[models.TrialOut]:
    """The questions of the gate."""
    return [views.trial(one) for one in _texts(request).trials()]


@router.post("/trials")
def add_trials(request: Request, me: Curator, drafts: list[models.TrialIn]) -> models.MadeOut:
    """Keep questions for the gate, all or none; a known one is stated anew."""
    chosen = [TrialDraft(**draft.model_dump()) for draft in drafts]
    made = _texts(request).add_trials(chosen, me.member.username)
    write_down_each(services_of(request), me, AuditAction.CHANGE_GATE, "trial", made)
    return models.MadeOut(ids=list(made))


@router.post("/trials/{trial_id}/remove")
def remove_trial(request: Request, me: Curator, trial_id: RowId) -> models.DoneOut:
    """Take a question out of the gate."""
    _texts(request).remove_trial(trial_id)
    write_down_each(services_of(request), me, AuditAction.CHANGE_GATE, "trial", [trial_id])
    return models.DoneOut(done=1)


@router.get("/bank")
def list_bank(request: Request, me: Curator) -> list[models.BankOut]:
    """The question bank, newest first."""
    return [views.bank_entry(one) for one in _texts(request).bank()]


@router.post("/bank")
def add_to_bank(request: Request, me: Curator, draft: models.BankIn) -> models.MadeOut:
    """Keep a question with its passage, perhaps with a reply to give as it stands."""
    made = _texts(request).add_to_bank(BankDraft(**draft.model_dump()), me.member.username)
    write_down_each(services_of(request), me, AuditAction.CHANGE_BANK, "bank", [made])
    return models.MadeOut(ids=[made])


@router.post("/bank/{entry_id}/remove")
def remove_from_bank(request: Request, me: Curator, entry_id: RowId) -> models.DoneOut:
    """Take an entry out of the bank."""
    _texts(request).remove_from_bank(entry_id)
    write_down_each(services_of(request), me, AuditAction.CHANGE_BANK, "bank", [entry_id])
    return models.DoneOut(done=1)


@router.get("/clusters")
def list_clusters(request: Request, me: Curator) -> list[models.ClusterOut]:
    """What residents asked in vain, put together by meaning, most residents first."""
    return [views.cluster(one) for one in _texts(request).clusters()]


@router.post("/faq")
def draft_faq(request: Request, me: Curator, wish: models.FaqIn) -> models.VersionOut:
    """Make a draft of an answer of questions in vain, with somebody who finishes it."""
    services = services_of(request)
    draft = FaqDraft(
        question=wish.question,
        question_ids=tuple(wish.question_ids),
        answer=wish.answer,
        issuer=wish.issuer,
        owner=wish.owner or me.member.username,
        day=today_of(services),
    )
    made = texts_of(services).draft_faq(draft)
    write_down_versions(services, me, AuditAction.DRAFT_FAQ, [made])
    return _version(request, made)


@router.get("/uses")
def list_uses(
    request: Request,
    me: Curator,
    since: Annotated[datetime | None, Query(description="With its zone.")] = None,
    never: Annotated[bool, Query(description="Only what was never quoted.")] = False,
) -> list[models.UseOut]:
    """The passages in force by how often they were quoted."""
    if since is not None and since.tzinfo is None:
        raise InvalidInput(field="since", problem="date")
    services = services_of(request)
    uses = texts_of(services).uses_of_passages(today_of(services), since, never=never)
    return [views.use(one) for one in uses]


@router.get("/versions/{version_id}/recall")
def read_recall(request: Request, me: Curator, version_id: RowId) -> models.RecallOut:
    """Whom the answers of a version reached while it was in force."""
    services = services_of(request)
    return views.recall(texts_of(services).recall(version_id, today_of(services)))


@router.post("/versions/{version_id}/recall")
def tell_residents(request: Request, me: Curator, version_id: RowId) -> models.DoneOut:
    """Tell these residents that it no longer holds; nobody is told twice."""
    services = services_of(request)
    texts_of(services).version(version_id)
    if services.tell_recall is None:
        raise FeatureMissing(feature="recall")
    told = services.tell_recall(version_id)
    write_down_versions(services, me, AuditAction.RECALL_ANSWERS, [version_id])
    return models.DoneOut(done=told)
