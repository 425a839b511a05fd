import pytest

from knowledge.errors import UnreadableFile
from knowledge.readers.foreign import ForeignReader
from tests.knowledge.readers.reader_files import sheet_file, word_file, zip_bytes

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def old_office(stream):
    return OLE + stream.encode("utf-16-le")


KNOWN = [
    (old_office("WordDocument"), "另存为 .docx"),
    (old_office("Workbook"), "另存为 .xlsx"),
    (old_office("PowerPoint Document"), "演示文稿"),
    (old_office("EncryptionInfo EncryptedPackage"), "密码"),
    (OLE, "旧版 Office"),
    (zip_bytes({"[Content_Types].xml": b"", "ppt/presentation.xml": b""}), "演示文稿"),
    (zip_bytes({"mimetype": b"application/vnd.oasis.opendocument.text"}), "另存为"),
    (b"{\\rtf1\\ansi hello}", "RTF"),
    (b"From: <Saved by>\nMIME-Version: 1.0\nContent-Type: multipart/related;", ".mht"),
    (b'\xef\xbb\xbf<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "XML"),
    (b"%!PS-Adobe-3.0\n", "PostScript"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64), "图片"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64), "图片"),
    (b"Rar!\x1a\x07\x01\x00" + bytes(64), ".zip 重新打包"),
    (b"7z\xbc\xaf\x27\x1c" + bytes(64), ".zip 重新打包"),
    (b"\x1f\x8b\x08\x00" + bytes(64), ".zip 重新打包"),
    (b"\x00\x00\x00\x18ftypmp42" + bytes(64), "音频或视频"),
    (b"MZ\x90\x00\x03\x00" + bytes(64), ".exe"),
]


@pytest.mark.parametrize(("content", "advice"), KNOWN)
def test_known_formats_are_refused_with_what_to_do(content, advice):
    assert ForeignReader().accepts(content, "办法.docx")
    with pytest.raises(UnreadableFile) as refused:
        ForeignReader().read(content, "办法.docx")
    assert advice in refused.value.reason
    assert "\n" not in refused.value.reason


@pytest.mark.parametrize(
    "content",
    [
        b"",
        "第一条 甲。".encode(),
        "第一条 甲。".encode("utf-16"),
        b"MZ is how this text begins",
        b"BMW parking rules",
        b'<?xml version="1.0"?><html><body>a</body></html>',
        word_file("甲"),
        sheet_file(["甲"]),
        zip_bytes({"a.txt": b"a"}),
    ],
)
def test_what_others_read_is_left_to_them(content):
    assert not ForeignReader().accepts(content, "a.png")
