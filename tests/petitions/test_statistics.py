"""三率 of a period, each with its n."""

from datetime import timedelta
from typing import Any

from petitions import handling
from petitions.filing import withdraw_petition
from petitions.follow_up import rate_case
from petitions.model import Satisfaction
from petitions.statistics import three_rates


def test_three_rates_with_their_n(world: Any) -> None:
    start = world.now
    for index, (result, resolved) in enumerate(
        [
            (Satisfaction.VERY_SATISFIED, True),
            (Satisfaction.DISSATISFIED, False),
            (None, None),
        ]
    ):
        case_id = world.in_handling(resident=f"r{index}")
        world.later(hours=1)
        world.do(handling.reply, case_id, actor=world.elevator, text="好了")
        if result:
            world.do(
                rate_case,
                world.case(case_id).number,
                resident=f"r{index}",
                result=result,
                resolved=resolved,
            )
    withdrawn = world.file()
    world.do(withdraw_petition, withdrawn.number, resident="resident-1")
    world.file(kind="report_misconduct", matter="举报")
    late = world.in_handling(resident="r9")
    world.later(days=3)

    def rates(**of: Any) -> Any:
        return world.look(three_rates, since=start, until=world.now, **of)

    found = rates()
    assert found.cases == 4
    assert (found.response.met, found.response.n) == (3, 5)
    assert (found.resolution.met, found.resolution.n) == (1, 2)
    assert (found.satisfaction.met, found.satisfaction.n) == (1, 2)
    assert (found.unrated.met, found.unrated.n) == (1, 2)
    assert rates(unit_id="qinghe-water").satisfaction.value is None
    assert rates(community_id="huaiyin").cases == 4
    assert world.case(late).status == "handling"


def test_a_period_ends_before_its_end(world: Any) -> None:
    world.file()
    before = {"since": world.now - timedelta(days=1), "until": world.now}
    assert world.look(three_rates, **before).cases == 0
