"""Writers of one process wait in the order they came, and nobody keeps the turn."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError

from huiyin.database import make_engine
from huiyin.turns import Turns

SOON = 5.0


def test_turns_are_handed_on_in_the_order_of_arrival() -> None:
    turns, order = Turns(), []
    assert turns.take(SOON)
    arrived = [threading.Event() for _ in range(5)]

    def wait(number: int) -> None:
        arrived[number].set()
        assert turns.take(SOON)
        order.append(number)
        turns.give_back()

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(turns._waiting) <= number:
            arrived[number].wait(0.001)
    turns.give_back()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_who_gives_up_waiting_takes_no_turn() -> None:
    turns = Turns()
    assert turns.take(SOON)
    assert not turns.take(0.01)
    turns.give_back()
    assert turns.take(0.01)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = make_engine(f"sqlite:///{tmp_path / 'counted.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counted (n INTEGER NOT NULL)"))
        connection.execute(text("INSERT INTO counted VALUES (0)"))
    return engine


def _count_on(engine: Engine) -> None:
    with engine.begin() as connection:
        known = connection.execute(text("SELECT n FROM counted")).scalar_one()
        connection.execute(text("UPDATE counted SET n = :n"), {"n": known + 1})


def test_no_writer_overtakes_another_one_half_way(engine: Engine) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: _count_on(engine), range(320)))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT n FROM counted")).scalar_one() == 320


def test_a_failed_writer_gives_its_turn_back(engine: Engine) -> None:
    for _ in range(3):
        with pytest.raises(OperationalError), engine.begin() as connection:
            connection.execute(text("INSERT INTO missing VALUES (1)"))
    _count_on(engine)


def test_readers_do_not_wait_for_a_writer(engine: Engine) -> None:
    asked: list[str] = []
    event.listen(engine, "begin", lambda connection: asked.append("begin"))
    with engine.begin() as writing:
        writing.execute(text("UPDATE counted SET n = 7"))
        reading = engine.connect().execution_options(read_only=True)
        assert reading.execute(text("SELECT n FROM counted")).scalar_one() == 0
        reading.close()
    assert len(asked) == 2
