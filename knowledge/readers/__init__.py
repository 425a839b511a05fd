"""One reader a format; the content of a file decides which one reads it, not its name."""

from collections.abc import Sequence

import filetype

from knowledge.errors import UnreadableFile
from knowledge.readers.archive import ArchiveReader, ArchiveReading
from knowledge.readers.base import Reader, ReadText
from knowledge.readers.docx import DocxReader
from knowledge.readers.foreign import ForeignReader
from knowledge.readers.html import HtmlReader
from knowledge.readers.pdf import PdfReader
from knowledge.readers.sheets import SheetReader
from knowledge.readers.text import TextReader

__all__ = ["READERS", "SUFFIXES", "ReadText", "Reader", "read_file", "read_members"]

READERS: Sequence[Reader] = (
    PdfReader(),
    DocxReader(),
    HtmlReader(),
    SheetReader(),
    ForeignReader(),
    TextReader(),
)
"""Readers of single files, asked in this order: nearly anything decodes as text."""

ARCHIVES = ArchiveReader(READERS)
EMPTY = "文件里没有可读的文字"

SUFFIXES = frozenset(
    [".md", ".markdown", ".txt", ".html", ".htm", ".docx", ".pdf", ".xlsx", ".csv", ".zip"]
)
"""Names of files that are taken from a folder; a file named by itself is always tried."""


def read_members(content: bytes, source: str) -> ArchiveReading:
    """The documents in a file or an archive, and the members of the archive that were refused.

    Raises:
        UnreadableFile: nothing in it can be read.
    """
    if not ARCHIVES.accepts(content, source):
        return ArchiveReading(texts=read_file(content, source), refused=())
    reading = ARCHIVES.read_members(content, source)
    if not reading.texts and not reading.refused:
        raise UnreadableFile(source, EMPTY)
    return reading


def read_file(content: bytes, source: str) -> tuple[ReadText, ...]:
    """The documents in a single file, each with something to read in it.

    Raises:
        UnreadableFile: no reader knows the format, or there is nothing to read.
    """
    reader = next((reader for reader in READERS if reader.accepts(content, source)), None)
    if reader is None:
        raise UnreadableFile(source, _unknown(content))
    texts = tuple(text for text in reader.read(content, source) if _is_readable(text.text))
    if not texts:
        raise UnreadableFile(source, EMPTY)
    return texts


def _is_readable(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def _unknown(content: bytes) -> str:
    kind = filetype.guess(content)
    if kind is None:
        return "文字编码无法识别，请另存为 UTF-8 再上传"
    return f"这是 {kind.extension} 文件，还不能导入，请存为文本文件"
