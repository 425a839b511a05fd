"""The audit log, newest first."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from console.audit import AuditAction, read_audit
from console.auth import Require, SignedIn, services_of
from console.desk.queue_query import read_query
from console.formatting import query_string
from console.pages import show
from console.permissions import DeskPermission

router = APIRouter(prefix="/desk")


@router.get("/audit")
def show_audit(
    request: Request,
    me: Annotated[SignedIn, Depends(Require(permission=DeskPermission.READ_AUDIT))],
) -> Response:
    """Who did what, when; narrowed to one person or one action by the address."""
    words = request.query_params
    page = read_query(words).page
    actor = words.get("actor", "")[:40]
    action = words.get("action", "")
    known = action in set(AuditAction)
    with services_of(request).reading() as session:
        found = read_audit(
            session,
            actor=actor or None,
            action=AuditAction(action) if known else None,
            page=page,
        )
    return show(
        request,
        "audit.html",
        me=me,
        page=found,
        actor=actor,
        action=action if known else "",
        address=lambda number: (
            "/desk/audit" + query_string({"actor": actor, "action": action, "page": str(number)})
        ),
    )
