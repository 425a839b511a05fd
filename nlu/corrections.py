"""Corrections by staff, from proposal through review to training example."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from nlu.entities import find_entities
from nlu.gazetteer import Gazetteer
from nlu.tables import NluExample
from nlu.taxonomy import read_taxonomy
from nlu.training_data import Example
from nlu.understanding import Entity, EntityType, Intent, NluError, Urgency

STAND_INS = {
    EntityType.PHONE: "某电话",
    EntityType.ID_NUMBER: "某证件",
    EntityType.NAME: "某人",
    EntityType.PETITION_NUMBER: "某件",
    EntityType.PLACE: "某处",
}
"""What stands in an example for a span that tells who somebody is or where they live."""

LONGEST_TEXT = 2_000
LABELS = frozenset({"category_first", "category_second", "urgency", "unit"})


class ReviewState(StrEnum):
    """How far a correction has come."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class NotProposed(NluError):
    """There is no such proposal, or it was decided already."""


class UnknownClass(NluError):
    """The taxonomy has no such class."""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What staff put right: the labels before and after, who and when.

    ``source`` is the same each time the same correction is brought.
    """

    source: str
    text: str
    old: Mapping[str, str | None]
    new: Mapping[str, str | None]
    corrected_by: str
    corrected_at: datetime


def propose_example(session: Session, correction: Correction, gazetteer: Gazetteer) -> bool:
    """Keep ``correction`` for review, without personal data; whether it was new.

    What changed none of the labels that are learnt is no proposal.
    """
    new = {name: value for name, value in correction.new.items() if name in LABELS}
    known = select(NluExample.id).where(NluExample.source == correction.source)
    if not new or session.exec(known).first() is not None:
        return False
    day = correction.corrected_at.date()
    session.add(
        NluExample(
            source=correction.source,
            text=without_personal_data(correction.text[:LONGEST_TEXT], gazetteer, day),
            old={name: correction.old.get(name) for name in new},
            new=new,
            corrected_by=correction.corrected_by,
            corrected_at=correction.corrected_at,
            state=ReviewState.PROPOSED,
        )
    )
    return True


def without_personal_data(text: str, gazetteer: Gazetteer, today: date) -> str:
    """``text`` with stand-ins for names, numbers and homes; estates and roads stay."""
    for entity in sorted(find_entities(text, gazetteer, today), key=_start, reverse=True):
        if entity.personal or _tells_the_home(entity):
            stand_in = STAND_INS.get(entity.type, "某")
            if entity.place and entity.place.estate:
                stand_in = entity.place.estate
            text = text[: entity.start] + stand_in + text[entity.end :]
    return text


def _start(entity: Entity) -> int:
    return entity.start


def _tells_the_home(entity: Entity) -> bool:
    if entity.type is EntityType.PETITION_NUMBER:
        return True
    return entity.place is not None and bool(entity.place.room or entity.place.unit)


def examples_in(session: Session, state: ReviewState) -> Sequence[NluExample]:
    """All corrections of that state, the oldest first."""
    query = select(NluExample).where(NluExample.state == state).order_by(col(NluExample.id))
    return session.exec(query).all()


def count_examples(session: Session, state: ReviewState) -> int:
    """How many corrections are of that state."""
    query = select(func.count(col(NluExample.id))).where(NluExample.state == state)
    return session.exec(query).one()


def accept_example(
    session: Session,
    example_id: int,
    *,
    by: str,
    now: datetime,
    category: str | None = None,
) -> None:
    """Let training take the correction.

    Args:
        session: The caller commits.
        example_id: Of a proposal.
        by: Who decided.
        now: When.
        category: "first/second" where the reviewer knows better than the correction; what a
            corrected unit means for the class is for the reviewer to say.

    Raises:
        NotProposed: It was decided already, or never was.
        UnknownClass: The taxonomy has no such class.
    """
    _decide(session, example_id, ReviewState.ACCEPTED, by, now)
    if category is None:
        return
    first, _, second = category.partition("/")
    if (first, second) not in read_taxonomy().pairs:
        raise UnknownClass(f"the taxonomy has no class {category}")
    row = session.get_one(NluExample, example_id)
    row.new = row.new | {"category_first": first, "category_second": second}


def refuse_example(session: Session, example_id: int, *, by: str, now: datetime) -> None:
    """Keep the correction out of training.

    Raises:
        NotProposed: It was decided already, or never was.
    """
    _decide(session, example_id, ReviewState.REFUSED, by, now)


def accepted_examples(session: Session) -> tuple[Example, ...]:
    """What training takes; a corrected unit alone teaches nothing."""
    rows = examples_in(session, ReviewState.ACCEPTED)
    found = (_example(row) for row in rows)
    return tuple(example for example in found if example.first or example.intent)


def _example(row: NluExample) -> Example:
    labels = {**row.old, **row.new}
    first, second = labels.get("category_first"), labels.get("category_second")
    if not any(first == a and second in {None, b} for a, b in read_taxonomy().pairs):
        # A class of the community's own: its mapping is not the parser's to learn.
        first = second = None
    return Example(
        text=row.text,
        intent=_intent(row.old.get("urgency"), row.new.get("urgency")),
        first=first,
        second=second,
        source=f"correction {row.id}",
    )


def _intent(before: str | None, after: str | None) -> Intent | None:
    # Danger is learnt as an intent; whatever else urgency is, the rules tell from the words.
    if after == Urgency.EMERGENCY:
        return Intent.EMERGENCY
    return Intent.REPORT if after and before == Urgency.EMERGENCY else None


def _decide(session: Session, example_id: int, state: ReviewState, by: str, now: datetime) -> None:
    # One statement: of two reviewers at once, one decides and the other is told.
    decided = session.execute(
        update(NluExample)
        .where(col(NluExample.id) == example_id, col(NluExample.state) == ReviewState.PROPOSED)
        .values(state=state, reviewed_by=by, reviewed_at=now)
    )
    if decided.rowcount != 1:  # type: ignore[attr-defined]
        raise NotProposed(f"no proposed example has the number {example_id}")
