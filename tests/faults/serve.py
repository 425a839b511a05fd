"""One role of the real service with a small parser and embedder, so that it starts in a second.

The tests fork it from a process that has read all its modules already (``multiprocessing``'s fork
server): reading them takes longer than everything else, and fifty kills need it fifty times.
"""

import faulthandler
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from multiprocessing.connection import Connection
from pathlib import Path

from huiyin.bootstrap import Service
from huiyin.logs import configure_logs
from huiyin.serving import ServeRole, serve
from huiyin.settings import Settings
from knowledge.hashing_embedder import HashingEmbedder
from tests.bot.chat_fakes import RuleParser


class SteadyRules(RuleParser):
    """Rules that another process never changes, so there is nothing to take up."""

    def refresh(self) -> None:
        """Stay as it is."""


@dataclass(frozen=True, kw_only=True)
class LightService(Service):
    """The service as it is, but for its models."""

    @cached_property
    def embedder(self) -> HashingEmbedder:  # type: ignore[override]
        """No model to load."""
        return HashingEmbedder()

    @cached_property
    def local_parser(self) -> SteadyRules:  # type: ignore[override]
        """Understands by rules."""
        return SteadyRules()


def serve_role(
    role: str, environment: Mapping[str, str], log: Path, ready: "Connection[str, str]"
) -> None:
    """Serve a role until killed; says through ``ready`` when it runs."""
    _write_into(log)
    os.environ.update(environment)
    # A process that hangs can be asked where: kill -USR1.
    faulthandler.register(signal.SIGUSR1)
    settings = Settings()
    configure_logs(settings.log_level, readable=False)
    serve(LightService(settings=settings), ServeRole(role), lambda: ready.send(role))


def _write_into(log: Path) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for output in (1, 2):
        os.dup2(descriptor, output)
