"""Publishing as a curator sees it: what a step would change, the step, and how to take it back."""

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from console.audit import AuditAction
from console.auth import RowId, SignedIn, services_of
from console.curating import (
    author_of,
    names_of_authors,
    publish_versions,
    texts_of,
    write_down_each,
    write_down_versions,
)
from console.desk.curator import Curator, Form, day_in, id_in, told
from console.desk.knowledge import version_page
from console.errors import InvalidInput
from console.language import Words
from console.pages import show
from console.problems import sentence_of, status_of
from console.texts import Texts
from knowledge.changes import Change, ChangeAction
from knowledge.errors import KnowledgeError, PublicationOvertaken
from knowledge.gate import GateRefused

router = APIRouter(prefix="/desk")
VERSIONS_AT_ONCE = 100
DONE = Words({"rolled_back": "已撤回。居民的提问按撤回以后的内容回答。"})


@router.get("/knowledge/gate")
def show_gate(request: Request, me: Curator) -> Response:
    """What publishing these versions would change; nothing is."""
    return _gate_page(request, me, _version_ids(request.query_params.getlist("version_id")))


@router.post("/knowledge/publish")
def publish(request: Request, me: Curator, form: Form) -> Response:
    """Publish one version or several; all of them or none."""
    version_ids = _version_ids(form.all("version_id"))
    force, reason = form.get("force") == "1", form.get("reason") or None
    try:
        publish_versions(services_of(request), me, version_ids, force=force, reason=reason)
    except (GateRefused, PublicationOvertaken, InvalidInput) as error:
        return _gate_page(request, me, version_ids, error=error)
    single = f"/versions/{version_ids[0]}" if len(version_ids) == 1 else ""
    return RedirectResponse(f"/desk/knowledge{single}?done=published", status_code=303)


@router.get("/knowledge/versions/{version_id}/lapse")
def show_lapse(request: Request, me: Curator, version_id: RowId) -> Response:
    """What ending a version after the day of the address would change; nothing is."""
    texts = texts_of(services_of(request))
    try:
        last_day = _last_day(request.query_params.get("last_day", ""))
        report = texts.preview_lapse(version_id, last_day)
    except (InvalidInput, KnowledgeError) as error:
        return version_page(request, me, version_id, error=error)
    return show(
        request,
        "lapse_gate.html",
        me=me,
        version_id=version_id,
        last_day=last_day,
        report=report,
    )


@router.post("/knowledge/versions/{version_id}/lapse")
def lapse(request: Request, me: Curator, version_id: RowId, form: Form) -> Response:
    """End a version after the day named."""
    services = services_of(request)
    try:
        texts_of(services).lapse(version_id, day_in(form, "last_day"), author_of(me))
    except (InvalidInput, KnowledgeError) as error:
        return version_page(request, me, version_id, error=error)
    write_down_versions(services, me, AuditAction.LAPSE_VERSION, [version_id])
    return RedirectResponse(f"/desk/knowledge/versions/{version_id}?done=lapsed", status_code=303)


@router.post("/knowledge/versions/{version_id}/submit")
def submit(request: Request, me: Curator, version_id: RowId) -> Response:
    """Hand a draft in for review."""
    texts_of(services_of(request)).submit(version_id)
    return _to_version(version_id, "submitted")


@router.post("/knowledge/versions/{version_id}/hand-back")
def hand_back(request: Request, me: Curator, version_id: RowId) -> Response:
    """Make a draft of a version in review again."""
    texts_of(services_of(request)).hand_back(version_id)
    return _to_version(version_id, "handed_back")


@router.get("/knowledge/changes")
def show_changes(request: Request, me: Curator) -> Response:
    """The last steps that changed what residents are answered, and how to undo the newest."""
    return _changes_page(request, me)


@router.post("/knowledge/rollback")
def roll_back(request: Request, me: Curator, form: Form) -> Response:
    """Undo the step that the page showed as the newest."""
    services = services_of(request)
    reason = form.get("reason")
    try:
        change_id = id_in(form.get("change_id"), "change_id")
        if not reason:
            raise InvalidInput(field="reason", problem="required")
        done = texts_of(services).roll_back(author_of(me, reason), change_id)
    except (InvalidInput, KnowledgeError) as error:
        return _changes_page(request, me, error=error)
    write_down_each(services, me, AuditAction.ROLL_BACK, "change", [done])
    return RedirectResponse("/desk/knowledge/changes?done=rolled_back", status_code=303)


def _to_version(version_id: int, done: str) -> Response:
    return RedirectResponse(f"/desk/knowledge/versions/{version_id}?done={done}", status_code=303)


def _version_ids(words: Sequence[str]) -> list[int]:
    if not 1 <= len(words) <= VERSIONS_AT_ONCE:
        raise InvalidInput(field="version_id", problem="unknown")
    return [id_in(word, "version_id") for word in words]


def _last_day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise InvalidInput(field="last_day", problem="date") from None


def _gate_page(
    request: Request,
    me: SignedIn,
    version_ids: Sequence[int],
    *,
    error: GateRefused | PublicationOvertaken | InvalidInput | None = None,
) -> Response:
    texts = texts_of(services_of(request))
    report = error.report if isinstance(error, GateRefused) else texts.preview(version_ids)
    return show(
        request,
        "gate.html",
        me=me,
        status=status_of(error) if error else 200,
        versions=[(one, report.titles.get(one, "")) for one in version_ids],
        report=report,
        sentence=sentence_of(error) if error else None,
        in_field=isinstance(error, InvalidInput),
    )


def _titles(texts: Texts) -> dict[int, str]:
    return {
        version.id: version.citation.title
        for document in texts.documents()
        for version in document.versions
    }


def _newest(changes: Sequence[Change]) -> Change | None:
    standing = (one for one in changes if not one.undone)
    return next((one for one in standing if one.action is not ChangeAction.ROLLBACK), None)


def _changes_page(
    request: Request, me: SignedIn, *, error: InvalidInput | KnowledgeError | None = None
) -> Response:
    texts = texts_of(services_of(request))
    changes = texts.changes()
    titles = _titles(texts)
    return show(
        request,
        "changes.html",
        me=me,
        changes=changes,
        newest=_newest(changes),
        titles=titles,
        names=names_of_authors(services_of(request)),
        **told(error),
        done=DONE.get(request.query_params.get("done", "")),
    )
