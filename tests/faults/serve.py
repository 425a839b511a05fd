"""One role of the real service with a small parser and embedder, so that it starts in a second.

Run by the tests as ``python -m tests.faults.serve web``; settings come from the environment.
"""

import faulthandler
import signal
import sys
from dataclasses import dataclass
from functools import cached_property

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


def main() -> None:
    """Serve the role named on the command line until killed."""
    # A process that hangs can be asked where: kill -USR1.
    faulthandler.register(signal.SIGUSR1)
    settings = Settings()
    configure_logs(settings.log_level, readable=False)
    serve(
        LightService(settings=settings),
        ServeRole(sys.argv[1]),
        lambda: print("ready", flush=True),
    )


if __name__ == "__main__":
    main()
