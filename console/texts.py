"""The knowledge base as the desk works with it: one object that routes call, nothing added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from knowledge import curation, gate
from knowledge.answering import Reply
from knowledge.bank import BankDraft, BankEntry, add_to_bank, list_bank, remove_from_bank
from knowledge.changes import Author, Change, list_changes, roll_back
from knowledge.clusters import QuestionCluster, cluster_questions
from knowledge.curation import ImportReport, SourceFile, VersionView
from knowledge.documents import Hit, Passage
from knowledge.editing import FactsEdit, edit_version, rewrite_draft
from knowledge.faq import FaqDraft, draft_faq
from knowledge.gate import GateReport
from knowledge.passage_use import PassageUse, passages_by_use
from knowledge.ports import Embedder
from knowledge.recalling import Recall, recall_of
from knowledge.retrieval import KnowledgeBase
from knowledge.store import SessionFactory
from knowledge.trials import Trial, TrialDraft, add_trials, list_trials, remove_trial

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

    def words(self, version_id: int) -> str:
        """The words of a version, in Markdown. Raises UnknownVersion."""
        return curation.words_of(self.open_session, version_id)

    def uses(self, version_id: int) -> dict[int, int]:
        """How often each passage was quoted to a resident."""
        return curation.passage_uses(self.open_session, version_id)

    def take_in(self, files: Sequence[SourceFile]) -> ImportReport:
        """Import files as drafts."""
        return curation.import_files(self.open_session, self.embedder, files, self.base.collection)

    def preview(self, version_ids: Sequence[int]) -> GateReport:
        """What publishing these would change. Raises as publish does, but for the gate."""
        return gate.preview_publication(self.open_session, self.base, version_ids)

    def preview_lapse(self, version_id: int, last_day: date) -> GateReport:
        """What ending a version would change. Raises UnknownVersion, VersionNotAllowed."""
        return gate.preview_lapse(self.open_session, self.base, version_id, last_day)

    def publish(
        self, version_ids: Sequence[int], author: Author, *, force: bool = False
    ) -> GateReport:
        """Let residents be answered from these.

        Raises GateRefused, PublicationOvertaken, UnfinishedDraft, UnknownVersion,
        VersionNotAllowed.
        """
        return gate.publish_through_gate(
            self.open_session, self.base, version_ids, author, force=force
        )

    def lapse(self, version_id: int, last_day: date, author: Author) -> None:
        """End a version. Raises UnknownVersion, VersionNotAllowed."""
        gate.lapse_with_record(self.open_session, self.base, version_id, last_day, author)

    def submit(self, version_id: int) -> None:
        """Hand a draft in for review. Raises UnknownVersion, VersionNotAllowed."""
        curation.submit_version(self.open_session, version_id)

    def hand_back(self, version_id: int) -> None:
        """Make a draft of it again. Raises UnknownVersion, VersionNotAllowed."""
        curation.hand_back_version(self.open_session, version_id)

    def edit(self, version_id: int, edit: FactsEdit, author: Author) -> None:
        """State facts anew. Raises InvalidFacts, UnknownVersion, VersionNotAllowed."""
        edit_version(self.open_session, version_id, edit, author)
        self.base.refresh()

    def rewrite(self, version_id: int, text: str) -> None:
        """Give a draft other words. Raises UnknownVersion, VersionNotAllowed, UnreadableFile."""
        rewrite_draft(self.open_session, self.embedder, version_id, text)

    def changes(self) -> Sequence[Change]:
        """The last steps, newest first."""
        return list_changes(self.open_session, self.base.collection)

    def roll_back(self, author: Author, change_id: int | None) -> int:
        """Undo the newest step. Raises UnknownEntry, ChangeNotUndoable."""
        done = roll_back(self.open_session, author, self.base.collection, change_id=change_id)
        self.base.refresh()
        return done

    def trials(self) -> Sequence[Trial]:
        """The questions of the gate."""
        return list_trials(self.open_session, self.base.collection)

    def add_trials(self, drafts: Sequence[TrialDraft], owner: str) -> Sequence[int]:
        """Keep questions for the gate. Raises InvalidFacts."""
        return add_trials(self.open_session, drafts, owner=owner, collection=self.base.collection)

    def remove_trial(self, trial_id: int) -> None:
        """Take a question out of the gate. Raises UnknownEntry."""
        remove_trial(self.open_session, trial_id)

    def bank(self) -> Sequence[BankEntry]:
        """The question bank."""
        return list_bank(self.open_session, self.base.collection)

    def add_to_bank(self, draft: BankDraft, owner: str) -> int:
        """Keep a question with its passage. Raises InvalidFacts, UnknownEntry."""
        entry = add_to_bank(self.open_session, self.embedder, draft, owner=owner)
        self.base.refresh()
        return entry

    def remove_from_bank(self, entry_id: int) -> None:
        """Take an entry out. Raises UnknownEntry."""
        remove_from_bank(self.open_session, entry_id)
        self.base.refresh()

    def clusters(self) -> Sequence[QuestionCluster]:
        """What residents asked in vain, put together by meaning."""
        return cluster_questions(self.open_session, self.embedder, self.base.collection)

    def draft_faq(self, draft: FaqDraft) -> int:
        """Make a draft of an answer. Raises InvalidFacts, UnknownEntry."""
        return draft_faq(self.open_session, self.embedder, draft, self.base.collection)

    def uses_of_passages(
        self, today: date, since: datetime | None, *, never: bool
    ) -> Sequence[PassageUse]:
        """The passages in force by how often they were quoted."""
        return passages_by_use(
            self.open_session, self.base.collection, today=today, since=since, never=never
        )

    def recall(self, version_id: int, today: date) -> Recall:
        """Whom the answers of a version reached. Raises UnknownVersion."""
        return recall_of(self.open_session, version_id, today=today)

    def try_question(
        self, question: str, *, context: str | None = None, on: date | None = None
    ) -> tuple[Reply, Sequence[Hit]]:
        """What a resident would get, and the nearest passages; nothing is recorded."""
        words = question[:QUESTION_CHARACTERS]
        reply = self.base.answer(words, context=context, on=on)
        return reply, self.base.search(words, top=10, on=on)

    def suggest(self, words: str) -> Sequence[Hit]:
        """The passages a reply may rest on."""
        return self.base.search(words[:QUESTION_CHARACTERS], top=SUGGESTIONS)
