"""What the tests of the conversation share."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.channels.base import ChannelCapabilities
from petitions.organisation import Organisation
from petitions.organisation_files import load_organisation
from tests.bot.chat_fakes import RuleParser, ShelfOfTexts
from tests.bot.chat_world import ChatWorld, Talk

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "community"


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    return load_organisation(SAMPLE)


@pytest.fixture(scope="session")
def service() -> Iterator[Any]:
    """The real parts, where ``huiyin prepare`` has made them."""
    # They bring torch along: whoever runs the rules only shall not wait for it.
    from huiyin.bootstrap import Service
    from huiyin.settings import Settings

    service = Service(settings=Settings())
    if not list((service.settings.data_dir / "models" / "local-parser").glob("local-*")):
        pytest.skip("the parser is not trained yet: run huiyin prepare")
    service.local_parser.prepare()
    yield service
    service.close()


@pytest.fixture
def texts() -> ShelfOfTexts:
    return ShelfOfTexts()


@pytest.fixture
def world(tmp_path: Path, organisation: Organisation, texts: ShelfOfTexts) -> ChatWorld:
    return ChatWorld(tmp_path, organisation, RuleParser(), texts)


@pytest.fixture
def talk(world: ChatWorld) -> Talk:
    return Talk(world)


@pytest.fixture
def abroad(world: ChatWorld) -> Talk:
    """A talk on a channel where no contact data may be asked for."""
    world.channel.capabilities = ChannelCapabilities(edits=True, contact_allowed=False)
    return Talk(world)


@pytest.fixture(scope="session")
def png() -> bytes:
    """A small real picture."""
    content = io.BytesIO()
    Image.new("RGB", (32, 24), "brown").save(content, format="PNG")
    return content.getvalue()
