"""What the service could not do by itself: for the administrator to look at and to try again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from console.audit import AuditAction, Target, write_down
from console.auth import PostedForm, Require, RowId, SignedIn, read_form, services_of
from console.errors import FeatureMissing
from console.language import Words
from console.operations import Operations
from console.pages import show
from console.permissions import DeskPermission
from console.services import ConsoleServices

router = APIRouter(prefix="/desk")
Operator = Annotated[SignedIn, Depends(Require(permission=DeskPermission.OPERATE))]
Form = Annotated[PostedForm, Depends(read_form)]
LONGEST_ID = 80
DONE = Words(
    {
        "answering": "已重新排队，居民会收到答复。",
        "retrying": "已重新排队，做完就不再列在这里。",
        "gone": "它已经不在这里了，也许别人刚处理过。",
    }
)


@router.get("/running")
def show_running(request: Request, me: Operator) -> Response:
    """Channels, messages given up, jobs parked.

    The words of residents are for those who may see cases; an administrator sees that there is
    a message, not what it says.
    """
    operations = _operations(services_of(request))
    return show(
        request,
        "running.html",
        me=me,
        channels=operations.channels(),
        given_up=operations.given_up(),
        parked=operations.parked(),
        may_read=me.member.may(DeskPermission.SEE_CASES),
        done=DONE.get(request.query_params.get("done", "")),
    )


@router.post("/running/messages/{message_id}/answer")
def answer_message_again(request: Request, me: Operator, message_id: RowId) -> Response:
    """Let a message be answered after all."""
    services = services_of(request)
    done = _operations(services).answer_again(message_id)
    if done:
        _write_down(services, me, AuditAction.ANSWER_AGAIN, "message", str(message_id))
    return _back("answering" if done else "gone")


@router.post("/running/jobs/retry")
def retry_job(request: Request, me: Operator, form: Form) -> Response:
    """Run a parked job again."""
    services = services_of(request)
    work_id = form.get("id")
    done = _operations(services).retry(work_id)
    if done:
        _write_down(services, me, AuditAction.RETRY_JOB, "job", work_id)
    return _back("retrying" if done else "gone")


def _operations(services: ConsoleServices) -> Operations:
    if services.operations is None:
        raise FeatureMissing(feature="operations")
    return services.operations


def _write_down(
    services: ConsoleServices, me: SignedIn, action: AuditAction, kind: str, one: str
) -> None:
    with services.writing() as session:
        write_down(
            session,
            action,
            actor=me.member.username,
            now=services.clock.now(),
            target=Target(kind=kind, id=one[:LONGEST_ID]),
        )


def _back(done: str) -> Response:
    return RedirectResponse(f"/desk/running?done={done}", status_code=303)
