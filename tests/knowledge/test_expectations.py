"""What a question expects to read lifts the passages that hold it."""

import pytest

from knowledge.expectations import LIFT, lift_expected
from knowledge.indexes import Match


def match_of(position: int, score: float) -> Match:
    ways = dict.fromkeys(("whole", "part", "lexical", "matched", "plain", "plain_matched"), 0.0)
    ways["plain_spread"] = 0.0
    return Match(position=position, score=score, best_part=0, **ways)


@pytest.mark.parametrize(
    ("question", "told", "not_told"),
    [
        ("狗证多少钱一年", "首年每只500元", "有效期满前办理核验"),
        ("几天能办下来", "5个工作日内核发", "到窗口办理"),
        ("装修几点不让搞", "12:00—14:00禁止施工", "应当提前告知邻居"),
        ("高空扔东西会怎么处罚", "由公安机关处罚款", "应当爱护环境"),
        ("多大岁数能领高龄津贴", "年满80周岁", "按月发放"),
        ("办这个要带什么材料", "身份证和户口簿", "当场办结"),
        ("验表的钱算谁的", "检定费用由供电单位承担", "可以申请检定"),
        ("能不能把车库租给外人", "不得向业主以外的人出租", "停车位按季度公示"),
    ],
)
def test_what_is_expected_comes_first(question: str, told: str, not_told: str) -> None:
    near, nearer = match_of(0, 0.800), match_of(1, 0.801)
    lifted = lift_expected(question, [nearer, near], [not_told, told])
    assert [match.position for match, _ in lifted] == [0, 1]


def test_a_question_that_expects_nothing_changes_nothing() -> None:
    matches = [match_of(0, 0.9), match_of(1, 0.8)]
    lifted = lift_expected("养狗的规定", matches, ["罚款500元", "身份证"])
    assert [(match.position, score) for match, score in lifted] == [(0, 0.9), (1, 0.8)]


def test_it_never_outweighs_a_clear_likeness() -> None:
    far, near = match_of(0, 0.80), match_of(1, 0.80 + 2 * LIFT)
    lifted = lift_expected("多少钱", [near, far], ["按规定办理", "每年500元"])
    assert [match.position for match, _ in lifted] == [1, 0]
