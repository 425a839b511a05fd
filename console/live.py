"""Tells an open page whether what it shows has changed: a small answer with an entity tag."""

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from sqlmodel import func, select

from petitions.actors import Actor
from petitions.permissions import visible_to
from petitions.ports import UnitOfWork
from petitions.tables import IS_OPEN, Case


def not_changed(request: Request, version: str) -> Response:
    """Answer 304 while the page's version is the current one, else the version (RFC 9110)."""
    tag = f'"{version}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return JSONResponse({"version": version}, headers=headers)


def queue_version(work: UnitOfWork, actor: Actor) -> str:
    """Another word after every change to an open case that the actor may see."""
    query = select(func.count(), func.max(Case.changed_at)).where(
        visible_to(actor, work.organisation),
        IS_OPEN,
    )
    count, changed = work.session.exec(query).one()
    return f"{count}-{changed.timestamp():.0f}" if changed else "0"
