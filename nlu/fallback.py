"""Two engines behind one port: the better one while it is well, the local one otherwise.

A circuit breaker: the first failure of the primary opens the circuit, and from then on the
fallback answers at once. A primary that answers late has its answer taken, once, and counts as
ill as well. Whether it is well again is asked in the background, never on a resident's time.
"""

import threading
import time
from collections.abc import Callable, Sequence

import structlog

from nlu.understanding import MessageParser, NluError, ParserUnavailable, Understanding

log = structlog.get_logger(__name__)

PROBE_INTERVAL_SECONDS = 5.0
LONGEST_PROBE_INTERVAL_SECONDS = 60.0
SLOW_SECONDS = 0.5
"""A message that took longer opens the circuit, although it was answered."""

PROBE_TEXT = "你好，小区路灯坏了"

Healthy = Callable[[], bool]


class FallbackParser:
    """Never raises ParserUnavailable: what the primary cannot answer, the fallback does.

    Args:
        fallback: always at hand.
        probe_interval_seconds: first pause before the primary is tried again.
        slow_seconds: what a message may cost before the primary counts as ill.
    """

    def __init__(
        self,
        fallback: MessageParser,
        *,
        probe_interval_seconds: float = PROBE_INTERVAL_SECONDS,
        slow_seconds: float = SLOW_SECONDS,
    ) -> None:
        self._slow_seconds = slow_seconds
        self._fallback = fallback
        self._interval_seconds = probe_interval_seconds
        self._primary: MessageParser | None = None
        self._healthy: Healthy | None = None
        self._open = False
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    @property
    def name(self) -> str:
        """The engine that answers at the moment."""
        primary = self._usable()
        return primary.name if primary else self._fallback.name

    def set_primary(
        self, primary: MessageParser, healthy: Healthy | None = None, *, known_well: bool = True
    ) -> None:
        """Ask ``primary`` first from now on.

        Args:
            primary: the better engine.
            healthy: a cheap check of it; without one it is tried with a fixed sentence.
            known_well: whether it may be asked at once, or must show first that it is well.
        """
        with self._lock:
            self._primary, self._healthy, self._open = primary, healthy, not known_well
        log.info("parser_switched", action="parser_switch", parser=primary.name)
        if not known_well:
            self._start_watching(primary)

    def drop_primary(self) -> None:
        """Let the fallback answer until a primary is set again; messages at hand go on."""
        with self._lock:
            self._primary, self._healthy, self._open = None, None, False
        log.info("parser_switched", action="parser_switch", parser=self._fallback.name)

    def close(self) -> None:
        """Stop looking after the primary."""
        self._stopping.set()

    def parse(self, text: str) -> Understanding:
        """What ``text`` means, by whichever engine is well."""
        return self.parse_many([text])[0]

    def parse_many(self, texts: Sequence[str]) -> list[Understanding]:
        """What each of ``texts`` means; all of them by the same engine."""
        primary = self._usable()
        if primary is None:
            return self._fallback.parse_many(texts)
        began = time.monotonic()
        try:
            found = primary.parse_many(texts)
        except ParserUnavailable as reason:
            self._break(primary, str(reason))
            return self._fallback.parse_many(texts)
        if self._was_slow(began, len(texts)):
            self._break(primary, "it answers late")
        return found

    def _was_slow(self, began: float, texts: int) -> bool:
        return time.monotonic() - began > self._slow_seconds * max(1, texts)

    def _usable(self) -> MessageParser | None:
        with self._lock:
            return None if self._open else self._primary

    def _break(self, primary: MessageParser, reason: str) -> None:
        with self._lock:
            if self._open or self._primary is not primary:
                return
            self._open = True
        log.warning("parser_lost", action="parser_circuit_open", reason=reason)
        self._start_watching(primary)

    def _start_watching(self, primary: MessageParser) -> None:
        thread = threading.Thread(
            target=self._watch, args=(primary,), name="parser-probe", daemon=True
        )
        thread.start()

    def _watch(self, primary: MessageParser) -> None:
        pause = self._interval_seconds
        while not self._stopping.wait(pause):
            if self._primary is not primary or not self._open:
                return
            if self._is_well(primary):
                with self._lock:
                    self._open = self._open and self._primary is not primary
                log.info("parser_back", action="parser_circuit_closed")
                return
            pause = min(pause * 2, LONGEST_PROBE_INTERVAL_SECONDS)

    def _is_well(self, primary: MessageParser) -> bool:
        try:
            if self._healthy is not None and not self._healthy():
                return False
            # A server can report health and answer nonsense: only an answer counts.
            began = time.monotonic()
            primary.parse(PROBE_TEXT)
        except NluError:
            return False
        return not self._was_slow(began, 1)
