"""Durable jobs by DBOS, in the same database as everything else.

A job is enqueued by the transaction that made it necessary, carries only an id, and may run
more than once: its handler loads the row, looks at its state and then acts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, run_dbos_database_migrations
from sqlmodel import Session

from huiyin.stray_jobs import StrayJobs
from huiyin.watching import Watcher

log = structlog.get_logger(__name__)

APPLICATION = "huiyin"
QUEUE = "huiyin"
POLLING_INTERVAL_SECONDS = 0.2
WORKER_CONCURRENCY = 4
MAX_ATTEMPTS = 8
FIRST_RETRY_SECONDS = 1.0

JobHandler = Callable[[str], None]


def migrate_jobs(database_url: str) -> None:
    """Create or bring up to date the tables of DBOS."""
    run_dbos_database_migrations(system_database_url=database_url)


@dataclass(frozen=True, kw_only=True)
class ParkedJob:
    """A job that failed at every attempt.

    Attributes:
        id: Its own name among all jobs.
        workflow: What was to be done.
        job_id: To which row.
    """

    id: str
    workflow: str
    job_id: str
    parked_at: datetime


class DbosJobQueue:
    """Writes jobs into the caller's transaction: no commit, no job."""

    def __init__(self, database_url: str) -> None:
        self._client = DBOSClient(system_database_url=database_url, lazy=True)

    def enqueue(
        self, session: Session, workflow: str, job_id: str, *, delay_seconds: float = 0
    ) -> None:
        """Ask for ``workflow`` to run once with ``job_id``; asking again changes nothing."""
        options = _options(workflow, f"{workflow}:{job_id}")
        if delay_seconds:
            options["delay_seconds"] = delay_seconds
        self._client.enqueue_in_transaction(session, options, job_id)  # type: ignore[arg-type]

    def ask_anew(self, session: Session, workflow: str, job_id: str, *, occasion: str) -> None:
        """Ask for a job although it was asked for before; once for each ``occasion``."""
        options = _options(workflow, f"{workflow}:{job_id}:{occasion}")
        self._client.enqueue_in_transaction(session, options, job_id)  # type: ignore[arg-type]

    def parked(self, *, limit: int = 100) -> list[ParkedJob]:
        """Jobs that failed at every attempt and wait for a person, newest first."""
        rows = self._client.list_workflows(
            status=["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
            limit=limit,
            sort_desc=True,
            load_output=False,
        )
        return [_parked(row) for row in rows]

    def waiting(self, *, limit: int = 1000) -> list[str]:
        """Names of the jobs that are queued or running, oldest first."""
        rows = self._client.list_workflows(
            status=["ENQUEUED", "DELAYED", "PENDING"], limit=limit, load_output=False
        )
        return [row.workflow_id for row in rows]

    def retry(self, parked: ParkedJob) -> None:
        """Run a parked job again as a new one; the old one is deleted once that is asked for."""
        options = _options(parked.workflow, f"{parked.workflow}:{parked.job_id}:{uuid4().hex}")
        self._client.enqueue(options, parked.job_id)  # type: ignore[arg-type]
        self._client.delete_workflow(parked.id)

    def drop(self, parked: ParkedJob) -> None:
        """Delete a parked job; what it was about stays as it is."""
        self._client.delete_workflow(parked.id)

    def close(self) -> None:
        """Give the client's connections back."""
        self._client.destroy()


class JobWorker:
    """Runs queued jobs in this process until it is stopped.

    Args:
        database_url: where the jobs lie.
        handlers: what each workflow does with its id.
        executor: name of this worker, its own and stable over restarts, so that it takes up
            at once what it was doing when it was killed.
        attempts: how often a job is tried before it is parked for a person to look at.
        first_retry_seconds: pause after the first failure; each later one is twice as long.
    """

    def __init__(
        self,
        database_url: str,
        handlers: Mapping[str, JobHandler],
        *,
        executor: str = "local",
        attempts: int = MAX_ATTEMPTS,
        first_retry_seconds: float = FIRST_RETRY_SECONDS,
    ) -> None:
        self._database_url = database_url
        self._handlers = handlers
        self._executor = executor
        self._attempts = attempts
        self._first_retry_seconds = first_retry_seconds
        self._running: set[str] = set()
        self._client = DBOSClient(system_database_url=database_url, lazy=True)
        self._strays = StrayJobs(
            self._client, queue=QUEUE, executor=executor, running=self._running
        )
        self._watcher = Watcher("stray-jobs", self._take_up_strays)

    def start(self) -> None:
        """Take up interrupted jobs, then new ones, in background threads."""
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": self._database_url,
            "executor_id": self._executor,
            # Jobs interrupted under an older release are taken up by this one: they carry
            # only ids, so their meaning does not change with the code.
            "application_version": "1",
            "log_level": "ERROR",
            "use_listen_notify": False,
            "run_migrations": False,
        }
        DBOS(config=config)
        for name, handler in self._handlers.items():
            DBOS.workflow(name=name)(self._as_workflow(name, handler))
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            worker_concurrency=WORKER_CONCURRENCY,
            polling_interval_sec=POLLING_INTERVAL_SECONDS,
            on_conflict="always_update",
        )
        self._watcher.start()

    def stop(self) -> None:
        """Finish the running jobs and stop."""
        self._watcher.stop()
        self._client.destroy()
        DBOS.destroy(workflow_completion_timeout_sec=5, destroy_registry=True)

    def _as_workflow(self, name: str, handler: JobHandler) -> JobHandler:
        @DBOS.step(
            name=f"{name}_step",
            retries_allowed=True,
            max_attempts=self._attempts,
            interval_seconds=self._first_retry_seconds,
        )
        def attempt(job_id: str) -> None:
            handler(job_id)

        def workflow(job_id: str) -> None:
            run = str(DBOS.workflow_id)
            self._running.add(run)
            try:
                attempt(job_id)
            except Exception as error:
                # The words of an error may quote a resident, so only its kind is written down.
                log.error("job_parked", action=name, job=job_id, problem=type(error).__name__)
                raise
            finally:
                self._running.discard(run)
            log.info("job_done", action=name, job=job_id)

        workflow.__qualname__ = name
        return workflow

    def _take_up_strays(self) -> None:
        for job_id in self._strays.take_up():
            log.warning("stray_job_taken_up", action="take_up_strays", job=job_id)


def _options(workflow: str, workflow_id: str) -> dict[str, Any]:
    return {"queue_name": QUEUE, "workflow_name": workflow, "workflow_id": workflow_id}


def _parked(row: Any) -> ParkedJob:
    # Ids are made here as «workflow:job» or «workflow:job:occasion».
    workflow, job_id = row.workflow_id.split(":")[:2]
    moment = datetime.fromtimestamp((row.updated_at or row.created_at or 0) / 1000, UTC)
    return ParkedJob(id=row.workflow_id, workflow=workflow, job_id=job_id, parked_at=moment)
