import json

from knowledge.calibration import calibrate
from knowledge.evaluation import (
    PolicyQuestion,
    Share,
    evaluate_replies,
    evaluate_retrieval,
    read_policy_questions,
)

TEXTS = {
    "dog.md": "# 养犬办法\n\n第一条 养犬登记费用每年三百元。\n\n第二条 遛狗要牵绳。\n",
    "lift.md": "# 电梯指南\n\n电梯困人时拨打救援电话。\n",
}


def question(number, words, *sources, evidence=None):
    return PolicyQuestion(
        id=str(number), question=words, sources=frozenset(sources), evidence=evidence
    )


QUESTIONS = [
    question(1, "养犬登记费用多少", ("dog.md", "第一条")),
    question(2, "电梯困人打什么电话", ("lift.md", None), evidence="救援电话"),
    question(6, "电梯困人打什么电话", ("lift.md", None), evidence="不在这里的话"),
    question(3, "遛狗牵绳", ("dog.md", "第九条")),
    question(4, "红烧肉怎么做"),
    question(5, "护照在什么地方换"),
]


def test_ranks_refusals_and_wrong_answers_are_counted(publish_texts, texts):
    publish_texts(TEXTS)
    figures = evaluate_retrieval(texts, QUESTIONS)
    assert figures.top[1] == Share(count=2, n=4)
    assert figures.top[10] == Share(count=2, n=4)
    assert figures.wrongly_answered == Share(count=0, n=2)
    assert figures.refused.n == 4


def test_questions_are_read_in_both_forms(tmp_path):
    rows = [
        {
            "id": "d1",
            "question": "罚多少",
            "law_file": "a.md",
            "article": "第一条",
            "alternates": [{"article": "第二条"}, {"article": "第三条", "law_file": "b.md"}],
        },
        {"id": "a1", "question": "几点", "source": "c.md", "evidence": "九点"},
        {"id": "o1", "question": "天气", "source": None, "evidence": None},
    ]
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    first, second, third = read_policy_questions(path)
    assert first.sources == {("a.md", "第一条"), ("a.md", "第二条"), ("b.md", "第三条")}
    assert second.sources == {("c.md", None)}
    assert (second.evidence, third.is_answerable) == ("九点", False)


def test_replies_are_found_by_the_title(embedder, open_session):
    rows = [
        {"title": "小区停车收费太贵", "reply": "网友：您好！经核查，小区停车收费标准如下所示。"},
        {"title": "路灯不亮", "reply": "您好，路灯不亮的问题已经修复。感谢监督。"},
    ]
    assert evaluate_replies(open_session, embedder, rows)[1] == Share(count=2, n=2)


def test_an_interval_narrows_with_the_number():
    assert Share(count=0, n=0).interval() == (0.0, 1.0)
    low, high = Share(count=50, n=100).interval()
    assert 0.40 < low < 0.5 < high < 0.60
    assert Share(count=5, n=5).interval()[1] == 1.0


def test_a_calibrated_rule_tells_the_kinds_apart(publish_texts, texts):
    publish_texts(TEXTS)
    rule = calibrate([(texts, [q for q in QUESTIONS if q.id not in "36"])])
    known, unknown = (texts.search(QUESTIONS[i].question) for i in (0, 4))
    assert rule.probability(known) > rule.probability(unknown)
