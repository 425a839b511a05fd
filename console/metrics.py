"""Figures of the web process for Prometheus: routes, statuses and durations, nobody's data."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5)


class WebMetrics:
    """Counts requests by the route's pattern, never by its address.

    Args:
        registry: Where the figures are kept; other parts may add theirs to it.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        """Declare the figures."""
        self.registry = registry
        self._requests = Counter(
            "huiyin_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "huiyin_http_seconds",
            "Time until a request was answered.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=registry,
        )

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)


def make_registry() -> CollectorRegistry:
    """A registry with the figures of the process itself."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return registry
