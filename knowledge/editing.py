"""What a curator states about a version in place of what was read, and the words of a draft."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session, delete

from knowledge import publishing
from knowledge.changes import Author, ChangeAction, take_step
from knowledge.documents import VersionState
from knowledge.errors import InvalidFacts, VersionNotAllowed
from knowledge.importing import document_id, passage_rows
from knowledge.ports import Embedder
from knowledge.preparing import PreparedText, prepare_text
from knowledge.readers import ReadText
from knowledge.store import COUNTED, SessionFactory, raise_index_version
from knowledge.tables import KnowledgePassage, KnowledgeVersion
from knowledge.vectors import embed_missing

LENGTHS = {"title": 400, "number": 120, "issuer": 200, "kind": 40, "scope": 120, "owner": 80}
LISTS = ("topics", "supersedes")
DAYS = ("commencement", "effective_from", "effective_to")
EDITABLE = frozenset([*LENGTHS, *LISTS, *DAYS])
UNPUBLISHED = (VersionState.DRAFT.value, VersionState.REVIEW.value)


@dataclass(frozen=True, kw_only=True)
class FactsEdit:
    """New facts of a version by their names; what is not named stays. None empties a fact."""

    facts: Mapping[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """See whether each fact is of its kind.

        Raises:
            InvalidFacts: a name is unknown, a word is empty or too long, or a day is none.
        """
        for name, value in self.facts.items():
            if name not in EDITABLE:
                raise InvalidFacts(name, "unknown")
            if problem := _problem(name, value):
                raise InvalidFacts(name, problem)


def edit_version(
    open_session: SessionFactory, version_id: int, edit: FactsEdit, author: Author
) -> None:
    """State facts of a version anew; succession is worked out again, every process follows.

    The title stands in the vectors and names the document: it can be changed until the version
    is published.

    Raises:
        InvalidFacts: a fact cannot be so, or the last day would come before the first.
        UnknownVersion: there is none with this id.
        VersionNotAllowed: the title of a published version is to change.
    """
    edit.check()
    with open_session() as session:
        version = publishing.find_version(session, version_id)
        if "title" in edit.facts and version.state not in UNPUBLISHED:
            raise VersionNotAllowed(version_id, version.state, "rename")
        take_step(
            session,
            version.collection,
            ChangeAction.EDIT,
            lambda s: _state(s, version, edit.facts),
            author,
        )
        session.commit()


def rewrite_draft(
    open_session: SessionFactory, embedder: Embedder, version_id: int, text: str
) -> None:
    """Give a draft other words; they are split and embedded anew, the stated facts stay.

    Raises:
        UnknownVersion: there is none with this id.
        VersionNotAllowed: it is no draft.
        UnreadableFile: there is nothing to read in the words.
    """
    with open_session() as session:
        version = publishing.find_version(session, version_id)
        title, source = version.title, version.source
        _ensure_draft(version)
    item = prepare_text(ReadText(source=source, text=text, details={"title": title}))
    embed_missing(open_session, embedder, item.texts())
    with open_session() as session:
        version = publishing.find_version(session, version_id)
        _ensure_draft(version)
        _put_words(session, version, item)
        session.commit()


def _ensure_draft(version: KnowledgeVersion) -> None:
    if version.state != VersionState.DRAFT:
        raise VersionNotAllowed(version.id or 0, version.state, "rewrite")


def _put_words(session: Session, version: KnowledgeVersion, item: PreparedText) -> None:
    session.execute(delete(KnowledgePassage).where(_of(version)))
    version.text, version.content_hash = item.body, item.content_hash
    session.add(version)
    session.add_all(passage_rows(version, item))


def _of(version: KnowledgeVersion) -> Any:
    return KnowledgePassage.version_id == version.id


def _state(session: Session, version: KnowledgeVersion, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        setattr(version, name, list(value or ()) if name in LISTS else value)
    if version.effective_from and version.effective_to:
        was_withdrawn = version.state == VersionState.LAPSED
        if version.effective_to < version.effective_from and not was_withdrawn:
            raise InvalidFacts("effective_to", "before_effective_from")
    if "effective_from" in facts and "commencement" not in facts:
        version.commencement = version.effective_from
    if "title" in facts:
        version.document_id = document_id(session, version.collection, version.title)
    session.add(version)
    session.flush()
    if version.state in COUNTED:
        publishing.settle_succession(session, version.collection)
        raise_index_version(session, version.collection)


def _problem(name: str, value: Any) -> str:
    if name in LENGTHS:
        return _word_problem(name, value)
    if name in DAYS:
        return "" if value is None or isinstance(value, date) else "date"
    if value is None or (isinstance(value, list | tuple) and all(_is_word(one) for one in value)):
        return ""
    return "list"


def _word_problem(name: str, value: Any) -> str:
    if value is None:
        return "needed" if name == "title" else ""
    if not _is_word(value):
        return "empty"
    return "length" if len(value) > LENGTHS[name] else ""


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
