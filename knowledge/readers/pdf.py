"""PDF files with text: pages as paragraphs, headings and tables."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO

from pypdf import PageObject
from pypdf import PdfReader as PdfFile
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from knowledge.errors import UnreadableFile
from knowledge.readers.base import ReadText
from knowledge.readers.markdown import one_line
from knowledge.readers.packages import DAMAGED
from knowledge.readers.pdf_content import Budget, FontShelf, PageContent, TooMuchContent
from knowledge.readers.pdf_drawing import Drawing
from knowledge.readers.pdf_fonts import UNKNOWN, resolved
from knowledge.readers.pdf_text import text_of

START, END = re.compile(rb"\A[\s\x00\xef\xbb\xbf]*%PDF-\d"), b"%%EOF"
MAGIC, MAGIC_WITHIN_BYTES = b"%PDF-", 1024
"""Some servers write lines before the file; viewers look this far for its start."""
MOST_PAGES = 2_000
CONTENT_BYTES = 100_000_000
"""Bytes of page content in one file, decompressed; a page of text has some ten thousand."""
TOO_MUCH = "PDF 的内容太多，没有打开；请拆成几个较小的文件"
ADVICE = "请上传 Word 原件，或先用文字识别软件转成带文字的 PDF"
NO_RESOURCES = DictionaryObject()
GARBLED_SHARE = 0.1
ODD = re.compile(f"[{UNKNOWN}\ue000-\uf8ff\x00-\x08\x0e-\x1f\u0e00-\u0e7f\u1000-\u1dff]")
"""What letters turn into when a font does not tell them: no sign, or one of a far script."""
OWN_TITLE = re.compile("[\u4e00-\u9fff]{4}")
PROGRAM = re.compile(r"Microsoft|WPS|文档\s*\d*$|\.(?:docx?|wps|pdf)$", re.IGNORECASE)
"""Titles that a program gave and nobody wrote."""


class PdfReader:
    """Reads the text of a PDF file page by page.

    Headers, footers, page numbers, the table of contents and watermarks are left out. A file
    that opens without a password is read, even where copying from it is discouraged.
    """

    def accepts(self, content: bytes, source: str) -> bool:
        """Whether ``content`` begins as a PDF file does."""
        if START.match(content):
            return True
        ends = END in content[-MAGIC_WITHIN_BYTES:]
        return ends and MAGIC in content[:MAGIC_WITHIN_BYTES] and not content.startswith(b"PK")

    def read(self, content: bytes, source: str) -> tuple[ReadText, ...]:
        """Read it as one document.

        Raises:
            UnreadableFile: It is locked, scanned, damaged, too large, or its fonts do not tell
                which signs they show.
        """
        pages, own_title = _unpacked(content, source)
        _check_words(pages, source)
        written = text_of(pages)
        named = OWN_TITLE.search(own_title) and not PROGRAM.search(own_title)
        title = written.title or (own_title if named else "")
        details: Mapping[str, object] = {"title": title} if title else {}
        return (
            ReadText(
                source=source,
                text=written.text,
                details=details,
                page_starts=written.page_starts,
            ),
        )


def _unpacked(content: bytes, source: str) -> tuple[list[PageContent], str]:
    """The pages of a file and the title that it names for itself.

    Raises:
        UnreadableFile: It is locked, damaged or too large.
    """
    try:
        file = _opened(content, source)
        title = file.metadata.title if file.metadata else None
        return _contents(file), one_line(title or "")
    except UnreadableFile:
        raise
    except TooMuchContent as error:
        raise UnreadableFile(source, TOO_MUCH) from error
    except Exception as error:
        # A damaged file makes the library raise errors of no common base.
        raise UnreadableFile(source, DAMAGED) from error


def _opened(content: bytes, source: str) -> PdfFile:
    file = PdfFile(BytesIO(content), strict=False)
    if file.is_encrypted and not file.decrypt(""):
        raise UnreadableFile(source, "PDF 有打开密码，读不了；请取消密码后再上传")
    if len(file.pages) > MOST_PAGES:
        reason = f"PDF 有 {len(file.pages)} 页，超过 {MOST_PAGES} 页；请拆成几个较小的文件"
        raise UnreadableFile(source, reason)
    return file


def _contents(file: PdfFile) -> list[PageContent]:
    shelf, budget = FontShelf(), Budget(CONTENT_BYTES)
    return [_content(page, shelf, budget) for page in file.pages]


def _content(page: PageObject, shelf: FontShelf, budget: Budget) -> PageContent:
    written = resolved(page.get("/Contents"))
    streams = written if isinstance(written, ArrayObject) else [written]
    parts = [resolved(stream) for stream in streams]
    content = b"\n".join(part.get_data() for part in parts if isinstance(part, StreamObject))
    resources = resolved(page.get("/Resources"))
    drawing = Drawing(shelf, budget)
    drawing.draw(content, resources if isinstance(resources, DictionaryObject) else NO_RESOURCES)
    return drawing.finished(page.cropbox.lower_left, page.cropbox.upper_right)


def _check_words(pages: Sequence[PageContent], source: str) -> None:
    """Refuse a file whose words are pictures, or signs that nobody can read.

    Raises:
        UnreadableFile: See above; a picture on the first or the last page is a cover.
    """
    said = ["".join(run.text for run in page.runs) for page in pages]
    if not any(_is_worded(words) for words in said):
        raise UnreadableFile(source, _wordless(pages))
    scanned = [
        number
        for number, (page, words) in enumerate(zip(pages, said, strict=True), 1)
        if page.pictures and not _is_worded(words) and 1 < number < len(pages)
    ]
    if scanned:
        raise UnreadableFile(
            source, f"第 {_listed(scanned)} 页是扫描件（图片），没有文字；{ADVICE}"
        )
    everything = "".join(said)
    if len(ODD.findall(everything)) > GARBLED_SHARE * len(everything):
        raise UnreadableFile(source, f"PDF 里的字体没有文字编码，复制出来是乱码；{ADVICE}")


def _is_worded(words: str) -> bool:
    return any(sign.isalnum() or sign == UNKNOWN for sign in words)


def _wordless(pages: Sequence[PageContent]) -> str:
    if any(page.pictures for page in pages):
        return f"这是扫描件（每页都是图片），没有文字；{ADVICE}"
    return "PDF 里没有文字；请换成有文字的文件"


def _listed(numbers: Sequence[int]) -> str:
    shown = "、".join(str(number) for number in numbers[:5])
    return shown if len(numbers) <= 5 else f"{shown} 等 {len(numbers)}"
