"""Questions that curators keep: those of the gate, and the bank with its fixed replies."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from console.audit import AuditAction
from console.auth import PostedForm, RowId, SignedIn, services_of
from console.curating import names_of_authors, texts_of, write_down_each
from console.desk.curator import Curator, Form, day_or_none, told
from console.errors import InvalidInput
from console.language import Words
from console.pages import show
from knowledge.bank import BankDraft
from knowledge.documents import Passage
from knowledge.errors import KnowledgeError, UnknownEntry
from knowledge.trials import TrialDraft, TrialKind

router = APIRouter(prefix="/desk")
DONE = Words(
    {
        "kept": "已保存。",
        "removed": "已删除。",
    }
)


@router.get("/knowledge/trials")
def show_trials(request: Request, me: Curator) -> Response:
    """The questions of the gate, and the form for another."""
    return _trials_page(request, me)


@router.post("/knowledge/trials")
def add_trial(request: Request, me: Curator, form: Form) -> Response:
    """Keep a question for the gate; a known one is stated anew."""
    services = services_of(request)
    try:
        made = texts_of(services).add_trials([_read_trial(form)], me.member.username)
    except (InvalidInput, KnowledgeError) as error:
        return _trials_page(request, me, form=form, error=error)
    write_down_each(services, me, AuditAction.CHANGE_GATE, "trial", made)
    return RedirectResponse("/desk/knowledge/trials?done=kept", status_code=303)


@router.post("/knowledge/trials/{trial_id}/remove")
def remove_trial(request: Request, me: Curator, trial_id: RowId) -> Response:
    """Take a question out of the gate."""
    services = services_of(request)
    texts_of(services).remove_trial(trial_id)
    write_down_each(services, me, AuditAction.CHANGE_GATE, "trial", [trial_id])
    return RedirectResponse("/desk/knowledge/trials?done=removed", status_code=303)


@router.get("/knowledge/bank")
def show_bank(request: Request, me: Curator) -> Response:
    """The question bank."""
    return show(
        request,
        "bank.html",
        me=me,
        entries=texts_of(services_of(request)).bank(),
        names=names_of_authors(services_of(request)),
        done=DONE.get(request.query_params.get("done", "")),
    )


@router.get("/knowledge/versions/{version_id}/bank/{passage_id}")
def show_bank_form(request: Request, me: Curator, version_id: RowId, passage_id: RowId) -> Response:
    """The form that ties a question to a passage."""
    words = {"question": (request.query_params.get("q", "")[:300],)}
    return _bank_form(request, me, version_id, passage_id, form=PostedForm(words=words, files={}))


@router.post("/knowledge/versions/{version_id}/bank/{passage_id}")
def add_to_bank(
    request: Request, me: Curator, version_id: RowId, passage_id: RowId, form: Form
) -> Response:
    """Keep a question with its passage, perhaps with a reply to give as it stands."""
    services = services_of(request)
    _find_passage(request, version_id, passage_id)
    try:
        draft = BankDraft(
            question=form.get("question"),
            passage_id=passage_id,
            reply=form.get("reply") or None,
            valid_from=day_or_none(form, "valid_from"),
            valid_to=day_or_none(form, "valid_to"),
        )
        made = texts_of(services).add_to_bank(draft, me.member.username)
    except (InvalidInput, KnowledgeError) as error:
        return _bank_form(request, me, version_id, passage_id, form=form, error=error)
    write_down_each(services, me, AuditAction.CHANGE_BANK, "bank", [made])
    return RedirectResponse("/desk/knowledge/bank?done=kept", status_code=303)


@router.post("/knowledge/bank/{entry_id}/remove")
def remove_from_bank(request: Request, me: Curator, entry_id: RowId) -> Response:
    """Take an entry out of the bank."""
    services = services_of(request)
    texts_of(services).remove_from_bank(entry_id)
    write_down_each(services, me, AuditAction.CHANGE_BANK, "bank", [entry_id])
    return RedirectResponse("/desk/knowledge/bank?done=removed", status_code=303)


def _read_trial(form: PostedForm) -> TrialDraft:
    kind = form.get("kind")
    if kind not in {one.value for one in TrialKind}:
        raise InvalidInput(field="kind", problem="unknown")
    return TrialDraft(
        question=form.get("question"),
        kind=TrialKind(kind),
        title=form.get("title").strip("《》") or None,
        article=form.get("article") or None,
        phrase=form.get("phrase") or None,
        on_day=day_or_none(form, "on_day"),
    )


def _trials_page(
    request: Request,
    me: SignedIn,
    *,
    form: PostedForm | None = None,
    error: InvalidInput | KnowledgeError | None = None,
) -> Response:
    return show(
        request,
        "trials.html",
        me=me,
        trials=texts_of(services_of(request)).trials(),
        names=names_of_authors(services_of(request)),
        form=form or PostedForm(words={}, files={}),
        **told(error),
        done=DONE.get(request.query_params.get("done", "")),
    )


def _find_passage(request: Request, version_id: int, passage_id: int) -> Passage:
    passages = texts_of(services_of(request)).passages(version_id)
    found = next((one for one in passages if one.id == passage_id), None)
    if found is None:
        raise UnknownEntry("passage", passage_id)
    return found


def _bank_form(
    request: Request,
    me: SignedIn,
    version_id: int,
    passage_id: int,
    *,
    form: PostedForm,
    error: InvalidInput | KnowledgeError | None = None,
) -> Response:
    return show(
        request,
        "bank_form.html",
        me=me,
        version_id=version_id,
        passage=_find_passage(request, version_id, passage_id),
        form=form,
        **told(error),
    )
