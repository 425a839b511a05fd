"""The promise of the Embedder port, kept by all that ship."""

import numpy as np
import pytest

from knowledge.embedders import E5Embedder
from knowledge.hashing_embedder import HashingEmbedder
from knowledge.ports import WORD_STEPS, WORD_WIDTH

TEXTS = ["遛狗要牵绳吗", "电梯坏了", "", "🙂", "a" * 5000, "电梯坏了"]


@pytest.fixture(params=["hashing", "e5"])
def embedder(request):
    if request.param == "e5":
        return request.getfixturevalue("real_embedder")
    return HashingEmbedder()


@pytest.mark.parametrize("side", ["embed_queries", "embed_passages"])
def test_vectors_have_the_promised_shape_and_length(embedder, side):
    vectors = getattr(embedder, side)(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


@pytest.mark.parametrize("side", ["embed_queries", "embed_passages"])
def test_a_text_has_the_same_vector_in_any_company(embedder, side):
    embed = getattr(embedder, side)
    together = embed(TEXTS)
    assert np.allclose(together[1], together[5], atol=1e-5)
    # An int8 model rounds by the longest text of the batch.
    assert float(embed([TEXTS[1]])[0] @ together[1]) > 0.99


@pytest.mark.parametrize("side", ["embed_queries", "embed_passages"])
def test_no_texts_give_no_vectors(embedder, side):
    assert getattr(embedder, side)([]).shape == (0, embedder.dimension)


def test_a_query_asked_again_is_remembered(real_embedder, monkeypatch):
    first = real_embedder.embed_queries(["电梯坏了找谁"])
    monkeypatch.setattr(real_embedder, "_read", lambda texts: [])
    assert np.array_equal(real_embedder.embed_queries(["电梯坏了找谁"]), first)


def test_the_words_of_a_question_are_told_apart(real_embedder):
    asked = real_embedder.read_question("电梯坏了找谁")
    assert np.array_equal(asked.vector, real_embedder.embed_queries(["电梯坏了找谁"])[0])
    assert asked.words.shape[1] == WORD_WIDTH
    assert 2 <= len(asked.words) < 10
    assert np.allclose(np.linalg.norm(asked.words, axis=1), 1, atol=1e-3)


def test_padding_leaves_no_words_behind(real_embedder):
    told = real_embedder.read_passages(["停车", "电梯困人时先拨打救援电话，再通知物业服务人"])
    assert len(told.words[0]) < len(told.words[1])
    assert np.all(np.abs(np.linalg.norm(told.words[0] / WORD_STEPS, axis=1) - 1) < 0.05)


def test_an_embedder_without_threads_is_refused(tmp_path):
    with pytest.raises(ValueError, match="thread"):
        E5Embedder(tmp_path, threads=0)


def test_meaning_is_nearer_than_words(real_embedder):
    question = real_embedder.embed_queries(["狗咬人了谁掏医药费"])[0]
    right, wrong = real_embedder.embed_passages(
        ["犬只伤人的，养犬人先行垫付医疗费用。", "水费按季度交纳，逾期不交的收取违约金。"]
    )
    assert question @ right > question @ wrong + 0.03
