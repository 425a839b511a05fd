import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import UnreadableFile
from knowledge.readers.html import HtmlReader
from tests.knowledge.readers.reader_files import pdf_bytes, word_file

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>停车办法_槐安街道</title>
<style>p {{ color: red }}</style><script>alert("广告")</script></head><body>
<header><a href="/">网站首页</a></header><nav><ul><li>菜单</li></ul></nav>
<h1>停车办法</h1><h2>第一章 总则</h2>
<p>第一条&nbsp;为了<b>规范</b>
停车，制定本办法。</p>
<footer>版权所有</footer></body></html>"""
READ = "# 停车办法\n\n## 第一章 总则\n\n第一条 为了规范停车，制定本办法。\n"


def read(page, encoding="utf-8"):
    (text,) = HtmlReader().read(
        page if isinstance(page, bytes) else page.encode(encoding), "页.html"
    )
    return text


def body(inner):
    return read(f"<html><body>{inner}</body></html>").text


def refusal(content):
    with pytest.raises(UnreadableFile) as refused:
        HtmlReader().read(content, "页.html")
    return refused.value.reason


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("gb2312", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-8", "gb18030"),
        ("gb2312", "utf-8"),
        ("no-such-charset", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_a_page_is_read_in_its_encoding_even_where_it_names_another(charset, encoding):
    content = PAGE.format(charset=charset).encode(encoding)
    assert HtmlReader().accepts(content, "x")
    assert read(content).text == READ


def test_rare_ideographs_of_gb18030_are_read_although_gb2312_is_named():
    assert "㐀䶮镕" in read('<html><meta charset="gb2312"><p>㐀䶮镕</p></html>', "gb18030").text


def test_the_title_is_that_of_the_article_and_not_of_the_site():
    assert read(PAGE.format(charset="utf-8")).details == {"title": "停车办法"}
    assert read("<title>停车办法_槐安街道</title><p>甲</p>").details == {"title": "停车办法"}
    assert read("<title>停车办法 - 槐安街道</title><p>甲</p>").details == {"title": "停车办法"}
    marked = '<meta name="ArticleTitle" content="养犬规定"><title>网站</title><p>甲</p>'
    assert read(marked).text == "# 养犬规定\n\n甲\n"


def test_what_stands_around_the_text_is_left_out():
    page = (
        "<p>正文</p><script>坏</script><style>坏</style><nav>坏</nav><footer>坏</footer>"
        "<aside>坏</aside><p hidden>坏</p><div style='display: none'>坏</div><!-- 坏 -->"
        "<p>新<del>坏</del>价</p><form><select><option>坏</option></select></form>"
        "<div role='navigation'>坏</div><ul>" + "<li><a href='#'>坏</a></li>" * 5 + "</ul>"
    )
    assert body(page) == "正文\n\n新价\n"


def test_a_main_part_with_most_words_is_taken_alone():
    page = "<div>推荐阅读</div><main><h1>办法</h1><p>正文很长很长很长很长。</p></main>"
    assert body(page) == "# 办法\n\n正文很长很长很长很长。\n"
    assert body("<main>短</main><p>正文很长很长很长很长。</p>").startswith("短")


def test_lists_keep_their_marks_and_levels():
    page = (
        "<ul><li>甲<ul><li>甲一</li></ul></li><li>乙</li></ul>"
        "<ol start='3'><li><p>丙</p><p>丙二</p></li><li>丁</li></ol>"
    )
    assert body(page) == "- 甲\n  - 甲一\n- 乙\n\n3. 丙\n   丙二\n4. 丁\n"


def test_tables_keep_one_header_and_repeat_merged_cells():
    page = (
        "<table><caption>收费</caption><tr><th rowspan=2>小区</th><th colspan=2>每月</th></tr>"
        "<tr><th>首车</th><th>第二辆</th></tr>"
        "<tr><td rowspan=2>槐安里</td><td>600</td><td>800|1</td></tr><tr><td>1</td><td>2</td></tr>"
        "<tr><td colspan=3>注：按月</td></tr></table>"
    )
    assert body(page) == (
        "收费\n\n| 小区 | 每月 首车 | 每月 第二辆 |\n| --- | --- | --- |\n"
        "| 槐安里 | 600 | 800｜1 |\n| 槐安里 | 1 | 2 |\n\n注：按月\n"
    )


def test_a_table_that_lays_out_the_page_is_no_table():
    inner = "<table><tr><td>甲</td><td>乙</td></tr><tr><td>1</td><td>2</td></tr></table>"
    page = f"<table><tr><td>左</td><td>{inner}</td></tr></table>"
    assert body(page) == "左\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n"


def test_spans_beyond_all_measure_do_no_harm():
    rows = "<tr><td colspan=99999 rowspan=99999>甲</td></tr><tr><td>乙</td><td>丙</td></tr>"
    assert "甲" in body(f"<table>{rows}</table>")


def test_line_breaks_and_old_tags_make_paragraphs():
    page = "<font>第一条 甲。<br>　　第二条 乙。<p>第三条 丙。</p>丁</font><pre>a\n  b</pre>"
    assert body(page) == "第一条 甲。\n第二条 乙。\n\n第三条 丙。\n\n丁\n\na\n  b\n"


def test_a_spreadsheet_that_is_a_page_is_read_as_a_page():
    content = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table>'
        "<tr><td>小区</td><td>电话</td></tr><tr><td>槐安里</td><td>0571</td></tr></table></body></html>"
    )
    assert HtmlReader().accepts(content.encode(), "电话.xls")
    assert read(content).text == "| 小区 | 电话 |\n| --- | --- |\n| 槐安里 | 0571 |\n"


@pytest.mark.parametrize(
    ("content", "accepted"),
    [
        (b"<html><body>a</body></html>", True),
        (b"\xef\xbb\xbf  <!-- c --><!doctype html><p>a", True),
        (b'<?xml version="1.0"?>\n<html></html>', True),
        ("<html>甲</html>".encode("utf-16"), True),
        (b"<div><p>a</p></div>\n", True),
        (b"<div align=center>\n\n# title\n\n</div>\n\ntext", False),
        (b"# title\n\n<b>a</b>", False),
        (b"<!-- a --> <!-- b -->" * 5000 + b"# title", False),
        (b'<?xml version="1.0"?><rss></rss>', False),
        (b"a < b", False),
        (b"", False),
        (pdf_bytes([b""]), False),
        (word_file("a"), False),
    ],
)
def test_a_page_is_told_by_its_content(content, accepted):
    assert HtmlReader().accepts(content, "a.html") is accepted


@pytest.mark.parametrize(
    "content", [b"<html><body><script>1</script></body></html>", b"<html><img src=a></html>", b""]
)
def test_a_page_that_says_nothing_is_refused(content):
    assert "没有正文" in refusal(content)


def test_a_page_in_no_encoding_or_without_measure_is_refused():
    assert "编码" in refusal(b"<html>\x00\xff\x81\x00</html>")
    assert "10 MB" in refusal(b"<html>" + b" " * 10_000_001)


@pytest.mark.parametrize("tag", ["div", "font", "table><tr><td", "ul><li", "blockquote"])
def test_tags_nested_without_end_are_read_in_time(tag):
    started = time.process_time()
    closing = "".join(f"</{name}>" for name in reversed(tag.split("><")))
    assert "深处" in body(f"<{tag}>" * 2000 + "深处" + closing * 2000)
    assert time.process_time() - started < 20


@settings(max_examples=60, deadline=None)
@given(st.text("<>/abphtrdul !-&;=\"'甲乙\n", max_size=120))
def test_any_tag_soup_is_read_or_refused(soup):
    try:
        assert read(f"<html>{soup}").text
    except UnreadableFile as refused:
        assert refused.reason  # noqa: PT017 - both ways out are right
