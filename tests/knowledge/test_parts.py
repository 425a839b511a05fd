from hypothesis import given
from hypothesis import strategies as st

from knowledge.parts import parts_of
from knowledge.quoting import GAP, LONGEST_QUOTE, quote

TABLE = (
    "收费如下：\n\n| 小区 | 首车（元/月） |\n| --- | --- |\n| 锦绣家园 | 150 |\n| 翠湖苑 | 180 |"
)
LIST = "下列车辆临时停放免费：\n\n（一）执行任务的警车；\n\n（二）来宾车辆，提前登记的。"


def test_a_table_row_reads_with_its_header_and_introduction():
    assert [p.reading for p in parts_of(TABLE)][1:] == [
        "收费如下：小区：锦绣家园；首车（元/月）：150",
        "收费如下：小区：翠湖苑；首车（元/月）：180",
    ]


def test_an_item_reads_with_the_words_that_introduce_the_list():
    assert parts_of(LIST)[1].reading == "下列车辆临时停放免费：（一）执行任务的警车；"


def test_short_sentences_go_together():
    assert [p.reading for p in parts_of("可以。不收费。每天上午九点开始办理。")] == [
        "可以。不收费。每天上午九点开始办理。"
    ]


def test_ragged_rows_and_markup_do_no_harm():
    readings = [
        p.reading for p in parts_of("**注意**\n| 甲 | 乙 |\n|-|-|\n| 一 |\n| 一 | 二 | 三 |")
    ]
    assert readings == ["注意", "甲：一", "甲：一；乙：二"]


@given(st.text(max_size=500))
def test_any_text_has_parts_and_can_be_quoted(text):
    for number in range(len(parts_of(text)) or 1):
        if parts_of(text):
            assert quote(text, number)


def test_a_short_passage_is_quoted_whole():
    assert quote(LIST, 2) == "\n".join(line for line in LIST.split("\n") if line)


def test_a_table_is_read_out():
    assert "小区：翠湖苑；首车（元/月）：180" in quote(TABLE, 2)
    assert "|" not in quote(TABLE, 0)


def test_a_long_passage_is_quoted_around_its_best_part():
    items = [f"（{n}）第{n}种情形，{'需要说明的话' * 12}；" for n in range(1, 9)]
    text = "\n\n".join(["第三条 下列情形免费：", *items])
    best = next(i for i, part in enumerate(parts_of(text)) if "第6种" in part.reading)
    quoted = quote(text, best)
    assert quoted.startswith("第三条 下列情形免费：")
    assert items[5] in quoted
    assert GAP in quoted
    assert len(quoted) <= LONGEST_QUOTE + 10
    assert all(line == GAP or line in text for line in quoted.split("\n"))


def test_an_endless_line_is_quoted_from_the_best_sentence_on():
    text = "".join(f"第{n}句说的是一件很长很长的事情。" for n in range(60))
    best = next(i for i, part in enumerate(parts_of(text)) if "第40句" in part.reading)
    quoted = quote(text, best)
    assert "第40句" in quoted
    assert quoted.strip(GAP) in text
    assert len(quoted) <= LONGEST_QUOTE + 2 * len(GAP)
