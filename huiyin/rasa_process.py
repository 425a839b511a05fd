"""One Rasa process of ours: launched on loopback, asked for its health, given models, ended."""

import os
import secrets
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import httpx

from huiyin.rasa_environment import rasa_process_environment, tethered

STATUS_TIMEOUT_SECONDS = 2.0
RELOAD_TIMEOUT_SECONDS = 60.0
END_TIMEOUT_SECONDS = 10.0


class ServerCommand(Protocol):
    """How a server is started; Rasa's own environment, or a small server in tests."""

    project: Path

    def serve_command(self, model: Path, port: int, token: str) -> list[str]:
        """The command that serves ``model`` on loopback."""
        ...


class RasaProcess:
    """A launched server. It ends with this process, however this process ends.

    Args:
        commands: tells how to start it.
        model: the model it is to load.
        wanted_port: taken if it is free, any free port otherwise.
    """

    def __init__(self, commands: ServerCommand, model: Path, wanted_port: int) -> None:
        self.model = model
        self.token = secrets.token_urlsafe(24)
        port = free_port(wanted_port)
        self.url = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(  # noqa: S603 - the arguments are ours
            tethered(commands.serve_command(model, port, self.token)),
            cwd=commands.project,
            env=rasa_process_environment(),
            stdout=subprocess.DEVNULL,
            # Its access log would hold the token, which travels in the query string.
            stderr=subprocess.DEVNULL,
            # Ctrl-C at the terminal reaches us; we end the server when we are done with it.
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The number of the server's process."""
        return self._process.pid

    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return self._process.poll() is not None

    def is_healthy(self) -> bool:
        """Whether the server answers with a loaded model."""
        try:
            answer = self._client(STATUS_TIMEOUT_SECONDS).get("/status")
            return answer.status_code == httpx.codes.OK and bool(answer.json().get("model_file"))
        except (httpx.HTTPError, ValueError, AttributeError):
            return False

    def load_model(self, model: Path) -> bool:
        """Let the running server change to ``model``; whether it did."""
        try:
            answer = self._client(RELOAD_TIMEOUT_SECONDS).put(
                "/model", json={"model_file": str(model)}
            )
        except httpx.HTTPError:
            return False
        if answer.is_success:
            self.model = model
        return answer.is_success

    def end(self) -> None:
        """End the process, by force if it does not listen."""
        if self.has_ended():
            return
        self._process.terminate()
        try:
            self._process.wait(END_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the process and its children at once."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _client(self, timeout_seconds: float) -> httpx.Client:
        return httpx.Client(
            base_url=self.url,
            params={"token": self.token},
            timeout=timeout_seconds,
            trust_env=False,
        )


def free_port(wanted: int) -> int:
    """``wanted`` if nobody listens there on loopback, else a port that is free."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on loopback")
