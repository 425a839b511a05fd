"""The burden meter: work outside the duty list, by unit, community and month."""

from datetime import timedelta
from typing import Any

from petitions import handling
from petitions.burden import measure_burden
from petitions.model import AttachmentRef
from petitions.queries import case_page
from tests.petitions.conftest import MONDAY_NINE

ALL = {"since": MONDAY_NINE - timedelta(days=1), "until": MONDAY_NINE + timedelta(days=60)}
OUTSIDE = {"matter": "锦绣家园3栋公积金提取不出来", "category_second": None}


def hand_down(world: Any, unit: str = "huaiyin-committee", **values: Any) -> int:
    case_id = int(world.file(**values).case_id)
    world.do(handling.screen_and_dispatch, case_id, actor=world.committee, unit_id=unit)
    return case_id


def test_work_outside_the_list_is_flagged_when_it_is_handed_down(world: Any) -> None:
    case_id = hand_down(world, **OUTSIDE)
    assert not world.case(case_id).in_duty_list
    assert world.entries(case_id)[-1].facts["burden"] is True
    to_the_bureau = hand_down(world, "yunhe-housing", resident="two", **OUTSIDE)
    assert world.entries(to_the_bureau)[-1].facts["burden"] is False


def test_it_is_counted_by_unit_and_month_of_all_that_was_given(world: Any) -> None:
    hand_down(world, **OUTSIDE)
    hand_down(world, resident="two")
    hand_down(world, "yunhe-housing", resident="three", **OUTSIDE)
    world.later(days=31)
    hand_down(world, resident="four", **OUTSIDE)
    march, april = world.look(measure_burden, **ALL)
    assert (march.unit_id, march.community_id) == ("huaiyin-committee", "huaiyin")
    assert (march.month, march.leading.met, march.leading.n) == ("2026-03", 1, 2)
    assert (april.month, april.leading.met, april.leading.n) == ("2026-04", 1, 1)
    assert world.look(measure_burden, **ALL, community_id="shuyuan") == ()


def test_helping_counts_too(world: Any) -> None:
    case_id = world.file(**OUTSIDE).case_id
    world.do(
        handling.screen_and_dispatch,
        case_id,
        actor=world.committee,
        unit_id="yunhe-housing",
        co_handlers=["huaiyin-grid-station"],
    )
    (line,) = world.look(measure_burden, **ALL)
    assert (line.unit_id, line.helping.met, line.leading.n) == ("huaiyin-grid-station", 1, 0)


def test_minutes_of_a_whistle_lie_on_the_case(world: Any) -> None:
    case_id = world.in_handling()
    world.do(
        handling.whistle,
        case_id,
        actor=world.committee,
        unit_ids=["jincheng-property"],
        reason="一起看现场",
    )
    minutes = AttachmentRef(kind="document", ref="minutes-1", name="会商纪要.pdf")
    world.do(
        handling.report_in, case_id, actor=world.property, text="已到场", attachments=[minutes]
    )
    page = world.look(case_page, case_id, actor=world.committee, now=world.now)
    assert [one.name for one in page.attachments] == ["会商纪要.pdf"]
