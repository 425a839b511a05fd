"""Follow-ups, clarifying, the lexicon, the answer rule: small pure parts of answering."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.clarifying import EQUALLY_NEAR, equally_near
from knowledge.decision import BEST_OF, RULES, WORDS_ONLY, rule_for
from knowledge.documents import Citation, Hit, Passage
from knowledge.follow_up import is_follow_up, with_context
from knowledge.lexicon import Lexicon, shipped_lexicon


def hit(topic, score, **reasons):
    passage = Passage(
        id=1,
        text="",
        heading="",
        citation=Citation(title=topic, source="a.md"),
        collection="community",
        version_id=1,
        topic=topic,
    )
    figures = dict.fromkeys(BEST_OF, 0.0) | {"whole": score, "part": score, "lexical": 0.1}
    figures |= {"plain_spread": 0.0} | reasons
    return Hit(passage=passage, score=score, reasons=figures)


@pytest.mark.parametrize(
    "question",
    [
        "那费用呢？",
        "要带什么材料",
        "多久能办好",
        "在哪办",
        "电话多少",
        "那要多少钱啊",
        "可以代办吗",
        "",
    ],
)
def test_a_question_without_a_matter_is_a_follow_up(question):
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question", ["养狗要多少钱", "居住证在哪办", "电梯坏了找谁", "那停车费呢", "落户要什么材料"]
)
def test_a_question_with_a_matter_is_none(question):
    assert not is_follow_up(question)


def test_the_context_stands_in_front():
    assert with_context("那费用呢？", "养犬") == "养犬 费用"


def test_near_ties_of_a_vague_question_are_asked_back():
    hits = [hit("租房", 0.9), hit("装修", 0.9 - EQUALLY_NEAR / 2), hit("预付卡", 0.8)]
    assert [h.passage.topic for h in equally_near("押金能退吗", hits)] == ["租房", "装修"]


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("装修的押金能退吗", 0.9),
        ("押金能退吗", 0.85),
        ("我租的房子到期房东不退押金", 0.9),
    ],
)
def test_a_clear_question_is_not_asked_back(question, second):
    assert equally_near(question, [hit("租房", 0.9), hit("装修", second)]) == ()


def test_one_matter_is_never_asked_back():
    assert equally_near("押金", [hit("租房", 0.9), hit("租房", 0.9)]) == ()
    assert equally_near("押金", []) == ()


def test_official_words_are_added_once():
    lexicon = Lexicon([("黑车", "非法营运"), ("电瓶车", "电动自行车"), ("电驴", "电动自行车")])
    assert lexicon.expand("黑车拉客") == "黑车拉客 非法营运"
    assert lexicon.expand("电瓶车和电驴") == "电瓶车和电驴 电动自行车"
    assert lexicon.expand("非法营运的黑车") == "非法营运的黑车"


def test_the_shipped_lexicon_is_sound():
    pairs = shipped_lexicon()._pairs
    assert len(pairs) == len(set(pairs)) > 100
    assert all(word.strip() == word and official and word != official for word, official in pairs)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=5))
def test_a_probability_is_one(scores):
    for rule in (*RULES.values(), WORDS_ONLY):
        probability = rule.probability([hit("x", score) for score in scores])
        assert 0 <= probability <= 1
        assert rule.answers([]) is False


def test_more_agreement_never_makes_an_answer_less_likely():
    for rule in (*RULES.values(), WORDS_ONLY):
        chances = [rule.probability([hit("x", score)]) for score in (0.1, 0.5, 0.85, 0.9, 0.95)]
        assert chances == sorted(chances)


def test_an_unknown_model_gets_the_careful_rule():
    assert rule_for("another") is WORDS_ONLY
