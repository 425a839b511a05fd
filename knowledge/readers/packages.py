"""Zip containers, opened with limits: archives, and the packages of office programs.

Nothing is decompressed past what it declares, and what it declares is added up first. Only
the two usual ways of storing are read: others have no limit while they decompress.
"""

import io
import re
import struct
import zlib
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from knowledge.errors import UnreadableFile

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
ENTRY = b"PK\x01\x02"
MOST_ENTRIES = 40_000
"""Entries that are looked at before the directory of a container is read, nested ones too."""
MOST_PARTS = 5_000
XML_BYTES = 40_000_000
"""Bytes of XML in one office file: a text of about two thousand pages."""
DIRECTORY_ERRORS = (BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error)
ENTITIES = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T|E\x00?N\x00?T)")
"""The start of a document type or entity declaration, in UTF-8 or UTF-16."""
ODF_MIMETYPE = "mimetype"
DAMAGED = "文件已损坏，打不开；请在原来的软件里打开，重新保存后再上传"


class MemberUnreadable(Exception):
    """One member cannot be read; ``reason`` says why, in words for a curator."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class PackageKind:
    """What a zip container is: ``name`` is word, excel, powerpoint, other or archive."""

    name: str
    macros: bool = False


def package_kind(content: bytes) -> PackageKind | None:
    """What kind of container this is, told by the names of its parts; None if it is none."""
    if not content.startswith(MAGIC):
        return None
    names = _names(content)
    if "[Content_Types].xml" not in names:
        return PackageKind(name="other" if ODF_MIMETYPE in names else "archive")
    folders = {name.split("/")[0] for name in names}
    macros = any(name.rsplit("/")[-1].lower() == "vbaproject.bin" for name in names)
    known = {"word": "word", "xl": "excel", "ppt": "powerpoint"}
    name = next((known[folder] for folder in known if folder in folders), "other")
    return PackageKind(name=name, macros=macros)


def opened(content: bytes, source: str) -> ZipFile:
    """The container, its directory read.

    Raises:
        UnreadableFile: The directory is damaged or far too long.
    """
    if content.count(ENTRY) > MOST_ENTRIES:
        raise UnreadableFile(source, "压缩包里的条目太多，没有打开；请拆成几个较小的压缩包")
    try:
        return ZipFile(io.BytesIO(content))
    except DIRECTORY_ERRORS as error:
        raise UnreadableFile(source, DAMAGED) from error


def member_bytes(package: ZipFile, member: ZipInfo) -> bytes:
    """The bytes of a member, never more than it declares.

    Raises:
        MemberUnreadable: It is locked, damaged, or stored in an unusual way.
    """
    if member.flag_bits & 1:
        raise MemberUnreadable("有密码保护，读不了；请取消密码后再上传")
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise MemberUnreadable("压缩方式不常见，读不了；请用系统自带的 ZIP 压缩重新打包")
    try:
        with package.open(member) as stream:
            content = stream.read(member.file_size + 1)
    except (*DIRECTORY_ERRORS, EOFError, OSError, RuntimeError, zlib.error) as error:
        raise MemberUnreadable("在压缩包里已损坏；请重新打包后再上传") from error
    if len(content) != member.file_size:
        raise MemberUnreadable("在压缩包里已损坏；请重新打包后再上传")
    return content


def office_parts(content: bytes, source: str) -> dict[str, bytes]:
    """The parts of an office file by name; pictures, macros and embedded files come empty.

    They are never decompressed: the words stand in the XML parts alone.

    Raises:
        UnreadableFile: It is damaged, too large, or declares XML entities.
    """
    package = opened(content, source)
    members = {member.filename: member for member in package.infolist()}
    worded = {name for name in members if name.endswith((".xml", ".rels"))}
    size = sum(members[name].file_size for name in worded)
    if len(members) > MOST_PARTS or size > XML_BYTES:
        reason = f"文件解开后有 {size // 1_000_000} MB，太大，没有打开；请拆成几个较小的文件"
        raise UnreadableFile(source, reason)
    try:
        parts = {name: member_bytes(package, members[name]) for name in worded}
    except MemberUnreadable as error:
        raise UnreadableFile(source, DAMAGED) from error
    if any(ENTITIES.search(part) for part in parts.values()):
        raise UnreadableFile(source, "文件里有不允许的 XML 实体声明，没有打开；请重新另存一份")
    return dict.fromkeys(members, b"") | parts


def packed(parts: dict[str, bytes]) -> io.BytesIO:
    """The parts as a container again, for a library that wants one."""
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as package:
        for name, part in parts.items():
            package.writestr(ZipInfo(name), part)
    stream.seek(0)
    return stream


def _names(content: bytes) -> frozenset[str]:
    try:
        return frozenset(opened(content, "").namelist())
    except UnreadableFile:
        return frozenset()
