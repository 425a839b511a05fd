"""Real files of every format, made in memory."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import openpyxl
from docx import Document
from pypdf import PdfReader, PdfWriter

BODY = 12.0
PAGE_WIDTH = 595.0
LEFT = 72.0


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Words on a PDF page; ``angle`` is the matrix of a watermark."""

    text: str
    x: float = LEFT
    y: float = 700.0
    size: float = BODY
    matrix: str = "1 0 0 1"

    def drawn(self) -> bytes:
        codes = self.text.encode("utf-16-be").hex()
        place = f"{self.matrix} {self.x} {self.y} Tm"
        return f"BT /F1 {self.size} Tf {place} <{codes}> Tj ET\n".encode()


def pdf_bytes(
    pages: Iterable[Sequence[Shown] | bytes],
    *,
    to_unicode: bool = True,
    picture: bool = False,
    title: str = "",
) -> bytes:
    """A PDF file with a Chinese font that is not embedded; a page may be a content stream."""
    streams = [
        page if isinstance(page, bytes) else b"".join(s.drawn() for s in page) for page in pages
    ]
    if picture:
        streams = [stream + b"q 400 0 0 600 90 100 cm /Im1 Do Q\n" for stream in streams]
    signs = sorted({sign for stream in streams for sign in _signs(stream)})
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /Identity-H"
        b" /DescendantFonts [4 0 R]" + (b" /ToUnicode 5 0 R >>" if to_unicode else b" >>"),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /DW 1000 /W [32 [500] 33 126 500]"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(_character_map(signs)),
        _stream(b"\x00" * 3, b"/Type /XObject /Subtype /Image /Width 1 /Height 1"
                b" /ColorSpace /DeviceRGB /BitsPerComponent 8 "),
        b"<< /Title <feff%s> >>" % title.encode("utf-16-be").hex().encode(),
    ]  # fmt: skip
    kids = []
    for stream in streams:
        objects.append(_stream(stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources <<"
            b" /Font << /F1 3 0 R >> /XObject << /Im1 6 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return _file(objects)


def locked_pdf(content: bytes, user_password: str) -> bytes:
    """The file locked; without a user password it opens, but copying is not allowed."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(user_password=user_password, owner_password="owner", algorithm="AES-256")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def column(
    lines: Iterable[str], *, top: float = 760.0, step: float = 20.0, **place: float
) -> list[Shown]:
    """Lines one below the other."""
    return [Shown(text=line, y=top - number * step, **place) for number, line in enumerate(lines)]


def broken(paragraph: str, signs: int = 30, indent: int = 2) -> list[str]:
    """The lines of a paragraph in a column of so many ideographs, the first one set in."""
    lines, room = [""], signs - indent
    for sign in paragraph:
        width = 0.5 if sign.isascii() else 1.0
        if room < width:
            lines.append("")
            room = signs
        lines[-1] += sign
        room -= width
    return lines


def laid_out(
    paragraphs: Iterable[str], *, signs: int = 30, indent: int = 2, lines_a_page: int = 30,
    header: str = "", footer: str = "",
) -> list[list[Shown]]:  # fmt: skip
    """Pages of paragraphs as a word processor breaks them; «{}» in the footer is the page."""
    left = (PAGE_WIDTH - signs * BODY) / 2
    lines = [
        (line, left + (indent * BODY if number == 0 else 0))
        for paragraph in paragraphs
        for number, line in enumerate(broken(paragraph, signs, indent))
    ]
    pages = []
    for start in range(0, len(lines), lines_a_page):
        page = [
            Shown(text=line, x=x, y=760 - 20 * number)
            for number, (line, x) in enumerate(lines[start : start + lines_a_page])
        ]
        if header:
            page.append(Shown(text=header, x=220, y=810, size=9))
        if footer:
            page.append(Shown(text=footer.format(len(pages) + 1), x=280, y=40, size=9))
        pages.append(page)
    return pages


def docx_bytes(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def word_file(*paragraphs: str) -> bytes:
    document = Document()
    for words in paragraphs:
        document.add_paragraph(words)
    return docx_bytes(document)


def xlsx_bytes(workbook: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def sheet_file(*rows: Sequence[object], title: str = "Sheet") -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.title = title
    for row in rows:
        workbook.active.append(row)
    return xlsx_bytes(workbook)


def zip_bytes(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """A zip container with some of its parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    return zip_bytes(members | dict(parts))


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name)


def _signs(stream: bytes) -> str:
    codes = re.findall(rb"<((?:[0-9a-f]{4})+)>", stream)
    return "".join(bytes.fromhex(code.decode()).decode("utf-16-be", "replace") for code in codes)


def _character_map(signs: Sequence[str]) -> bytes:
    lines = ["1 begincodespacerange <0000> <FFFF> endcodespacerange"]
    for start in range(0, len(signs), 100):
        group = signs[start : start + 100]
        pairs = "".join(f"<{ord(s):04X}> <{ord(s):04X}>\n" for s in group if ord(s) < 0x10000)
        lines.append(f"{len(group)} beginbfchar\n{pairs}endbfchar")
    return "\n".join(lines).encode()


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s/Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def _file(objects: Sequence[bytes]) -> bytes:
    written = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R /Info 7 0 R >>" % size
    return b"%sxref\n0 %d\n0000000000 65535 f \n%s%s\nstartxref\n%d\n%%%%EOF\n" % (
        written, size, table, trailer, len(written),
    )  # fmt: skip
