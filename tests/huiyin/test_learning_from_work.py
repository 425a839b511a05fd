"""A correction at the desk becomes a proposal to learn, once, and never from a shielded case."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, SQLModel

from huiyin.database import make_engine
from huiyin.gazetteer import make_gazetteer
from huiyin.learning_from_work import propose_corrections
from nlu.corrections import ReviewState, examples_in, refuse_example
from nlu.tables import NluExample
from petitions import handling
from petitions.organisation_files import load_organisation
from tests.petitions.conftest import SAMPLE, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    engine = make_engine(f"sqlite:///{tmp_path / 'huiyin.db'}")
    SQLModel.metadata.create_all(engine)
    yield World(engine, load_organisation(SAMPLE))
    engine.dispose()


def proposed(world: World) -> list[NluExample]:
    with Session(world.engine) as session:
        propose_corrections(session, make_gazetteer(world.organisation))
        session.commit()
        return list(examples_in(session, ReviewState.PROPOSED))


def correct(world: World, case_id: int, **changes: Any) -> None:
    world.do(handling.correct_case, case_id, actor=world.committee, reason="归类有误", **changes)


def test_a_corrected_class_is_proposed_with_the_residents_words(world: World) -> None:
    case_id = world.file(matter="3栋2单元501的电梯坏了，我电话13812345678").case_id
    correct(world, case_id, category_first="政法", category_second="社会治安")
    (row,) = proposed(world)
    assert "13812345678" not in row.text
    assert "501" not in row.text
    assert "电梯坏了" in row.text
    assert row.old == {"category_first": "城乡建设", "category_second": "住房保障与房地产"}
    assert row.new == {"category_first": "政法", "category_second": "社会治安"}
    assert row.corrected_by == "lin"


def test_looking_again_proposes_nothing_twice_not_even_what_was_refused(world: World) -> None:
    correct(world, world.file().case_id, urgency="utility")
    (row,) = proposed(world)
    with Session(world.engine) as session:
        refuse_example(session, row.id or 0, by="lin", now=world.now)
        session.commit()
    assert proposed(world) == []
    correct(world, world.file(resident="resident-2").case_id, urgency="long_standing")
    assert [one.new for one in proposed(world)] == [{"urgency": "long_standing"}]


def test_another_unit_is_proposed_too(world: World) -> None:
    case_id = world.dispatched()
    world.do(
        handling.reassign_case,
        case_id,
        actor=world.committee,
        unit_id="jincheng-property",
        reason="归物业管",
    )
    (row,) = proposed(world)
    assert (row.old, row.new) == (
        {"unit": "anda-elevator"},
        {"unit": "jincheng-property"},
    )


def test_a_corrected_title_or_place_teaches_nothing(world: World) -> None:
    correct(world, world.file().case_id, title="电梯")
    assert proposed(world) == []


def test_a_confidential_petition_is_left_alone(world: World) -> None:
    correct(world, world.file(confidential=True).case_id, urgency="utility")
    assert proposed(world) == []
