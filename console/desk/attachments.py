"""Attachments, shown to whoever may see their case and to nobody else."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import select

from console.auth import Require, RowId, SignedIn, services_of
from console.errors import AttachmentNotFound
from console.permissions import DeskPermission
from petitions.permissions import visible_to
from petitions.tables import Attachment, Case

router = APIRouter(prefix="/desk")

SHOWN_MIMES = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "audio/ogg",
        "audio/mpeg",
        "audio/mp4",
        "video/mp4",
    }
)
"""What a browser may show; anything else is handed over as a file to save."""
SANDBOX = "default-src 'none'; sandbox"


@router.get("/attachments/{attachment_id}")
def open_attachment(
    request: Request,
    me: Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_CASES))],
    attachment_id: RowId,
) -> Response:
    """The content of one attachment; the browser may not look at it as a page."""
    services = services_of(request)
    with services.open_read_work() as work:
        query = (
            select(Attachment)
            .join(Case)
            .where(Attachment.id == attachment_id, visible_to(me.actor, work.organisation))
        )
        attachment = work.session.exec(query).first()
    content = services.files.read(attachment.ref) if attachment and attachment.ref else None
    if attachment is None or content is None:
        raise AttachmentNotFound(attachment_id=attachment_id)
    return _as_response(content, attachment)


def _as_response(content: bytes, attachment: Attachment) -> Response:
    shown = attachment.mime in SHOWN_MIMES
    name = quote(attachment.name or f"attachment-{attachment.id}")
    kind = "inline" if shown else "attachment"
    return Response(
        content,
        media_type=attachment.mime if shown else "application/octet-stream",
        headers={
            "Content-Disposition": f"{kind}; filename*=UTF-8''{name}",
            "Content-Security-Policy": SANDBOX,
            "Cache-Control": "private, max-age=600",
        },
    )
