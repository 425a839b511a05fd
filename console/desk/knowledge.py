"""The curator's desk: documents and versions, import, a question tried, questions in vain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from console.audit import AuditAction
from console.auth import PostedForm, Require, RowId, SignedIn, read_form, services_of
from console.curating import read_uploads, texts_of, write_down_versions
from console.errors import DeskError, InvalidInput
from console.pages import show
from console.permissions import DeskPermission
from console.problems import sentence_of, status_of
from console.services import ConsoleServices
from knowledge.answering import Answer, Clarify, NoAnswer
from knowledge.changes import Author
from knowledge.curation import DocumentView, ImportReport, VersionView
from knowledge.errors import KnowledgeError
from knowledge.readers import SUFFIXES
from petitions.deadlines import LOCAL_ZONE

router = APIRouter(prefix="/desk")
Curator = Annotated[SignedIn, Depends(Require(permission=DeskPermission.CURATE))]
Form = Annotated[PostedForm, Depends(read_form)]

DONE = {
    "published": "已发布，居民的提问马上可以查到。",
    "lapsed": "已废止，到期后不再引用。",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One version in the list, with how it stands today."""

    version: VersionView
    title: str
    standing: str


@router.get("/knowledge")
def show_documents(request: Request, me: Curator) -> Response:
    """All documents with their versions, and the form to import more."""
    return _list_page(request, me)


@router.post("/knowledge/import")
def importtexts_of(request: Request, me: Curator, form: Form) -> Response:
    """Import the files as drafts and show what became of each."""
    services = services_of(request)
    try:
        files = read_uploads(services, form.files.get("files", ()))
        report = texts_of(services).take_in(files)
    except DeskError as error:
        return _list_page(request, me, error=error)
    write_down_versions(services, me, AuditAction.IMPORT_TEXTS, report.version_ids)
    return show(request, "import_report.html", me=me, report=report, versions=_of(services, report))


@router.post("/knowledge/publish")
def publish(request: Request, me: Curator, form: Form) -> Response:
    """Publish one version or several; all of them or none."""
    services = services_of(request)
    version_ids = [_version_id(word) for word in form.all("version_id")]
    texts_of(services).publish(version_ids, Author(name=me.member.username))
    write_down_versions(services, me, AuditAction.PUBLISH_VERSION, version_ids)
    single = f"/versions/{version_ids[0]}" if len(version_ids) == 1 else ""
    return RedirectResponse(f"/desk/knowledge{single}?done=published", status_code=303)


@router.get("/knowledge/versions/{version_id}")
def show_version(request: Request, me: Curator, version_id: RowId) -> Response:
    """One version: where it stands, its passages, how often each was quoted."""
    return _version_page(request, me, version_id)


@router.post("/knowledge/versions/{version_id}/lapse")
def lapse(request: Request, me: Curator, version_id: RowId, form: Form) -> Response:
    """End a version after the day named."""
    services = services_of(request)
    try:
        last_day = _day(form.get("last_day"))
        texts_of(services).lapse(version_id, last_day, Author(name=me.member.username))
    except (InvalidInput, KnowledgeError) as error:
        return _version_page(request, me, version_id, error=error)
    write_down_versions(services, me, AuditAction.LAPSE_VERSION, [version_id])
    return RedirectResponse(f"/desk/knowledge/versions/{version_id}?done=lapsed", status_code=303)


@router.get("/knowledge/try")
def try_question(request: Request, me: Curator) -> Response:
    """Ask as a resident would and see why each passage was found; nothing is recorded."""
    question = request.query_params.get("q", "").strip()
    texts = texts_of(services_of(request))
    reply, hits = texts.try_question(question) if question else (None, ())
    return show(
        request,
        "try_question.html",
        me=me,
        question=question,
        hits=hits,
        answer=reply if isinstance(reply, Answer) else None,
        clarify=reply if isinstance(reply, Clarify) else None,
        no_answer=reply if isinstance(reply, NoAnswer) else None,
    )


@router.get("/questions")
def show_questions(request: Request, me: Curator) -> Response:
    """What residents asked in vain."""
    questions = texts_of(services_of(request)).unanswered()
    return show(request, "questions.html", me=me, questions=questions)


def _of(services: ConsoleServices, report: ImportReport) -> list[VersionView]:
    return [texts_of(services).version(version_id) for version_id in report.version_ids]


def _version_id(word: str) -> int:
    if not word.isascii() or not word.isdigit() or len(word) > 9:
        raise InvalidInput(field="version_id", problem="unknown")
    return int(word)


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise InvalidInput(field="last_day", problem="date") from None


def standing_of(version: VersionView, today: date) -> str:
    """How a version stands: the word to show, from wording.desk.STANDING."""
    if version.replaced:
        return "replaced"
    if version.answers_on(today):
        return "answering"
    if version.published_at is None:
        return version.state.value
    begins = version.citation.effective_from
    return "coming" if begins and begins > today else "ended"


def _today(services: ConsoleServices) -> date:
    return services.clock.now().astimezone(LOCAL_ZONE).date()


def _lines(documents: Sequence[DocumentView], today: date, words: str, standing: str) -> list[Line]:
    lines = (
        Line(version=version, title=document.title, standing=standing_of(version, today))
        for document in documents
        for version in document.versions
    )
    return [line for line in lines if _is_wanted(line, words, standing)]


def _is_wanted(line: Line, words: str, standing: str) -> bool:
    citation = line.version.citation
    searched = (line.title, citation.number or "", citation.source, citation.issuer or "")
    named = not words or any(words in one for one in searched)
    return named and (not standing or line.standing == standing)


def _list_page(request: Request, me: SignedIn, *, error: DeskError | None = None) -> Response:
    services = services_of(request)
    words = request.query_params.get("q", "").strip()
    standing = request.query_params.get("standing", "")
    documents = texts_of(services).documents()
    today = _today(services)
    every = _lines(documents, today, "", "")
    return show(
        request,
        "knowledge.html",
        me=me,
        status=status_of(error) if error else 200,
        lines=_lines(documents, today, words, standing),
        documents=len(documents),
        answering=sum(line.standing == "answering" for line in every),
        drafts=[line for line in every if line.standing in ("draft", "review")],
        q=words,
        standing=standing,
        suffixes=sorted(SUFFIXES),
        sentence=sentence_of(error) if error else None,
        done=DONE.get(request.query_params.get("done", "")),
    )


def _version_page(
    request: Request,
    me: SignedIn,
    version_id: int,
    *,
    error: InvalidInput | KnowledgeError | None = None,
) -> Response:
    services = services_of(request)
    texts = texts_of(services)
    version = texts.version(version_id)
    return show(
        request,
        "version.html",
        me=me,
        status=status_of(error) if error else 200,
        version=version,
        standing=standing_of(version, _today(services)),
        passages=texts.passages(version_id),
        uses=texts.uses(version_id),
        today=_today(services),
        sentence=sentence_of(error) if error else None,
        done=DONE.get(request.query_params.get("done", "")),
    )
