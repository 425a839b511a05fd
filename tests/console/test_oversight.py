"""Oversight over the API: the figures of petitions, for who may see figures."""

from datetime import timedelta

from petitions import handling
from petitions.hot_watch import find_live_issues, replace_hot_issues
from tests.console.desk_world import Desk


def test_rates_signs_calls_and_hot_issues(desk: Desk) -> None:
    first, second = desk.file(resident="one"), desk.file(resident="two")
    desk.do(handling.screen_and_dispatch, first.case_id, "committee", unit_id="anda-elevator")
    with desk.work() as work:
        replace_hot_issues(work, find_live_issues(work, now=desk.now()))
        work.commit()
    browser = desk.signed_in("supervisor")
    now = desk.now()
    period = {
        "since": (now - timedelta(days=1)).isoformat(),
        "until": (now + timedelta(days=1)).isoformat(),
    }

    def read(name: str) -> object:
        answer = browser.client.get(f"/api/v1/oversight/{name}", params=period)
        assert answer.status_code == 200
        return answer.json()

    rates = read("rates")
    assert rates["raw"] == rates["adjusted"]  # type: ignore[index]
    assert rates["raw"]["cases"] == 2  # type: ignore[index]
    assert read("odd-closings") == []
    assert read("calls") == []
    assert read("burden") == []
    (issue,) = read("hot-issues")  # type: ignore[misc]
    assert issue["case_numbers"] == [first.number, second.number]
