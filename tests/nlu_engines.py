"""Engines of understanding for tests: small training data, both parsers, servers well or ill."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from huiyin.bootstrap import RASA_PROJECT, TRAINING_DATA, say_nothing
from huiyin.rasa_environment import RasaEnvironment
from huiyin.rasa_process import RasaProcess
from knowledge.hashing_embedder import HashingEmbedder
from nlu.local_parser import LocalParser
from nlu.taxonomy import TABLE
from tests import fake_rasa

START_SECONDS = 20.0
REAL_START_SECONDS = 180.0
SMALL_DATA = ("intents", "categories/urban-construction.yml", "categories/politics-law.yml")


def lay_out_small_data(folder: Path) -> Path:
    """Every intent and two first-level classes: seconds of training instead of a minute."""
    for name in SMALL_DATA:
        source, target = TRAINING_DATA / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    return folder


def small_local_parser(folder: Path) -> LocalParser:
    """The local engine without a model file: hashed words instead of sentence vectors."""
    data = lay_out_small_data(folder / "data")
    return LocalParser(HashingEmbedder(), training_data=data, cache=folder / "models")


@contextlib.contextmanager
def fake_server(manner: str = "good") -> Iterator[fake_rasa.FakeRasa]:
    """The fake in this process, on a real socket."""
    server = fake_rasa.FakeRasa(0, token="secret", model="fake.tar.gz", manner=manner)
    server.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class FakeRasaProcess:
    """The fake as a process of its own, to be stopped, killed and started again."""

    def __init__(self) -> None:
        self.port = unused_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, fake_rasa.__file__, "--port", str(self.port)]
        self.process = subprocess.Popen([*command, "--token", "secret"])
        wait_until(self._answers, "the fake server answers")

    def stop_in_its_tracks(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(self.url, params={"token": "secret"}, timeout=1).is_success
        return False


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: object, what: str, seconds: float = START_SECONDS) -> None:
    """Fail with ``what`` when ``condition()`` does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            pytest.fail(f"waited in vain until {what}")
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z" and os.path.exists(f"/proc/{pid}")


def small_rasa_environment(folder: Path) -> RasaEnvironment:
    """A Rasa project of ours with little data, in the environment that is installed already."""
    if not (RASA_PROJECT / ".venv" / "bin" / "python").exists():
        pytest.skip("Rasa's environment is not installed; run: huiyin prepare --rasa")
    project = folder / "rasa"
    shutil.copytree(RASA_PROJECT, project, ignore=shutil.ignore_patterns(".*", "data", "models"))
    for table in (TABLE, TABLE.with_name("class_words.csv")):
        shutil.copy(table, folder / table.name)
    lay_out_small_data(project / "data")
    (project / ".venv").symlink_to((RASA_PROJECT / ".venv").resolve())
    return RasaEnvironment(project, folder / "models", say_nothing)


@contextlib.contextmanager
def real_server(environment: RasaEnvironment) -> Iterator[RasaProcess]:
    """A real Rasa with the small model, until the block is left."""
    process = RasaProcess(environment, environment.train(), unused_port())
    try:
        wait_until(process.is_healthy, "Rasa is ready", REAL_START_SECONDS)
        yield process
    finally:
        process.end()
