"""Scripted conversations: tests/conversations/*.yaml, on real petitions and a real database."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.base import ChannelCapabilities
from bot.messages import Attachment, AttachmentKind
from petitions.organisation import Organisation
from tests.bot.chat_fakes import ShelfOfTexts
from tests.bot.chat_world import ChatWorld, Talk

FOLDER = Path(__file__).resolve().parents[1] / "conversations"
SCRIPTS = [
    pytest.param(script, id=f"{path.stem}: {script['title']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for script in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]
LONGEST_REPLY = 200
PHOTO = Attachment(kind=AttachmentKind.PHOTO, ref="ab/photo.jpg", mime="image/jpeg", size_bytes=9)


class Stage:
    """Plays one script."""

    def __init__(self, world: ChatWorld, script: dict[str, Any]) -> None:
        self.world = world
        self.script = script
        self.talks: dict[str, Talk] = {}
        self.codes: dict[str, str] = {}
        if script.get("channel") == "abroad":
            world.channel.capabilities = ChannelCapabilities(edits=True, contact_allowed=False)

    def play(self) -> None:
        for line in self.script["lines"]:
            self._play_line(dict(line))
        for expected, petition in zip(
            self.script.get("petitions", []), self.world.petitions(), strict=True
        ):
            found = {name: getattr(petition, name) for name in expected}
            assert found == expected
        for expected, case in zip(self.script.get("cases", []), self.world.cases(), strict=False):
            assert {name: getattr(case, name) for name in expected} == expected

    def _play_line(self, line: dict[str, Any]) -> None:
        talk = self.talks.setdefault(line.pop("who", "wang"), Talk(self.world, line.get("who", "")))
        talk.chat = next(name for name, one in self.talks.items() if one is talk)
        if "later" in line:
            self.world.later(**line["later"])
        elif "staff" in line:
            self._work(line["staff"], talk)
        elif "say" in line:
            talk.say(self._filled(str(line["say"])))
        elif "tap" in line:
            talk.tap(line["tap"])
        elif "photo" in line:
            talk.send(PHOTO, text=line["photo"] or "", album=line.get("album"))
        elif "location" in line:
            talk.send(Attachment(kind=AttachmentKind.LOCATION, **line["location"]))
        elif "contact" in line:
            talk.send(Attachment(kind=AttachmentKind.CONTACT))
        self._check(line, talk)

    def _work(self, what: str, talk: Talk) -> None:
        before = len(self.world.channel.shown_to(talk.chat))
        numbers = [case.number for case in self.world.cases()]
        assert what == "replied"
        self.world.work_to_reply(numbers[-1])
        self.world.deliver()
        self.world.delivery.deliver_due()
        talk.replies = tuple(self.world.channel.shown_to(talk.chat)[before:])

    def _filled(self, words: str) -> str:
        """«{number}» and «{code}» stand for those of the first petition."""
        if "{" not in words:
            return words
        petition = self.world.petitions()[0]
        code = self.world.codes.code_for(petition.number, petition.salt)
        return words.replace("{number}", petition.number).replace("{code}", code)

    def _check(self, line: dict[str, Any], talk: Talk) -> None:
        context = f"after {line}: {talk.keys} {talk.text!r} {talk.card} {talk.labels}"
        expected = line.get("expect", talk.keys)
        assert talk.keys == ([expected] if isinstance(expected, str) else expected), context
        assert talk.keys[-1:] == [line["last"]] if "last" in line else True, context
        assert all(self._filled(piece) in talk.text for piece in line.get("text", [])), context
        assert not any(piece in talk.text for piece in line.get("not", [])), context
        assert line.get("card", {}).items() <= talk.card.items(), context
        assert set(line.get("labels", [])) <= set(talk.labels), context
        assert line.get("quote", "") in talk.quotes, context
        assert all(len(reply.text) <= LONGEST_REPLY for reply in talk.replies), context
        assert "！" not in talk.text, context


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_conversation_goes_as_written(script: dict[str, Any], world: ChatWorld) -> None:
    Stage(world, script).play()


@pytest.mark.parametrize("script", [one for one in SCRIPTS if not one.values[0].get("rules_only")])
def test_it_goes_the_same_way_with_the_real_parser(
    script: dict[str, Any],
    tmp_path: Path,
    organisation: Organisation,
    texts: ShelfOfTexts,
    service: Any,
) -> None:
    world = ChatWorld(tmp_path, organisation, service.local_parser, texts)
    Stage(world, script).play()


def test_there_are_enough_conversations() -> None:
    assert len(SCRIPTS) >= 40
