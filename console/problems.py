"""One table from errors to HTTP, and how an error is told: as a page or as JSON."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from console import errors as desk
from console.auth import find_signed_in
from console.language import translate
from console.middleware import SECURITY_HEADERS
from console.pages import show
from console.wording import cases
from console.wording.problems import sentence_for
from knowledge import errors as texts
from knowledge.gate import GateRefused
from knowledge.recalling import StillInForce
from petitions import errors as petitions

log = structlog.get_logger(__name__)

STATUS: Mapping[type[Exception], int] = {
    desk.SignInNeeded: 401,
    desk.SignInRefused: 401,
    desk.TooManyAttempts: 429,
    desk.PermissionMissing: 403,
    desk.ChatNotLinked: 403,
    desk.PasswordChangeNeeded: 403,
    desk.ForgeryTokenWrong: 403,
    desk.OwnAccount: 403,
    desk.StaffNotFound: 404,
    desk.AttachmentNotFound: 404,
    desk.FeatureMissing: 404,
    desk.BulkNotFound: 404,
    desk.JobNotParked: 404,
    desk.ExampleDecided: 409,
    desk.LogEntryNotFound: 404,
    desk.LogEntryFiled: 409,
    desk.LastAdmin: 409,
    desk.UsernameTaken: 409,
    desk.DeskError: 422,
    petitions.CaseNotFound: 404,
    petitions.PetitionNotFound: 404,
    petitions.WrongReceiptCode: 404,
    petitions.UnknownThing: 404,
    petitions.CannotClose: 409,
    petitions.NotPermitted: 403,
    petitions.StaleCase: 409,
    petitions.ActionNotAllowed: 409,
    petitions.AlreadyJoined: 409,
    petitions.KeyReused: 422,
    petitions.CommandUnfinished: 409,
    petitions.ContactUnreadable: 503,
    petitions.PetitionError: 422,
    texts.UnknownVersion: 404,
    texts.UnknownQuestion: 404,
    texts.VersionNotAllowed: 409,
    texts.UnreadableFile: 422,
    texts.UnfinishedDraft: 409,
    texts.InvalidFacts: 422,
    texts.UnknownEntry: 404,
    texts.ChangeNotUndoable: 409,
    texts.PublicationOvertaken: 409,
    GateRefused: 409,
    StillInForce: 409,
    texts.KnowledgeError: 503,
}
"""The status of an error is that of the first of its classes that stands here."""

KNOWLEDGE_KEYS: Mapping[type[Exception], str] = {
    texts.UnknownVersion: "unknown_version",
    texts.UnknownQuestion: "unknown_question",
    texts.VersionNotAllowed: "version_not_allowed",
    texts.UnreadableFile: "unreadable_file",
    texts.UnfinishedDraft: "unfinished_draft",
    texts.InvalidFacts: "invalid_facts",
    texts.UnknownEntry: "unknown_entry",
    texts.ChangeNotUndoable: "change_not_undoable",
    texts.PublicationOvertaken: "publication_overtaken",
    GateRefused: "gate_refused",
    StillInForce: "still_in_force",
}


def status_of(error: Exception) -> int:
    """The HTTP status that tells of ``error``."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def key_of(error: Exception) -> str:
    """The stable name of ``error``."""
    if isinstance(error, HTTPException):
        return f"http_{error.status_code}"
    kinds = (KNOWLEDGE_KEYS[kind] for kind in type(error).__mro__ if kind in KNOWLEDGE_KEYS)
    return str(getattr(error, "key", None) or next(kinds, "knowledge_error"))


def facts_of(error: Exception) -> dict[str, Any]:
    """What is known about ``error``, with words for what stands in a sentence."""
    facts = dict(getattr(error, "facts", None) or {})
    if isinstance(error, texts.UnreadableFile):
        facts = {"source": error.source, "reason": error.reason}
    if isinstance(error, texts.InvalidFacts):
        facts = {"field": error.field, "problem": error.problem}
    if isinstance(error, GateRefused):
        questions = [result.trial.question for result in error.report.blocking]
        facts = {"count": len(questions), "questions": questions}
    if isinstance(error, petitions.ActionNotAllowed):
        facts["status_word"] = cases.STATUS.get(str(facts.get("status")), "")
        facts["action_word"] = cases.VERB.get(str(facts.get("action")), translate("这样操作"))
    return facts


def sentence_of(error: Exception) -> str:
    """What staff read."""
    return sentence_for(key_of(error), facts_of(error))


def tell_problem(request: Request, error: Exception) -> Response:
    """Answer with the error: JSON under ``/api``, the sign-in page or an error page else."""
    status = status_of(error)
    if request.url.path.startswith("/api/"):
        return _as_json(error, status)
    if isinstance(error, desk.SignInNeeded):
        return _to_sign_in(request)
    if isinstance(error, desk.PasswordChangeNeeded):
        return RedirectResponse("/desk/account", status_code=303)
    return _as_page(request, status, sentence_of(error))


def tell_http_problem(request: Request, error: Exception) -> Response:
    """Answer for what the framework refused: unknown address, wrong method, large body."""
    status = _http_status(error)
    key = f"http_{status}"
    sentence = sentence_for(key, {})
    if request.url.path.startswith("/api/"):
        return JSONResponse({"key": key, "sentence": sentence}, status_code=status)
    return _as_page(request, status, sentence)


def _as_page(request: Request, status: int, sentence: str) -> Response:
    # After an accident the database is not asked who it was.
    known = status < 500 and request.url.path.startswith("/desk")
    me = find_signed_in(request) if known else None
    return show(request, "problem.html", me=me, status=status, sentence=sentence)


def _http_status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    # An address whose number is no number is an address that is not there.
    wrong = error.errors() if isinstance(error, RequestValidationError) else ()
    return 404 if any(one["loc"][0] == "path" for one in wrong) else 422


def tell_accident(request: Request, error: Exception) -> Response:
    """Answer for an error that nobody expected; it is logged by its kind, without words."""
    log.error("request_failed", action="request_failed", kind=type(error).__name__)
    response = tell_http_problem(request, HTTPException(500))
    # This answer is given outside of the middleware that adds them elsewhere.
    response.headers.update(SECURITY_HEADERS)
    return response


def _as_json(error: Exception, status: int) -> JSONResponse:
    facts = {name: value for name, value in facts_of(error).items() if value is not None}
    content = {"key": key_of(error), "sentence": sentence_of(error), "facts": facts}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(content, status_code=status, headers=headers)


def _to_sign_in(request: Request) -> Response:
    # After a sign-in only a page that can be fetched is worth going back to.
    wanted = request.url.path if request.method == "GET" else ""
    if wanted and request.url.query:
        wanted += f"?{request.url.query}"
    query = f"?next={quote(wanted, safe='/')}" if wanted not in ("", "/desk") else ""
    return RedirectResponse(f"/desk/sign-in{query}", status_code=303)


def install(app: FastAPI) -> None:
    """Let the table answer for every error."""
    for kind in (desk.DeskError, petitions.PetitionError, texts.KnowledgeError):
        app.add_exception_handler(kind, tell_problem)
    app.add_exception_handler(HTTPException, tell_http_problem)
    app.add_exception_handler(RequestValidationError, tell_http_problem)
    app.add_exception_handler(Exception, tell_accident)
