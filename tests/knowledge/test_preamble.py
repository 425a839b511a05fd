"""What residents say before they ask is left out, and nothing else is."""

import pytest

from knowledge.preamble import without_preamble


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("问下居住证怎么办", "居住证怎么办"),
        ("您好，我想问一下物业费怎么交", "物业费怎么交"),
        ("另外再咨询个事，医保断缴咋补", "医保断缴咋补"),
        ("请问一下公积金怎么提", "公积金怎么提"),
        ("对了 来问问老年卡在哪办", "老年卡在哪办"),
        ("问题反映给谁", "问题反映给谁"),
        ("我想问的是社保", "我想问的是社保"),
        ("了解民情的人是谁", "了解民情的人是谁"),
        ("打听消息", "打听消息"),
        ("请问狗证", "请问狗证"),
        ("您好", "您好"),
        ("", ""),
    ],
)
def test_only_the_polite_beginning_is_left_out(question: str, matter: str) -> None:
    assert without_preamble(question) == matter
