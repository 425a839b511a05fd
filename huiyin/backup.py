"""Backup and restore of everything that can't be made again, while the service runs.

A backup is one zip file: a file of lines for each table, the uploads, and a manifest with the
SHA-256 of each. It holds the database at one moment and fits either database. Restoring checks
every hash before anything is touched, replaces all rows in one transaction and, before that is
committed, reads them back and compares the hashes again.

Not in it: the secret key (keep it apart), models (made again), queued jobs (asked for anew) and
leases.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from huiyin.database import ensure_references, rebuilding
from huiyin.errors import HuiyinError
from huiyin.schema import HEAD, downgrade_connection, revision_of, upgrade_connection
from huiyin.table_copies import empty, fill, lines_of, tables_of
from petitions.append_only import guard_history, unguard_history

MANIFEST = "manifest.json"
FORMAT = 1
PIECE_BYTES = 1024 * 1024


class BackupBroken(HuiyinError):
    """The file is no backup, or not whole: nothing was changed."""


class BackupUnfit(HuiyinError):
    """The backup is whole but doesn't fit this installation: nothing was changed."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds.

    Attributes:
        format: Version of the file's own layout.
        revision: Of the schema that the rows come from.
        made_at: The moment, ISO.
        key_marks: Tell which secret keys its contact fields and codes belong to.
        rows: Rows by table.
        hashes: SHA-256 by member of the zip file.
    """

    format: int
    revision: str
    made_at: str
    key_marks: Sequence[str]
    rows: Mapping[str, int]
    hashes: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """One hash over everything, to write down and compare."""
        return hashlib.sha256(_written(self)).hexdigest()

    @property
    def uploads(self) -> int:
        """How many uploaded files there are."""
        return sum(name.startswith("uploads/") for name in self.hashes)


def back_up(
    database: Engine, uploads: Path, target: Path, *, key_marks: Sequence[str], now: datetime
) -> Manifest:
    """Write a backup to ``target``, check it by its hashes, and only then give it its name."""
    unfinished = target.with_name(f"{target.name}.part")
    try:
        with _private(unfinished) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
            manifest = _write_all(out, database, uploads, key_marks, now)
        check_backup(unfinished)
        _settle(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _private(path: Path) -> Any:
    """Open a new file that only its owner reads: it holds what residents said."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b")


def _settle(unfinished: Path, target: Path) -> None:
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(target)


def _write_all(
    out: zipfile.ZipFile, database: Engine, uploads: Path, key_marks: Sequence[str], now: datetime
) -> Manifest:
    rows: dict[str, int] = {}
    hashes: dict[str, str] = {}
    with _at_one_moment(database) as connection:
        revision = revision_of(connection)
        for table in tables_of(connection):
            name = f"tables/{table.name}.jsonl"
            rows[table.name], hashes[name] = _write(out, name, lines_of(connection, table))
    # After the tables: whatever they name was on disk before.
    for path in sorted(path for path in uploads.rglob("*") if path.is_file()):
        name = f"uploads/{path.relative_to(uploads).as_posix()}"
        _, hashes[name] = _write(out, name, _pieces(path))
    manifest = Manifest(
        format=FORMAT,
        revision=revision,
        made_at=now.isoformat(),
        key_marks=tuple(key_marks),
        rows=rows,
        hashes=hashes,
    )
    out.writestr(MANIFEST, _written(manifest))
    return manifest


def _at_one_moment(database: Engine) -> Connection:
    """A connection whose transaction sees the database as it was when it began."""
    if database.dialect.name == "postgresql":
        options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"}
    else:
        options = {"read_only": True}
    return database.execution_options(**options).connect()


def _write(out: zipfile.ZipFile, name: str, parts: Iterable[bytes]) -> tuple[int, str]:
    seen, count = hashlib.sha256(), 0
    with out.open(name, "w", force_zip64=True) as member:
        for part in parts:
            member.write(part)
            seen.update(part)
            count += 1
    return count, seen.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _written(manifest: Manifest) -> bytes:
    return json.dumps(asdict(manifest), sort_keys=True, indent=1).encode()


def check_backup(source: Path) -> Manifest:
    """Read a backup's manifest and check every hash in it.

    Raises:
        BackupBroken: It is no backup, or something is missing or was changed.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            for name, expected in manifest.hashes.items():
                if _hash(_members_pieces(archive, name)) != expected:
                    raise BackupBroken(f"{source}: {name} is not what was backed up")
    except FileNotFoundError:
        raise BackupBroken(f"{source}: there is no such file") from None
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, OSError) as error:
        raise BackupBroken(f"{source}: not a whole backup ({type(error).__name__})") from error
    return manifest


def restore(
    database: Engine,
    uploads: Path,
    source: Path,
    *,
    key_marks: Iterable[str],
    go_on: Callable[[Connection], None],
) -> Manifest:
    """Put everything back as ``source`` holds it; what the database holds now is gone then.

    Args:
        database: Its schema must exist; the service may be running on it.
        uploads: Files that the backup does not know stay where they are.
        source: A file of :func:`back_up`.
        key_marks: Of the secret keys that this installation holds.
        go_on: What a service needs to go on from the restored rows, in the same transaction.

    Raises:
        BackupBroken: See :func:`check_backup`; or the rows read back differ.
        BackupUnfit: Made with another secret key or by a newer release.
    """
    manifest = check_backup(source)
    _ensure_fits(manifest, frozenset(key_marks))
    with zipfile.ZipFile(source) as archive:
        _restore_uploads(archive, manifest, uploads)
        with rebuilding(database) as connection:
            _restore_tables(connection, archive, manifest)
            ensure_references(connection)
            go_on(connection)
            connection.commit()
    return manifest


def _ensure_fits(manifest: Manifest, key_marks: frozenset[str]) -> None:
    if manifest.format != FORMAT:
        raise BackupUnfit(f"the backup has layout {manifest.format}, this release reads {FORMAT}")
    if not key_marks.issuperset(manifest.key_marks):
        raise BackupUnfit(
            "the backup belongs to another secret key: without it no contact can be read and no "
            "receipt code opens; set HUIYIN_SECRET_KEY or put secret.key into the data folder"
        )


def _restore_uploads(archive: zipfile.ZipFile, manifest: Manifest, uploads: Path) -> None:
    root = uploads.resolve()
    for name in (name for name in manifest.hashes if name.startswith("uploads/")):
        path = (uploads / name.removeprefix("uploads/")).resolve()
        if not path.is_relative_to(root):
            raise BackupBroken(f"{name} would lie outside of the uploads")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_name(f"{path.name}.part")
        with _private(unfinished) as file:
            for piece in _members_pieces(archive, name):
                file.write(piece)
        unfinished.replace(path)


def _restore_tables(connection: Connection, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Replace all rows; the caller commits."""
    if connection.dialect.name == "postgresql":
        # Nobody shall read half of it; those who do wait for the commit.
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
    unguard_history(connection)
    empty(connection, tables_of(connection))
    downgrade_connection(connection, manifest.revision)
    for table in tables_of(connection):
        name = f"tables/{table.name}.jsonl"
        if name not in manifest.hashes:
            raise BackupBroken(f"the backup has no rows of {table.name}")
        with archive.open(name) as lines:
            fill(connection, table, lines)
        if _hash(lines_of(connection, table)) != manifest.hashes[name]:
            raise BackupBroken(f"{table.name} reads back differently; nothing was changed")
    upgrade_connection(connection, HEAD)
    guard_history(connection)


def _members_pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as member:
        while piece := member.read(PIECE_BYTES):
            yield piece


def _hash(pieces: Iterable[bytes]) -> str:
    seen = hashlib.sha256()
    for piece in pieces:
        seen.update(piece)
    return seen.hexdigest()
