"""What the service could not do by itself: for the administrator to look at and to try again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from console.auth import PostedForm, Require, RowId, SignedIn, read_form, services_of
from console.language import Words
from console.pages import show
from console.permissions import DeskPermission
from console.running import answer_again, drop_job, operations_of, retry_job

router = APIRouter(prefix="/desk")
Operator = Annotated[SignedIn, Depends(Require(permission=DeskPermission.OPERATE))]
Form = Annotated[PostedForm, Depends(read_form)]
DONE = Words(
    {
        "answering": "已重新排队，居民会收到答复。",
        "retrying": "已重新排队，做完就不再列在这里。",
        "dropped": "已放弃，不再尝试。",
        "gone": "它已经不在这里了，也许别人刚处理过。",
    }
)


@router.get("/running")
def show_running(request: Request, me: Operator) -> Response:
    """Channels, messages given up, jobs parked.

    The words of residents are for those who may see cases; an administrator sees that there is
    a message, not what it says.
    """
    operations = operations_of(services_of(request))
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
    return _back("answering" if answer_again(services_of(request), me, message_id) else "gone")


@router.post("/running/jobs/retry")
def retry_parked_job(request: Request, me: Operator, form: Form) -> Response:
    """Run a parked job again."""
    return _back("retrying" if retry_job(services_of(request), me, form.get("id")) else "gone")


@router.post("/running/jobs/drop")
def drop_parked_job(request: Request, me: Operator, form: Form) -> Response:
    """Give a parked job up, with the reason."""
    done = drop_job(services_of(request), me, form.get("id"), form.get("reason"))
    return _back("dropped" if done else "gone")


def _back(done: str) -> Response:
    return RedirectResponse(f"/desk/running?done={done}", status_code=303)
