"""The curator's desk: documents and versions, import, a question tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request, Response

from console.audit import AuditAction
from console.auth import RowId, SignedIn, services_of
from console.curating import read_uploads, texts_of, today_of, write_down_versions
from console.desk.curator import Curator, Form
from console.errors import DeskError, InvalidInput
from console.language import Words
from console.pages import show
from console.problems import sentence_of, status_of
from console.services import ConsoleServices
from knowledge.answering import Answer, Clarify, NoAnswer
from knowledge.curation import DocumentView, ImportReport, VersionView
from knowledge.errors import KnowledgeError
from knowledge.publishing import GAP
from knowledge.readers import SUFFIXES

router = APIRouter(prefix="/desk")

DONE = Words(
    {
        "published": "已发布，居民的提问马上可以查到。",
        "lapsed": "已废止，到期后不再引用。",
        "edited": "文件信息已修改。",
        "rewritten": "正文已修改，请看看切出来的段落。",
        "drafted": "已存为草稿，请补全答案后发布。",
        "submitted": "已送审。",
        "handed_back": "已退回为草稿。",
    }
)


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


@router.get("/knowledge/versions/{version_id}")
def show_version(request: Request, me: Curator, version_id: RowId) -> Response:
    """One version: where it stands, its passages, how often each was quoted."""
    return version_page(request, me, version_id)


@router.get("/knowledge/try")
def try_question(request: Request, me: Curator) -> Response:
    """Ask as a resident would and see why each passage was found; nothing is recorded."""
    question = request.query_params.get("q", "").strip()
    on = _chosen_day(request.query_params.get("on", ""))
    texts = texts_of(services_of(request))
    reply, hits = texts.try_question(question, on=on) if question else (None, ())
    return show(
        request,
        "try_question.html",
        me=me,
        question=question,
        on=on,
        hits=hits,
        answer=reply if isinstance(reply, Answer) else None,
        clarify=reply if isinstance(reply, Clarify) else None,
        no_answer=reply if isinstance(reply, NoAnswer) else None,
    )


def _chosen_day(word: str) -> date | None:
    """The day of the address; None, which is today, where it names none."""
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def _of(services: ConsoleServices, report: ImportReport) -> list[VersionView]:
    return [texts_of(services).version(version_id) for version_id in report.version_ids]


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
    today = today_of(services)
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


def version_page(
    request: Request,
    me: SignedIn,
    version_id: int,
    *,
    error: InvalidInput | KnowledgeError | None = None,
) -> Response:
    """The page of a version, perhaps with what could not be done to it."""
    services = services_of(request)
    texts = texts_of(services)
    version, passages = texts.version(version_id), texts.passages(version_id)
    return show(
        request,
        "version.html",
        me=me,
        status=status_of(error) if error else 200,
        version=version,
        standing=standing_of(version, today_of(services)),
        passages=passages,
        has_gap=any(GAP in passage.text for passage in passages),
        uses=texts.uses(version_id),
        today=today_of(services),
        sentence=sentence_of(error) if error else None,
        done=DONE.get(request.query_params.get("done", "")),
    )
