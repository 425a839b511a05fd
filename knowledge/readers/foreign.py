"""Formats that are known and not read, refused with what to do instead."""

import re

import filetype

from knowledge.errors import UnreadableFile
from knowledge.readers.base import ReadText
from knowledge.readers.packages import package_kind

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS = (
    ("EncryptedPackage", "文件有打开密码，读不了；请取消密码后再上传"),
    ("WordDocument", "这是旧版 Word 文件（.doc），读不了；请另存为 .docx 再上传"),
    ("PowerPoint Document", "这是旧版演示文稿（.ppt），读不了；请把文字另存为 .docx 再上传"),
    ("Workbook", "这是旧版 Excel 文件（.xls），读不了；请另存为 .xlsx 再上传"),
    ("Book", "这是旧版 Excel 文件（.xls），读不了；请另存为 .xlsx 再上传"),
)
"""Streams of old office files by their names, which stand there in UTF-16."""
OLE_OTHER = "这是旧版 Office 文件，读不了；请另存为 .docx 或 .xlsx 再上传"
PACKAGES = {
    "powerpoint": "这是演示文稿（.pptx），读不了；请把文字另存为 .docx 再上传",
    "other": "这种文档格式读不了；请另存为 .docx 或 .xlsx 再上传",
}
WRITTEN = (
    (rb"\s*\{\\rtf", "这是 RTF 文件，读不了；请用 Word 或 WPS 另存为 .docx 再上传"),
    (
        rb"(?:.{0,400}\n)?MIME-Version:.{0,2000}multipart/related",
        "这是网页归档（.mht），读不了；请用浏览器另存为「网页，仅 HTML」再上传",
    ),
    (
        rb"(?:\xef\xbb\xbf)?\s*<\?xml\b(?!.{0,2000}<html\b)",
        "这是 XML 数据文件，不是文稿；请另存为 .docx 再上传",
    ),
    (rb"%!PS", "这是 PostScript 文件，读不了；请转成带文字的 PDF 再上传"),
)
"""Formats written in letters, by how they begin."""
STARTS = tuple((re.compile(start, re.DOTALL | re.IGNORECASE), reason) for start, reason in WRITTEN)
START_BYTES = 4096
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
KINDS = (
    ("image/", "这是图片，里面的文字读不了；请上传文字版，或先用文字识别软件转成文字"),
    ("audio/", "这是音频或视频，读不了；请上传文字稿"),
    ("video/", "这是音频或视频，读不了；请上传文字稿"),
    ("font/", "这是字体文件，不是文稿，没有导入"),
)
ARCHIVES = frozenset({"rar", "7z", "gz", "tar", "bz2", "xz", "zst", "lz", "Z", "cab"})
READ_BY_OTHERS = frozenset({"pdf"})
OTHER_ARCHIVE = "这种压缩格式（.{}）读不了；请解开后用 .zip 重新打包，或直接上传里面的文件"
OTHER = "这是 .{} 文件，读不了；请另存为 .docx、.xlsx、.pdf 或 .txt 再上传"


class ForeignReader:
    """Recognises files that no reader reads; asked before plain text."""

    def accepts(self, content: bytes, source: str) -> bool:
        """Whether ``content`` is of a format that is known and not read."""
        return _reason(content) is not None

    def read(self, content: bytes, source: str) -> tuple[ReadText, ...]:
        """Refuse it.

        Raises:
            UnreadableFile: Always, with what the curator can do.
        """
        raise UnreadableFile(source, _reason(content) or OTHER.format("bin"))


def _reason(content: bytes) -> str | None:
    if content.startswith(OLE):
        return _old_office(content)
    if (package := package_kind(content)) is not None:
        return PACKAGES.get(package.name)
    start = content[:START_BYTES]
    for pattern, reason in STARTS:
        if pattern.match(start):
            return reason
    # Texts begin by chance as other formats do: «BM», «MZ»; control signs tell them apart.
    if start.startswith(WIDE_MARKS) or not CONTROL.search(start):
        return None
    return _binary(start)


def _old_office(content: bytes) -> str:
    for name, reason in OLE_STREAMS:
        if name.encode("utf-16-le") in content:
            return reason
    return OLE_OTHER


def _binary(start: bytes) -> str | None:
    kind = filetype.guess(start)
    if kind is None or kind.extension in READ_BY_OTHERS:
        return None
    if kind.extension in ARCHIVES:
        return OTHER_ARCHIVE.format(kind.extension)
    for mime, reason in KINDS:
        if kind.mime.startswith(mime):
            return reason
    return OTHER.format(kind.extension)
