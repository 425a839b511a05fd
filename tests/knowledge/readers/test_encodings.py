import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.readers.encodings import decode

WORDS = "第一条 为规范停车秩序，制定本办法。\n每户两辆。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-32", "big5"]
)
def test_words_are_decoded_without_being_told_how(encoding):
    words = "電動自行車不得停放在樓梯間，請停到車棚。\n" if encoding == "big5" else WORDS
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    assert decode(mark + words.encode(encoding)) == words


@pytest.mark.parametrize("words", ["停车", "槐安街道", "问题,答案\n", "名称;电话\n", "abc", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_few_words_are_enough(words, encoding):
    assert decode(words.encode(encoding)) == words


def test_an_encoding_that_is_named_is_believed_where_every_byte_fits():
    assert decode(WORDS.encode("gbk"), "gb2312") == WORDS
    assert decode(WORDS.encode("gbk"), "utf-8") == WORDS
    assert decode(WORDS.encode(), "no-such-encoding") == WORDS
    assert decode("Straße".encode("cp1252"), "windows-1252") == "Straße"


def test_line_ends_become_line_feeds_and_an_old_end_of_file_goes():
    assert decode(b"a\r\nb\rc\n\x1a") == "a\nb\nc\n"


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n\x00", bytes(range(256)) * 9]
)
def test_what_is_no_text_is_not_decoded(content):
    assert decode(content) is None


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_all_words_in_utf8_come_back(words):
    assert decode(words.encode()) == words.removeprefix("\ufeff")
