"""Take up in this process what another one changed: published texts, chosen models."""

import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)

PERIOD_SECONDS = 3.0


class Watcher:
    """Looks every few seconds whether something is newer than what this process holds.

    Args:
        name: of the thread, and of the log line when a look fails.
        look: cheap when nothing changed; takes up what did.
        seconds: how often.
    """

    def __init__(
        self, name: str, look: Callable[[], object], *, seconds: float = PERIOD_SECONDS
    ) -> None:
        self._look = look
        self._seconds = seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=name, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()

    def _watch(self) -> None:
        while not self._stopping.wait(self._seconds):
            try:
                self._look()
            except Exception:
                # One look that fails, say while the database restarts, must not be the last.
                log.exception("look_failed", action="watch", watcher=self._thread.name)
