"""Places and routing on the sample organisation."""

from typing import Any

import pytest

from petitions.filing import make_draft
from petitions.model import PetitionDraft
from petitions.organisation import Organisation
from petitions.places import FoundBy, building_number, find_place
from petitions.routing import ReasonKey, Routing, route


def draft(matter: str, **values: Any) -> PetitionDraft:
    return make_draft(matter=matter, resident="r", channel="web", idempotency_key="k", **values)


def routed(organisation: Organisation, matter: str, **values: Any) -> Routing:
    return route(organisation, draft(matter, **values))


@pytest.mark.parametrize(
    ("words", "estate", "building", "found_by"),
    [
        ("锦绣家园3栋", "jinxiu", "3", FoundBy.NAME),
        ("锦绣家圆5号楼2单元", "jinxiu", "5", FoundBy.ALIAS),
        ("锦锈家园六栋", "jinxiu", "6", FoundBy.SIMILAR),
        ("河畔公寓b座1803", "hepan", "B", FoundBy.NAME),
        ("阳光花园十二号楼", "yangguang", "12", FoundBy.NAME),
        ("从锦绣家园2栋到河畔公寓的路", "jinxiu", "2", FoundBy.NAME),
        ("纺织厂澡堂门口", "fangzhichang", None, FoundBy.LANDMARK),
    ],
)
def test_places_in_an_estate(
    organisation: Organisation,
    words: str,
    estate: str,
    building: str | None,
    found_by: FoundBy,
) -> None:
    place = find_place(organisation, place_text=words)
    home = organisation.estate(estate)
    assert place is not None
    assert home is not None
    assert (place.estate_id, place.building, place.found_by) == (estate, building, found_by)
    assert place.community_id == home.community
    if building:
        assert place.grid_id == home.building(building).grid  # type: ignore[union-attr]


def test_an_estate_over_two_grids_needs_the_building(organisation: Organisation) -> None:
    place = find_place(organisation, place_text="锦绣家园")
    assert place is not None
    assert (place.grid_id, place.community_id) == (None, "huaiyin")


@pytest.mark.parametrize(
    ("words", "found_by", "community"),
    [
        ("槐安菜场里", FoundBy.LANDMARK, "huaiyin"),
        ("公交总站旁边", FoundBy.LANDMARK, "shuyuan"),
        ("书苑路中段", FoundBy.ROAD, "shuyuan"),
        ("书院社区", FoundBy.COMMUNITY, "shuyuan"),
    ],
)
def test_places_outside_the_estates(
    organisation: Organisation, words: str, found_by: FoundBy, community: str
) -> None:
    place = find_place(organisation, place_text=words)
    assert place is not None
    assert (place.found_by, place.community_id, place.estate_id) == (found_by, community, None)


@pytest.mark.parametrize("words", ["", "我家楼下", "幸福里3栋", "北京路"])
def test_unknown_places_stay_unknown(organisation: Organisation, words: str) -> None:
    assert find_place(organisation, place_text=words, matter=words) is None


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("3栋", "3"),
        ("03号楼", "3"),
        ("三号楼", "3"),
        ("十栋", "10"),
        ("二十一号楼", "21"),
        ("a座", "A"),
        ("12", "12"),
        ("东边那栋", None),
        (None, None),
    ],
)
def test_building_numbers(words: str | None, number: str | None) -> None:
    assert building_number(words) == number


@pytest.mark.parametrize(
    ("matter", "unit"),
    [
        ("锦绣家园3栋电梯又坏了", "anda-elevator"),
        ("书院南里5号楼楼上漏水", "huimin-property"),
        ("翠湖苑东门垃圾没人收", "lvchengjia-property"),
        ("锦绣家园停电了", "qinghe-power"),
        ("槐荫里家里没水", "qinghe-water"),
        ("公交新村有个独居老人好几天没见", "shuyuan-grid-station"),
        ("河畔公寓要装电梯", "huaiyin-committee"),
        ("槐荫里路上井盖丢了", "yunhe-urban-management"),
        ("站前路小贩占道经营", "huaian-enforcement"),
        ("阳光花园房东不退押金", "yunhe-housing"),
        ("锦绣家园有人在楼道给电动车充电，飞线充电", None),
    ],
)
def test_units(organisation: Organisation, matter: str, unit: str | None) -> None:
    routing = routed(organisation, matter)
    assert routing.lead_unit is not None
    if unit:
        assert routing.lead_unit == unit
    assert organisation.unit(routing.lead_unit).name == routing.reason["fields"]["unit"]


def test_the_reason_is_data(organisation: Organisation) -> None:
    routing = routed(organisation, "锦绣家园3栋电梯又坏了")
    assert routing.reason["key"] == ReasonKey.DUTY
    assert routing.place is not None
    grid = organisation.grid(routing.place.grid_id)
    assert grid is not None
    assert routing.reason["fields"] == {
        "place": "锦绣家园",
        "building": "3",
        "owner": grid.name,
        "duty": "电梯故障与困人",
        "basis": "《特种设备安全法》第四十五条",
        "unit": "安达电梯维保公司",
        "helpers": ["锦程物业"],
    }
    assert routing.co_handlers == ("jincheng-property",)
    assert routing.in_duty_list


def test_the_property_company_is_the_one_of_the_estate(organisation: Organisation) -> None:
    leads = {
        estate.name: routed(organisation, f"{estate.name}楼道灯不亮").lead_unit
        for estate in organisation.estates
    }
    assert leads["槐荫里小区"] == "heshun-property"
    assert leads["锦绣家园"] == "jincheng-property"
    assert leads["阳光花园"] == "lvchengjia-property"


def test_without_a_place_a_local_unit_can_not_be_told(organisation: Organisation) -> None:
    routing = routed(organisation, "楼道灯不亮")
    assert routing.lead_unit is None
    assert routing.reason["key"] == ReasonKey.UNPLACED


def test_without_a_duty_the_committee_that_got_it_leads(organisation: Organisation) -> None:
    routing = routed(organisation, "锦绣家园的事想问问")
    assert routing.lead_unit == "huaiyin-committee"
    assert routing.reason["key"] == ReasonKey.FIRST_RECEIVER
    assert not routing.in_duty_list


def test_the_category_decides_where_no_word_does(organisation: Organisation) -> None:
    routing = routed(organisation, "锦绣家园，请你们解决", category_first="环境保护")
    assert routing.lead_unit == "yunhe-environment"
    assert routing.reason["key"] == ReasonKey.CATEGORY
    assert not routing.in_duty_list


def test_work_outside_the_community_list_is_flagged(organisation: Organisation) -> None:
    routing = routed(organisation, "锦绣家园停电了")
    assert not routing.in_duty_list


def test_a_report_goes_to_the_discipline_body_and_shields_those_named(
    organisation: Organisation,
) -> None:
    routing = routed(organisation, "槐荫社区党委书记收了锦程物业的好处费", kind="report_misconduct")
    assert routing.lead_unit == "yunhe-discipline"
    assert routing.co_handlers == ()
    assert set(routing.shielded_units) == {"huaiyin-committee", "jincheng-property"}
    assert routing.reason["key"] == ReasonKey.REPORT


def test_a_report_about_the_discipline_body_itself_is_not_given_to_it(
    organisation: Organisation,
) -> None:
    routing = routed(organisation, "区纪委的人吃拿卡要", kind="report_misconduct")
    assert routing.lead_unit is None
    assert routing.shielded_units == ("yunhe-discipline",)


def test_ten_thousand_characters_are_routed_by_their_beginning(
    organisation: Organisation,
) -> None:
    routing = routed(organisation, "锦绣家园3栋电梯坏了。" + "情况是这样的，" * 1400)
    assert routing.lead_unit == "anda-elevator"
