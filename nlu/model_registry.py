"""Which trained models there are, and which of them each engine is to use.

Models lie in one folder, a subfolder an engine, each named by all that it was trained from. One
small file points at those in use: it is replaced whole, so a process that is killed while
switching leaves the old choice, and running processes read it every few seconds.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nlu.understanding import NluError

POINTER = "in-use.json"
PLACES = {"local": ("local-parser", ".npz"), "rasa": ("rasa", ".tar.gz")}
"""Folder and ending of an engine's models."""


def nothing_chosen() -> None:
    """No model is chosen: the training data decides."""


class UnknownModel(NluError):
    """There is no model of that name."""


class ChoiceUnreadable(NluError):
    """The file that names the models in use is not what was written there."""


@dataclass(frozen=True, kw_only=True)
class ModelCard:
    """What is known of a model.

    ``examples`` counts what it was trained from, by origin; ``figures`` holds what it reached
    on the evaluation sets, by "set: figure". Both are empty for a model that the service
    trained by itself at its first start.
    """

    name: str
    engine: str
    made_at: datetime
    examples: Mapping[str, int] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)


class ModelRegistry:
    """The models below ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def folder_of(self, engine: str) -> Path:
        """Where the models of ``engine`` lie."""
        return self.folder / PLACES[engine][0]

    def path_of(self, engine: str, name: str) -> Path:
        """The file of a model, whether it is there or not."""
        return self.folder_of(engine) / f"{name}{PLACES[engine][1]}"

    def chosen(self, engine: str) -> str | None:
        """The model that ``engine`` is to use; None leaves it to the shipped training data.

        Raises:
            ChoiceUnreadable: somebody else wrote into the file.
        """
        return self._read()["in_use"].get(engine)

    def previous(self, engine: str) -> str | None:
        """The model that was in use before, to roll back to."""
        return self._read()["previous"].get(engine)

    def choose(self, engine: str, name: str) -> None:
        """Let ``engine`` use ``name`` from now on.

        Raises:
            UnknownModel: its file is not there.
        """
        if not self.path_of(engine, name).exists():
            raise UnknownModel(f"there is no model {name!r} of the {engine} engine")
        with self._alone():
            choice = self._read()
            before = choice["in_use"].get(engine)
            if before not in {None, name}:
                choice["previous"][engine] = before
            choice["in_use"][engine] = name
            write_whole(self.folder / POINTER, json.dumps(choice, indent=2).encode())

    def engine_of(self, name: str) -> str:
        """The engine that the model ``name`` belongs to.

        Raises:
            UnknownModel: there is no such model.
        """
        for engine in PLACES:
            if self.path_of(engine, name).exists():
                return engine
        raise UnknownModel(f"there is no model {name!r}; «huiyin nlu models» lists them")

    def cards(self) -> list[ModelCard]:
        """All models, the newest first."""
        found = [self._card(engine, path) for engine in PLACES for path in self._files(engine)]
        return sorted(found, key=lambda card: card.made_at, reverse=True)

    def write_card(self, card: ModelCard) -> None:
        """Keep ``card`` beside its model."""
        content = asdict(card) | {"made_at": card.made_at.isoformat()}
        path = self._card_path(card.engine, card.name)
        write_whole(path, json.dumps(content, ensure_ascii=False, indent=2).encode())

    def _files(self, engine: str) -> list[Path]:
        folder, ending = PLACES[engine]
        return sorted((self.folder / folder).glob(f"{engine}-*{ending}"))

    def _card(self, engine: str, path: Path) -> ModelCard:
        name = path.name.removesuffix(PLACES[engine][1])
        made_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        try:
            content = json.loads(self._card_path(engine, name).read_text(encoding="utf-8"))
            return ModelCard(**content | {"made_at": datetime.fromisoformat(content["made_at"])})
        except (OSError, ValueError, KeyError, TypeError):
            return ModelCard(name=name, engine=engine, made_at=made_at)

    def _card_path(self, engine: str, name: str) -> Path:
        return self.folder_of(engine) / f"{name}.card.json"

    def _read(self) -> dict[str, Any]:
        try:
            choice = json.loads((self.folder / POINTER).read_text(encoding="utf-8"))
            return {"in_use": dict(choice["in_use"]), "previous": dict(choice["previous"])}
        except FileNotFoundError:
            return {"in_use": {}, "previous": {}}
        except (ValueError, KeyError, TypeError) as error:
            raise ChoiceUnreadable(f"{self.folder / POINTER} is damaged: delete it") from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".in-use.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def write_whole(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` so that it is there whole or not at all, on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
