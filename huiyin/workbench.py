"""Where commands train models and try them, one engine at a time, beside the running service."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from huiyin.bootstrap import RASA_PROJECT, TRAINING_DATA, Service
from huiyin.errors import HuiyinError
from huiyin.rasa_environment import RasaEnvironment
from huiyin.rasa_process import RasaProcess
from nlu.learning.remembering import RememberingEmbedder
from nlu.local_parser import LocalParser
from nlu.model_registry import ModelRegistry
from nlu.rasa_parser import RasaParser
from nlu.training_data import Example
from nlu.understanding import MessageParser

BATCH_TIMEOUT_SECONDS = 10.0
"""A command can wait longer than a resident."""

READY_TIMEOUT_SECONDS = 180.0
VECTORS = "sentence-vectors.npz"


class Workbench(Protocol):
    """Trains and opens the models of one engine."""

    def train(self, more_examples: Sequence[Example] = ()) -> str:
        """Learn from the shipped data and ``more_examples``; returns the model's name.

        The same examples again cost nothing: the model is there already.
        """
        ...

    def open(self, name: str) -> MessageParser:
        """A parser that answers by the model ``name``; the one opened before is gone."""
        ...


class LocalWorkbench:
    """Trains in this process."""

    def __init__(self, service: Service, models: ModelRegistry) -> None:
        self._service = service
        self._models = models
        folder = models.folder_of("local")
        self._embedder = RememberingEmbedder(service.embedder, folder / VECTORS)

    def train(self, more_examples: Sequence[Example] = ()) -> str:
        """See :class:`Workbench`."""
        name = self._parser(more_examples=more_examples).prepare()
        self._embedder.keep()
        return name

    def open(self, name: str) -> MessageParser:
        """See :class:`Workbench`."""
        parser = self._parser(chosen=name)
        if parser.prepare() != name:
            raise HuiyinError(f"the model {name} was made by another release: train anew")
        return parser

    def _parser(
        self, *, more_examples: Sequence[Example] = (), chosen: str | None = None
    ) -> LocalParser:
        return LocalParser(
            self._embedder,
            training_data=TRAINING_DATA,
            cache=self._models.folder_of("local"),
            gazetteer=self._service.composer.gazetteer,
            more_examples=more_examples,
            chosen=lambda: chosen,
        )


class RasaWorkbench:
    """Trains in Rasa's environment; one server of its own shows one model after the other."""

    def __init__(self, service: Service, models: ModelRegistry) -> None:
        self._service = service
        self._models = models
        self._process: RasaProcess | None = None

    def train(self, more_examples: Sequence[Example] = ()) -> str:
        """See :class:`Workbench`."""
        model = self._environment(more_examples).train()
        return model.name.removesuffix(".tar.gz")

    def open(self, name: str) -> MessageParser:
        """See :class:`Workbench`."""
        model = self._models.path_of("rasa", name)
        if self._process is None:
            self._process = self._start(model)
        elif self._process.model != model and not self._process.load_model(model):
            raise HuiyinError(f"Rasa does not load the model {name}")
        return RasaParser(
            self._process.url,
            self._process.token,
            gazetteer=self._service.composer.gazetteer,
            timeout_seconds=BATCH_TIMEOUT_SECONDS,
            model=name,
        )

    @property
    def server_pid(self) -> int:
        """The server's process; there is one once a model was opened."""
        if self._process is None:
            raise HuiyinError("no model of Rasa's is open")
        return self._process.pid

    def close(self) -> None:
        """End the server."""
        if self._process is not None:
            self._process.end()

    def _start(self, model: Path) -> RasaProcess:
        self._service.report("Rasa: starting")
        # A port of its own: the service may be running beside the command.
        port = self._service.settings.rasa_port + 1
        process = RasaProcess(self._environment(), model, port)
        deadline = time.monotonic() + READY_TIMEOUT_SECONDS
        while not process.is_healthy():
            if process.has_ended() or time.monotonic() > deadline:
                process.end()
                raise HuiyinError(f"Rasa did not become ready with the model {model.name}")
            time.sleep(0.5)
        return process

    def _environment(self, more_examples: Sequence[Example] = ()) -> RasaEnvironment:
        return RasaEnvironment(
            RASA_PROJECT,
            self._models.folder_of("rasa"),
            self._service.report,
            more_examples=more_examples,
        )


@contextmanager
def open_workbench(service: Service, engine: str, models: ModelRegistry) -> Iterator[Workbench]:
    """The workbench of ``engine``, "local" or "rasa"; what it makes lies in ``models``."""
    if engine == "local":
        yield LocalWorkbench(service, models)
        return
    rasa = RasaWorkbench(service, models)
    try:
        yield rasa
    finally:
        rasa.close()
