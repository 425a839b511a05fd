"""Two engines as one: the better one while it is well, the other one at once when it is not.

A resident pays for a sick engine at most once, by its timeout. After that the breaker is open:
messages go straight to the fallback, and a probe in the background looks whether the engine is
well again, so that no resident's message is used to find out.
"""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog

from nlu.understanding import MessageParser, ParserUnavailable, Understanding

log = structlog.get_logger(__name__)

PROBE_INTERVAL_SECONDS = 5.0
Result = TypeVar("Result")


class FallbackParser:
    """Never raises as long as the fallback does not.

    Args:
        fallback: Always there.
        probe_interval_seconds: How often a sick primary is looked at again.
    """

    def __init__(
        self, fallback: MessageParser, *, probe_interval_seconds: float = PROBE_INTERVAL_SECONDS
    ) -> None:
        self._fallback = fallback
        self._interval = probe_interval_seconds
        self._lock = threading.Lock()
        self._primary: MessageParser | None = None
        self._probe: Callable[[], bool] | None = None
        self._well = False
        self._closed = threading.Event()

    @property
    def name(self) -> str:
        """The engine that the next message goes to."""
        primary = self._well_primary()
        return primary.name if primary else self._fallback.name

    def set_primary(self, primary: MessageParser, probe: Callable[[], bool]) -> None:
        """Use ``primary`` from now on; ``probe`` tells later whether it is well again."""
        with self._lock:
            self._primary, self._probe, self._well = primary, probe, True

    def parse(self, text: str) -> Understanding:
        """What ``text`` means, by whichever engine is well."""
        return self._first_well(lambda parser: parser.parse(text))

    def parse_many(self, texts: Sequence[str]) -> list[Understanding]:
        """What each of ``texts`` means, all by the same engine."""
        return self._first_well(lambda parser: parser.parse_many(texts))

    def close(self) -> None:
        """Stop looking after a sick engine."""
        self._closed.set()

    def _first_well(self, ask: Callable[[MessageParser], Result]) -> Result:
        primary = self._well_primary()
        if primary is not None:
            try:
                return ask(primary)
            except ParserUnavailable:
                self._open(primary)
        return ask(self._fallback)

    def _well_primary(self) -> MessageParser | None:
        with self._lock:
            return self._primary if self._well else None

    def _open(self, primary: MessageParser) -> None:
        with self._lock:
            if self._primary is not primary or not self._well:
                return
            self._well = False
        log.warning("parser_unavailable", action="parser_breaker_open", parser=primary.name)
        threading.Thread(
            target=self._probe_until_well, args=(primary,), name="parser-probe", daemon=True
        ).start()

    def _probe_until_well(self, primary: MessageParser) -> None:
        while not self._closed.wait(self._interval):
            with self._lock:
                if self._primary is not primary:
                    return
                probe = self._probe
            if probe is not None and probe():
                with self._lock:
                    self._well = self._primary is primary
                log.info("parser_well_again", action="parser_breaker_closed", parser=primary.name)
                return
