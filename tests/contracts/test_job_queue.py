"""What every job queue promises: no commit, no job; a committed job runs; ids arrive whole."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dbos import DBOSClient
from sqlalchemy import Engine, text
from sqlmodel import Session

from huiyin.database import make_engine
from huiyin.jobs import QUEUE, DbosJobQueue, JobWorker, migrate_jobs
from huiyin.stray_jobs import StrayJobs
from petitions.memory_queue import InMemoryJobQueue
from petitions.ports import JobQueue

Run = Callable[[], None]


class JobQueueContract:
    """Run by each queue below; ``run`` lets queued jobs run, ``seen`` holds what ran."""

    @pytest.fixture
    def engine(self, tmp_path: Path) -> Engine:
        return make_engine(f"sqlite:///{tmp_path / 'jobs.db'}")

    def test_a_committed_job_runs_with_its_id(
        self, engine: Engine, queue: JobQueue, run: Run, seen: list[str]
    ) -> None:
        with Session(engine) as session:
            queue.enqueue(session, "deliver", "41")
            session.commit()
        run()
        assert seen == ["41"]

    def test_a_rolled_back_job_never_runs(
        self, engine: Engine, queue: JobQueue, run: Run, seen: list[str]
    ) -> None:
        with Session(engine) as session:
            queue.enqueue(session, "deliver", "42")
            session.rollback()
        with Session(engine) as session:
            queue.enqueue(session, "deliver", "43")
            session.commit()
        run()
        assert seen == ["43"]


class TestInMemoryJobQueue(JobQueueContract):
    @pytest.fixture
    def seen(self) -> list[str]:
        return []

    @pytest.fixture
    def queue(self) -> InMemoryJobQueue:
        return InMemoryJobQueue()

    @pytest.fixture
    def run(self, queue: InMemoryJobQueue, seen: list[str]) -> Run:
        return lambda: queue.run_all({"deliver": seen.append})


class TestDbosJobQueue(JobQueueContract):
    @pytest.fixture
    def seen(self) -> list[str]:
        return []

    @pytest.fixture
    def queue(self, engine: Engine) -> Iterator[DbosJobQueue]:
        url = engine.url.render_as_string(hide_password=False)
        migrate_jobs(url)
        queue = DbosJobQueue(url)
        yield queue
        queue.close()

    @pytest.fixture
    def run(self, engine: Engine, seen: list[str]) -> Iterator[Run]:
        url = engine.url.render_as_string(hide_password=False)
        worker = JobWorker(url, {"deliver": seen.append})

        def start_and_wait() -> None:
            worker.start()
            deadline = time.monotonic() + 20
            while not seen and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(0.5)

        yield start_and_wait
        worker.stop()

    def test_a_failing_job_is_tried_again(
        self, engine: Engine, queue: DbosJobQueue, tmp_path: Path
    ) -> None:
        tries: list[str] = []

        def fail_once(job_id: str) -> None:
            tries.append(job_id)
            if len(tries) == 1:
                raise ConnectionError("the channel is down")

        worker = JobWorker(engine.url.render_as_string(hide_password=False), {"flaky": fail_once})
        with Session(engine) as session:
            queue.enqueue(session, "flaky", "7")
            session.commit()
        worker.start()
        try:
            deadline = time.monotonic() + 20
            while len(tries) < 2 and time.monotonic() < deadline:
                time.sleep(0.05)
        finally:
            worker.stop()
        assert tries == ["7", "7"]

    def test_a_job_that_always_fails_is_parked_seen_and_tried_again_on_demand(
        self, engine: Engine, queue: DbosJobQueue
    ) -> None:
        tries: list[str] = []
        repaired = False

        def fail(job_id: str) -> None:
            tries.append(job_id)
            if not repaired:
                raise ConnectionError("the channel is down for good")

        url = engine.url.render_as_string(hide_password=False)
        worker = JobWorker(url, {"broken": fail}, attempts=2, first_retry_seconds=0.01)
        with Session(engine) as session:
            queue.enqueue(session, "broken", "7")
            session.commit()
        worker.start()
        try:
            _wait_for(lambda: queue.parked() != [])
            assert tries == ["7", "7"]
            (parked,) = queue.parked()
            assert (parked.workflow, parked.job_id) == ("broken", "7")
            repaired = True
            queue.retry(parked)
            assert queue.parked() == []
            _wait_for(lambda: len(tries) == 3)
        finally:
            worker.stop()

    def test_a_dropped_job_is_parked_no_more(self, engine: Engine, queue: DbosJobQueue) -> None:
        for job_id in ("7", "8"):
            claim(engine, queue, job_id, "local")
        with engine.begin() as connection:
            connection.execute(text("UPDATE workflow_status SET status = 'ERROR'"))
        first = next(job for job in queue.parked() if job.job_id == "7")
        queue.drop(first)
        assert [job.job_id for job in queue.parked()] == ["8"]

    @pytest.mark.parametrize(("executor", "patience_seconds"), [("local", 10), ("gone", 300)])
    def test_a_job_marked_as_running_that_nobody_runs_is_taken_up(
        self, engine: Engine, queue: DbosJobQueue, executor: str, patience_seconds: int
    ) -> None:
        claim(engine, queue, "7", executor)
        now = 0.0
        running: set[str] = set()
        client = DBOSClient(system_database_url=engine.url.render_as_string(hide_password=False))
        strays = StrayJobs(
            client, queue=QUEUE, executor="local", running=running, seconds=lambda: now
        )
        assert strays.take_up() == []
        now = patience_seconds - 1
        assert strays.take_up() == []
        now = patience_seconds
        running.add("deliver:7")
        assert strays.take_up() == []
        running.clear()
        assert strays.take_up() == []  # it was running a moment ago: seen astray anew from here
        now = 2 * patience_seconds
        assert strays.take_up() == ["deliver:7"]
        assert client.list_workflows(status="ENQUEUED")[0].workflow_id == "deliver:7"
        assert strays.take_up() == []
        client.destroy()


def claim(engine: Engine, queue: DbosJobQueue, job_id: str, executor: str) -> None:
    """Enqueue a job and mark it as running, as a worker does just before it starts it."""
    with Session(engine) as session:
        queue.enqueue(session, "deliver", job_id)
        session.commit()
    with engine.begin() as connection:
        mark = "UPDATE workflow_status SET status = 'PENDING', executor_id = :executor"
        connection.execute(text(mark), {"executor": executor})


def _wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
