"""A file is what it holds, whatever it is called; every refusal is a sentence for a curator."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import UnreadableFile
from knowledge.readers.archive import ArchiveReader
from knowledge.readers.docx import DocxReader
from knowledge.readers.foreign import ForeignReader
from knowledge.readers.html import HtmlReader
from knowledge.readers.pdf import PdfReader
from knowledge.readers.sheets import SheetReader
from knowledge.readers.text import TextReader
from tests.knowledge.readers.reader_files import column, pdf_bytes, sheet_file, word_file, zip_bytes

SINGLE = (PdfReader(), DocxReader(), HtmlReader(), SheetReader(), ForeignReader(), TextReader())
READERS = (ArchiveReader(SINGLE), *SINGLE)
FILES = {
    ArchiveReader: zip_bytes({"a.txt": b"a"}),
    PdfReader: pdf_bytes([column(["第一条 甲。"])]),
    DocxReader: word_file("第一条 甲。"),
    HtmlReader: "<html><body><p>第一条 甲。</p></body></html>".encode("gb18030"),
    SheetReader: sheet_file(["小区", "电话"], ["槐安里", "0571"]),
    ForeignReader: b"{\\rtf1 hello}",
    TextReader: "第一条 甲。".encode("gb18030"),
}
NAMES = ["a.zip", "a.pdf", "a.docx", "a.html", "a.xlsx", "a.csv", "a.txt", "a", "a.png"]
SENTENCE = re.compile(r"[^\n]*[\u4e00-\u9fff][^\n]*")


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("name", NAMES)
def test_the_content_decides_who_reads_it(kind, name):
    taken = [type(reader) for reader in READERS if reader.accepts(FILES[kind], name)]
    assert taken[0] is kind
    assert set(taken[1:]) <= {TextReader}


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: type(reader).__name__)
@pytest.mark.parametrize("kind", FILES)
def test_a_reader_that_is_given_the_wrong_file_refuses_it(reader, kind):
    try:
        texts = reader.read(FILES[kind], "a.pdf")
    except UnreadableFile as refused:
        assert SENTENCE.fullmatch(refused.reason)  # noqa: PT017 - both ways out are right
        return
    assert any(text.text.strip() for text in texts)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_a_sentence(content):
    reader = next((reader for reader in READERS if reader.accepts(content, "a.bin")), None)
    if reader is None:
        return
    try:
        assert reader.read(content, "a.bin")
    except UnreadableFile as refused:
        assert SENTENCE.fullmatch(refused.reason)  # noqa: PT017 - both ways out are right
