from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from knowledge.succession import Claim, last_days, title_key


def claim(number, title, begins=None, **more):
    begins = date.fromisoformat(begins) if begins else None
    values = {"issuer": None, "commencement": begins, "effective_from": begins, "supersedes": ()}
    return Claim(id=number, title=title, **(values | more))


def test_a_later_wording_ends_the_earlier_one():
    old, new = claim(1, "审计条例", "2017-09-22"), claim(2, "审计条例", "2023-11-24")
    assert last_days([old, new]) == {1: date(2023, 11, 23)}


def test_of_three_wordings_each_ends_the_one_before():
    claims = [claim(n, "条例", f"20{n}0-01-01") for n in (1, 2, 3)]
    assert last_days(claims) == {1: date(2019, 12, 31), 2: date(2029, 12, 31)}


def test_a_repealed_text_ends_under_its_own_title():
    old = claim(1, "中华人民共和国身份证条例", "1985-09-06")
    new = claim(2, "身份证法", "2004-01-01", supersedes=("《身份证条例》",))
    assert last_days([new, old]) == {1: date(2003, 12, 31)}


def test_an_amendment_does_not_repeal_anew():
    repealed = claim(1, "旧办法", "1990-01-01")
    amended = claim(
        2,
        "新条例",
        commencement=date(2001, 1, 1),
        effective_from=date(2020, 1, 1),
        supersedes=("旧办法",),
    )
    assert last_days([repealed, amended]) == {1: date(2000, 12, 31)}


def test_a_text_of_the_same_title_that_came_later_is_not_meant():
    old = claim(1, "办法", "2000-01-01", supersedes=("办法",))
    assert last_days([old]) == {}
    new = claim(2, "办法", "2010-01-01", supersedes=("办法",))
    assert last_days([old, new]) == {1: date(2009, 12, 31)}


def test_notices_of_different_offices_do_not_end_each_other():
    one = claim(1, "通知", "2024-01-01", issuer="甲办")
    other = claim(2, "通知", "2025-01-01", issuer="乙办")
    assert last_days([one, other]) == {}


def test_without_dates_nothing_ends():
    assert last_days([claim(1, "办法"), claim(2, "办法"), claim(3, "办法", "2020-01-01")]) == {}


def test_title_key():
    assert title_key("《中华人民共和国〈水法〉》 ") == "水法"


@given(st.permutations(range(4)))
def test_the_order_does_not_matter(order):
    claims = [
        claim(0, "办法", "2001-01-01"),
        claim(1, "办法", "2005-01-01"),
        claim(2, "条例", "2010-01-01", supersedes=("办法",)),
        claim(3, "条例", "2015-01-01"),
    ]
    assert last_days([claims[i] for i in order]) == last_days(claims)
