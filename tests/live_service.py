"""A whole service on a random loopback port, for tests that go the whole road."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn

from huiyin.bootstrap import Service
from huiyin.jobs import JobWorker
from huiyin.preparation import prepare
from huiyin.serving import job_handlers
from huiyin.settings import Settings
from huiyin.web import make_web_app

START_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class LiveService:
    """A running service with the passwords of its sample accounts."""

    service: Service
    url: str
    passwords: dict[str, str]


@contextlib.contextmanager
def live_service(data_dir: Path, models: Path) -> Iterator[LiveService]:
    """Prepare and serve the sample community in ``data_dir`` until the block is left."""
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / "models").symlink_to(models)
    port = _free_port()
    service = Service(settings=Settings(data_dir=data_dir, port=port, parser="local"))
    accounts = prepare(service).accounts
    server = uvicorn.Server(
        uvicorn.Config(make_web_app(service), port=port, log_level="error", access_log=False)
    )
    worker = JobWorker(service.settings.resolved_database_url, job_handlers(service))
    thread = threading.Thread(target=server.run, daemon=True)
    worker.start()
    service.pump.start()
    thread.start()
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url)
        passwords = {account.member.username: account.password for account in accounts}
        yield LiveService(service=service, url=url, passwords=passwords)
    finally:
        server.should_exit = True
        thread.join(15)
        service.pump.stop()
        worker.stop()
        service.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}/readyz", timeout=2).is_success:
                return
        time.sleep(0.1)
    raise TimeoutError("the service did not become ready")
