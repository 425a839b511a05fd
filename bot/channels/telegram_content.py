"""What a Telegram message holds: words, files, places."""

from dataclasses import dataclass, replace

from telegram import Animation, Audio, Document, Message, Video, VideoNote, Voice

from bot.messages import Attachment, AttachmentKind

TOO_LARGE = "too_large"
UNKNOWN_TYPE = "unknown_type"
_NOT_TAKEN = ("poll", "game", "story", "checklist", "paid_media", "invoice", "giveaway")
"""Content that has no meaning for a petition; the resident is told so."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """Words and files of one message; ``problem`` is as in ``IncomingMessage``."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    problem: str | None = None


def content_of(message: Message, max_upload_bytes: int) -> Content | None:
    """What ``message`` holds; None when it is a notice of Telegram's own (somebody joined, …).

    Each photo of an album comes as a message of its own, the caption with one of them.
    """
    attachment = _attachment(message, max_upload_bytes)
    content = Content(text=_words(message), attachments=(attachment,) if attachment else ())
    if attachment and (attachment.size_bytes or 0) > max_upload_bytes:
        return replace(content, attachments=(), problem=TOO_LARGE)
    if any(getattr(message, name) for name in _NOT_TAKEN):
        return replace(content, problem=UNKNOWN_TYPE)
    return content if content.text or content.attachments else None


def _words(message: Message) -> str:
    emoji = message.sticker.emoji if message.sticker else None
    if message.dice:
        emoji = message.dice.emoji
    if message.sticker and not emoji:
        emoji = "🙂"  # A sticker without an emoji is still a greeting of sorts.
    return message.text or message.caption or emoji or ""


def _attachment(message: Message, max_upload_bytes: int) -> Attachment | None:
    if message.contact:
        # Somebody's name and phone, from servers abroad: that there was one is all we take.
        return Attachment(kind=AttachmentKind.CONTACT)
    if message.photo:
        return _photo(message, max_upload_bytes)
    if message.venue or message.location:
        return _place(message)
    return _file(message)


def _photo(message: Message, max_upload_bytes: int) -> Attachment:
    """The largest version that is small enough; Telegram offers several of each photo."""
    by_size = sorted(message.photo, key=lambda one: one.width * one.height)
    taken = [one for one in by_size if (one.file_size or 0) <= max_upload_bytes]
    best = (taken or by_size)[-1]
    return Attachment(
        kind=AttachmentKind.PHOTO,
        remote=best.file_id,
        mime="image/jpeg",
        size_bytes=best.file_size,
    )


def _place(message: Message) -> Attachment | None:
    venue = message.venue
    spot = venue.location if venue else message.location
    if spot is None:
        return None
    return Attachment(
        kind=AttachmentKind.LOCATION,
        name=f"{venue.title} {venue.address}".strip() if venue else None,
        latitude=spot.latitude,
        longitude=spot.longitude,
    )


def _file(message: Message) -> Attachment | None:
    if message.voice:
        return _stored(AttachmentKind.VOICE, message.voice, "audio/ogg")
    if message.audio:
        return _stored(AttachmentKind.VOICE, message.audio, None)
    moving = message.video or message.video_note or message.animation
    if moving:
        return _stored(AttachmentKind.VIDEO, moving, "video/mp4")
    if message.document:
        return _document(message.document)
    return None


def _document(document: Document) -> Attachment:
    """A file; a picture sent uncompressed is a photo all the same."""
    is_picture = (document.mime_type or "").startswith("image/")
    kind = AttachmentKind.PHOTO if is_picture else AttachmentKind.DOCUMENT
    return _stored(kind, document, None)


def _stored(
    kind: AttachmentKind,
    file: Voice | Audio | Video | VideoNote | Animation | Document,
    usual_mime: str | None,
) -> Attachment:
    return Attachment(
        kind=kind,
        remote=file.file_id,
        mime=getattr(file, "mime_type", None) or usual_mime,
        size_bytes=file.file_size,
        name=getattr(file, "file_name", None),
    )
