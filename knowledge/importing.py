"""Files into documents: read, split, embed, then publish all at once.

An import may be cut off anywhere and run again: until the last transaction its versions are
drafts that no search sees, and what was embedded stays embedded.
"""

import hashlib
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session, col, select

from knowledge.documents import DEFAULT_COLLECTION, VersionState
from knowledge.embedders import Embedder
from knowledge.errors import UnreadableFile
from knowledge.imprint import Imprint, read_imprint
from knowledge.publishing import publish
from knowledge.readers import SUFFIXES, ReadText, read_file
from knowledge.splitting import Piece, split_text
from knowledge.store import SessionFactory
from knowledge.tables import KnowledgeDocument, KnowledgePassage, KnowledgeVersion
from knowledge.vectors import embed_missing
from knowledge.views import views_of

SPLITTING = "1"
"""Raise it when the same file is to be split anew by the next import."""

Progress = Callable[[str, int, int], None]
"""Told the stage ("read" or "embed") and how many of how many are done."""


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """A file as it was handed in."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A file that was not imported; ``reason`` is written for a curator."""

    source: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import did: file names, and numbers of passages and of texts embedded."""

    imported: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: tuple[Refusal, ...]
    version_ids: tuple[int, ...]
    passages: int
    embedded: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    source: str
    content_hash: str
    imprint: Imprint
    body: str
    pieces: tuple[Piece, ...]
    page_starts: tuple[int, ...]

    def page_of(self, piece: Piece) -> int | None:
        """The page a piece begins on, counted from 1; None without pages."""
        return bisect_right(self.page_starts, piece.start) or None

    def texts(self) -> Iterator[str]:
        for piece in self.pieces:
            views = views_of(self.imprint.title, piece.path, piece.text)
            yield from (views.whole, *views.parts)


def import_paths(
    open_session: SessionFactory,
    embedder: Embedder,
    paths: Iterable[Path],
    collection: str = DEFAULT_COLLECTION,
    progress: Progress = lambda stage, done, total: None,
) -> ImportReport:
    """Import files and folders (all that can be read below them) and publish them.

    Doing it again changes nothing. A file that changed becomes a new version, and the one it
    corrects no longer counts. The file name is the identity of a source.
    """
    files, refused = _read_paths(paths)
    return _import(open_session, embedder, files, refused, collection, True, progress)


def import_files(
    open_session: SessionFactory,
    embedder: Embedder,
    files: Iterable[SourceFile],
    collection: str = DEFAULT_COLLECTION,
    *,
    publish_at_once: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> ImportReport:
    """Import uploaded files; as drafts, unless they are to be published at once."""
    return _import(open_session, embedder, list(files), [], collection, publish_at_once, progress)


def _import(
    open_session: SessionFactory,
    embedder: Embedder,
    files: Sequence[SourceFile],
    refused: list[Refusal],
    collection: str,
    publish_at_once: bool,
    progress: Progress,
) -> ImportReport:
    started = time.monotonic()
    prepared = _prepare_all(files, refused, progress)
    drafts = _store_drafts(open_session, prepared, collection)
    embedded = embed_missing(
        open_session,
        embedder,
        (text for item in prepared for text in item.texts()),
        lambda done, total: progress("embed", done, total),
    )
    if publish_at_once and drafts:
        with open_session() as session:
            publish(session, drafts.values(), datetime.now(UTC))
            session.commit()
    return ImportReport(
        imported=tuple(drafts),
        unchanged=tuple(item.source for item in prepared if item.source not in drafts),
        refused=tuple(refused),
        version_ids=tuple(drafts.values()),
        passages=sum(len(item.pieces) for item in prepared if item.source in drafts),
        embedded=embedded,
        seconds=time.monotonic() - started,
    )


def _read_paths(paths: Iterable[Path]) -> tuple[list[SourceFile], list[Refusal]]:
    files: list[SourceFile] = []
    refused: list[Refusal] = []
    for path in paths:
        for file in _files_below(path):
            try:
                files.append(SourceFile(name=file.name, content=file.read_bytes()))
            except OSError as error:
                refused.append(Refusal(source=str(file), reason=f"无法读取：{error.strerror}"))
    return files, refused


def _files_below(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if file.suffix.lower() in SUFFIXES and file.is_file() and not file.name.startswith(".")
    )


def _prepare_all(
    files: Sequence[SourceFile], refused: list[Refusal], progress: Progress
) -> list[_Prepared]:
    prepared: dict[str, _Prepared] = {}
    for done, file in enumerate(files, 1):
        try:
            for item in _prepare(file):
                _add(item, prepared, refused)
        except UnreadableFile as error:
            refused.append(Refusal(source=error.source, reason=error.reason))
        progress("read", done, len(files))
    return list(prepared.values())


def _add(item: _Prepared, prepared: dict[str, _Prepared], refused: list[Refusal]) -> None:
    """One source, one text: two of the same name would replace each other for ever."""
    if prepared.setdefault(item.source, item).content_hash != item.content_hash:
        reason = "这次导入里还有一个同名但内容不同的文件，请改名"
        refused.append(Refusal(source=item.source, reason=reason))


def _prepare(file: SourceFile) -> list[_Prepared]:
    return [_prepare_text(read) for read in read_file(file.content, file.name)]


def _prepare_text(read: ReadText) -> _Prepared:
    imprint, start = read_imprint(read.source, read.text, read.details)
    body = read.text[start:]
    pieces = tuple(split_text(body))
    if not pieces:
        raise UnreadableFile(read.source, "文件里没有正文")
    told = f"{SPLITTING}\n{sorted(read.details.items())}\n{read.text}"
    return _Prepared(
        source=read.source,
        content_hash=hashlib.sha256(told.encode()).hexdigest(),
        imprint=imprint,
        body=body,
        pieces=pieces,
        page_starts=tuple(offset - start for offset in read.page_starts),
    )


def _store_drafts(
    open_session: SessionFactory, prepared: Sequence[_Prepared], collection: str
) -> dict[str, int]:
    """The version of each source that waits to be published, by the source."""
    drafts: dict[str, int] = {}
    for item in prepared:
        with open_session() as session:
            version = _known_version(session, item, collection)
            if version is None:
                version = _store_version(session, item, collection)
            elif not _waits(version):
                continue
            if version.id is not None:
                drafts[item.source] = version.id
            session.commit()
    return drafts


def _known_version(session: Session, item: _Prepared, collection: str) -> KnowledgeVersion | None:
    return session.exec(
        select(KnowledgeVersion).where(
            KnowledgeVersion.collection == collection,
            KnowledgeVersion.source == item.source,
            KnowledgeVersion.content_hash == item.content_hash,
        )
    ).first()


def _waits(version: KnowledgeVersion) -> bool:
    """Whether publishing would change something: a draft, or a correction taken back.

    What a curator let lapse stays lapsed, however often its file is imported.
    """
    if version.state in (VersionState.DRAFT, VersionState.REVIEW):
        return True
    return version.replaced_by_id is not None


def _store_version(session: Session, item: _Prepared, collection: str) -> KnowledgeVersion:
    imprint = item.imprint
    version = KnowledgeVersion(
        document_id=_document_id(session, collection, imprint.title),
        collection=collection,
        source=item.source,
        content_hash=item.content_hash,
        state=VersionState.DRAFT.value,
        title=imprint.title,
        number=imprint.number,
        issuer=imprint.issuer,
        kind=imprint.kind,
        scope=imprint.scope,
        topics=list(imprint.topics),
        commencement=imprint.commencement,
        effective_from=imprint.effective_from,
        effective_to=imprint.effective_to,
        supersedes=list(imprint.supersedes),
        text=item.body,
        imported_at=datetime.now(UTC),
    )
    session.add(version)
    session.flush()
    session.add_all(_passage_rows(version, item))
    return version


def _passage_rows(version: KnowledgeVersion, item: _Prepared) -> Iterator[KnowledgePassage]:
    for position, piece in enumerate(item.pieces):
        if version.id is not None:
            yield KnowledgePassage(
                version_id=version.id,
                position=position,
                text=piece.text,
                path=list(piece.path),
                article=piece.article,
                page=item.page_of(piece),
            )


def _document_id(session: Session, collection: str, title: str) -> int:
    statement = select(KnowledgeDocument).where(
        KnowledgeDocument.collection == collection, col(KnowledgeDocument.title) == title
    )
    document = session.exec(statement).first()
    if document is None:
        document = KnowledgeDocument(collection=collection, title=title)
        session.add(document)
        session.flush()
    if document.id is None:
        raise ValueError("the document was never stored")
    return document.id
