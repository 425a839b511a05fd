import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.hashing_embedder import HashingEmbedder
from knowledge.indexes import Entry, PassageIndex, Query

EMBEDDER = HashingEmbedder()
TEXTS = [
    "养犬登记每年收费三百元",
    "电梯困人拨打救援电话",
    "停车月卡每月一百五十元",
    "垃圾分类投放时间",
]
NO_PARTS = np.empty((0, EMBEDDER.dimension), np.float32)


def entry(text, parts=()):
    return Entry(
        words=text,
        whole=EMBEDDER.embed_passages([text])[0],
        parts=EMBEDDER.embed_passages(parts) if parts else NO_PARTS,
    )


def query(words):
    return Query(asked=EMBEDDER.read_question(words), words=words)


INDEX = PassageIndex([entry(text) for text in TEXTS], EMBEDDER.dimension)


@pytest.mark.parametrize(
    ("question", "position"), [("养犬登记", 0), ("电梯困人", 1), ("停车月卡", 2)]
)
def test_the_nearest_passage_comes_first(question, position):
    matches = INDEX.search(query(question), 3)
    assert matches[0].position == position
    assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)


def test_only_what_is_allowed_is_found():
    some = INDEX.scope(np.array([False, True, True, False]))
    assert {m.position for m in INDEX.search(query("养犬登记"), 9, some)} == {1, 2}
    assert INDEX.search(query("养犬登记"), 9, INDEX.scope(np.zeros(4, bool))) == []


def test_many_vectors_are_searched_by_groups_with_the_same_outcome():
    entries = [entry(f"{text}，第{n}号", [text, f"第{n}号"]) for n in range(60) for text in TEXTS]
    exact = PassageIndex(entries, EMBEDDER.dimension)
    grouped = PassageIndex(entries, EMBEDDER.dimension, clustered_from=100)
    assert (exact.is_clustered, grouped.is_clustered) == (False, True)
    assert grouped.bytes_held < exact.bytes_held / 3
    odd = np.arange(len(entries)) % 2 == 1
    for question in ("养犬登记第7号", "垃圾分类第41号"):
        for mask in (np.ones(len(entries), bool), odd):
            expected = exact.search(query(question), 1, exact.scope(mask))[0]
            found = grouped.search(query(question), 1, grouped.scope(mask))[0]
            assert found.position == expected.position
            assert found.score == pytest.approx(expected.score, abs=0.02)


def test_an_empty_index_finds_nothing():
    assert PassageIndex([], EMBEDDER.dimension).search(query("停车"), 3) == []


def test_a_passage_without_words_does_no_harm():
    index = PassageIndex([entry("🙂"), entry("停车")], EMBEDDER.dimension)
    assert index.search(query("停车"), 2)[0].position == 1
    assert len(index.search(query("🙂"), 2)) == 2


def test_the_best_part_counts():
    long = entry("一段什么都说的话" * 20, ["前面的话没有关系", "电梯困人拨打救援电话"])
    index = PassageIndex([entry("电梯广告收益"), long], EMBEDDER.dimension)
    best = next(m for m in index.search(query("电梯困人"), 2) if m.position == 1)
    assert best.best_part == 1
    assert best.part > best.whole


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=12), st.sampled_from(TEXTS))
def test_the_score_of_meaning_does_not_depend_on_the_company(texts, question):
    alone = PassageIndex([entry(texts[0])], EMBEDDER.dimension).search(query(question), 1)[0]
    company = PassageIndex([entry(t) for t in texts], EMBEDDER.dimension)
    found = next(m for m in company.search(query(question), len(texts)) if m.position == 0)
    assert found.whole == pytest.approx(alone.whole, abs=1e-5)


@given(st.text(max_size=200))
def test_any_question_can_be_searched(question):
    for match in INDEX.search(query(question), 2):
        assert 0 <= match.lexical <= 3
