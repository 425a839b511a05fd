from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import UnreadableFile
from knowledge.readers.sheet_values import shown
from knowledge.readers.sheets import SheetReader
from knowledge.splitting import split_text
from tests.knowledge.readers.reader_files import (
    part,
    sheet_file,
    with_parts,
    word_file,
    xlsx_bytes,
    zip_bytes,
)

SHEET = "xl/worksheets/sheet1.xml"
QUESTIONS = '问题,答案\n月卡怎么办？,"带行驶证，\n到物业公司。"\n多少钱？,每月600元。\n'


def read(content, source="问答.xlsx"):
    (text,) = SheetReader().read(content, source)
    return text


def refusal(content, source="表.xlsx"):
    with pytest.raises(UnreadableFile) as refused:
        SheetReader().read(content, source)
    return refused.value.reason


def test_a_question_sheet_gives_questions_with_answers():
    content = sheet_file(
        ["2025年常见问题"],
        ["序号", "分类", "问题（必填）", "答案", "政策依据", "窗口"],
        [
            1,
            "停车",
            "月卡\n怎么办？",
            "带材料：\n1. 行驶证\n第五条 见",
            "《办法》第五条",
            "3号",
        ],
        [2, "停车", "多少钱？", "600元", None, None],
        [3, "养犬", "没有答案", None, None, None],
        [4, "养犬", "能养几只？", "一只", None, None],
        title="问答",
    )
    text = read(content)
    assert text.source == "问答.xlsx"
    assert text.details == {"title": "2025年常见问题"}
    assert text.text == (
        "# 2025年常见问题\n\n## 停车\n\n"
        "问：月卡怎么办？\n答：带材料：\n1. 行驶证 第五条 见\n"
        "依据：《办法》第五条\n窗口：3号\n\n"
        "问：多少钱？\n答：600元\n\n## 养犬\n\n问：能养几只？\n答：一只\n"
    )


def test_each_question_is_a_passage_of_its_own():
    pieces = split_text(read(QUESTIONS.encode(), "常见问题.csv").text)
    assert [piece.text.count("问：") for piece in pieces] == [1, 1]
    assert all("答：" in piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("question", "answer"),
    [("Question", "Answer"), ("提问", "回复"), ("标准问", "标准答案"), ("问", "答")],
)
def test_the_columns_of_questions_have_many_names(question, answer):
    text = read(sheet_file([question, answer], ["怎么办？", "来窗口。"], ["几点？", "九点。"]))
    assert "问：怎么办？\n答：来窗口。" in text.text
    assert text.details == {"title": "问答"}


def test_a_merged_category_counts_for_all_its_questions():
    workbook = openpyxl.Workbook()
    for row in ("类别 问题 答案", "停车 甲？ 1", " 乙？ 2", "犬 丙？ 3"):
        workbook.active.append([words or None for words in row.split(" ")])
    workbook.active.merge_cells("A2:A3")
    assert read(xlsx_bytes(workbook)).text.split("\n\n")[1:] == [
        "## 停车", "问：甲？\n答：1", "问：乙？\n答：2", "## 犬", "问：丙？\n答：3\n"
    ]  # fmt: skip


def test_another_sheet_is_a_table_with_its_header_caption_and_notes():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "收费标准"
    rows = [
        ["槐安里收费表"],
        [],
        ["小区", "首车", "第二辆"],
        ["槐安里", 600, 0.8],
        [None, 500.5, None],
    ]
    for row in [*rows, [], ["注：自2025年起"]]:
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A4:A5")
    sheet["B4"].number_format = '0"元/月"'
    sheet["C4"].number_format = "0%"
    text = read(xlsx_bytes(workbook))
    assert text.details == {"title": "收费标准"}
    assert text.text == (
        "# 收费标准\n\n槐安里收费表\n\n"
        "| 小区 | 首车 | 第二辆 |\n| --- | --- | --- |\n"
        "| 槐安里 | 600元/月 | 80% |\n| 槐安里 | 500.5 |  |\n\n注：自2025年起\n"
    )


def test_each_visible_sheet_is_a_document():
    workbook = openpyxl.Workbook()
    workbook.active.append(["", ""])
    for name, words in (("停车", "600"), ("隐藏", "坏"), ("养犬", "1")):
        sheet = workbook.create_sheet(name)
        sheet.append(["项目", "数"])
        sheet.append(["甲", words])
    workbook["隐藏"].sheet_state = "hidden"
    texts = SheetReader().read(xlsx_bytes(workbook), "表.xlsx")
    assert [text.source for text in texts] == ["表.xlsx", "表.xlsx#养犬"]
    assert all("坏" not in text.text for text in texts)


def with_sheet(rows, content=None):
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (space, rows)
    return with_parts(content or sheet_file(["甲"]), {SHEET: sheet})


def test_formulas_are_read_as_their_results():
    rows = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1"><v>1</v></c></row>'
        b'<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
        b'<row r="3"><c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B3"><v>3</v></c></row>'
    )
    assert read(with_sheet(rows)).text == "| a | 1 |\n| --- | --- |\n| 2 |  |\n|  | 3 |\n"


def test_formulas_that_nobody_worked_out_are_refused():
    reason = refusal(sheet_file(["甲", "乙"], [1, "=A2+1"]))
    assert "「Sheet」" in reason
    assert "B2" in reason


@pytest.mark.parametrize(
    ("value", "number_format", "words"),
    [
        (None, "General", ""),
        (600.0, "General", "600"),
        (0.1 + 0.2, "General", "0.3"),
        (13800000000.0, "0", "13800000000"),
        (0.305, "0.0%", "30.5%"),
        (1234.5, "#,##0.00", "1234.50"),
        (600, '"￥"0.00', "￥600.00"),
        (600, '0"元/月"', "600元/月"),
        (600, "0元", "600元"),
        (12, "00000", "00012"),
        (5, '0;[Red]-0', "5"),
        (5, "yyyy-mm-dd", "5"),
        (True, "General", "是"),
        (datetime(2025, 3, 1), "General", "2025-03-01"),
        (datetime(2025, 3, 1, 8, 30), "General", "2025-03-01 08:30"),
        (date(2025, 3, 1), "General", "2025-03-01"),
        (time(8, 30), "General", "08:30"),
    ],
)  # fmt: skip
def test_values_are_written_as_they_are_shown(value, number_format, words):
    assert shown(value, number_format) == words


@settings(max_examples=200, deadline=None)
@given(
    st.floats(allow_nan=True, allow_infinity=True) | st.integers(),
    st.text('0#,.%"元;_\\@x', max_size=12),
)
def test_any_number_in_any_format_is_written(value, number_format):
    assert isinstance(shown(value, number_format), str)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_separated_values_are_read_in_every_encoding(encoding, delimiter):
    words = f'小区{delimiter}电话\n槐安里{delimiter}="0571"\n书院里{delimiter}0572\n'
    content = words.encode(encoding)
    assert SheetReader().accepts(content, "电话.txt")
    table = "| 小区 | 电话 |\n| --- | --- |\n| 槐安里 | 0571 |\n| 书院里 | 0572 |\n"
    assert read(content, "电话.csv").text == table


def test_quoted_fields_keep_delimiters_and_line_feeds():
    text = read(QUESTIONS.replace("\n", "\r\n").encode("gb18030"), "停车问答.csv")
    assert text.details == {"title": "停车问答"}
    assert "问：月卡怎么办？\n答：带行驶证，\n到物业公司。\n" in text.text


def test_the_line_that_names_the_delimiter_is_obeyed():
    assert read("sep=;\n甲,一;乙\n1;2\n".encode(), "a.csv").text.startswith("| 甲,一 | 乙 |")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "第一条 为规范停车，制定本办法。\n第二条 本办法适用于槐安街道。\n",
        "# 标题\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n",
        '{"a": 1, "b": 2}\n{"a": 1, "b": 3}\n',
        "---\ntitle: a, b\ntopics: [a, b]\n---\n正文\n",
        "Dear all, hello\n\nthis, that, and more\nanother line\n",
        "一行,而已",
        "a,b\x00\n1,2\n",
    ],
)
def test_a_text_with_commas_is_no_table(words):
    assert not SheetReader().accepts(words.encode(), "a.csv")


def test_a_table_longer_than_the_sample_is_accepted():
    rows = "".join(f"小区{n},0571{n}\n" for n in range(20_000))
    assert SheetReader().accepts(f"名称,电话\n{rows}".encode("gb18030"), "a")


def test_too_many_rows_or_columns_are_refused():
    rows = "a,b\n" + "1,2\n" * 20_001
    assert "20000 行" in refusal(rows.encode(), "a.csv")
    assert "256 列" in refusal(sheet_file(["甲"] * 300, ["乙"] * 300))


def test_a_cell_far_away_is_read_at_once():
    far = b'<row r="1048576"><c r="B1048576" t="inlineStr"><is><t>far</t></is></c></row>'
    near = b'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    assert read(with_sheet(near + far)).text == "| 1 | 2 |\n| --- | --- |\n|  | far |\n"


def test_a_sheet_without_words_is_refused():
    assert "没有内容" in refusal(sheet_file([None, " "]))
    assert "没有内容" in refusal(sheet_file(["问题", "答案"], ["甲？", None]))


def test_a_bomb_is_refused_before_it_is_unpacked():
    assert "太大" in refusal(with_parts(sheet_file(["甲"]), {SHEET: b"<c/>" * 12_000_000}))


def test_entities_and_binary_workbooks_are_refused():
    sheet = b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'
    assert "实体" in refusal(with_parts(sheet_file(["甲"]), {SHEET: sheet}))
    assert "xlsb" in refusal(with_parts(sheet_file(["甲"]), {"xl/workbook.bin": b"x"}))


def test_macros_are_never_unpacked():
    content = with_parts(sheet_file(["甲", "乙"], [1, 2]), {"xl/vbaProject.bin": b"Evil" * 999})
    types = part(content, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    content = with_parts(content, {"[Content_Types].xml": types})
    assert read(content, "表.xlsm").text == "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n"


def test_a_damaged_workbook_is_refused():
    assert "损坏" in refusal(sheet_file(["甲"])[:900])
    assert "损坏" in refusal(with_parts(sheet_file(["甲"]), {SHEET: b"<worksheet"}))


def test_only_sheets_are_accepted():
    assert SheetReader().accepts(sheet_file(["甲"]), "甲.txt")
    assert not SheetReader().accepts(word_file("甲"), "甲.xlsx")
    assert not SheetReader().accepts(zip_bytes({"a.csv": b"a,b\n1,2\n"}), "甲.xlsx")


CELLS = st.text('甲乙ab12，。"\n\r,;\t =', max_size=12)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=5))
def test_any_fields_are_read_or_refused(rows):
    words = "\n".join(",".join(f'"{cell}"' for cell in row) for row in [["甲", "乙"], *rows])
    content = words.encode()
    if not SheetReader().accepts(content, "a.csv"):
        return
    assert "甲" in read(content, "a.csv").text
