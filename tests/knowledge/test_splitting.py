import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.numerals import write_numeral
from knowledge.splitting import LONGEST_SECTION, sentences, split_text

STATUTE = """# 养犬管理办法

## 第一章 总则

第一条 为了规范养犬行为，制定本办法。

第二条 下列人员适用本办法：

（一）居民；

第三项所称居民，包括租户。

（二）商户。

## 第二章 登记

第三条 每户限养一只。

| 情形 | 费用 |
| --- | --- |
| 一般 | 300 |
"""

LINES = st.sampled_from(
    [
        "# 标题",
        "## 第一章 总则",
        "第一章　总　则",
        "第一条 内容。",
        "第二条",
        "第三条规定的情形除外。",
        "| 甲 | 乙 |",
        "| --- | --- |",
        "| 一 | 二 |",
        "问：能吗？",
        "答：能。",
        "一、适用范围。",
        "（一）第一项；",
        "普通的一段话。" * 30,
        "没有标点的长句" * 120,
        "",
        "   ",
        "\t",
        "🙂",
        "<b>html</b>",
    ]
)


@given(st.lists(LINES).map("\n".join) | st.text(max_size=400))
def test_no_character_is_lost(text):
    pieces = split_text(text)
    if text.strip():
        assert "".join(text[p.start : p.end] for p in pieces) == text
    else:
        assert pieces == []


@given(st.lists(LINES, max_size=30), st.integers(1, 300))
def test_no_cut_falls_into_an_article(lines, number):
    label = f"第{write_numeral(number)}条 它"
    article = f"{label}{'有好几句话。' * 200}\n\n（一）一项；\n\n（二）又一项。"
    pieces = split_text("\n".join([*lines, "", article, "", "## 下一章", "后面的话。"]))
    assert [p.text for p in pieces if p.text.startswith(label)] == [article]


@given(st.text(max_size=300))
def test_sentences_put_together_are_the_text(text):
    assert "".join(sentences(text)) == text


def test_a_statute_splits_at_its_articles():
    pieces = split_text(STATUTE)
    assert [(p.article, p.path[-1]) for p in pieces] == [
        ("第一条", "第一章 总则"),
        ("第二条", "第一章 总则"),
        ("第三条", "第二章 登记"),
    ]
    assert pieces[1].text.endswith("（二）商户。")
    assert "| 一般 | 300 |" in pieces[2].text


@pytest.mark.parametrize(
    "line", ["第二条规定的费用另算。", "第二条、第三条另算。", "第二条第一款另算。"]
)
def test_a_mention_of_an_article_opens_none(line):
    assert [p.article for p in split_text(f"第一条 开头。\n\n{line}\n")] == ["第一条"]


def test_articles_without_a_space_are_found_by_their_order():
    text = "第一条为了管理。\n第二条本办法适用于全街道。\n第九条不接着上一条。"
    assert [p.article for p in split_text(text)] == ["第一条", "第二条"]


def test_chapters_of_plain_text_are_headings():
    (piece,) = split_text("第一章 总  则\n\n第一条 内容。")
    assert piece.path == ("第一章 总则",)


def test_a_question_stays_with_its_answer():
    text = "## 常见问题\n\n问：多久？\n答：三天。\n\n问：多少钱？答：不收费。\n"
    assert [p.text for p in split_text(text)] == [
        "问：多久？\n答：三天。",
        "问：多少钱？答：不收费。",
    ]


def test_a_long_section_is_cut_between_paragraphs():
    paragraph = "这一段讲一件事。" * 12
    pieces = split_text("## 办法\n\n" + "\n\n".join([paragraph] * 9))
    assert len(pieces) > 1
    assert all(len(p.text) <= LONGEST_SECTION for p in pieces)
    assert all(p.text.endswith("。") for p in pieces)


def test_an_endless_paragraph_is_cut_between_sentences():
    pieces = split_text("这是一句完整的话。" * 200)
    assert len(pieces) > 3
    assert all(p.text.endswith("。") and len(p.text) <= LONGEST_SECTION for p in pieces)


def test_a_row_of_a_long_table_carries_its_header():
    rows = "\n".join(f"| 小区{n} | {'说明' * 20} |" for n in range(30))
    pieces = split_text(f"## 表\n\n各小区如下：\n\n| 小区 | 说明 |\n| --- | --- |\n{rows}\n")
    assert len(pieces) == 30
    assert all(p.text.startswith("各小区如下：") and "| 小区 | 说明 |" in p.text for p in pieces)
    assert [re.findall(r"小区\d+", p.text) for p in pieces] == [[f"小区{n}"] for n in range(30)]


def test_a_short_table_stays_with_the_words_before_it():
    (piece,) = split_text("费用如下：\n\n| 项目 | 元 |\n|---|---|\n| 甲 | 1 |\n| 乙 | 2 |")
    assert piece.text.startswith("费用如下：")
    assert piece.text.endswith("| 乙 | 2 |")


def test_a_decision_without_headings_splits_at_its_numbers():
    text = "大会决定：\n\n一、废止甲办法。\n\n二、废止乙办法。\n\n本决定自公布之日起施行。"
    assert len(split_text(text)) == 3


def test_headings_alone_are_still_a_passage():
    assert [p.text for p in split_text("# 只有标题\n")] == ["只有标题"]


def test_blank_lines_before_the_first_words_are_no_passage() -> None:
    pieces = split_text("\n\n# 停放约定\n\n第一条 停在东门。\n")
    assert [piece.text for piece in pieces] == ["第一条 停在东门。"]
    assert pieces[0].start == 0
