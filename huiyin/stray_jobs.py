"""Jobs that are marked as running and that nobody runs: found, and queued again.

A worker marks a job as its own before it starts it. When the database goes away in between, the
mark stays and the job would wait until that worker starts anew; when a worker never comes back,
for ever. Jobs bear being run twice, so one that is doubtful is rather run again than left.
"""

import time
from collections.abc import Callable, Collection
from typing import Any, Protocol

OWN_PATIENCE_SECONDS = 10.0
"""Between the mark and the start of a job lie milliseconds."""
OTHERS_PATIENCE_SECONDS = 300.0
"""Longer than another worker needs for all its attempts at one job."""
LOOKED_AT = 1000


class JobLedger(Protocol):
    """What the search needs of ``dbos.DBOSClient``."""

    def list_workflows(
        self, *, status: str | list[str], limit: int, load_input: bool, load_output: bool
    ) -> list[Any]:
        """Jobs in one of these states, oldest first."""
        ...

    def resume_workflow(self, workflow_id: str, *, queue_name: str) -> object:
        """Queue a job again; one that has ended meanwhile stays as it is."""
        ...


class StrayJobs:
    """Looks for strays whenever it is asked to.

    How long a job has been seen astray is measured with a clock that never jumps.

    Args:
        ledger: Where the jobs stand.
        queue: Into which queue a stray goes back.
        executor: Name of this worker.
        running: Ids of the jobs that this process runs at the moment.
        seconds: Tells seconds that only grow.
    """

    def __init__(
        self,
        ledger: JobLedger,
        *,
        queue: str,
        executor: str,
        running: Collection[str],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger = ledger
        self._queue = queue
        self._executor = executor
        self._running = running
        self._seconds = seconds
        self._first_seen: dict[tuple[str, int | None], float] = {}

    def take_up(self) -> list[str]:
        """Queue again what has been astray for too long; the ids of those jobs."""
        claimed = [job for job in self._claimed() if job.workflow_id not in self._running]
        self._remember(claimed)
        strays = [job.workflow_id for job in claimed if self._is_stray(job)]
        for job_id in strays:
            self._ledger.resume_workflow(job_id, queue_name=self._queue)
        return strays

    def _claimed(self) -> list[Any]:
        return self._ledger.list_workflows(
            status="PENDING", limit=LOOKED_AT, load_input=False, load_output=False
        )

    def _remember(self, claimed: list[Any]) -> None:
        now = self._seconds()
        self._first_seen = {
            _run_of(job): self._first_seen.get(_run_of(job), now) for job in claimed
        }

    def _is_stray(self, job: Any) -> bool:
        own = job.executor_id == self._executor
        patience = OWN_PATIENCE_SECONDS if own else OTHERS_PATIENCE_SECONDS
        return self._seconds() - self._first_seen[_run_of(job)] >= patience


def _run_of(job: Any) -> tuple[str, int | None]:
    # The same job claimed a second time is another run of it.
    return job.workflow_id, job.dequeued_at
