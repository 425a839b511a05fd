"""Which pages of a delivery have arrived, for apps that show a repeated message twice."""

import threading
from collections import OrderedDict

KEPT_DELIVERIES = 10_000


class ArrivedPages:
    """Remembers the latest deliveries of this process, so that a retry repeats nothing."""

    def __init__(self, kept: int = KEPT_DELIVERIES) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._pages: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def under(self, delivery_key: str) -> tuple[str, ...]:
        """The message ids of the pages that have arrived, in order; often none."""
        with self._lock:
            return self._pages.get(delivery_key, ())

    def note(self, delivery_key: str, message_id: str) -> tuple[str, ...]:
        """Note that the next page has arrived; all ids of the delivery."""
        with self._lock:
            arrived = (*self._pages.pop(delivery_key, ()), message_id)
            self._pages[delivery_key] = arrived
            while len(self._pages) > self._kept:
                self._pages.popitem(last=False)
            return arrived
