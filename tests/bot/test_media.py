"""Residents are asked to send what their channel can bring, and nothing else."""

import pytest

from bot.channels.base import ChannelCapabilities
from bot.dialogue.media import media_words
from bot.dialogue.wording import ENGLISH, SIMPLIFIED, TRADITIONAL, phrasebook
from bot.messages import AttachmentKind
from tests.bot.chat_world import ChatWorld, Talk


def test_a_channel_without_photos_is_not_asked_for_any(world: ChatWorld, talk: Talk) -> None:
    world.channel.capabilities = ChannelCapabilities(media=frozenset())
    assert "照片" not in talk.say("你好")[0].text
    world.channel.capabilities = ChannelCapabilities()
    assert "照片" in Talk(world, "li").say("你好")[0].text


@pytest.mark.parametrize("language", [SIMPLIFIED, TRADITIONAL, ENGLISH])
def test_a_file_that_can_not_be_opened_names_those_that_can(language: str) -> None:
    taken = frozenset({AttachmentKind.PHOTO, AttachmentKind.VOICE, AttachmentKind.LOCATION})
    book = phrasebook(language)
    words = media_words(book, ChannelCapabilities(media=taken))
    said = book.say("problem.unknown_type", **words)
    assert book.say("media.photo") in said
    assert book.say("media.voice") in said
    assert book.say("media.video") not in said
