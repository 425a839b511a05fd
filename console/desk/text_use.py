"""How the texts serve: which passages answer, and who was told what no longer holds."""

from datetime import date, datetime, time

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from console.audit import AuditAction
from console.auth import RowId, SignedIn, services_of
from console.curating import texts_of, today_of, write_down_versions
from console.desk.curator import Curator
from console.errors import FeatureMissing
from console.pages import show
from console.problems import sentence_of, status_of
from knowledge.recalling import StillInForce
from petitions.deadlines import LOCAL_ZONE

router = APIRouter(prefix="/desk")
SHOWN = 100


@router.get("/knowledge/uses")
def show_uses(request: Request, me: Curator) -> Response:
    """The passages in force by how often they were quoted, or those that never were."""
    services = services_of(request)
    never = request.query_params.get("never") == "1"
    since = _day(request.query_params.get("since", ""))
    begins = datetime.combine(since, time(), LOCAL_ZONE) if since else None
    uses = texts_of(services).uses_of_passages(today_of(services), begins, never=never)
    return show(
        request,
        "uses.html",
        me=me,
        total=len(uses),
        quoted=sum(one.times > 0 for one in uses),
        uses=uses[:SHOWN] if never else [one for one in uses if one.times][:SHOWN],
        never=never,
        since=since,
    )


@router.get("/knowledge/versions/{version_id}/recall")
def show_recall(request: Request, me: Curator, version_id: RowId) -> Response:
    """Whom the answers of a version reached while it was in force."""
    return _recall_page(request, me, version_id)


@router.post("/knowledge/versions/{version_id}/recall")
def tell_residents(request: Request, me: Curator, version_id: RowId) -> Response:
    """Tell these residents that it no longer holds; nobody is told twice."""
    services = services_of(request)
    texts_of(services).version(version_id)
    if services.tell_recall is None:
        raise FeatureMissing(feature="recall")
    try:
        told = services.tell_recall(version_id)
    except StillInForce as error:
        return _recall_page(request, me, version_id, error=error)
    write_down_versions(services, me, AuditAction.RECALL_ANSWERS, [version_id])
    address = f"/desk/knowledge/versions/{version_id}/recall?told={told}"
    return RedirectResponse(address, status_code=303)


def _recall_page(
    request: Request, me: SignedIn, version_id: int, *, error: StillInForce | None = None
) -> Response:
    services = services_of(request)
    recall = texts_of(services).recall(version_id, today_of(services))
    told = request.query_params.get("told", "")
    return show(
        request,
        "recall.html",
        me=me,
        status=status_of(error) if error else 200,
        recall=recall,
        answers=recall.told[:SHOWN],
        waiting=len({one.resident for one in recall.waiting}),
        reaches=services.tell_recall is not None,
        sentence=sentence_of(error) if error else None,
        told=int(told) if told.isascii() and told.isdigit() and len(told) < 9 else None,
    )


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
