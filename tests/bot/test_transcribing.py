"""Voice messages as words."""

import sys
from pathlib import Path

import pytest

from bot.messages import Attachment, AttachmentKind
from bot.transcribing import CommandTranscriber
from tests.bot.chat_world import ChatWorld, Talk

OGG = b"OggS" + b"\x00" * 24 + b"OpusHead" + b"\x00" * 40


def program(code: str) -> str:
    return f'{sys.executable} -c "{code}"'


def test_what_the_program_prints_are_the_words(tmp_path: Path) -> None:
    recording = tmp_path / "a.ogg"
    recording.write_bytes(OGG)
    says = program("import sys; print(len(open(sys.argv[1], 'rb').read()))")
    assert CommandTranscriber(says).transcribe(recording) == str(len(OGG))


@pytest.mark.parametrize(
    "command",
    [program("raise SystemExit(3)"), program("import time; time.sleep(9)"), "no-such-program-here"],
)
def test_a_program_that_fails_leaves_the_voice_as_it_is(tmp_path: Path, command: str) -> None:
    assert CommandTranscriber(command, patience_seconds=0.5).transcribe(tmp_path / "a") == ""


@pytest.mark.parametrize("command", ["", "  ", 'say "'])
def test_a_command_that_can_not_be_right(command: str) -> None:
    with pytest.raises(ValueError, match=r"empty|quotation"):
        CommandTranscriber(command)


class Ear:
    """Hears the same words in every recording."""

    def transcribe(self, recording: Path) -> str:
        assert recording.read_bytes() == OGG
        return "锦绣家园3栋漏水，请派人修"


def test_a_voice_message_is_answered_like_a_typed_one_and_kept(world: ChatWorld) -> None:
    world.inbox = world.new_inbox(transcriber=Ear())
    world.channel.contents["v1"] = OGG
    talk = Talk(world)
    talk.send(Attachment(kind=AttachmentKind.VOICE, remote="v1"))
    assert talk.keys == ["filing.card"]
    assert talk.card["材料"] == "1 份"


def test_without_an_engine_the_resident_is_asked_what_it_is_about(world: ChatWorld) -> None:
    world.channel.contents["v1"] = OGG
    talk = Talk(world)
    talk.send(Attachment(kind=AttachmentKind.VOICE, remote="v1"))
    assert talk.keys == ["filing.photo_first"]
