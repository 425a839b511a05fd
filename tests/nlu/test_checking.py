"""The linter names file and line of what would make a model worse or its figures untrue."""

import json
from pathlib import Path
from typing import Any

import pytest

from nlu.checking import Finding, Severity, check_data
from nlu.taxonomy import read_taxonomy

CLASS = "城乡建设/城市建设和市政管理"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def block(intent: str, *sentences: str, category: str | None = None) -> str:
    metadata = f"  metadata:\n    category: {category}\n" if category else ""
    lines = "".join(f"    - {sentence}\n" for sentence in sentences)
    return f"- intent: {intent}\n{metadata}  examples: |\n{lines}"


def lay_out(data: Path, *blocks: str, rows: tuple[dict[str, Any], ...] = ()) -> list[Finding]:
    data.mkdir(exist_ok=True)
    (data / "a.yml").write_text('version: "3.1"\nnlu:\n' + "".join(blocks), encoding="utf-8")
    evaluation = data.parent / "set.jsonl"
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    evaluation.write_text("\n".join(lines), encoding="utf-8")
    return check_data(data, [evaluation], read_taxonomy())


def placed(findings: list[Finding], severity: Severity) -> list[tuple[str, str]]:
    return [(f.place, f.words) for f in findings if f.severity is severity and f.place]


def test_good_data_has_no_placed_finding(data: Path) -> None:
    found = lay_out(
        data,
        block("report", "[3号楼](place)路灯坏了没人修", category=CLASS),
        block("greet", "你好呀", "😀", "👍"),
        rows=({"text": "楼下垃圾没人收", "intent": "report", "category": "城乡建设"},),
    )
    assert [finding for finding in found if finding.place] == []


def test_the_same_sentence_under_two_labels_is_an_error_with_both_places(data: Path) -> None:
    found = lay_out(data, block("report", "路灯坏了"), block("suggest", "小区太暗", "路灯 坏了！"))
    assert placed(
        lay_out(data, block("report", "路灯坏了"), block("track", "路灯坏了")), Severity.ERROR
    ) == [("data/a.yml:8", "the same as data/a.yml:5, but track is not report")]
    assert placed(found, Severity.ERROR) == []


def test_the_same_sentence_twice_is_a_warning(data: Path) -> None:
    found = lay_out(data, block("report", "路灯坏了", "路灯坏了"))
    assert placed(found, Severity.WARNING) == [("data/a.yml:6", "the same as data/a.yml:5")]


def test_near_duplicates_across_labels_are_warned_of(data: Path) -> None:
    long = "小区东门的路灯坏了好几天了晚上回家看不见路"
    found = lay_out(data, block("report", long), block("consult", long + "吗"))
    (place, words), *others = placed(found, Severity.WARNING)
    assert place == "data/a.yml:8"
    assert "nearly the same as data/a.yml:5" in words
    assert others == []


def test_an_evaluation_message_that_was_trained_on_is_an_error(data: Path) -> None:
    row = {"text": "三号楼的路灯坏了好几天", "intent": "report"}
    found = lay_out(
        data, block("report", "三号楼的路灯坏了好几天"), rows=({"text": "别的事情"}, row)
    )
    assert placed(found, Severity.ERROR) == [
        ("set.jsonl:2", "stands in the training data: data/a.yml:5")
    ]


def test_what_everybody_writes_alike_may_stand_in_both(data: Path) -> None:
    found = lay_out(data, block("affirm", "好的"), rows=({"text": "好的", "intent": "affirm"},))
    assert placed(found, Severity.ERROR) == []


@pytest.mark.parametrize(
    ("bad_block", "place", "words"),
    [
        (block("order_pizza", "来个披萨"), "data/a.yml:3", "there is no intent 'order_pizza'"),
        (block("report", "[昨晚](colour)停电"), "data/a.yml:5", "no entity type 'colour'"),
        (block("report", "路灯坏了", category="天文/彗星"), "data/a.yml:7", "no class 天文/彗星"),
        (block("report", "[昨晚(time)停电"), "data/a.yml:5", "broken annotation"),
        (block("report", "[昨晚] (time)停电"), "data/a.yml:5", "broken annotation"),
        ("- intent: report\n  examples: [\n", "data/a.yml:5", "not readable YAML"),
    ],
)
def test_wrong_training_data_is_an_error_at_its_line(
    data: Path, bad_block: str, place: str, words: str
) -> None:
    found = placed(lay_out(data, bad_block), Severity.ERROR)
    assert [where for where, _ in found] == [place]
    assert words in found[0][1]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"intent": "order_pizza"}, "unknown intent 'order_pizza'"),
        ({"intent": "report", "intent_also": ["dance"]}, "unknown intent 'dance'"),
        ({"urgency": "soon"}, "unknown urgency 'soon'"),
        ({"category": "天文"}, "the taxonomy has no class 天文"),
        ({"category": "政法", "second": "彗星"}, "the taxonomy has no class 政法/彗星"),
        ({"entities": [{"type": "place", "text": "东门", "start": 0, "end": 2}]}, "other words"),
        ({"entities": [{"type": "colour", "text": "小区", "start": 0, "end": 2}]}, "'colour'"),
    ],
)
def test_wrong_labels_of_an_evaluation_row_are_errors(
    data: Path, row: dict[str, Any], words: str
) -> None:
    found = lay_out(data, block("report", "路灯坏了"), rows=({"text": "小区东门漏水", **row},))
    ((place, said),) = placed(found, Severity.ERROR)
    assert place == "set.jsonl:1"
    assert words in said


def test_thin_classes_are_warned_of_and_those_left_out_are_named(data: Path) -> None:
    found = lay_out(data, block("report", "路灯坏了没人修", category=CLASS))
    words = [finding.words for finding in found]
    assert "intent report has 1 examples, fewer than 60" in words
    assert "class 城乡建设 has 1 examples, fewer than 40" in words
    assert f"class {CLASS} has 1 examples, fewer than 8" in words
    (left_out,) = (f.words for f in found if f.severity is Severity.NOTE)
    assert "政法/社会治安" in left_out
    assert CLASS not in left_out
