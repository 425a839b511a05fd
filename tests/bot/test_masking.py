"""Numbers that tell who somebody is are unreadable wherever words are stored."""

import pytest

from bot.dialogue.masking import masked_numbers


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "１３８００１３８０００",
        "110101199003071234",
        "11010119900307123X",
        "110101 19900307 1234",
        "110101900307123",
        "6222021234567890123",
        "6222 0212 3456 7890 123",
        "010-62345678",
        "057188880000",
    ],
)
def test_a_number_of_a_person_is_masked(written: str) -> None:
    told = masked_numbers(f"找我：{written}，谢谢")
    assert written not in told
    assert "*" in told
    assert told.startswith("找我：")
    assert told.endswith("，谢谢")


@pytest.mark.parametrize(
    "written",
    ["3栋1单元501", "HY20261123-0001", "2026-11-23 08:30", "150元", "12345", "1200平方米", "96110"],
)
def test_other_numbers_stay(written: str) -> None:
    assert masked_numbers(written) == written
