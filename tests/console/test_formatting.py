"""Values as people read them."""

import pytest

from console.formatting import excerpt


@pytest.mark.parametrize(
    ("words", "length", "shown"),
    [
        ("第八条 不得在楼道充电。", 50, "第八条 不得在楼道充电。"),
        ("第八条\n不得在楼道充电。", 50, "第八条 不得在楼道充电。"),
        ("一二三四五六", 4, "一二三四……"),
        (
            "| 小区 | 标准 |\n| --- | :---: |\n| 锦绣家园 | 1.8 |",
            50,
            "小区 · 标准； 锦绣家园 · 1.8；",
        ),
        ("", 10, ""),
    ],
)
def test_an_excerpt_is_one_line_without_the_rules_of_a_table(
    words: str, length: int, shown: str
) -> None:
    assert excerpt(words, length) == shown
