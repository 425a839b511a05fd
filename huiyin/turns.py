"""First come, first served: one holder at a time, the others wait in the order they came."""

import threading
from collections import deque


class Turns:
    """A lock that is handed on to whoever waits longest.

    It may be given back by another thread than the one that took it.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def take(self, timeout: float) -> bool:
        """Wait at most ``timeout`` seconds; whether the turn came."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            called = threading.Event()
            self._waiting.append(called)
        if called.wait(timeout):
            return True
        with self._guard:
            if called.is_set():  # Called at the very moment of giving up.
                return True
            self._waiting.remove(called)
            return False

    def give_back(self) -> None:
        """Hand the turn on."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
