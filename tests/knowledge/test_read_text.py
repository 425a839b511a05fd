import pytest

from knowledge.errors import UnreadableFile
from knowledge.readers import read_file

WORDS = "第一条 为了规范养犬行为，保障居民健康，制定本办法。\n每户限养一只。\n"


def words_of(content, source="办法.txt"):
    (read,) = read_file(content, source)
    return read.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_chinese_encodings_are_told_apart(encoding):
    assert words_of(WORDS.encode(encoding)) == WORDS


def test_line_ends_and_invisible_signs_are_cleaned():
    assert words_of("第一条\u200b 内容\r\n\ufeff第二行\r".encode()) == "第一条 内容\n第二行\n"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n\t\n",
        "。。。——".encode(),
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"\x00\x01" * 99,
    ],
)
def test_a_file_without_readable_words_is_refused(content):
    with pytest.raises(UnreadableFile) as refused:
        read_file(content, "办法.txt")
    assert refused.value.source == "办法.txt"
    assert refused.value.reason


def test_the_content_decides_and_not_the_name():
    page = "<html><body><h1>停水通知</h1><p>明天上午停水。</p></body></html>"
    (read,) = read_file(page.encode(), "通知.txt")
    assert "<p>" not in read.text
    assert "明天上午停水。" in read.text
