"""The queue in memory: only what was committed runs, savepoints included."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from petitions.memory_queue import InMemoryJobQueue


@pytest.fixture
def queue() -> InMemoryJobQueue:
    return InMemoryJobQueue()


def test_a_job_asked_for_twice_runs_once(engine: Engine, queue: InMemoryJobQueue) -> None:
    for _ in range(2):
        with Session(engine) as session:
            queue.enqueue(session, "deliver", "1")
            queue.enqueue(session, "deliver", "1")
            session.commit()
    assert queue.ready() == [("deliver", "1")]


def test_a_released_savepoint_is_not_a_commit(engine: Engine, queue: InMemoryJobQueue) -> None:
    with Session(engine) as session:
        with session.begin_nested():
            queue.enqueue(session, "deliver", "1")
        assert queue.ready() == []
        session.rollback()
    assert queue.ready() == []


def test_a_rolled_back_savepoint_takes_its_jobs_along(
    engine: Engine, queue: InMemoryJobQueue
) -> None:
    with Session(engine) as session:
        queue.enqueue(session, "deliver", "kept")
        outer = session.begin_nested()
        with session.begin_nested():
            queue.enqueue(session, "deliver", "gone")
        outer.rollback()
        with session.begin_nested():
            queue.enqueue(session, "deliver", "kept too")
        session.commit()
    assert queue.ready() == [("deliver", "kept"), ("deliver", "kept too")]


def test_a_session_can_commit_again(engine: Engine, queue: InMemoryJobQueue) -> None:
    with Session(engine) as session:
        queue.enqueue(session, "deliver", "1")
        session.commit()
        queue.enqueue(session, "deliver", "2")
        session.rollback()
        queue.enqueue(session, "deliver", "3")
        session.commit()
    assert queue.ready() == [("deliver", "1"), ("deliver", "3")]


def test_a_job_that_fails_stays_at_the_front(engine: Engine, queue: InMemoryJobQueue) -> None:
    with Session(engine) as session:
        queue.enqueue(session, "deliver", "1")
        session.commit()

    def fail(job_id: str) -> None:
        raise ConnectionError(job_id)

    with pytest.raises(ConnectionError):
        queue.run_all({"deliver": fail})
    done: list[str] = []
    assert queue.run_all({"other": done.append}) == 0
    assert queue.run_all({"deliver": done.append}) == 1
    assert (done, queue.ready()) == (["1"], [])


def test_jobs_asked_for_by_jobs_run_too(engine: Engine, queue: InMemoryJobQueue) -> None:
    done: list[str] = []

    def deliver(job_id: str) -> None:
        done.append(job_id)
        with Session(engine) as session:
            queue.enqueue(session, "deliver", str(min(int(job_id) + 1, 3)))
            session.commit()

    with Session(engine) as session:
        queue.enqueue(session, "deliver", "1")
        session.commit()
    assert queue.run_all({"deliver": deliver}) == 3
    assert done == ["1", "2", "3"]
