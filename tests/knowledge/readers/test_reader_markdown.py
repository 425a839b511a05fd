import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.readers.markdown import Cell, clean, is_letterhead, one_line, table_blocks


def cells(*rows):
    return [[Cell(text=words) for words in row] for row in rows]


def test_a_table_has_its_header_and_no_empty_row_or_column():
    rows = cells(("小区", "", "电话"), ("", "", ""), ("槐安里", "", "0571\n0572"))
    assert table_blocks(rows) == ["| 小区 | 电话 |\n| --- | --- |\n| 槐安里 | 0571 0572 |"]


def test_a_line_feed_between_ideographs_is_no_space():
    assert one_line("机动车\n停放  办法") == "机动车停放 办法"


def test_a_bar_in_a_cell_does_not_end_it():
    assert "甲｜乙" in table_blocks(cells(("a", "b"), ("甲|乙", "丙")))[0]


def test_what_is_no_table_gives_its_words():
    assert table_blocks(cells(("甲", "乙"))) == ["甲", "乙"]
    assert table_blocks(cells(("甲",), ("乙",))) == ["甲", "乙"]
    assert table_blocks([]) == []


def test_captions_and_notes_stand_outside_the_table():
    blocks = table_blocks(cells(("收费表", ""), ("a", "b"), ("1", "2"), ("3", ""), ("注：月", "")))
    assert blocks == ["收费表", "| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 |  |", "注：月"]


SIGNS = st.text("甲乙1| \n", max_size=5)
CELLS = st.builds(
    Cell,
    text=SIGNS,
    rows=st.integers(min_value=0, max_value=4),
    columns=st.integers(min_value=0, max_value=4),
    heading=st.booleans(),
)


@given(st.lists(st.lists(CELLS, max_size=4), max_size=5))
def test_no_word_of_a_table_is_lost(rows):
    said = ["".join(cell.text.split()) for row in rows for cell in row]
    written = "".join("".join(table_blocks(rows)).split())
    assert all(words.replace("|", "｜") in written.replace("|", "｜") for words in said)


@given(st.lists(st.lists(CELLS, max_size=4), max_size=5))
def test_each_row_of_a_table_has_the_same_columns(rows):
    for block in table_blocks(rows):
        lines = block.split("\n")
        if lines[1:] and lines[1].startswith("| ---"):
            assert len({line.count("|") for line in lines}) == 1


def test_signs_that_nobody_sees_are_cleaned():
    assert clean("居⺠\u200b的\xa0户⼾\ufeff籍\r\n①") == "居民的 户户籍\n①"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("槐安街道办事处文件", True),
        ("槐安办发〔2024〕21号", True),
        ("附件1", True),
        ("停车管理办法", False),
        ("关于印发文件的通知", False),
    ],
)
def test_what_stands_above_a_title_is_told(words, expected):
    assert is_letterhead(words) is expected
