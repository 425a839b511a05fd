"""What residents asked in vain, put together by meaning, and the draft that will answer it."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from console.audit import AuditAction
from console.auth import PostedForm, SignedIn, services_of
from console.curating import texts_of, today_of, write_down_versions
from console.desk.curator import Curator, Form, id_in, told
from console.errors import InvalidInput
from console.pages import show
from knowledge.errors import KnowledgeError
from knowledge.faq import FaqDraft

router = APIRouter(prefix="/desk")
QUESTIONS_AT_ONCE = 2_000


@router.get("/questions")
def show_questions(request: Request, me: Curator) -> Response:
    """The questions, those of most residents first."""
    return _page(request, me)


@router.post("/questions/drafts")
def draft_answer(request: Request, me: Curator, form: Form) -> Response:
    """Make a draft of an answer to some questions, with somebody who finishes it."""
    services = services_of(request)
    try:
        made = texts_of(services).draft_faq(
            FaqDraft(
                question=form.get("question"),
                question_ids=_question_ids(form.get("question_ids")),
                answer=form.get("answer") or None,
                issuer=form.get("issuer") or None,
                owner=me.member.username,
                day=today_of(services),
            )
        )
    except (InvalidInput, KnowledgeError) as error:
        return _page(request, me, form=form, error=error)
    write_down_versions(services, me, AuditAction.DRAFT_FAQ, [made])
    return RedirectResponse(f"/desk/knowledge/versions/{made}?done=drafted", status_code=303)


def _question_ids(words: str) -> tuple[int, ...]:
    """The ids that the hidden field names, with commas between them."""
    ids = words.split(",")
    if len(ids) > QUESTIONS_AT_ONCE:
        raise InvalidInput(field="question_ids", problem="too_long")
    return tuple(id_in(word, "question_ids") for word in ids)


def _page(
    request: Request,
    me: SignedIn,
    *,
    form: PostedForm | None = None,
    error: InvalidInput | KnowledgeError | None = None,
) -> Response:
    return show(
        request,
        "questions.html",
        me=me,
        clusters=texts_of(services_of(request)).clusters(),
        form=form,
        **told(error),
    )
