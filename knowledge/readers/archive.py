"""Zip archives of texts: each file in them is read as if it came alone."""

import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zipfile import ZipFile, ZipInfo

from knowledge.errors import UnreadableFile
from knowledge.readers.base import Reader, ReadText
from knowledge.readers.markdown import clean
from knowledge.readers.packages import MemberUnreadable, member_bytes, opened, package_kind

UTF8_FLAG = 0x800
BOMB = "压缩包解开后有 {} MB，大得不正常（可能是压缩炸弹），没有打开；请只打包要导入的文件"
NESTED = "压缩包里的压缩包不会打开；请解开后把文件直接打包"
LINK = "是指向别处的链接，不是文件；请打包原文件"
UNKNOWN = "不认识的文件类型；请另存为 .docx、.xlsx、.pdf 或 .txt"
EMPTY = "压缩包里没有文件；请重新打包后再上传"
LEFT_BY_SYSTEMS = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
LOCK_MARK = "~$"
"""Start of the names of files that office programs leave while a text is open."""
DRIVE = re.compile(r"[A-Za-z]:")
LONGEST_NAME = 100


@dataclass(frozen=True, kw_only=True)
class ArchiveLimits:
    """How much an archive may hold; what it declares counts, and no more is ever unpacked.

    Attributes:
        members: Files in it, those left out included.
        member_bytes: Bytes of one file, unpacked.
        total_bytes: Bytes of all files, unpacked.
        ratio: Times as large as packed that a file or the whole may be, unpacked.
        ratio_from_bytes: Unpacked bytes from which the ratio counts; short texts pack well.
    """

    members: int = 1_000
    member_bytes: int = 50_000_000
    total_bytes: int = 300_000_000
    ratio: int = 100
    ratio_from_bytes: int = 10_000_000


@dataclass(frozen=True, kw_only=True)
class ArchiveReading:
    """What was read out of an archive, and the files in it that could not be read.

    Each of ``refused`` carries the path within the archive and the reason for the curator.
    """

    texts: tuple[ReadText, ...]
    refused: tuple[UnreadableFile, ...]


class ArchiveReader:
    """Reads a zip archive with the readers of single files.

    A file that cannot be read does not stop the others: ``read_members`` gives both, and an
    importer calls it so that the curator is told. ``read`` is for the port and gives the texts
    alone. Nothing is written to disk; folders that point outwards are cut off the names.
    """

    def __init__(self, readers: Sequence[Reader], limits: ArchiveLimits | None = None) -> None:
        """``readers`` are asked in their order for each file; an archive reader is not needed."""
        self._readers = readers
        self._limits = limits or ArchiveLimits()

    def accepts(self, content: bytes, source: str) -> bool:
        """Whether ``content`` is a zip archive and no office file in the same container."""
        kind = package_kind(content)
        return kind is not None and kind.name == "archive"

    def read(self, content: bytes, source: str) -> tuple[ReadText, ...]:
        """The texts of all files that can be read.

        Raises:
            UnreadableFile: There is none, or the archive itself cannot be opened.
        """
        reading = self.read_members(content, source)
        if reading.texts:
            return reading.texts
        if not reading.refused:
            raise UnreadableFile(source, EMPTY)
        first = reading.refused[0]
        reason = f"压缩包里没有能导入的文件；例如「{first.source}」：{first.reason}"
        raise UnreadableFile(source, reason)

    def read_members(self, content: bytes, source: str) -> ArchiveReading:
        """Read all files, and tell those that cannot be read.

        Raises:
            UnreadableFile: The archive is damaged, or holds more than the limits allow.
        """
        package = opened(content, source)
        self._check(package, len(content), source)
        texts: list[ReadText] = []
        refused: list[UnreadableFile] = []
        for place, member in _named_members(package):
            try:
                texts += self._read_member(package, member, place)
            except UnreadableFile as error:
                refused.append(error)
        return ArchiveReading(texts=tuple(texts), refused=tuple(refused))

    def _check(self, package: ZipFile, packed_bytes: int, source: str) -> None:
        limits, members = self._limits, package.infolist()
        if len(members) > limits.members:
            reason = f"压缩包里有 {len(members)} 个文件，超过 {limits.members} 个；请分成几个压缩包"
            raise UnreadableFile(source, reason)
        total = sum(member.file_size for member in members)
        sizes = [(total, packed_bytes), *((m.file_size, m.compress_size) for m in members)]
        bomb = any(self._is_bomb(size, packed) for size, packed in sizes)
        if bomb or total > limits.total_bytes:
            raise UnreadableFile(source, BOMB.format(total // 1_000_000))

    def _is_bomb(self, size: int, packed: int) -> bool:
        return size > self._limits.ratio_from_bytes and size > self._limits.ratio * max(packed, 1)

    def _read_member(self, package: ZipFile, member: ZipInfo, place: str) -> tuple[ReadText, ...]:
        if stat.S_ISLNK(member.external_attr >> 16):
            raise UnreadableFile(place, LINK)
        if member.file_size > self._limits.member_bytes:
            size = self._limits.member_bytes // 1_000_000
            raise UnreadableFile(place, f"文件超过 {size} MB；请拆成几个较小的文件")
        try:
            content = member_bytes(package, member)
        except MemberUnreadable as error:
            raise UnreadableFile(place, error.reason) from error
        if self.accepts(content, place):
            raise UnreadableFile(place, NESTED)
        for reader in self._readers:
            if reader.accepts(content, place):
                return reader.read(content, place)
        raise UnreadableFile(place, UNKNOWN)


def _named_members(package: ZipFile) -> Iterator[tuple[str, ZipInfo]]:
    """The files with their paths; folders, hidden files and traces of systems are left out."""
    taken: set[str] = set()
    for member in package.infolist():
        place = _inward(_name(member))
        if member.is_dir() or _is_left_out(place):
            continue
        taken.add(place := _free(place, taken))
        yield place, member


def _name(member: ZipInfo) -> str:
    """The name as it was meant: archives made on Chinese Windows hold GBK without saying so."""
    if member.flag_bits & UTF8_FLAG:
        return member.orig_filename
    # The library has read the bytes as code page 437.
    written = member.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.orig_filename


def _inward(name: str) -> str:
    """The path without steps upwards, drives, and signs that are not seen."""
    steps = (clean(step).strip() for step in re.split(r"[\\/]", name))
    kept = [step for step in steps if step not in ("", ".", "..") and not DRIVE.fullmatch(step)]
    return "/".join(step[-LONGEST_NAME:] for step in kept) or "未命名"


def _is_left_out(place: str) -> bool:
    steps = place.lower().split("/")
    if any(step.startswith(".") or step in LEFT_BY_SYSTEMS for step in steps):
        return True
    return steps[-1].startswith(LOCK_MARK)


def _free(place: str, taken: set[str]) -> str:
    """The path, with a number behind it where another file has the same."""
    number, free = 1, place
    while free in taken:
        number += 1
        free = f"{place} ({number})"
    return free
