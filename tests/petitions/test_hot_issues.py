"""Hot issues: place decides, the order of arrival is all that is needed, nothing is recomputed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from petitions.hot_evaluation import evaluate_hot_issues
from petitions.hot_issues import HotIssue, IssueTracker, Report, find_hot_issues
from petitions.place_names import alike, estates_of, names_in

START = datetime(2026, 5, 1, tzinfo=UTC)
LIFT = "云栖花园电梯又停了", "我是云栖花园的业主，三栋电梯停运一周，老人下楼困难。"
LIFT_AGAIN = "云栖花园三栋电梯停运没人修", "电梯停运，老人下楼困难，物业一直推脱。"
LIFT_ELSEWHERE = "枫林公寓电梯又停了", "我是枫林公寓的业主，三栋电梯停运一周，老人下楼困难。"
NOISE = "云栖花园楼下烧烤油烟太大", "楼下烧烤店凌晨还营业，油烟和噪音让人睡不着。"


def reports(*words: tuple[str, str], **values: object) -> list[Report]:
    return [
        Report(id=str(number), at=START + timedelta(hours=number), title=title, body=body, **values)  # type: ignore[arg-type]
        for number, (title, body) in enumerate(words)
    ]


def groups(issues: Sequence[HotIssue]) -> set[tuple[str, ...]]:
    return {issue.ids for issue in issues}


def test_one_trouble_in_one_estate_is_one_event() -> None:
    (issue,) = find_hot_issues(reports(LIFT, LIFT_AGAIN))
    assert issue.ids == ("0", "1")
    assert (issue.event_id, issue.place) == ("H0", "云栖花园")
    assert (issue.first, issue.last) == (START, START + timedelta(hours=1))


def test_the_same_trouble_in_another_estate_is_another_event() -> None:
    assert find_hot_issues(reports(LIFT, LIFT_ELSEWHERE)) == ()


def test_another_trouble_in_the_same_estate_is_another_event() -> None:
    assert find_hot_issues(reports(LIFT, NOISE)) == ()


def test_a_place_that_the_organisation_knows_decides_without_the_words() -> None:
    said = "电梯又停了", "三栋电梯停运一周，老人下楼困难。"
    same = reports(said, said, place="锦绣家园")
    assert groups(find_hot_issues(same)) == {("0", "1")}
    other = [same[0], *reports(said, said, place="锦绣花园")[1:]]
    assert find_hot_issues(other) == ()


def test_one_at_a_time_gives_what_the_batch_gives_and_a_repeat_changes_nothing() -> None:
    stream = reports(LIFT, NOISE, LIFT_ELSEWHERE, LIFT_AGAIN, LIFT_ELSEWHERE)
    tracker = IssueTracker()
    for report in stream:
        assert tracker.add(report)
        assert not tracker.add(report)
    batch = find_hot_issues(reversed(stream))
    assert tracker.issues(now=stream[-1].at) == batch
    assert groups(batch) == {("0", "3"), ("2", "4")}


def test_an_event_that_was_quiet_for_a_year_takes_no_more() -> None:
    first, second = reports(LIFT, LIFT)
    late = Report(id="late", at=START + timedelta(days=400), title=second.title, body=second.body)
    assert find_hot_issues([first, late]) == ()


def test_heat_counts_likes_and_cools_down() -> None:
    plain = find_hot_issues(reports(LIFT, LIFT_AGAIN))[0].heat
    liked = find_hot_issues(reports(LIFT, LIFT_AGAIN, likes=20))[0].heat
    later = find_hot_issues(reports(LIFT, LIFT_AGAIN), now=START + timedelta(days=14))[0].heat
    assert liked > plain > later == pytest.approx(plain / 2, rel=0.05)


def test_nothing_and_empty_words_are_no_event() -> None:
    assert find_hot_issues([]) == ()
    assert find_hot_issues(reports(("", ""), ("", ""))) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("投诉云栖花园小区夜间施工", ("云栖花园",)),
        ("A3区西山街道青松西路枫林公寓停水", ("青松西路", "枫林公寓")),
        ("请问本小区什么时候通气", ()),
        ("市政府和物业公司都不管", ()),
    ],
)
def test_names_are_read_without_a_gazetteer(text: str, names: tuple[str, ...]) -> None:
    assert names_in(text) == names


def test_common_endings_make_no_two_names_alike() -> None:
    assert not alike("云栖国际城", "枫林国际城")
    assert alike("云栖国际城", "云栖")
    assert estates_of("青松路很堵", "我住在枫林公寓") == ("枫林公寓",)


def test_figures_count_marked_pairs_and_hard_negatives_only() -> None:
    events = [
        {"event_id": "A", "ids": [1, 2, 3], "borderline_ids": [8], "hard_negative_ids": [9]},
        {"event_id": "B", "ids": [4, 5], "borderline_ids": [], "hard_negative_ids": []},
    ]
    found = {"1": "x", "2": "x", "8": "x", "9": "x", "7": "x", "3": "y", "4": "z", "5": "z"}
    figures = evaluate_hot_issues(found, events)
    # Right: 1-2 and 4-5; found besides: 9 with 1 and with 2; marked: three of A and one of B.
    assert (figures.pairs.right, figures.pairs.found, figures.pairs.marked) == (2, 4, 4)
    assert figures.pairs.f1 == pytest.approx(0.5)
    assert figures.merged_hard_negatives == ("9",)
    assert (figures.strict.right, figures.strict.found) == (2, 6)
    assert figures.without_largest.f1 == 1.0
