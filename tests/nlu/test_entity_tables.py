"""Times, numbers, sums and offices: what is found, and what it means."""

from datetime import date

import pytest

from nlu.entities import find_entities
from nlu.gazetteer import Gazetteer
from nlu.understanding import EntityType

TODAY = date(2026, 11, 25)
"""A Wednesday."""


def said(text: str, kind: EntityType) -> list[tuple[str, str | None]]:
    found = find_entities(text, Gazetteer(), TODAY)
    assert all(text[one.start : one.end] == one.text for one in found)
    return [(one.text, one.value) for one in found if one.type is kind]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("昨晚楼上又吵架", "昨晚", "2026-11-24"),
        ("前天停的水", "前天", "2026-11-23"),
        ("上周三就报修了", "上周三", "2026-11-18"),
        ("下周一能修好吗", "下周一", "2026-11-30"),
        ("这个周末有人值班吗", "这个周末", "2026-11-28/2026-11-29"),
        ("上个月的账单不对", "上个月", "2026-10-01/2026-10-31"),
        ("国庆期间没人管", "国庆期间", "2026-10-01/2026-10-07"),
        ("2026年3月5日交的材料", "2026年3月5日", "2026-03-05"),
        ("2026-11-02 打过电话", "2026-11-02", "2026-11-02"),
        ("昨天下午三点半来的人", "昨天下午三点半", "2026-11-24T15:30"),
        ("早上七点就开始施工", "早上七点", "T07:00"),
        ("yesterday the lift stopped", "yesterday", "2026-11-24"),
    ],
)
def test_a_time_and_the_day_it_means(text: str, span: str, value: str) -> None:
    assert said(text, EntityType.TIME) == [(span, value)]


@pytest.mark.parametrize("text", ["等了三天了", "住在3号楼", "差一点摔倒", "每月租金太高"])
def test_a_length_of_time_or_a_number_is_no_time(text: str) -> None:
    assert said(text, EntityType.TIME) == []


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("电话13800138000", "13800138000", "13800138000"),
        ("打138-0013-8000找我", "138-0013-8000", "13800138000"),
        ("+86 13800138000 可以加微信", "+86 13800138000", "13800138000"),
        ("座机010-62345678没人接", "010-62345678", "01062345678"),
    ],
)
def test_a_phone_and_its_digits(text: str, span: str, value: str) -> None:
    assert said(text, EntityType.PHONE) == [(span, value)]


@pytest.mark.parametrize("text", ["订单号20261125138001380001", "编号1380013", "车牌A13800"])
def test_other_numbers_are_no_phones(text: str) -> None:
    assert said(text, EntityType.PHONE) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("身份证11010519900307461x办居住证", "11010519900307461X"),
        ("我的身份证号是110105199003074610。", "110105199003074610"),
    ],
)
def test_an_id_number_is_found_and_marked_personal(text: str, value: str) -> None:
    (found,) = find_entities(text, Gazetteer(), TODAY)
    assert (found.type, found.value, found.personal) == (EntityType.ID_NUMBER, value, True)


def test_a_number_without_a_birthday_is_no_id_number() -> None:
    assert said("流水号110105199013454610", EntityType.ID_NUMBER) == []


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("物业费交了3600元", "3600元", "3600"),
        ("一度电收我一块五", "一块五", "1.5"),
        ("停车费涨了五毛钱", "五毛钱", "0.5"),
        ("装修押金1,200元没退", "1,200元", "1200"),
        ("维修花了两万三", "两万三", "23000"),
        ("被骗二十多万", "二十多万", None),
        ("they asked for 200 yuan", "200 yuan", "200"),
    ],
)
def test_a_sum_in_yuan(text: str, span: str, value: str | None) -> None:
    assert said(text, EntityType.AMOUNT) == [(span, value)]


@pytest.mark.parametrize("text", ["三十块地砖都松了吗", "住了二十万人", "走了3000米"])
def test_a_count_of_other_things_is_no_sum(text: str) -> None:
    assert said(text, EntityType.AMOUNT) == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("打给城管局没人接", "城管局"),
        ("居委会说管不了", "居委会"),
        ("找了派出所两次", "派出所"),
        ("住建局电话多少", "住建局"),
        ("社保中心几点开门", "社保中心"),
        ("the police station is closed", "police station"),
    ],
)
def test_an_office_is_found(text: str, span: str) -> None:
    assert [found for found, _ in said(text, EntityType.DEPARTMENT)] == [span]


@pytest.mark.parametrize(
    "written", ["HY20261122-0007", "hy20261122-0007", "HY202611220007", "hy202611220007"]
)
def test_a_petition_number_in_any_writing(written: str) -> None:
    found = said(f"查一下{written}办到哪了", EntityType.PETITION_NUMBER)
    assert found == [(written, "HY20261122-0007")]


@pytest.mark.parametrize(
    "written", ["HYSH20261122-10007", "hysh20261122-10007", "HYSH2026112210007"]
)
def test_a_petition_number_with_the_letters_of_a_community(written: str) -> None:
    found = said(f"{written}的电话打通了", EntityType.PETITION_NUMBER)
    assert found == [(written, "HYSH20261122-10007")]


def test_a_petition_number_is_no_phone() -> None:
    assert said("HY20261122-13800138000", EntityType.PHONE) == []
