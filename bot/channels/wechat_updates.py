"""What a message or event of WeChat or WeCom amounts to. Pure.

The two platforms share the words of their XML: text, image, voice, video, location, link and
events; only WeCom has cards whose buttons come back.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.messages import Attachment, AttachmentKind, IncomingMessage, ResidentAddress

UNKNOWN_TYPE = "unknown_type"
LONGEST_CHOICE = 128
_MEDIA: Mapping[str, AttachmentKind] = {
    "image": AttachmentKind.PHOTO,
    "voice": AttachmentKind.VOICE,
    "video": AttachmentKind.VIDEO,
    "shortvideo": AttachmentKind.VIDEO,
    "file": AttachmentKind.DOCUMENT,
}

Fields = Mapping[str, str]


def read_update(fields: Fields, channel: str) -> IncomingMessage | None:
    """The resident's message in ``fields``; None for what is no message of a resident."""
    sender, kind = fields.get("FromUserName", ""), fields.get("MsgType", "")
    if not sender or len(sender) > 100:
        return None
    bare = IncomingMessage(
        address=ResidentAddress(channel=channel, chat_id=sender),
        update_id=_update_id(fields, sender),
        received_at=_moment(fields),
    )
    if kind == "event":
        return _with_event(bare, fields)
    return _READERS.get(kind, _with_nothing_known)(bare, fields)


def _update_id(fields: Fields, sender: str) -> str:
    """The platform's own id; events have none, so who, when and what stand for it."""
    if fields.get("MsgId"):
        return fields["MsgId"][:100]
    parts = (fields.get("CreateTime", ""), fields.get("Event", ""), fields.get("EventKey", ""))
    return f"{sender[:40]}:{':'.join(parts)}"[:100]


def _moment(fields: Fields) -> datetime:
    written = fields.get("CreateTime", "")
    is_number = written.isascii() and written.isdecimal() and len(written) < 12
    return datetime.fromtimestamp(int(written) if is_number else 0, UTC)


def _with_event(bare: IncomingMessage, fields: Fields) -> IncomingMessage | None:
    event, key = fields.get("Event", "").lower(), fields.get("EventKey", "")
    if event == "subscribe":
        return replace(bare, choice="start")
    if event in ("click", "template_card_event") and 0 < len(key) <= LONGEST_CHOICE:
        return replace(bare, choice=key)
    # Leaving needs no word: the next send is told by the platform that nobody is there.
    return None


def _with_text(bare: IncomingMessage, fields: Fields) -> IncomingMessage:
    tapped = fields.get("bizmsgmenuid", "")
    if 0 < len(tapped) <= LONGEST_CHOICE:
        return replace(bare, choice=tapped)
    return replace(bare, text=fields.get("Content", ""))


def _with_media(bare: IncomingMessage, fields: Fields) -> IncomingMessage:
    media = fields.get("MediaId", "")
    if not media:
        return replace(bare, problem="fetch_failed")
    kind = _MEDIA[fields["MsgType"]]
    sent = Attachment(kind=kind, remote=media, name=fields.get("FileName") or None)
    # Some accounts are given what WeChat made of the voice: then it is read as typed.
    return replace(bare, attachments=(sent,), text=fields.get("Recognition", ""))


def _with_location(bare: IncomingMessage, fields: Fields) -> IncomingMessage:
    latitude = _degrees(fields.get("Location_X", ""), 90)
    longitude = _degrees(fields.get("Location_Y", ""), 180)
    if latitude is None or longitude is None:
        return replace(bare, problem=UNKNOWN_TYPE)
    spot = Attachment(
        kind=AttachmentKind.LOCATION,
        latitude=latitude,
        longitude=longitude,
        name=fields.get("Label") or None,
    )
    return replace(bare, attachments=(spot,))


def _degrees(written: str, most: float) -> float | None:
    try:
        value = float(written)
    except ValueError:
        return None
    return value if -most <= value <= most else None


def _with_link(bare: IncomingMessage, fields: Fields) -> IncomingMessage:
    words = (fields.get("Title", ""), fields.get("Description", ""), fields.get("Url", ""))
    return replace(bare, text="\n".join(part for part in words if part))


def _with_nothing_known(bare: IncomingMessage, _: Fields) -> IncomingMessage:
    return replace(bare, problem=UNKNOWN_TYPE)


_READERS: Mapping[str, Callable[[IncomingMessage, Fields], IncomingMessage]] = {
    "text": _with_text,
    "location": _with_location,
    "link": _with_link,
    **dict.fromkeys(_MEDIA, _with_media),
}
