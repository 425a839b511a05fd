import numpy as np
import pytest

from knowledge.errors import WrongVectors
from knowledge.hashing_embedder import HashingEmbedder
from knowledge.vectors import STORED_TOGETHER, embed_missing, load_vectors

TEXTS = [f"第{n}条 内容" for n in range(STORED_TOGETHER + 5)]


class Counting(HashingEmbedder):
    def __init__(self, fail_after=None):
        super().__init__()
        self.embedded = 0
        self.fail_after = fail_after

    def embed_passages(self, texts):
        if self.fail_after is not None and self.embedded >= self.fail_after:
            raise KeyboardInterrupt
        self.embedded += len(texts)
        return super().embed_passages(texts)


def test_every_text_is_embedded_once(open_session):
    embedder = Counting()
    assert embed_missing(open_session, embedder, TEXTS + TEXTS) == len(TEXTS)
    assert embed_missing(open_session, embedder, TEXTS) == 0
    assert embedder.embedded == len(TEXTS)


def test_an_interrupted_run_goes_on_where_it_stopped(open_session):
    with pytest.raises(KeyboardInterrupt):
        embed_missing(open_session, Counting(fail_after=1), TEXTS)
    told = []
    rest = embed_missing(open_session, Counting(), TEXTS, lambda *done: told.append(done))
    assert rest == len(TEXTS) - STORED_TOGETHER
    assert told[-1] == (rest, rest)


def test_what_was_stored_comes_back_exactly(open_session):
    embedder = HashingEmbedder()
    embed_missing(open_session, embedder, TEXTS)
    with open_session() as session:
        loaded = load_vectors(session, embedder.model_name, [*TEXTS, "unknown"])
    assert set(loaded) == set(TEXTS)
    assert np.array_equal(loaded[TEXTS[3]], embedder.embed_passages([TEXTS[3]])[0])


def test_another_model_has_vectors_of_its_own(open_session):
    embed_missing(open_session, HashingEmbedder(64), TEXTS)
    assert embed_missing(open_session, HashingEmbedder(128), TEXTS) == len(TEXTS)


@pytest.mark.parametrize("change", [lambda v: v * 2, lambda v: v[:, :10], lambda v: v * np.nan])
def test_vectors_that_break_the_promise_are_not_stored(open_session, change):
    class Broken(HashingEmbedder):
        def embed_passages(self, texts):
            return change(super().embed_passages(texts))

    with pytest.raises(WrongVectors):
        embed_missing(open_session, Broken(), TEXTS)
    with open_session() as session:
        assert load_vectors(session, Broken().model_name, TEXTS) == {}
