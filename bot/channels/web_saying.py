"""What a browser sent, as a message for the inbox."""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime

from bot.attachments import AttachmentRefused, AttachmentStore
from bot.channels.web_channel import WEB
from bot.channels.web_identity import WebIdentity
from bot.channels.web_requests import SentForm
from bot.messages import Attachment, AttachmentKind, IncomingMessage, ResidentAddress


def address_of(identity: WebIdentity) -> ResidentAddress:
    """Where a browser's conversation is kept."""
    return ResidentAddress(channel=WEB, chat_id=identity.chat_id)


def message_of(
    form: SentForm,
    *,
    identity: WebIdentity,
    attachments: AttachmentStore,
    language: str,
    now: datetime,
) -> IncomingMessage:
    """The message that ``form`` means; its file, if we take it, is kept by now."""
    kept, problem = _keep(form, attachments)
    return IncomingMessage(
        address=address_of(identity),
        update_id=_update_id(form, identity),
        received_at=now,
        text=form.text,
        choice=form.choice,
        attachments=(*kept, *_location(form)),
        language_hint=language,
        problem=problem,
    )


def _keep(
    form: SentForm, attachments: AttachmentStore
) -> tuple[tuple[Attachment, ...], str | None]:
    if form.upload is None:
        return (), None
    content, name = form.upload
    try:
        kept = attachments.keep(content, name=name)
        is_voice = form.is_voice and kept.kind is AttachmentKind.VIDEO
        return (replace(kept, kind=AttachmentKind.VOICE) if is_voice else kept,), None
    except AttachmentRefused as refused:
        return (), refused.problem


def _location(form: SentForm) -> tuple[Attachment, ...]:
    if form.latitude is None or form.longitude is None:
        return ()
    spot = Attachment(
        kind=AttachmentKind.LOCATION, latitude=form.latitude, longitude=form.longitude
    )
    return (spot,)


def _update_id(form: SentForm, identity: WebIdentity) -> str:
    """The same for the same form of the same browser, however often it is sent."""
    own = form.client_id or secrets.token_hex(16)
    return hashlib.sha256(f"{identity.chat_id}\x1f{own}".encode()).hexdigest()
