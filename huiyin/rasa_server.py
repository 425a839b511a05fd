"""Start our own Rasa server on loopback and keep it alive."""

import secrets
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import structlog

from huiyin.rasa_environment import RasaEnvironment, RasaUnavailable, rasa_process_environment

log = structlog.get_logger(__name__)

READY_TIMEOUT_SECONDS = 180
FIRST_RESTART_DELAY_SECONDS = 2
LONGEST_RESTART_DELAY_SECONDS = 120


class RasaServer:
    """Prepares and supervises Rasa in a background thread.

    Args:
        environment: installs and trains.
        port: loopback port to serve on.
        on_ready: called with the base URL and the token each time the server becomes healthy.
    """

    def __init__(
        self, environment: RasaEnvironment, port: int, on_ready: Callable[[str, str], None]
    ) -> None:
        self.environment = environment
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.token = secrets.token_urlsafe(24)
        self.on_ready = on_ready
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._supervise, name="rasa", daemon=True)

    def start(self) -> None:
        """Return at once; installing, training and starting go on in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End the server and its supervision."""
        self._stopping.set()
        self._end_process()

    def healthy(self) -> bool:
        """Whether the server answers with a loaded model."""
        try:
            answer = httpx.get(f"{self.url}/status", params={"token": self.token}, timeout=2)
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK and bool(answer.json().get("model_file"))

    def _supervise(self) -> None:
        try:
            model = self.environment.prepare()
        except RasaUnavailable as reason:
            self.environment.report(f"Rasa: {reason}")
            log.warning("rasa_unavailable", action="rasa_prepare")
            return
        delay = FIRST_RESTART_DELAY_SECONDS
        while not self._stopping.is_set():
            began = time.monotonic()
            self._serve_once(model)
            if time.monotonic() - began > LONGEST_RESTART_DELAY_SECONDS:
                delay = FIRST_RESTART_DELAY_SECONDS
            if self._stopping.wait(delay):
                return
            delay = min(delay * 2, LONGEST_RESTART_DELAY_SECONDS)
            log.warning("rasa_restart", action="rasa_restart", delay_seconds=delay)

    def _serve_once(self, model: Path) -> None:
        self._process = self._launch(model)
        if self._wait_until_healthy():
            self.environment.report("Rasa: ready, it now understands messages first")
            self.on_ready(self.url, self.token)
            self._process.wait()
        self._end_process()

    def _launch(self, model: Path) -> subprocess.Popen[bytes]:
        command = [str(self.environment.python), "-m", "rasa", "run", "--enable-api"]
        address = ["-i", "127.0.0.1", "-p", str(self.port), "--auth-token", self.token]
        files = ["--credentials", "credentials.yml", "--endpoints", "endpoints.yml"]
        return subprocess.Popen(  # noqa: S603 - the arguments are ours
            [*command, *address, *files, "--model", str(model)],
            cwd=self.environment.project,
            env=rasa_process_environment(),
            stdout=subprocess.DEVNULL,
            # Its access log would hold the token, which travels in the query string.
            stderr=subprocess.DEVNULL,
        )

    def _wait_until_healthy(self) -> bool:
        deadline = time.monotonic() + READY_TIMEOUT_SECONDS
        while time.monotonic() < deadline and not self._stopping.is_set():
            if self._process is None or self._process.poll() is not None:
                return False
            if self.healthy():
                return True
            time.sleep(1)
        return False

    def _end_process(self) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
