"""Figures of what waits and what failed, for Prometheus: counts only, nobody's data."""

from collections.abc import Iterable, Mapping

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel, col, func, select

from bot.tables import ChatInbox, ChatOutbox
from huiyin.jobs import DbosJobQueue
from petitions.tables import Notification

PARKED_COUNTED = 1000
WATCHED: Mapping[str, tuple[type[SQLModel], tuple[str, ...]]] = {
    "huiyin_updates": (ChatInbox, ("waiting", "dead")),
    "huiyin_messages": (ChatOutbox, ("pending", "failed")),
    "huiyin_notifications": (Notification, ("pending", "failed")),
}
"""Tables whose rows have a status, and the statuses that somebody may have to look at."""


class WaitingFigures(Collector):
    """Counts rows when Prometheus asks.

    Args:
        database: Where the rows are.
        jobs: Knows what is parked.
    """

    def __init__(self, database: Engine, jobs: DbosJobQueue) -> None:
        self._database = database.execution_options(read_only=True)
        self._jobs = jobs

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: the database need not answer yet when this is registered."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The figures of this moment; none while the database does not answer."""
        try:
            yield from list(self._figures())
        except SQLAlchemyError:
            return

    def _figures(self) -> Iterable[Metric]:
        with Session(self._database) as session:
            for name, (table, statuses) in WATCHED.items():
                yield _family(name, _count(session, table, statuses))
        parked = GaugeMetricFamily("huiyin_jobs_parked", "Jobs that failed at every attempt.")
        parked.add_metric((), len(self._jobs.parked(limit=PARKED_COUNTED)))
        yield parked


def _family(name: str, counts: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, "Rows by status.", labels=("status",))
    for status, count in counts.items():
        family.add_metric((status,), count)
    return family


def _count(session: Session, table: type[SQLModel], statuses: tuple[str, ...]) -> dict[str, int]:
    status = col(getattr(table, "status"))  # noqa: B009 - not every table has one
    query = select(status, func.count()).where(status.in_(statuses)).group_by(status)
    return dict.fromkeys(statuses, 0) | {name: count for name, count in session.exec(query)}
