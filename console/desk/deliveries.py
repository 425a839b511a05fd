"""Messages that did not reach their residents: so that somebody calls them instead."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import col, select

from console.auth import Require, SignedIn, services_of
from console.pages import show
from console.permissions import DeskPermission
from petitions.tables import Notification
from petitions.words import NotificationStatus

router = APIRouter(prefix="/desk")
SHOWN = 100


@router.get("/deliveries")
def show_deliveries(
    request: Request,
    me: Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_DELIVERIES))],
) -> Response:
    """What failed for good, and what has been tried and still waits; newest first."""
    tried = col(Notification.attempts) > 0
    waiting = col(Notification.status) == NotificationStatus.PENDING.value
    failed = col(Notification.status) == NotificationStatus.FAILED.value
    query = (
        select(Notification)
        .where(col(Notification.resident).is_not(None), failed | (waiting & tried))
        .order_by(col(Notification.id).desc())
        .limit(SHOWN)
    )
    with services_of(request).open_read_work() as work:
        rows = work.session.exec(query).all()
    return show(request, "deliveries.html", me=me, rows=rows, limit=SHOWN)
