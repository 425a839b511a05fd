import zipfile
from io import BytesIO

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import UnreadableFile
from knowledge.readers.docx import DocxReader
from knowledge.splitting import split_text
from tests.knowledge.readers.reader_files import (
    docx_bytes,
    part,
    sheet_file,
    with_parts,
    word_file,
    zip_bytes,
)

MACROS = b"Attribute VB_Name = Evil" * 99


def read(content, source="办法.docx"):
    (text,) = DocxReader().read(content, source)
    return text


def blocks_of(document):
    return read(docx_bytes(document)).text.strip("\n").split("\n\n")


def refusal(content):
    with pytest.raises(UnreadableFile) as refused:
        DocxReader().read(content, "办法.docx")
    return refused.value.reason


def centred(document, words):
    document.add_paragraph(words).alignment = WD_ALIGN_PARAGRAPH.CENTER


def add(document, xml):
    """Add an element written by hand before the section at the end."""
    document.element.body.insert(-1, parse_xml(xml))


def element(inner, name="w:p"):
    spaces = nsdecls("w", "wp", "a", "m")
    wps = 'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    return f"<{name} {spaces} {wps} {mc}>{inner}</{name}>"


def test_headings_paragraphs_and_tables_stand_in_their_order():
    document = Document()
    document.add_heading("槐安街道停车办法", 0)
    document.add_heading("收费", 1)
    document.add_paragraph("第一条 收费如下：")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip(table._cells, ["小区", "每月", "槐安里", "600元|车"], strict=True):
        cell.text = words
    document.add_paragraph("第二条 自公布之日起施行。")
    document.add_heading("附则", 2)
    text = read(docx_bytes(document))
    assert text.details == {"title": "槐安街道停车办法"}
    assert text.text == (
        "# 槐安街道停车办法\n\n## 收费\n\n第一条 收费如下：\n\n"
        "| 小区 | 每月 |\n| --- | --- |\n| 槐安里 | 600元｜车 |\n\n"
        "第二条 自公布之日起施行。\n\n### 附则\n"
    )


def test_the_title_of_an_official_document_stands_below_its_letterhead():
    document = Document()
    for words in ("槐安街道办事处文件", "槐安办发〔2024〕21号", "槐安街道住宅小区", "停车管理办法"):
        centred(document, words)
    centred(document, "（2024年5月1日印发）")
    document.add_heading("第一章 总则", 1)
    document.add_heading("第二章 附则", 1)
    text = read(docx_bytes(document))
    assert text.details == {"title": "槐安街道住宅小区停车管理办法"}
    assert "\n# 槐安街道住宅小区停车管理办法\n\n（2024年5月1日印发）\n\n## 第一章 总则" in text.text


def test_a_text_without_any_title_has_none():
    text = read(word_file("第一条 甲。", "第二条 乙。"))
    assert text.details == {}
    assert text.text == "第一条 甲。\n\n第二条 乙。\n"


def test_an_article_in_a_heading_style_stays_a_paragraph():
    document = Document()
    document.add_heading("第一条 为规范停车秩序，制定本办法。", 2)
    document.add_heading("第二条 适用范围。", 2)
    assert blocks_of(document) == ["第一条 为规范停车秩序，制定本办法。", "第二条 适用范围。"]


def test_numbers_that_are_typed_are_kept():
    typed = ["一、申请", "（一）材料", "1. 身份证", "①原件"]
    assert read(word_file(*typed)).text.strip("\n").split("\n\n") == typed


NUMBERING = f"""<w:numbering {nsdecls("w")}>
<w:abstractNum w:abstractNumId="90">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
<w:lvlText w:val="第%1章"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/>
<w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="91">
<w:lvl w:ilvl="0"><w:start w:val="9"/><w:numFmt w:val="chineseCounting"/>
<w:lvlText w:val="第%1条"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>
<w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val=""/></w:lvl>
</w:abstractNum>
<w:num w:numId="900"><w:abstractNumId w:val="90"/></w:num>
<w:num w:numId="901"><w:abstractNumId w:val="91"/></w:num>
<w:num w:numId="902"><w:abstractNumId w:val="91"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>""".encode()


def counted(words, list_id, level=0):
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return element(f"<w:pPr>{number}</w:pPr><w:r><w:t>{words}</w:t></w:r>")


def numbered(*paragraphs):
    document = Document()
    for words, list_id, level in paragraphs:
        add(document, counted(words, list_id, level))
    return with_parts(docx_bytes(document), {"word/numbering.xml": NUMBERING})


def test_articles_that_word_counts_get_their_numbers():
    content = numbered(
        ("总则", 900, 0), ("目的", 900, 1), ("甲。", 901, 0), ("子一；", 901, 1),
        ("子二；", 901, 1), ("项。", 901, 2), ("乙。", 901, 0), ("子三。", 901, 1),
        ("重来。", 902, 0), ("附则", 900, 0), ("无号。", 0, 0), ("也无。", 77, 0),
    )  # fmt: skip
    assert read(content).text.strip("\n").split("\n\n") == [
        "第一章 总则", "1.1 目的", "第九条 甲。", "（一）子一；", "（二）子二；", "- 项。",
        "第十条 乙。", "（一）子三。", "第一条 重来。", "第二章 附则", "无号。", "也无。",
    ]  # fmt: skip


def test_counted_articles_are_found_by_the_splitter():
    content = numbered(("甲。", 901, 0), ("子。", 901, 1), ("乙。", 901, 0))
    assert [piece.article for piece in split_text(read(content).text)] == ["第九条", "第十条"]


def test_merged_cells_are_read_in_each_row_and_below_one_header():
    document = Document()
    table = document.add_table(rows=5, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "收费标准"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "小区"
    table.cell(1, 1).merge(table.cell(1, 2)).text = "每月"
    table.cell(2, 1).text, table.cell(2, 2).text = "首车", "第二辆"
    table.cell(3, 0).merge(table.cell(4, 0)).text = "槐安里"
    for row, words in ((3, ("600", "800")), (4, ("700", "900"))):
        table.cell(row, 1).text, table.cell(row, 2).text = words
    assert blocks_of(document) == [
        "收费标准",
        "| 小区 | 每月 首车 | 每月 第二辆 |\n| --- | --- | --- |\n"
        "| 槐安里 | 600 | 800 |\n| 槐安里 | 700 | 900 |",
    ]


def test_a_frame_of_one_cell_gives_its_paragraphs():
    document = Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "第一条 甲。"
    cell.add_paragraph("第二条 乙。")
    assert blocks_of(document) == ["第一条 甲。\n第二条 乙。"]


def test_tracked_changes_are_read_as_accepted_and_hidden_words_are_not():
    document = Document()
    run = "<w:r><w:t>{}</w:t></w:r>"
    add(
        document,
        element(
            run.format("每户")
            + f'<w:ins w:id="1">{run.format("两辆")}</w:ins>'
            + '<w:del w:id="2"><w:r><w:delText>一辆</w:delText></w:r></w:del>'
            + f'<w:moveFrom w:id="3">{run.format("搬走")}</w:moveFrom>'
            + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
            + '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>。</w:t></w:r>'
            + "<w:r><w:instrText>PAGE</w:instrText></w:r>"
        ),
    )
    assert blocks_of(document) == ["每户两辆。"]


def test_content_controls_and_boxes_are_read_once():
    document = Document()
    words = "<w:r><w:t>{}</w:t></w:r>"
    box = f"<w:txbxContent><w:p>{words.format('框内文字')}</w:p></w:txbxContent>"
    choice = (
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
    )
    fallback = f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
    boxed = f"<mc:AlternateContent>{choice}{fallback}</mc:AlternateContent>"
    add(
        document,
        element(f"<w:sdtContent><w:p>{words.format('控件里')}</w:p></w:sdtContent>", "w:sdt"),
    )
    add(document, element(f"{words.format('段落')}<w:r>{boxed}</w:r>"))
    assert blocks_of(document) == ["控件里", "段落", "框内文字"]


def test_the_table_of_contents_is_left_out():
    document = Document()
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    lines = "<w:p><w:r><w:t>第一章 总则 1</w:t></w:r></w:p>"
    add(
        document,
        element(f"<w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{lines}</w:sdtContent>", "w:sdt"),
    )
    style = document.styles.add_style("toc 1", 1)
    document.add_paragraph("第二章 附则 9", style=style)
    document.add_paragraph("第一条 甲。")
    assert blocks_of(document) == ["第一条 甲。"]


def test_line_breaks_and_tabs_stay_in_their_paragraph():
    document = Document()
    document.add_paragraph("第一条\t甲\n第二行")
    assert blocks_of(document) == ["第一条 甲\n第二行"]


def with_macros(content, main_type):
    types = part(content, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        main_type,
    )
    return with_parts(content, {"[Content_Types].xml": types, "word/vbaProject.bin": MACROS})


@pytest.mark.parametrize(
    "main_type",
    [
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
        b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    ],
)
def test_a_file_with_macros_is_read_for_its_words_only(main_type):
    content = with_macros(word_file("第一条 甲。"), main_type)
    assert DocxReader().accepts(content, "办法.docm")
    text = read(content)
    assert text.text == "第一条 甲。\n"
    assert "Evil" not in repr(text)


def test_pictures_and_macros_are_never_unpacked():
    damaged = zip_bytes({"word/vbaProject.bin": b"\x00" * 5_000_000, "word/media/a.png": b"x"})
    with zipfile.ZipFile(BytesIO(damaged)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    assert read(with_parts(word_file("第一条 甲。"), members)).text == "第一条 甲。\n"


def test_a_bomb_is_refused_before_it_is_unpacked():
    content = with_parts(word_file("甲"), {"word/document.xml": b"<w:p/>" * 10_000_000})
    assert "太大" in refusal(content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding):
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    content = with_parts(word_file("甲"), {"word/document.xml": xml.encode(encoding)})
    assert "实体" in refusal(content)


def test_a_file_without_words_is_refused():
    assert "没有文字" in refusal(word_file())
    assert "没有文字" in refusal(word_file("", "——"))


@pytest.mark.parametrize(
    "content",
    [
        word_file("甲")[:500],
        with_parts(word_file("甲"), {"word/document.xml": b"<w:document"}),
        zip_bytes({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>"}),
    ],
)
def test_a_damaged_file_is_refused(content):
    assert "损坏" in refusal(content)


def test_only_word_files_are_accepted():
    reader = DocxReader()
    assert reader.accepts(word_file("甲"), "甲.txt")
    assert not reader.accepts(sheet_file(["甲"]), "甲.docx")
    assert not reader.accepts(zip_bytes({"word.txt": b"a"}), "甲.docx")
    assert not reader.accepts("第一条".encode(), "甲.docx")


WORDS = st.text("的一是在不了有和人第二三条。，（）", min_size=1, max_size=40)


@settings(max_examples=15, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=12))
def test_no_word_is_lost_and_none_is_added(paragraphs):
    content = word_file(*paragraphs)
    if not any(sign.isalnum() for words in paragraphs for sign in words):
        assert refusal(content)
        return
    assert read(content).text.strip("\n").split("\n\n") == paragraphs


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_a_file_with_a_wrong_byte_is_read_or_refused(data):
    content = bytearray(word_file("第一条 甲。"))
    place = data.draw(st.integers(min_value=0, max_value=len(content) - 1))
    content[place] = data.draw(st.integers(min_value=0, max_value=255))
    try:
        text = read(bytes(content)).text
    except UnreadableFile:
        return
    assert text


def test_heading_styles_of_a_chinese_office_are_known():
    document = Document()
    style = document.styles.add_style("自定义标题", 1)
    style.base_style = document.styles["Heading 2"]
    document.add_paragraph("收费标准", style=style)
    outlined = document.add_paragraph("办理流程")
    level = outlined._p.get_or_add_pPr().makeelement(qn("w:outlineLvl"), {qn("w:val"): "2"})
    outlined._p.get_or_add_pPr().append(level)
    assert blocks_of(document) == ["## 收费标准", "### 办理流程"]
