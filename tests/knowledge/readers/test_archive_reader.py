import io
import os
import stat
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import UnreadableFile
from knowledge.readers.archive import ArchiveLimits, ArchiveReader
from knowledge.readers.docx import DocxReader
from knowledge.readers.foreign import ForeignReader
from knowledge.readers.html import HtmlReader
from knowledge.readers.pdf import PdfReader
from knowledge.readers.sheets import SheetReader
from knowledge.readers.text import TextReader
from tests.knowledge.readers.reader_files import (
    column,
    pdf_bytes,
    sheet_file,
    with_parts,
    word_file,
    zip_bytes,
)

READERS = (
    PdfReader(), DocxReader(), HtmlReader(), SheetReader(), ForeignReader(), TextReader()
)  # fmt: skip
TEXT = "第一条 甲。".encode()


def reader(**limits):
    return ArchiveReader(READERS, ArchiveLimits(**limits))


def reading(content, **limits):
    return reader(**limits).read_members(content, "资料.zip")


def sources(content):
    return [text.source for text in reading(content).texts]


def refusal(content, **limits):
    with pytest.raises(UnreadableFile) as refused:
        reader(**limits).read(content, "资料.zip")
    assert refused.value.source == "资料.zip"
    return refused.value.reason


def renamed(content, before, after):
    """A zip whose names were written in bytes of another encoding."""
    assert len(before) == len(after)
    return content.replace(before, after)


def test_each_file_is_read_by_its_own_reader():
    content = zip_bytes(
        {
            "制度/停车.docx": word_file("第一条 甲。"),
            "制度/养犬.pdf": pdf_bytes([column(["第一条 乙。"])]),
            "问答.xlsx": sheet_file(["问题", "答案"], ["几点？", "九点。"]),
            "通知.html": "<html><body><p>停水</p></body></html>".encode(),
            "公约.txt": "第一条 丙。".encode("gb18030"),
        }
    )
    texts = reader().read(content, "资料.zip")
    assert [text.source for text in texts] == [
        "制度/停车.docx", "制度/养犬.pdf", "问答.xlsx", "通知.html", "公约.txt"
    ]  # fmt: skip
    assert texts[1].page_starts == (0,)
    assert "停水" in texts[3].text


def test_a_file_that_cannot_be_read_does_not_stop_the_others():
    content = zip_bytes({"好.txt": TEXT, "扫描.pdf": pdf_bytes([[]], picture=True), "图.png": PNG})
    found = reading(content)
    assert [text.source for text in found.texts] == ["好.txt"]
    assert [(refused.source, "扫描件" in refused.reason) for refused in found.refused] == [
        ("扫描.pdf", True),
        ("图.png", False),
    ]
    assert "图片" in found.refused[1].reason


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)


def test_an_archive_with_nothing_to_read_is_refused_with_an_example():
    reason = refusal(zip_bytes({"图.png": PNG}))
    assert "图.png" in reason
    assert "图片" in reason
    assert "没有文件" in refusal(zip_bytes({"空/": b"", ".hidden": TEXT}))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_of_chinese_windows_are_decoded(encoding):
    name = "停车办法.txt".encode(encoding)
    content = renamed(zip_bytes({"x" * (len(name)): TEXT}), b"x" * len(name), name)
    assert sources(content) == ["停车办法.txt"]


def test_a_second_byte_that_looks_like_a_backslash_does_not_cut_a_name():
    name = "誠.txt".encode("gbk")
    assert b"\\" in name
    content = renamed(zip_bytes({"x" * len(name): TEXT}), b"x" * len(name), name)
    assert sources(content) == ["誠.txt"]


@pytest.mark.parametrize(
    ("name", "inward"),
    [
        ("../../etc/办法.txt", "etc/办法.txt"),
        ("/etc/办法.txt", "etc/办法.txt"),
        ("C:\\制度\\..\\办法.txt", "制度/办法.txt"),
        ("a/./b//办法.txt", "a/b/办法.txt"),
        ("a\u202e\u200b/办法.txt", "a/办法.txt"),
    ],
)
def test_paths_that_point_outwards_are_cut(name, inward):
    assert sources(zip_bytes({name: TEXT})) == [inward]


def test_two_files_of_one_name_are_both_read():
    content = zip_bytes({"办法.txt": TEXT, "../办法.txt": b"second one"})
    assert sources(content) == ["办法.txt", "办法.txt (2)"]


def test_traces_of_systems_and_hidden_files_are_left_out():
    names = [
        "__MACOSX/._办法.txt",
        ".DS_Store",
        "a/.git/x.txt",
        "Thumbs.db",
        "~$办法.docx",
        "a/办法.txt",
    ]
    found = reading(zip_bytes(dict.fromkeys(names, TEXT)))
    assert [text.source for text in found.texts] == ["a/办法.txt"]
    assert found.refused == ()


def test_an_archive_in_an_archive_is_not_opened():
    inner = zip_bytes({"a.txt": TEXT})
    found = reading(zip_bytes({"内.zip": inner, "内.docx": inner, "好.txt": TEXT}))
    assert [refused.source for refused in found.refused] == ["内.zip", "内.docx"]
    assert all("压缩包" in refused.reason for refused in found.refused)


def test_a_link_is_not_followed():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("密码.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "链接" in refusal(stream.getvalue())


def test_a_bomb_is_refused_before_it_is_unpacked():
    reason = refusal(zip_bytes({"大.txt": b"\x00" * 20_000_000, "好.txt": TEXT}))
    assert "压缩炸弹" in reason
    assert "20 MB" in reason


def test_files_that_lie_upon_each_other_are_a_bomb():
    content = zip_bytes({"大.txt": os.urandom(400_000)}, zipfile.ZIP_STORED)
    end = content.rfind(b"PK\x05\x06")
    start = content.find(b"PK\x01\x02")
    entries = content[start:end] * 500
    size, total = struct.pack("<I", len(entries)), struct.pack("<H", 500)
    tail = content[end : end + 8] + total + total + size + content[end + 16 :]
    assert "压缩炸弹" in refusal(content[:start] + entries + tail)


@pytest.mark.parametrize("declared", [10, 0])
def test_a_file_larger_than_it_declares_is_never_unpacked(declared):
    content = zip_bytes({"大.txt": b"a" * 5_000_000, "好.txt": TEXT})
    lied = content.replace(struct.pack("<I", 5_000_000), struct.pack("<I", declared))
    found = reading(lied)
    assert "好.txt" in [text.source for text in found.texts]
    assert all(len(text.text) < 100 for text in found.texts)


def test_limits_are_told_in_the_reason():
    assert "3 个文件，超过 2 个" in refusal(
        zip_bytes({"a.txt": TEXT, "b.txt": TEXT, "c.txt": TEXT}), members=2
    )
    found = reading(
        zip_bytes({"大.txt": b"a b c " * 400_000, "好.txt": TEXT}), member_bytes=2_000_000
    )
    assert "超过 2 MB" in found.refused[0].reason
    assert "MB" in refusal(zip_bytes({"a.txt": os.urandom(3000)}), total_bytes=2000)


def test_a_locked_file_is_refused_by_name():
    content = bytearray(zip_bytes({"密.txt": TEXT, "好.txt": TEXT}))
    local, central = content.find(b"PK\x03\x04"), content.find(b"PK\x01\x02")
    content[local + 6] |= 1
    content[central + 8] |= 1
    found = reading(bytes(content))
    assert [(refused.source, "密码" in refused.reason) for refused in found.refused] == [
        ("密.txt", True)
    ]
    assert [text.source for text in found.texts] == ["好.txt"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_ways_of_storing_are_refused(method):
    assert "压缩方式" in refusal(zip_bytes({"a.txt": TEXT * 99}, method))


def test_a_damaged_file_in_an_archive_is_refused_by_name():
    content = bytearray(zip_bytes({"坏.txt": TEXT * 50, "好.txt": TEXT}, zipfile.ZIP_STORED))
    content[content.find(TEXT) + 3] ^= 0xFF
    found = reading(bytes(content))
    assert [refused.source for refused in found.refused] == ["坏.txt"]
    assert "损坏" in found.refused[0].reason


def test_a_damaged_archive_is_refused():
    assert "损坏" in refusal(zip_bytes({"a.txt": TEXT * 99})[:60])


def test_a_directory_beyond_all_measure_is_not_read():
    assert "条目太多" in refusal(b"PK\x03\x04" + b"PK\x01\x02" * 50_000)


def test_fifty_megabytes_of_texts_are_read():
    text = ("第一条 本市居民应当遵守本办法。\n" * 25_000).encode()
    content = zip_bytes({f"{n}.txt": text for n in range(46)}, zipfile.ZIP_STORED)
    assert len(content) > 50_000_000
    found = reading(content)
    assert len(found.texts) == 46
    assert found.refused == ()


def test_only_archives_are_accepted():
    assert reader().accepts(zip_bytes({"a.txt": TEXT}), "a.docx")
    assert not reader().accepts(word_file("甲"), "a.zip")
    assert not reader().accepts(with_parts(word_file("甲"), {"a.txt": TEXT}), "a.zip")
    assert not reader().accepts(sheet_file(["甲"]), "a.zip")
    assert not reader().accepts(TEXT, "a.zip")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_an_archive_with_a_wrong_byte_is_read_or_refused(data):
    content = bytearray(zip_bytes({"办法.txt": TEXT, "表.csv": b"a,b\n1,2\n"}))
    place = data.draw(st.integers(min_value=0, max_value=len(content) - 1))
    content[place] = data.draw(st.integers(min_value=0, max_value=255))
    try:
        found = reading(bytes(content))
    except UnreadableFile:
        return
    assert len(found.texts) + len(found.refused) <= 2
