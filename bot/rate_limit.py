"""A token bucket for each caller: short bursts are fine, floods wait."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

KEPT_CALLERS = 50_000


class RateLimit:
    """Lets each caller act ``burst`` times at once and ``per_second`` after that.

    Lives in one process; with several, each lets the same through.

    Args:
        burst: How many at once.
        per_second: How many come back each second.
        clock: Seconds that only go forward.
    """

    def __init__(
        self,
        *,
        burst: int = 20,
        per_second: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if burst < 1 or per_second <= 0:
            raise ValueError("a rate limit must let something through")
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._lock = Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def seconds_left(self, caller: str) -> int:
        """0 when ``caller`` may act now; else the whole seconds to wait. Nothing is counted."""
        now = self._clock()
        with self._lock:
            left = self._left(self._buckets.get(caller), now)
        return 0 if left >= 1 else math.ceil((1 - left) / self._per_second)

    def _left(self, bucket: tuple[float, float] | None, now: float) -> float:
        left, seen = bucket or (float(self._burst), now)
        return min(self._burst, left + (now - seen) * self._per_second)

    def seconds_to_wait(self, caller: str) -> int:
        """0 when ``caller`` may act now, and counts it; else the whole seconds to wait."""
        now = self._clock()
        with self._lock:
            left = self._left(self._buckets.pop(caller, None), now)
            allowed = left >= 1
            self._buckets[caller] = (left - 1 if allowed else left, now)
            if len(self._buckets) > KEPT_CALLERS:
                self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) / self._per_second)
