"""Places: one span for what stands together, without the position beside it."""

from datetime import date

import pytest

from nlu.entities import find_entities
from nlu.gazetteer import Gazetteer
from nlu.understanding import EntityType

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("锦绣家园3号楼2单元501漏水", ["锦绣家园3号楼2单元501"]),
        ("建设路门口的井盖坏了", ["建设路"]),
        ("永安桥下积水了", ["永安桥下"]),
        ("环城高速12公里处有个大坑", ["环城高速12公里处"]),
        ("红旗洗车行天天往路上排水", ["红旗洗车行"]),
        ("大兴养猪场的臭味飘过来", ["大兴养猪场"]),
        ("我们小区的路灯坏了", []),
        ("water leaks in Building 5, Maple Court", ["Building 5, Maple Court"]),
        ("the lamp at No. 8 Station Road is broken", ["No. 8 Station Road"]),
        ("noise from Green Garden tower 4", ["Green Garden tower 4"]),
    ],
)
def test_places_are_found_as_one_span(text: str, places: list[str]) -> None:
    found = find_entities(text, Gazetteer(), TODAY)

    assert [one.text for one in found if one.type is EntityType.PLACE] == places
