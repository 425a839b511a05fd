"""Lists that are kept, and one verb for several cases of a list."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from console.auth import PostedForm, Require, RowId, SignedIn, read_form, services_of
from console.bulk import BulkState, ChosenCase, hold_bulk, load_bulk, take_back
from console.desk.queue_query import read_query
from console.errors import InvalidInput
from console.language import translate
from console.live import not_changed
from console.pages import show
from console.permissions import DeskPermission
from console.saved_views import forget_view, save_view
from console.tables import DeskBulk
from console.wording.problems import sentence_for

router = APIRouter(prefix="/desk")
Handler = Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_CASES))]
Form = Annotated[PostedForm, Depends(read_form)]
LONGEST_NUMBER = 40


@router.post("/views")
def keep_view(request: Request, me: Handler, form: Form) -> Response:
    """Keep the list of the address under a name."""
    services = services_of(request)
    address = read_query(request.query_params).address()
    with services.writing() as session:
        save_view(
            session, me.member, name=form.get("name"), address=address, now=services.clock.now()
        )
    return RedirectResponse(f"/desk{address}", status_code=303)


@router.post("/views/{view_id}/forget")
def drop_view(request: Request, me: Handler, view_id: RowId) -> Response:
    """Drop one's own list."""
    with services_of(request).writing() as session:
        forget_view(session, me.member, view_id)
    return RedirectResponse("/desk", status_code=303)


@router.post("/bulk")
def start_bulk(request: Request, me: Handler, form: Form) -> Response:
    """Hold one verb for the chosen cases; it can be taken back for some seconds."""
    chosen = tuple(_chosen(word) for word in form.all("case"))
    bulk_id = hold_bulk(services_of(request), me, verb_name=form.get("verb"), cases=chosen)
    query = read_query(request.query_params).here
    return RedirectResponse(f"/desk/bulk/{bulk_id}{query}", status_code=303)


@router.get("/bulk/{bulk_id}")
def show_bulk(request: Request, me: Handler, bulk_id: RowId) -> Response:
    """What becomes of it, case by case."""
    services = services_of(request)
    row = load_bulk(services, me, bulk_id)
    left = (row.run_at - services.clock.now()).total_seconds()
    return show(
        request,
        "bulk.html",
        me=me,
        bulk=row,
        seconds_left=max(0, round(left)),
        results=[(number, _told(row, number)) for number, _ in row.cases],
        done=sum(word == "done" for word in row.results.values()),
        running=row.state in (BulkState.WAITING, BulkState.RUNNING),
        query=read_query(request.query_params),
    )


@router.get("/bulk/{bulk_id}/version")
def tell_bulk_version(request: Request, me: Handler, bulk_id: RowId) -> Response:
    """Tell an open page whether anything has changed."""
    row = load_bulk(services_of(request), me, bulk_id)
    return not_changed(request, f"{row.state}-{len(row.results)}")


@router.post("/bulk/{bulk_id}/undo")
def undo_bulk(request: Request, me: Handler, bulk_id: RowId) -> Response:
    """Take it back while it waits."""
    take_back(services_of(request), me, bulk_id)
    query = read_query(request.query_params).here
    return RedirectResponse(f"/desk/bulk/{bulk_id}{query}", status_code=303)


def _chosen(word: str) -> ChosenCase:
    number, _, version = word.partition(":")
    if not version.isascii() or not version.isdigit() or len(word) > LONGEST_NUMBER + 10:
        raise InvalidInput(field="cases", problem="number_of_cases")
    return ChosenCase(number=number, version=int(version))


def _told(row: DeskBulk, number: str) -> str:
    """How it went for one case, in words."""
    word = row.results.get(number)
    if word is None or word == "done":
        return word or ""
    key, _, because = word.partition(".")
    facts = {
        "because": because,
        "status_word": translate("已变化"),
        "action_word": translate("这样操作"),
    }
    return sentence_for(key, facts)
