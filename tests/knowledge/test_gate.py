"""The gate, what it shows, forcing, undoing: published texts change whole or not at all."""

from datetime import date

import pytest

from knowledge.answering import NoAnswer, NoAnswerReason
from knowledge.changes import Author, list_changes, roll_back
from knowledge.curation import publish_version, version_of
from knowledge.documents import VersionState
from knowledge.editing import FactsEdit, edit_version, rewrite_draft
from knowledge.errors import (
    ChangeNotUndoable,
    InvalidFacts,
    PublicationOvertaken,
    UnfinishedDraft,
    UnknownEntry,
    VersionNotAllowed,
)
from knowledge.gate import (
    GateRefused,
    lapse_with_record,
    preview_lapse,
    preview_publication,
    publish_through_gate,
)
from knowledge.questions import record_question
from knowledge.retrieval import KnowledgeBase
from knowledge.trials import TrialDraft, TrialKind, add_trials, list_trials, remove_trial
from tests.knowledge.conftest import TODAY

HEAD = "---\ntitle: 养犬办法\neffective_from: 2020-01-01\n---\n# 养犬办法\n\n"
DOGS = HEAD + "第一条 养犬登记费每年一百元。\n"
DEARER = DOGS.replace("2020", "2024").replace("一百元", "三百元")
PARKING = "# 停车办法\n\n第一条 停车费每月一百五十元。\n"
FEE = "养犬登记费每年多少"
CURATOR = Author(name="li")


def golden(**facts):
    wanted = {"question": FEE, "kind": TrialKind.ANSWER, "title": "养犬办法", "phrase": "一百元"}
    return TrialDraft(**wanted | facts)


@pytest.fixture
def dogs(publish_texts, open_session):
    publish_texts({"dogs.md": DOGS})
    add_trials(open_session, [golden()], owner="li")


@pytest.fixture
def dearer(dogs, publish_texts):
    return publish_texts({"dearer.md": DEARER}, draft=True).version_ids


def test_a_question_that_would_fail_keeps_a_text_out(dearer, open_session, texts):
    with pytest.raises(GateRefused) as refused:
        publish_through_gate(open_session, texts, dearer, CURATOR)
    (failed,) = refused.value.report.blocking
    assert failed.problem == "phrase_missing"
    assert "一百元" in failed.before.quote
    assert "三百元" in failed.after.quote
    assert version_of(open_session, dearer[0]).state is VersionState.DRAFT
    assert "一百元" in texts.answer(FEE).quote


def test_forcing_keeps_who_and_why(dearer, open_session, texts):
    author = Author(name="zhang", reason="收费标准调整")
    publish_through_gate(open_session, texts, dearer, author, force=True)
    assert "三百元" in texts.answer(FEE).quote
    newest = list_changes(open_session)[0]
    assert (newest.actor, newest.reason) == ("zhang", "收费标准调整")
    assert newest.report["failed"][0]["question"] == FEE


def test_what_changes_is_shown_and_nothing_is_changed(publish_texts, open_session, texts):
    publish_texts({"dogs.md": DOGS})
    nothing = NoAnswer(reason=NoAnswerReason.NOTHING_NEAR)
    record_question(open_session, "停车费每月多少", nothing, resident="a")
    record_question(open_session, FEE, texts.answer(FEE), resident="a")
    drafts = publish_texts({"parking.md": PARKING}, draft=True).version_ids
    before = texts.version
    report = preview_publication(open_session, texts, drafts)
    (change,) = report.changes
    assert change.question == "停车费每月多少"
    assert change.before.kind == "nothing_near"
    assert "一百五十元" in change.after.quote
    assert not texts.refresh()
    assert texts.version == before
    assert version_of(open_session, drafts[0]).state is VersionState.DRAFT


def test_a_question_to_be_refused_must_not_be_answered(dogs, publish_texts, open_session, texts):
    refuse = TrialDraft(question="停车费每月多少", kind=TrialKind.REFUSE)
    add_trials(open_session, [refuse], owner="li")
    drafts = publish_texts({"parking.md": PARKING}, draft=True).version_ids
    with pytest.raises(GateRefused) as refused:
        publish_through_gate(open_session, texts, drafts, CURATOR)
    assert [one.problem for one in refused.value.report.blocking] == ["answered"]


def test_what_failed_before_in_the_same_way_blocks_nothing(
    dogs, publish_texts, open_session, texts
):
    add_trials(open_session, [golden(question="护照在哪里办", title="出入境办法")], owner="li")
    drafts = publish_texts({"parking.md": PARKING}, draft=True).version_ids
    report = publish_through_gate(open_session, texts, drafts, CURATOR)
    assert [one.trial.question for one in report.still_failing] == ["护照在哪里办"]


def test_an_end_is_looked_at_beforehand_and_can_be_undone(dogs, open_session, texts):
    report = preview_lapse(open_session, texts, 1, date(2025, 1, 1))
    assert [one.problem for one in report.blocking] == ["not_answered"]
    lapse_with_record(open_session, texts, 1, date(2025, 1, 1), CURATOR)
    assert isinstance(texts.answer(FEE), NoAnswer)
    roll_back(open_session, CURATOR)
    texts.refresh()
    assert "一百元" in texts.answer(FEE).quote


def test_rolling_back_equals_never_having_published(
    dearer, open_session, texts, embedder, publish_texts
):
    before = [(hit.passage, hit.score) for hit in texts.search(FEE)]
    publish_through_gate(open_session, texts, dearer, CURATOR, force=True)
    other = KnowledgeBase(open_session, embedder, today=lambda: TODAY)
    assert "三百元" in other.answer(FEE).quote
    undone = roll_back(open_session, Author(name="li", reason="发错了"))
    assert other.refresh()
    assert [(hit.passage, hit.score) for hit in other.search(FEE)] == before
    changes = list_changes(open_session)
    assert changes[0].id == undone
    assert changes[1].undone
    # The next one undoes the import; then nothing is left.
    roll_back(open_session, CURATOR)
    assert other.refresh()
    assert len(other) == 0
    with pytest.raises(UnknownEntry):
        roll_back(open_session, CURATOR)
    publish_version(open_session, 1)
    other.refresh()
    assert "一百元" in other.answer(FEE).quote


def test_only_the_newest_step_is_undone(dearer, open_session, texts):
    first = list_changes(open_session)[0].id
    publish_through_gate(open_session, texts, dearer, CURATOR, force=True)
    with pytest.raises(ChangeNotUndoable):
        roll_back(open_session, CURATOR, change_id=first)
    with pytest.raises(UnknownEntry):
        roll_back(open_session, CURATOR, change_id=99)


def test_whoever_is_overtaken_looks_again(dearer, open_session, texts, publish_texts, embedder):
    class Overtaken(KnowledgeBase):
        """Somebody else publishes while this one builds the state that would be."""

        def as_if(self, state):
            publish_texts({"parking.md": PARKING})
            return super().as_if(state)

    slow = Overtaken(open_session, embedder, today=lambda: TODAY)
    with pytest.raises(PublicationOvertaken):
        publish_through_gate(open_session, slow, dearer, CURATOR, force=True)
    assert version_of(open_session, dearer[0]).state is VersionState.DRAFT


@pytest.mark.parametrize(
    "draft",
    [
        golden(question="  "),
        golden(title=None, phrase=None),
        TrialDraft(question="护照", kind=TrialKind.REFUSE, title="养犬办法"),
    ],
)
def test_a_question_that_expects_nothing_or_too_much_is_refused(open_session, draft):
    with pytest.raises(InvalidFacts):
        add_trials(open_session, [draft], owner="li")


def test_a_question_is_kept_once_and_taken_out(open_session):
    (one,) = add_trials(open_session, [golden()], owner="li")
    assert add_trials(open_session, [golden(phrase="三百元")], owner="li") == [one]
    assert [trial.phrase for trial in list_trials(open_session)] == ["三百元"]
    remove_trial(open_session, one)
    assert list_trials(open_session) == []
    with pytest.raises(UnknownEntry):
        remove_trial(open_session, one)


def test_a_fact_that_is_stated_counts_and_can_be_undone(dearer, open_session, texts):
    publish_through_gate(open_session, texts, dearer, CURATOR, force=True)
    facts = FactsEdit(facts={"effective_from": date(2027, 1, 1), "number": "云发〔2026〕9号"})
    edit_version(open_session, dearer[0], facts, CURATOR)
    texts.refresh()
    assert "一百元" in texts.answer(FEE).quote
    assert version_of(open_session, dearer[0]).citation.number == "云发〔2026〕9号"
    roll_back(open_session, CURATOR)
    texts.refresh()
    assert "三百元" in texts.answer(FEE).quote


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "published"},
        {"number": ""},
        {"title": None},
        {"number": "x" * 121},
        {"effective_from": "2020"},
        {"supersedes": "养犬办法"},
        {"effective_to": date(2019, 1, 1)},
    ],
)
def test_a_fact_that_cannot_be_is_refused(dogs, open_session, facts):
    before = version_of(open_session, 1)
    with pytest.raises(InvalidFacts):
        edit_version(open_session, 1, FactsEdit(facts=facts), CURATOR)
    assert version_of(open_session, 1) == before


def test_the_title_of_what_is_published_stays(dogs, open_session):
    with pytest.raises(VersionNotAllowed):
        edit_version(open_session, 1, FactsEdit(facts={"title": "别的"}), CURATOR)


def test_a_draft_gets_other_words_and_no_gap_is_published(
    publish_texts, open_session, embedder, texts
):
    (draft,) = publish_texts({"a.md": "# 办法\n\n第一条 【待补充】\n"}, draft=True).version_ids
    with pytest.raises(UnfinishedDraft):
        publish_version(open_session, draft)
    rewrite_draft(open_session, embedder, draft, "# 办法\n\n第一条 养犬登记费每年五元。\n")
    publish_version(open_session, draft)
    assert "五元" in texts.answer(FEE).quote
    with pytest.raises(VersionNotAllowed):
        rewrite_draft(open_session, embedder, draft, "x")
