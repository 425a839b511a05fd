"""The knowledge base as the desk works with it: one object that routes call, nothing added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge import curation
from knowledge.answering import Reply
from knowledge.curation import ImportReport, SourceFile, UnansweredQuestion, VersionView
from knowledge.documents import Hit, Passage
from knowledge.ports import Embedder
from knowledge.retrieval import KnowledgeBase
from knowledge.store import SessionFactory

DocumentViews = Sequence[curation.DocumentView]
SUGGESTIONS = 3
QUESTION_CHARACTERS = 300


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What curators and repliers need of one collection.

    Attributes:
        open_session: Opens a session on the database of the texts.
        embedder: Makes the vectors of what is imported.
        base: Answers questions in this process; it takes up what is published here at once.
    """

    open_session: SessionFactory
    embedder: Embedder
    base: KnowledgeBase

    def documents(self) -> DocumentViews:
        """Every document with its versions."""
        return curation.list_documents(self.open_session, self.base.collection)

    def version(self, version_id: int) -> VersionView:
        """One version. Raises UnknownVersion."""
        return curation.version_of(self.open_session, version_id)

    def passages(self, version_id: int) -> Sequence[Passage]:
        """The passages of a version. Raises UnknownVersion."""
        return curation.passages_of(self.open_session, version_id)

    def uses(self, version_id: int) -> dict[int, int]:
        """How often each passage was quoted to a resident."""
        return curation.passage_uses(self.open_session, version_id)

    def take_in(self, files: Sequence[SourceFile]) -> ImportReport:
        """Import files as drafts."""
        return curation.import_files(self.open_session, self.embedder, files, self.base.collection)

    def publish(self, version_ids: Sequence[int]) -> None:
        """Let residents be answered from these. Raises UnknownVersion, VersionNotAllowed."""
        curation.publish_versions(self.open_session, version_ids)
        self.base.refresh()

    def lapse(self, version_id: int, last_day: date) -> None:
        """End a version. Raises UnknownVersion, VersionNotAllowed."""
        curation.lapse_version(self.open_session, version_id, last_day=last_day)
        self.base.refresh()

    def unanswered(self) -> Sequence[UnansweredQuestion]:
        """What residents asked in vain."""
        return curation.unanswered_questions(self.open_session, self.base.collection)

    def try_question(self, question: str) -> tuple[Reply, Sequence[Hit]]:
        """What a resident would get, and the nearest passages; nothing is recorded."""
        words = question[:QUESTION_CHARACTERS]
        return self.base.answer(words), self.base.search(words, top=10)

    def suggest(self, words: str) -> Sequence[Hit]:
        """The passages a reply may rest on."""
        return self.base.search(words[:QUESTION_CHARACTERS], top=SUGGESTIONS)
