"""What staff put right is learnt from after review, without anybody's personal data."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, create_engine

from nlu.corrections import (
    Correction,
    NotProposed,
    ReviewState,
    UnknownClass,
    accept_example,
    accepted_examples,
    examples_in,
    propose_example,
    refuse_example,
)
from nlu.gazetteer import Gazetteer
from nlu.tables import NluExample
from nlu.understanding import Intent

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = create_engine(f"sqlite:///{tmp_path / 'examples.db'}")
    SQLModel.metadata.create_all(engine, tables=[NluExample.__table__])
    with Session(engine) as session:
        yield session
    engine.dispose()


def propose(session: Session, source: str = "entry:1", **changes: object) -> bool:
    values = {
        "source": source,
        "text": "锦绣家园3号楼2单元501室漏水，电话13812345678",
        "old": {"category_first": "政法", "category_second": "社会治安"},
        "new": {"category_first": "城乡建设", "category_second": "住房保障与房地产"},
        "corrected_by": "u7",
        "corrected_at": NOW,
    }
    correction = Correction(**values | changes)
    return propose_example(session, correction, Gazetteer(estates=("锦绣家园",)))


def test_a_correction_is_proposed_once_without_personal_data(session: Session) -> None:
    assert propose(session)
    assert not propose(session)
    (row,) = examples_in(session, ReviewState.PROPOSED)
    assert row.text == "锦绣家园漏水，电话某电话"
    assert row.old["category_first"] == "政法"
    assert (row.corrected_by, row.corrected_at.replace(tzinfo=UTC)) == ("u7", NOW)


def test_what_is_not_learnt_is_no_proposal(session: Session) -> None:
    assert not propose(session, new={"title": "漏水"})
    assert examples_in(session, ReviewState.PROPOSED) == []


def test_training_takes_what_was_accepted_and_nothing_else(session: Session) -> None:
    for number in range(3):
        propose(session, f"entry:{number}")
    first, second, _ = (row.id for row in examples_in(session, ReviewState.PROPOSED))
    assert accepted_examples(session) == ()
    accept_example(session, first, by="curator", now=NOW)
    refuse_example(session, second, by="curator", now=NOW)
    (example,) = accepted_examples(session)
    assert (example.first, example.second) == ("城乡建设", "住房保障与房地产")
    assert example.intent is None


def test_a_decision_is_made_once(session: Session) -> None:
    propose(session)
    (row,) = examples_in(session, ReviewState.PROPOSED)
    accept_example(session, row.id, by="one", now=NOW)
    with pytest.raises(NotProposed):
        refuse_example(session, row.id, by="other", now=NOW)
    with pytest.raises(NotProposed):
        accept_example(session, 999, by="one", now=NOW)
    session.refresh(row)
    assert (row.state, row.reviewed_by) == ("accepted", "one")


@pytest.mark.parametrize(
    ("before", "after", "intent"),
    [
        ("ordinary", "emergency", Intent.EMERGENCY),
        ("emergency", "ordinary", Intent.REPORT),
        ("ordinary", "utility", None),
    ],
)
def test_corrected_urgency_teaches_danger(
    session: Session, before: str, after: str, intent: Intent | None
) -> None:
    labels = {"category_first": "政法", "category_second": "社会治安"}
    propose(session, old={"urgency": before} | labels, new={"urgency": after} | labels)
    (row,) = examples_in(session, ReviewState.PROPOSED)
    accept_example(session, row.id, by="curator", now=NOW)
    (example,) = accepted_examples(session)
    assert example.intent is intent


def test_a_corrected_unit_teaches_once_the_reviewer_names_the_class(session: Session) -> None:
    for number in (1, 2):
        propose(session, f"entry:{number}", old={"unit": "wuye"}, new={"unit": "chengguan"})
    plain, named = (row.id for row in examples_in(session, ReviewState.PROPOSED))
    accept_example(session, plain, by="curator", now=NOW)
    assert accepted_examples(session) == ()
    accept_example(session, named, by="curator", now=NOW, category="政法/社会治安")
    (example,) = accepted_examples(session)
    assert (example.first, example.second) == ("政法", "社会治安")


def test_a_class_that_there_is_not_is_refused(session: Session) -> None:
    propose(session)
    (row,) = examples_in(session, ReviewState.PROPOSED)
    with pytest.raises(UnknownClass):
        accept_example(session, row.id, by="curator", now=NOW, category="天文/彗星")
