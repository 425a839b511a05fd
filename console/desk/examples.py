"""What staff put right on cases: the curator says what the next training learns from it."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from console.auth import RowId, SignedIn, services_of
from console.curating import names_of_authors
from console.desk.curator import Curator, Form, told
from console.errors import InvalidInput
from console.language import Words
from console.pages import show
from console.reviewing import accept, accepted_so_far, examples_of, refuse
from nlu.corrections import ReviewState
from nlu.taxonomy import read_taxonomy

router = APIRouter(prefix="/desk")
DONE = Words({"accepted": "已采用，下次训练会学。", "refused": "这一条不用来训练。"})


@router.get("/examples")
def show_examples(request: Request, me: Curator) -> Response:
    """The corrections that wait for a review."""
    return _page(request, me)


@router.post("/examples/{example_id}/accept")
def accept_correction(request: Request, me: Curator, example_id: RowId, form: Form) -> Response:
    """Let the next training learn from a correction."""
    try:
        accept(services_of(request), me, example_id, form.get("category").strip())
    except InvalidInput as error:
        return _page(request, me, error=error, wrong=(example_id, form.get("category")))
    return RedirectResponse("/desk/examples?done=accepted", status_code=303)


@router.post("/examples/{example_id}/refuse")
def refuse_correction(request: Request, me: Curator, example_id: RowId) -> Response:
    """Keep a correction out of training."""
    refuse(services_of(request), me, example_id)
    return RedirectResponse("/desk/examples?done=refused", status_code=303)


def _page(
    request: Request,
    me: SignedIn,
    *,
    error: InvalidInput | None = None,
    wrong: tuple[int, str] | None = None,
) -> Response:
    services = services_of(request)
    return show(
        request,
        "examples.html",
        me=me,
        examples=examples_of(services, ReviewState.PROPOSED),
        accepted=accepted_so_far(services),
        names=names_of_authors(services),
        classes=["/".join(pair) for pair in read_taxonomy().pairs],
        wrong=wrong,
        done=DONE.get(request.query_params.get("done", "")),
        **told(error),
    )
