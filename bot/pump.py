"""Keeps inbox and outbox moving in the background, many residents at once, each in order."""

import threading
from collections import deque
from collections.abc import Callable

import structlog

from bot.delivery import Delivery
from bot.inbox import Inbox

log = structlog.get_logger(__name__)

THREADS = 4
SWEEP_SECONDS = 1.0


class Pump:
    """Answers and delivers for every resident that it is woken for, and sweeps up the rest.

    Being woken makes it quick; the sweep makes it certain: what another process left behind,
    what was postponed, what a crash interrupted.
    """

    def __init__(
        self,
        inbox: Inbox,
        delivery: Delivery,
        *,
        threads: int = THREADS,
        sweep_seconds: float = SWEEP_SECONDS,
    ) -> None:
        self._inbox = inbox
        self._delivery = delivery
        self._sweep_seconds = sweep_seconds
        self._threads = [
            threading.Thread(target=self._run, args=(self._work,), name=f"pump-{n}", daemon=True)
            for n in range(threads)
        ]
        self._sweeper = threading.Thread(
            target=self._run, args=(self._sweep,), name="pump-sweep", daemon=True
        )
        self._changed = threading.Condition()
        self._waiting: deque[str] = deque()
        self._active: set[str] = set()
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin, with whatever was left from before."""
        self._inbox.on_received(self.wake)
        for thread in (*self._threads, self._sweeper):
            thread.start()

    def stop(self, *, timeout_seconds: float = 10) -> None:
        """Finish what is being answered and stop."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        for thread in (*self._threads, self._sweeper):
            thread.join(timeout_seconds)

    def wake(self, resident: str) -> None:
        """There is something to do for ``resident``."""
        with self._changed:
            if resident not in self._waiting:
                self._waiting.append(resident)
                self._changed.notify()

    def _run(self, once: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            try:
                once()
            except Exception:
                log.exception("pump_failed", action="pump")
                self._stopping.wait(self._sweep_seconds)

    def _work(self) -> None:
        resident = self._next()
        if resident is None:
            return
        try:
            self._inbox.work_through(resident)
            self._delivery.deliver_to(resident)
        finally:
            with self._changed:
                self._active.discard(resident)
                self._changed.notify()

    def _next(self) -> str | None:
        """The next resident that no thread of ours works for; None when it is time to look."""
        with self._changed:
            free = next((one for one in self._waiting if one not in self._active), None)
            if free is None:
                self._changed.wait(self._sweep_seconds)
                return None
            self._waiting.remove(free)
            self._active.add(free)
            return free

    def _sweep(self) -> None:
        for resident in self._inbox.residents_waiting():
            self.wake(resident)
        self._delivery.deliver_due()
        self._stopping.wait(self._sweep_seconds)
