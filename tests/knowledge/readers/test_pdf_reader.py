import time
import zlib
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import UnreadableFile
from knowledge.numerals import write_numeral
from knowledge.readers.pdf import PdfReader
from knowledge.splitting import split_text
from tests.knowledge.readers.reader_files import (
    Shown,
    broken,
    column,
    laid_out,
    locked_pdf,
    pdf_bytes,
)

ARTICLES = [
    "第一条 为规范住宅小区机动车停放秩序，保障消防通道畅通，维护业主和居民的合法权益，制定本办法。",
    "第二条 槐安街道辖区内八个住宅小区的机动车停放、收费和管理，适用本办法。",
    "小区以外的城市道路停车，由公安交通管理部门和云河区城市管理局按照职责管理，依照本办法"
    "第五条规定的收费标准执行的，应当报街道备案。",
    "第三条 收费标准如下：",
    "（一）首车每月六百元；",
    "（二）第二辆车每月八百元，占用道路停放的，按照第三条第二款的规定执行。",
]


def read(content, source="办法.pdf"):
    (text,) = PdfReader().read(content, source)
    return text


def paragraphs_of(text):
    return [block for block in text.text.strip("\n").split("\n\n") if block]


def refusal(content):
    with pytest.raises(UnreadableFile) as refused:
        PdfReader().read(content, "办法.pdf")
    assert refused.value.source == "办法.pdf"
    return refused.value.reason


def test_lines_become_the_paragraphs_that_were_broken():
    assert paragraphs_of(read(pdf_bytes(laid_out(ARTICLES)))) == ARTICLES


def test_articles_are_found_by_the_splitter():
    pieces = split_text(read(pdf_bytes(laid_out(ARTICLES))).text)
    assert [piece.article for piece in pieces] == ["第一条", "第二条", "第三条"]


def test_paragraphs_without_indent_are_told_by_short_lines_and_counting():
    assert paragraphs_of(read(pdf_bytes(laid_out(ARTICLES, indent=0)))) == ARTICLES


SIGNS = st.text(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出", min_size=1, max_size=150
)


@settings(max_examples=40, deadline=None)
@given(st.lists(SIGNS, min_size=13, max_size=30), st.integers(min_value=20, max_value=40))
def test_any_paragraphs_come_back_as_they_were(words, signs):
    written = [f"第{write_numeral(n)}条 {said}。" for n, said in enumerate(words, 1)]
    pages = laid_out(written, signs=signs, lines_a_page=12, header="槐安街道", footer="— {} —")
    text = read(pdf_bytes(pages))
    assert paragraphs_of(text) == written
    assert list(text.page_starts) == sorted(text.page_starts)
    assert len(text.page_starts) == len(pages)


def test_short_lines_stay_lines():
    names = ["张三 槐安里一号楼", "李四 书院里二号楼", "王五 槐安里三号楼", "赵六 书院里四号楼"]
    assert paragraphs_of(read(pdf_bytes([column(names)]))) == names


def test_pages_are_found_by_their_offsets():
    text = read(pdf_bytes(laid_out(ARTICLES, lines_a_page=3)))
    begun = [text.text[start:].split("\n")[0] for start in text.page_starts]
    lines = [line for paragraph in ARTICLES for line in broken(paragraph)]
    assert [words[:8] for words in begun] == [
        lines[0][:8],
        lines[3][:8],
        lines[6][:8],
        lines[9][:8],
    ]
    assert text.page_starts[0] == 0


def test_a_page_without_words_begins_where_the_next_one_does():
    text = read(pdf_bytes([[Shown(text="第一条 甲。")], [], [Shown(text="第二条 乙。")]]))
    assert text.page_starts == (0, 8, 8)
    assert text.text[8:] == "第二条 乙。\n"


def test_headers_footers_and_page_numbers_are_left_out():
    paragraphs = [
        f"第{write_numeral(n)}条 本条说的是第{write_numeral(n)}件事。" for n in range(1, 60)
    ]
    pages = laid_out(
        paragraphs, lines_a_page=12, header="槐安街道政策汇编", footer="第 {} 页 共 5 页"
    )
    assert paragraphs_of(read(pdf_bytes(pages))) == paragraphs


@pytest.mark.parametrize("number", ["1", "- 1 -", "— 1 —", "第1页", "1/3", "Page 1 of 3"])
def test_the_page_number_of_a_single_page_is_left_out(number):
    page = [*column(["停水通知如下：", "明天停水。"]), Shown(text=number, x=290, y=40, size=9)]
    assert "1" not in read(pdf_bytes([page])).text


def test_a_table_of_contents_is_left_out():
    lines = ["第一条 总则……………………1", "第二条 收费 ........ 3", "第一条 正文在这里。"]
    assert read(pdf_bytes([column(lines)])).text == "第一条 正文在这里。\n"


def test_high_letters_are_headings_and_the_first_is_the_title():
    page = [
        Shown(text="槐安街道办事处文件", x=180, y=780, size=30),
        Shown(text="槐安街道住宅小区", x=200, y=720, size=22),
        Shown(text="机动车停放管理办法", x=190, y=690, size=22),
        Shown(text="收费标准", y=650, size=16),
        *column(
            ["每月六百元，按月交纳，不足一月的按天计算，按天计算的每天二十元，多退少补。"], top=620
        ),
    ]
    text = read(pdf_bytes([page]))
    assert text.details == {"title": "槐安街道住宅小区机动车停放管理办法"}
    assert paragraphs_of(text)[:3] == [
        "槐安街道办事处文件",
        "## 槐安街道住宅小区机动车停放管理办法",
        "### 收费标准",
    ]


@pytest.mark.parametrize(
    ("title", "details"),
    [
        ("槐安街道停车办法", {"title": "槐安街道停车办法"}),
        ("Microsoft Word - 停车办法.doc", {}),
        ("", {}),
    ],
)
def test_the_title_of_the_file_counts_when_somebody_wrote_it(title, details):
    assert read(pdf_bytes([column(["第一条 甲。"])], title=title)).details == details


def test_a_watermark_is_left_out():
    page = [
        Shown(text="内部资料", x=200, y=300, size=60, matrix="0.7 0.7 -0.7 0.7"),
        *column(["第一条 甲。"]),
    ]
    assert read(pdf_bytes([page])).text == "第一条 甲。\n"


def test_a_page_that_is_turned_is_read_upright():
    lines = [
        Shown(text=line, x=100 + 20 * number, y=72, matrix="0 1 -1 0")
        for number, line in enumerate(["第一条 甲。", "第二条 乙。"])
    ]
    assert paragraphs_of(read(pdf_bytes([lines]))) == ["第一条 甲。", "第二条 乙。"]


def test_words_drawn_twice_to_look_bold_are_read_once():
    page = [Shown(text="第一条 甲。"), Shown(text="第一条 甲。", x=72.4)]
    assert read(pdf_bytes([page])).text == "第一条 甲。\n"


def test_two_columns_are_read_one_after_the_other():
    left = [replace(shown, x=shown.x - 140) for shown in laid_out(ARTICLES[:2], signs=16)[0]]
    right = [replace(shown, x=shown.x + 110) for shown in laid_out(ARTICLES[2:], signs=16)[0]]
    assert paragraphs_of(read(pdf_bytes([[*left, *right]]))) == ARTICLES


def test_radicals_of_fonts_become_the_ideographs():
    assert read(pdf_bytes([column(["居⺠⻋辆户⼾籍"])])).text == "居民车辆户户籍\n"


RULED = b"".join(
    b"72 %d 300 0.5 re f\n" % y for y in (740, 715, 690, 640)
) + b"".join(b"%d 640 m %d 740 l S\n" % (x, x) for x in (72, 172, 272, 372))  # fmt: skip


def table_page(rows, top=722):
    cells = [
        Shown(text=words, x=76 + 100 * column, y=top - 25 * row)
        for row, line in enumerate(rows)
        for column, words in enumerate(line)
        if words
    ]
    return RULED + b"".join(cell.drawn() for cell in cells)


def test_a_ruled_table_keeps_its_columns():
    content = table_page(
        [("小区", "首车", "第二辆"), ("槐安里", "600元", "800元"), ("书院里", "500元", "")]
    )
    content += Shown(text="元每月", x=176, y=655).drawn()
    assert paragraphs_of(read(pdf_bytes([content]))) == [
        "| 小区 | 首车 | 第二辆 |\n"
        "| --- | --- | --- |\n"
        "| 槐安里 | 600元 | 800元 |\n"
        "| 书院里 | 500元元每月 |  |"
    ]


def test_a_table_goes_on_on_the_next_page_below_its_header():
    first = table_page(
        [("小区", "首车", "第二辆"), ("槐安里", "600元", "800元"), ("甲里", "1元", "2元")]
    )
    second = table_page(
        [("小区", "首车", "第二辆"), ("书院里", "500元", "700元"), ("乙里", "3元", "4元")]
    )
    text = read(pdf_bytes([first, second]))
    assert text.text.count("小区") == 1
    assert text.text[text.page_starts[1] :].startswith("| 书院里 | 500元 | 700元 |")


def test_a_scanned_file_is_refused_with_the_reason():
    assert "扫描件" in refusal(pdf_bytes([[], []], picture=True))


def test_scanned_pages_in_the_middle_are_named():
    words = laid_out(["第一条 甲。"])[0]
    picture = b"q 400 0 0 600 90 100 cm /Im1 Do Q\n"
    reason = refusal(pdf_bytes([words, picture, words, picture, words]))
    assert "第 2、4 页是扫描件" in reason


def test_a_scanned_cover_does_not_matter():
    words = laid_out(["第一条 甲。"])[0]
    picture = b"q 400 0 0 600 90 100 cm /Im1 Do Q\n"
    assert read(pdf_bytes([picture, words, picture])).page_starts == (0, 0, 7)


def test_a_file_without_anything_is_refused():
    assert "没有文字" in refusal(pdf_bytes([[]]))


def test_a_font_that_does_not_tell_its_signs_is_refused():
    assert "乱码" in refusal(pdf_bytes([column(["第一条 甲。"])], to_unicode=False))


def test_a_locked_file_is_refused_and_one_that_opens_is_read():
    content = pdf_bytes([column(["第一条 甲。"])])
    assert "密码" in refusal(locked_pdf(content, "secret"))
    assert read(locked_pdf(content, "")).text == "第一条 甲。\n"


@pytest.mark.parametrize("damage", [lambda c: c[:200], lambda c: b"%PDF-1.7\n" + b"\x00\xff" * 99])
def test_a_damaged_file_is_refused(damage):
    assert refusal(damage(pdf_bytes([column(["第一条 甲。"])])))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_content_stream_is_read_or_refused(stream):
    with suppress(UnreadableFile):
        assert read(pdf_bytes([stream])).text


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_file_with_a_wrong_byte_is_read_or_refused(data):
    content = bytearray(pdf_bytes([column(["第一条 甲。", "第二条 乙。"])]))
    place = data.draw(st.integers(min_value=9, max_value=len(content) - 1))
    content[place] = data.draw(st.integers(min_value=0, max_value=255))
    with suppress(UnreadableFile):
        assert read(bytes(content)).text


def test_two_hundred_pages_are_read_within_seconds():
    paragraphs = [
        f"第{write_numeral(n)}条 居民委员会应当在收到申请之日起五个工作日内办结"
        f"第{write_numeral(n)}号事项，"
        "不能按时办结的，应当书面说明理由，并告知居民可以向街道办事处反映。"
        for n in range(1, 2001)
    ]
    content = pdf_bytes(laid_out(paragraphs, header="槐安街道", footer="— {} —"))
    started = time.process_time()
    text = read(content)
    assert len(text.page_starts) >= 200
    assert paragraphs_of(text) == paragraphs
    assert time.process_time() - started < 20


def test_too_many_pages_are_refused():
    assert "2001 页" in refusal(pdf_bytes([b""] * 2001))


def test_too_much_content_is_refused():
    content = pdf_bytes([zlib.compress(b" " * 70_000_000)] * 2)
    content = content.replace(b"<< /Length", b"<< /Filter /FlateDecode /Length")
    assert "太多" in refusal(content)


def test_forms_within_forms_without_end_are_not_followed():
    loop = b"/Im1 Do BT /F1 12 Tf 1 0 0 1 72 700 Tm <7532> Tj ET"
    content = pdf_bytes([loop])
    content = content.replace(b"/Subtype /Image", b"/Subtype /Form ")
    assert "甲" in read(content).text


@pytest.mark.parametrize(
    ("content", "accepted"),
    [
        (pdf_bytes([b""]), True),
        (b"HTTP/1.1 200 OK\r\n\r\n" + pdf_bytes([b""]), True),
        ("PDF 文件以 %PDF-1.7 开头。".encode(), False),
        (b"PK\x03\x04 %PDF-1.7", False),
    ],
)
def test_a_file_is_told_by_its_content(content, accepted):
    assert PdfReader().accepts(content, "a.docx") is accepted
