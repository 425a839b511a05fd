"""Whatever was published, ended, taken back or cut off: an index in use equals a fresh one."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel

from huiyin.database import make_engine
from knowledge.curation import lapse_version, publish_version
from knowledge.errors import KnowledgeError
from knowledge.hashing_embedder import HashingEmbedder
from knowledge.importing import SourceFile, import_files
from knowledge.retrieval import KnowledgeBase
from tests.knowledge.conftest import TODAY

QUESTIONS = ("停车月卡收费", "地锁几天拆除", "遛狗牵绳")
NAMES = st.sampled_from(["parking.md", "dogs.md"])
PRICES = st.sampled_from(["六十", "七十", "八十"])
STEPS = st.one_of(
    st.tuples(st.just("publish"), NAMES, PRICES),
    st.tuples(st.just("draft"), NAMES, PRICES),
    st.tuples(st.just("cut off"), NAMES, PRICES),
    st.tuples(st.just("put in force"), st.integers(1, 4), PRICES),
    st.tuples(st.just("lapse"), st.integers(1, 4), PRICES),
)


class CutOff(Exception):
    """The process died here."""


class DyingEmbedder(HashingEmbedder):
    """Dies over the first text that it has to embed."""

    def embed_passages(self, texts):
        raise CutOff


def a_file(name, price):
    text = f"# {name}\n\n第一条 停车月卡每月收费{price}元。\n\n第二条 地锁限{price}日内拆除。\n"
    return SourceFile(name=name, content=text.encode())


def take_step(open_session, step):
    kind, what, price = step
    embedder = DyingEmbedder() if kind == "cut off" else HashingEmbedder()
    try:
        if kind == "put in force":
            publish_version(open_session, what)
        elif kind == "lapse":
            lapse_version(open_session, what, last_day=date(2026, 1, 1))
        else:
            files = [a_file(what, price)]
            import_files(open_session, embedder, files, publish_at_once=kind != "draft")
    except (KnowledgeError, CutOff):
        # Some steps are not allowed at this point; they must leave everything as it was.
        pass


@settings(max_examples=12, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=5))
def test_an_index_in_use_equals_a_fresh_one(steps):
    with TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'texts.db'}")
        SQLModel.metadata.create_all(engine)
        open_session = lambda: Session(engine)  # noqa: E731 - what a fixture would be
        in_use = KnowledgeBase(open_session, HashingEmbedder(), today=lambda: TODAY)
        in_use.refresh()
        for step in steps:
            take_step(open_session, step)
            in_use.refresh()
            fresh = KnowledgeBase(open_session, HashingEmbedder(), today=lambda: TODAY)
            assert in_use.version == fresh.version
            for question in QUESTIONS:
                assert in_use.search(question) == fresh.search(question)
                assert in_use.answer(question) == fresh.answer(question)
        engine.dispose()


def test_an_import_cut_off_leaves_the_index_as_it_was(publish_texts, texts, open_session):
    publish_texts({"parking.md": "# 停车\n\n第一条 停车月卡每月收费六十元。\n"})
    before = texts.search(QUESTIONS[0])
    with pytest.raises(CutOff):
        import_files(
            open_session, DyingEmbedder(), [a_file("parking.md", "七")], publish_at_once=True
        )
    assert not texts.refresh()
    assert (
        KnowledgeBase(open_session, HashingEmbedder(), today=lambda: TODAY).search(QUESTIONS[0])
        == before
    )
