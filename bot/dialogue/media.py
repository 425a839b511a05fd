"""What residents are asked to send: only what their channel can bring."""

from collections.abc import Mapping

from bot.channels.base import ChannelCapabilities
from bot.dialogue.wording import Phrasebook
from bot.messages import AttachmentKind

OPENED = (
    AttachmentKind.PHOTO,
    AttachmentKind.VOICE,
    AttachmentKind.VIDEO,
    AttachmentKind.DOCUMENT,
)
"""The files that are taken in, the commonest first."""


def media_words(book: Phrasebook, capabilities: ChannelCapabilities) -> Mapping[str, str]:
    """Fields of sentences: «，也可以发照片» where photos can be sent, nothing where they can't."""
    taken = [kind for kind in OPENED if kind in capabilities.media]
    return {
        "or_photo": _offer(book, capabilities, AttachmentKind.PHOTO),
        "or_location": _offer(book, capabilities, AttachmentKind.LOCATION),
        "media": book.say("media.joint").join(book.say(f"media.{kind}") for kind in taken),
    }


def _offer(book: Phrasebook, capabilities: ChannelCapabilities, kind: AttachmentKind) -> str:
    return book.say(f"media.or_{kind}") if kind in capabilities.media else ""
