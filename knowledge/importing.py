"""Files into documents: read, split, embed, then publish all at once.

An import may be cut off anywhere and run again: until the last transaction its versions are
drafts that no search sees, and what was embedded stays embedded.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlmodel import Session, col, select

from knowledge.changes import OPERATOR, ChangeAction, take_step
from knowledge.documents import DEFAULT_COLLECTION, VersionState
from knowledge.errors import UnreadableFile
from knowledge.ports import Embedder
from knowledge.preparing import PreparedText, prepare_text
from knowledge.publishing import publish
from knowledge.readers import SUFFIXES, ReadText, read_members
from knowledge.store import SessionFactory
from knowledge.tables import KnowledgeDocument, KnowledgePassage, KnowledgeVersion
from knowledge.vectors import embed_missing

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


def import_paths(
    open_session: SessionFactory,
    embedder: Embedder,
    paths: Iterable[Path],
    collection: str = DEFAULT_COLLECTION,
    progress: Progress = lambda stage, done, total: None,
    *,
    publish_at_once: bool = True,
) -> ImportReport:
    """Import files and folders (all that can be read below them) and publish them.

    Doing it again changes nothing. A file that changed becomes a new version, and the one it
    corrects no longer counts. The file name is the identity of a source.
    """
    files, refused = _read_paths(paths)
    return _import(open_session, embedder, files, refused, collection, publish_at_once, progress)


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
            step = partial(publish, version_ids=drafts.values(), now=datetime.now(UTC))
            take_step(session, collection, ChangeAction.PUBLISH, step, OPERATOR)
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
) -> list[PreparedText]:
    prepared: dict[str, PreparedText] = {}
    for done, file in enumerate(files, 1):
        texts, unreadable = _read(file)
        for text in texts:
            try:
                _add(prepare_text(text), prepared, refused)
            except UnreadableFile as error:
                unreadable.append(error)
        refused += [Refusal(source=error.source, reason=error.reason) for error in unreadable]
        progress("read", done, len(files))
    return list(prepared.values())


def _read(file: SourceFile) -> tuple[Sequence[ReadText], list[UnreadableFile]]:
    """The texts in a file; one unreadable member of an archive does not spoil the others."""
    try:
        reading = read_members(file.content, file.name)
    except UnreadableFile as error:
        return (), [error]
    return reading.texts, list(reading.refused)


def _add(item: PreparedText, prepared: dict[str, PreparedText], refused: list[Refusal]) -> None:
    """One source, one text: two of the same name would replace each other for ever."""
    if prepared.setdefault(item.source, item).content_hash != item.content_hash:
        reason = "这次导入里还有一个同名但内容不同的文件，请改名"
        refused.append(Refusal(source=item.source, reason=reason))


def _store_drafts(
    open_session: SessionFactory, prepared: Sequence[PreparedText], collection: str
) -> dict[str, int]:
    """The version of each source that waits to be published, by the source."""
    drafts: dict[str, int] = {}
    for item in prepared:
        with open_session() as session:
            version = _known_version(session, item, collection)
            if version is None:
                version = store_version(session, item, collection)
            elif not _waits(version):
                continue
            if version.id is not None:
                drafts[item.source] = version.id
            session.commit()
    return drafts


def _known_version(
    session: Session, item: PreparedText, collection: str
) -> KnowledgeVersion | None:
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


def store_version(session: Session, item: PreparedText, collection: str) -> KnowledgeVersion:
    """A new draft with its passages, in the caller's transaction."""
    imprint = item.imprint
    version = KnowledgeVersion(
        document_id=document_id(session, collection, imprint.title),
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
    session.add_all(passage_rows(version, item))
    return version


def passage_rows(version: KnowledgeVersion, item: PreparedText) -> Iterator[KnowledgePassage]:
    """The passages of a stored version."""
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


def document_id(session: Session, collection: str, title: str) -> int:
    """The document of this title, made where there is none yet."""
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
