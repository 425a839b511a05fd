"""Keep our own Rasa server alive, and change its model when another one was chosen."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from huiyin.rasa_environment import RasaUnavailable, Report
from huiyin.rasa_process import RasaProcess, ServerCommand

log = structlog.get_logger(__name__)


class RasaModels(ServerCommand, Protocol):
    """What the supervision needs of :class:`huiyin.rasa_environment.RasaEnvironment`."""

    report: Report

    def prepare(self) -> Path:
        """The model to begin with; raises RasaUnavailable."""
        ...

    def chosen_model(self) -> Path | None:
        """The model that was chosen since; None when none was."""
        ...


@dataclass(frozen=True, kw_only=True)
class RasaAddress:
    """Where a healthy server answers, and with which model."""

    url: str
    token: str
    model: str


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long things may take, in seconds; tests hurry.

    A server counts as hung when ``hung_after`` looks in a row, ``look_every`` apart, find it
    not answering: training beside it makes it slow, which is no reason to end it.
    """

    ready: float = 180.0
    look_every: float = 2.0
    hung_after: int = 8
    first_restart: float = 2.0
    longest_restart: float = 120.0


class RasaServer:
    """Prepares and supervises Rasa in a background thread.

    Args:
        models: installs, trains and tells which model to serve.
        port: loopback port to serve on, if it is free.
        on_ready: told each time the server becomes healthy, or answers with another model.
        on_leave: told when it must not be asked: it changes its model, hangs or is gone.
        pace: how patient to be.
    """

    def __init__(
        self,
        models: RasaModels,
        port: int,
        on_ready: Callable[[RasaAddress], None],
        *,
        on_leave: Callable[[], None] = lambda: None,
        pace: Pace | None = None,
    ) -> None:
        self._models = models
        self._port = port
        self._on_ready = on_ready
        self._on_leave = on_leave
        self._pace = pace or Pace()
        self._stopping = threading.Event()
        self._refused: Path | None = None
        self.process: RasaProcess | None = None
        self._thread = threading.Thread(target=self._supervise, name="rasa", daemon=True)

    def start(self) -> None:
        """Return at once; installing, training and starting go on in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End the server and its supervision."""
        self._stopping.set()
        if self.process is not None:
            self.process.end()

    def _supervise(self) -> None:
        try:
            model = self._models.prepare()
        except RasaUnavailable as reason:
            self._models.report(f"Rasa: {reason}")
            log.warning("rasa_unavailable", action="rasa_prepare")
            return
        delay = self._pace.first_restart
        while not self._stopping.is_set():
            began = time.monotonic()
            model = self._serve(self._models.chosen_model() or model)
            if time.monotonic() - began > self._pace.longest_restart:
                delay = self._pace.first_restart
            if self._stopping.wait(delay):
                return
            log.warning("rasa_restart", action="rasa_restart", delay_seconds=delay)
            delay = min(delay * 2, self._pace.longest_restart)

    def _serve(self, model: Path) -> Path:
        """Serve until the server is gone or hangs, and return the model it had at the end."""
        process = self.process = RasaProcess(self._models, model, self._port)
        if self._becomes_healthy(process):
            self._models.report("Rasa: ready, it now understands messages first")
            self._announce(process)
            self._watch(process)
            self._on_leave()
        if self._stopping.is_set():
            process.end()
        else:
            # It is gone or hangs: there is nothing that it could still do well.
            process.kill()
        return process.model

    def _becomes_healthy(self, process: RasaProcess) -> bool:
        deadline = time.monotonic() + self._pace.ready
        while time.monotonic() < deadline and not self._stopping.is_set():
            if process.has_ended():
                return False
            if process.is_healthy():
                return True
            self._stopping.wait(min(1.0, self._pace.look_every))
        return False

    def _watch(self, process: RasaProcess) -> None:
        silent = 0
        while not process.has_ended() and silent < self._pace.hung_after:
            if self._stopping.wait(self._pace.look_every):
                return
            silent = 0 if process.is_healthy() else silent + 1
            if silent == 0:
                self._follow_choice(process)

    def _follow_choice(self, process: RasaProcess) -> None:
        wanted = self._models.chosen_model()
        if wanted is None or wanted in {process.model, self._refused}:
            return
        # Loading blocks the server's one event loop: meanwhile nobody is to wait for it.
        self._on_leave()
        if not process.load_model(wanted):
            self._refused = wanted
            log.warning("rasa_model_refused", action="rasa_reload", model=_name(wanted))
        if process.is_healthy():
            self._announce(process)

    def _announce(self, process: RasaProcess) -> None:
        address = RasaAddress(url=process.url, token=process.token, model=_name(process.model))
        self._on_ready(address)


def _name(model: Path) -> str:
    return model.name.removesuffix(".tar.gz")
