"""Which models are in use: chosen whole or not at all, taken up while running, rolled back."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.hashing_embedder import HashingEmbedder
from nlu.local_parser import LocalParser
from nlu.model_registry import POINTER, ChoiceUnreadable, ModelCard, ModelRegistry, UnknownModel
from nlu.training_data import Example
from nlu.understanding import Intent
from tests.nlu_engines import lay_out_small_data

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def models(tmp_path: Path) -> ModelRegistry:
    registry = ModelRegistry(tmp_path)
    for name in ("local-1111-a", "local-1111-b"):
        path = registry.path_of("local", name)
        path.parent.mkdir(exist_ok=True)
        path.touch()
    return registry


def test_nothing_is_chosen_at_first(models: ModelRegistry) -> None:
    assert models.chosen("local") is None
    assert models.previous("local") is None


def test_a_choice_is_seen_by_others_and_can_be_rolled_back(models: ModelRegistry) -> None:
    models.choose("local", "local-1111-a")
    models.choose("local", "local-1111-b")
    other = ModelRegistry(models.folder)
    assert other.chosen("local") == "local-1111-b"
    assert other.previous("local") == "local-1111-a"
    assert other.chosen("rasa") is None
    other.choose("local", "local-1111-a")
    assert models.chosen("local") == "local-1111-a"


def test_what_is_not_there_cannot_be_chosen(models: ModelRegistry) -> None:
    with pytest.raises(UnknownModel):
        models.choose("local", "local-1111-lost")
    with pytest.raises(UnknownModel):
        models.engine_of("local-1111-lost")
    assert models.chosen("local") is None


def test_a_foreign_pointer_is_named(models: ModelRegistry) -> None:
    (models.folder / POINTER).write_text("{}")
    with pytest.raises(ChoiceUnreadable, match=POINTER):
        models.chosen("local")


def test_cards_tell_what_a_model_was_trained_from(models: ModelRegistry) -> None:
    card = ModelCard(
        name="local-1111-a",
        engine="local",
        made_at=datetime(2030, 1, 1, tzinfo=UTC),
        examples={"accepted corrections": 3},
        figures={"written: intent, accuracy": 0.9},
    )
    models.write_card(card)
    first, second = models.cards()
    assert first == card
    assert second.name == "local-1111-b"
    assert second.examples == {}


SWITCHING = """
import sys
from itertools import cycle
from pathlib import Path
from nlu.model_registry import ModelRegistry
models = ModelRegistry(Path(sys.argv[1]))
for name in cycle(["local-1111-a", "local-1111-b"]):
    models.choose("local", name)
    print(name, flush=True)
"""


def test_killed_while_switching_it_has_one_or_the_other(models: ModelRegistry) -> None:
    for _ in range(3):
        command = [sys.executable, "-c", SWITCHING, str(models.folder)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.03)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert models.chosen("local") in {"local-1111-a", "local-1111-b"}
        # The lock of the killed one is gone with it.
        models.choose("local", "local-1111-a")
        assert models.chosen("local") == "local-1111-a"


def test_a_running_parser_takes_up_the_choice_and_the_way_back(tmp_path: Path) -> None:
    registry = ModelRegistry(tmp_path)
    data, cache = lay_out_small_data(tmp_path / "data"), registry.folder_of("local")
    embedder = HashingEmbedder()
    running = LocalParser(
        embedder, training_data=data, cache=cache, chosen=lambda: registry.chosen("local")
    )
    old = running.prepare()
    taught = Example(text="石狮子歪了", intent=Intent.REPORT)
    new = LocalParser(embedder, training_data=data, cache=cache, more_examples=[taught]).prepare()
    assert new != old
    registry.choose("local", new)
    assert running.parse("石狮子歪了").model == old
    running.refresh()
    assert running.parse("石狮子歪了").model == new
    registry.choose("local", old)
    running.refresh()
    assert running.parse("石狮子歪了").model == old


def test_a_chosen_model_of_another_release_or_damaged_is_passed_over(tmp_path: Path) -> None:
    data, cache = lay_out_small_data(tmp_path / "data"), tmp_path / "models"
    shipped = LocalParser(HashingEmbedder(), training_data=data, cache=cache).prepare()
    damaged = f"{shipped.rpartition('-')[0]}-00000000"
    (cache / f"{damaged}.npz").write_bytes(b"half a model")
    for unfit in ("local-0000-other", damaged):
        parser = LocalParser(
            HashingEmbedder(), training_data=data, cache=cache, chosen=lambda name=unfit: name
        )
        assert parser.prepare() == shipped
        parser.refresh()
        assert parser.parse("你好").model == shipped
