"""The supervision of Rasa: restarted when it is gone or hangs, given new models, never orphaned."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from huiyin.bootstrap import say_nothing
from huiyin.rasa_environment import RasaUnavailable, tethered
from huiyin.rasa_process import RasaProcess
from huiyin.rasa_server import Pace, RasaAddress, RasaServer
from tests import fake_rasa
from tests.nlu_engines import (
    is_alive,
    real_server,
    small_rasa_environment,
    unused_port,
    wait_until,
)

ROOT = Path(__file__).resolve().parents[2]
HURRIED = Pace(ready=20, look_every=0.05, hung_after=3, first_restart=0.05, longest_restart=0.5)


@dataclass
class FakeModels:
    """Two models that the fake server takes; ``chosen`` names the wanted one."""

    project: Path
    chosen: Path | None = None
    trouble: str = ""
    report: object = say_nothing
    ports: list[int] = field(default_factory=list)

    def model(self, name: str) -> Path:
        path = self.project / f"{name}.tar.gz"
        path.touch()
        return path

    def prepare(self) -> Path:
        if self.trouble:
            raise RasaUnavailable(self.trouble)
        return self.model("rasa-old")

    def chosen_model(self) -> Path | None:
        return self.chosen

    def serve_command(self, model: Path, port: int, token: str) -> list[str]:
        self.ports.append(port)
        command = [sys.executable, fake_rasa.__file__, "--port", str(port)]
        return [*command, "--token", token, "--model", str(model)]


@dataclass
class Told:
    """What the supervision told the parsers, in order."""

    news: list[RasaAddress | None] = field(default_factory=list)

    def ready(self, address: RasaAddress) -> None:
        self.news.append(address)

    def leave(self) -> None:
        self.news.append(None)

    def models(self) -> list[str | None]:
        return [address.model if address else None for address in self.news]


@pytest.fixture
def models(tmp_path: Path) -> FakeModels:
    return FakeModels(tmp_path)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def server(models: FakeModels, told: Told) -> Iterator[RasaServer]:
    server = RasaServer(models, unused_port(), told.ready, on_leave=told.leave, pace=HURRIED)
    yield server
    server.stop()


def pid_of(server: RasaServer) -> int:
    assert server.process is not None
    return server.process.pid


def test_it_is_announced_once_it_is_healthy(server: RasaServer, told: Told) -> None:
    server.start()
    wait_until(lambda: told.news, "the server is announced")
    address = told.news[0]
    assert address is not None
    assert address.model == "rasa-old"
    assert httpx.get(f"{address.url}/status", params={"token": address.token}).is_success
    assert httpx.get(f"{address.url}/status").status_code == 401


def test_a_killed_server_is_started_again(server: RasaServer, told: Told) -> None:
    server.start()
    wait_until(lambda: told.news, "the server is announced")
    os.kill(pid_of(server), signal.SIGKILL)
    wait_until(lambda: len(told.news) == 3, "the next server is announced")
    assert told.models() == ["rasa-old", None, "rasa-old"]


def test_a_hung_server_is_ended_and_started_again(models: FakeModels, told: Told) -> None:
    server = RasaServer(models, unused_port(), told.ready, on_leave=told.leave, pace=HURRIED)
    server.start()
    wait_until(lambda: told.news, "the server is announced")
    hung = pid_of(server)
    os.kill(hung, signal.SIGSTOP)
    wait_until(lambda: len(told.news) == 3, "the next server is announced", 60)
    assert not is_alive(hung)
    server.stop()


def test_a_newly_chosen_model_is_loaded_without_a_new_process(
    server: RasaServer, models: FakeModels, told: Told
) -> None:
    server.start()
    wait_until(lambda: told.news, "the server is announced")
    before = pid_of(server)
    models.chosen = models.model("rasa-new")
    wait_until(lambda: len(told.news) == 3, "the new model is announced")
    assert told.models() == ["rasa-old", None, "rasa-new"]
    assert pid_of(server) == before


def test_a_model_that_it_refuses_leaves_the_old_one_and_is_not_tried_for_ever(
    server: RasaServer, models: FakeModels, told: Told
) -> None:
    server.start()
    wait_until(lambda: told.news, "the server is announced")
    models.chosen = models.project / "rasa-lost.tar.gz"
    wait_until(lambda: len(told.news) == 3, "the old model is announced again")
    models.chosen = models.model("rasa-new")
    wait_until(lambda: len(told.news) == 5, "the next choice is taken up")
    assert told.models() == ["rasa-old", None, "rasa-old", None, "rasa-new"]


def test_a_port_in_use_is_left_to_whoever_has_it(models: FakeModels, told: Told) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        server = RasaServer(models, taken, told.ready, pace=HURRIED)
        server.start()
        wait_until(lambda: told.news, "the server is announced")
        server.stop()
    assert models.ports[0] != taken


def test_what_cannot_be_had_is_said_in_one_line(models: FakeModels, told: Told) -> None:
    lines: list[str] = []
    models.trouble, models.report = "no Python 3.10 was found", lines.append
    server = RasaServer(models, unused_port(), told.ready, pace=HURRIED)
    server.start()
    wait_until(lambda: lines, "the reason is told")
    assert lines == ["Rasa: no Python 3.10 was found"]
    assert told.news == []
    server.stop()


def test_stopping_ends_the_process(server: RasaServer, told: Told) -> None:
    server.start()
    wait_until(lambda: told.news, "the server is announced")
    pid = pid_of(server)
    server.stop()
    assert not is_alive(pid)


SERVICE = """
import sys, time
from pathlib import Path
from huiyin.rasa_process import RasaProcess
class Commands:
    project = Path(sys.argv[1])
    def serve_command(self, model, port, token):
        fake = [sys.executable, sys.argv[2], "--port", str(port)]
        return [*fake, "--token", token, "--model", str(model)]
process = RasaProcess(Commands(), Path("m.tar.gz"), 0)
while not process.is_healthy():
    time.sleep(0.05)
print(process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="tethering is the kernel's, on Linux")
def test_a_service_killed_outright_leaves_no_server_behind(tmp_path: Path) -> None:
    service = subprocess.Popen(
        [sys.executable, "-c", SERVICE, str(tmp_path), fake_rasa.__file__],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert service.stdout is not None
    pid = int(service.stdout.readline())
    assert is_alive(pid)
    service.kill()
    service.wait()
    wait_until(lambda: not is_alive(pid), "the orphan is gone")


def test_training_yields_to_residents() -> None:
    show = [sys.executable, "-c", "import os; print(os.nice(0))"]
    done = subprocess.run(tethered(show, nice=10), capture_output=True, text=True, check=True)
    assert int(done.stdout) == min(19, os.nice(0) + 10)


@pytest.mark.rasa
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_real_rasa_restarts_reloads_and_does_not_outlive_us(tmp_path: Path, told: Told) -> None:
    environment = small_rasa_environment(tmp_path)
    model = environment.train()
    with real_server(environment) as process:
        copy = model.with_name("rasa-copy.tar.gz")
        copy.write_bytes(model.read_bytes())
        assert process.load_model(copy)
        assert process.is_healthy()
        assert not process.load_model(model.with_name("rasa-lost.tar.gz"))
        pid = process.pid
    assert not is_alive(pid)
    server = RasaServer(
        environment, unused_port(), told.ready, on_leave=told.leave, pace=Pace(first_restart=0.1)
    )
    server.start()
    wait_until(lambda: told.news, "Rasa is announced", 120)
    os.kill(pid_of(server), signal.SIGKILL)
    wait_until(lambda: len(told.news) == 3, "the restarted Rasa is announced", 120)
    server.stop()
    assert isinstance(server.process, RasaProcess)
    assert server.process.has_ended()
