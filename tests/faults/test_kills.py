"""kill -9 of web and worker under load: nothing acknowledged is lost, nothing is done twice."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, func, select

from bot.tables import ChatInbox, ChatOutbox, InboxStatus
from petitions.history import verify_history
from petitions.tables import Case, Notification, Petition
from petitions.words import NotificationStatus
from tests.faults.site import Crowd, Site, kill_at_random, running_site

QUIET_SECONDS = 150


def wait_until_quiet(site: Site) -> None:
    """Wait until every update is answered and every notification went out."""
    deadline = time.monotonic() + QUIET_SECONDS
    while True:
        with site.service.open_session() as session:
            pending = Notification.status == NotificationStatus.PENDING.value
            waiting = ChatInbox.status == InboxStatus.WAITING.value
            left = (
                session.exec(select(func.count()).select_from(Notification).where(pending)).one(),
                session.exec(select(func.count()).select_from(ChatInbox).where(waiting)).one(),
            )
        if left == (0, 0):
            return
        assert time.monotonic() < deadline, f"still to do (notifications, updates): {left}"
        time.sleep(0.2)


def ensure_nothing_lost_or_doubled(site: Site, crowd: Crowd) -> None:
    numbers = [resident.number for resident in crowd.residents]
    assert all(numbers)
    assert len(set(numbers)) == len(numbers)
    with site.service.open_work(read_only=True) as work:
        stored = list(work.session.exec(select(Petition.number)))
        assert Counter(stored) == Counter(numbers)
        cases = work.session.exec(select(Case)).all()
        assert {case.number for case in cases} == set(numbers)
        assert {case.status for case in cases} == {"dispatched"}
        assert all(verify_history(work, case.id or 0).intact for case in cases)
        assert {case.version for case in cases} == {3}
        notices = work.session.exec(
            select(ChatOutbox).where(col(ChatOutbox.notification_id).is_not(None))
        ).all()
        told = Counter(
            work.session.exec(
                select(Notification.petition_number).where(col(Notification.resident).is_not(None))
            )
        )
        dead = select(ChatInbox.id).where(ChatInbox.status == InboxStatus.DEAD.value)
        assert work.session.exec(dead).all() == []
    # Each resident was told of the dispatch by one notification, and its page shows it once.
    assert told == Counter(dict.fromkeys(numbers, 1))
    assert len(notices) == len(numbers)
    for resident in crowd.residents:
        shown(resident.shown())


def shown(messages: list[dict[str, Any]]) -> None:
    """What was said and tapped, each once, one receipt, and one notice of the dispatch."""
    ids = [message["id"] for message in messages]
    assert len(ids) == len(set(ids))
    said = [message["from"] for message in messages].count("resident")
    assert said in (2, 3)  # three where a neighbour's case was offered
    words = "".join(message["html"] for message in messages)
    assert words.count("登记好了") == 1
    assert words.count("已交给") == 1


def live_through(folder: Path, database_url: str | None, kills: int, seed: int) -> int:
    with running_site(folder, database_url) as site:
        crowd = Crowd(site)
        crowd.start()
        kill_at_random(site, kills, seed=seed)
        crowd.stop()
        wait_until_quiet(site)
        ensure_nothing_lost_or_doubled(site, crowd)
        return len(crowd.residents)


def test_five_kills_on_sqlite(tmp_path: Path) -> None:
    assert live_through(tmp_path, None, kills=5, seed=1) >= 3


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_fifty_kills_on_sqlite(tmp_path: Path) -> None:
    assert live_through(tmp_path, None, kills=50, seed=2) >= 15


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(1200)
def test_fifty_kills_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    assert live_through(tmp_path, postgres_url, kills=50, seed=3) >= 15
