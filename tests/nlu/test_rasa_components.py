"""Our components in Rasa's own environment, where its Python 3.10 runs them."""

import json
import subprocess

import pytest

from huiyin.bootstrap import RASA_PROJECT
from huiyin.rasa_environment import rasa_process_environment

pytestmark = [pytest.mark.rasa, pytest.mark.slow]

PROBE = """
import json
import numpy as np
from pathlib import Path
from tempfile import TemporaryDirectory
from components import vectors
from components.message_model import THREADS, LabelledSentence, train_message_model
from components.closed_channel import ClosedChannel
from components.taxonomy import read_taxonomy

texts = ["路灯坏了", "路灯不亮", "井盖没了", "井盖翘起来", "公交不来", "公交太少",
         "着火了快来", "着火了救命", "煤气漏了", "煤气味大"]
pairs = ["城乡建设/城市建设和市政管理"] * 4 + ["交通运输/公路水路"] * 2 + [None] * 4
known = {c.pair for c in read_taxonomy(Path("../taxonomy.csv"))}
other = sorted(pair for pair in known if pair.startswith("交通运输/"))[0]
pairs = [other if pair == "交通运输/公路水路" else pair for pair in pairs]
embedded = vectors.embed(texts, THREADS)
sentences = [LabelledSentence(text, "emergency" if n > 5 else "report", pairs[n], embedded[n])
             for n, text in enumerate(texts)]
taught = {*pairs, "教育文体/文化"}
taxonomy = [name for name in read_taxonomy(Path("../taxonomy.csv")) if name.pair in taught]
model = train_message_model(sentences, taxonomy)
lamp = model.read("路灯又坏了", vectors.embed(["路灯又坏了"], THREADS)[0])
fire = model.read("着火了", vectors.embed(["着火了"], THREADS)[0])
own = ["木头狮子歪了", "木头狮子倒了", "木头狮子裂了"] * 8
sample = [LabelledSentence(text, None, "教育文体", vector, True)
          for text, vector in zip(own, vectors.embed(own, THREADS))]
lion = vectors.embed(["木头狮子旧了"], THREADS)[0]
before = model.read("木头狮子旧了", lion)["categories"][0]["first"]
adapted = train_message_model([*sentences, *sample], taxonomy)
after = adapted.read("木头狮子旧了", lion)
two_lines = vectors.embed(["路灯\\n坏了"], THREADS)[0]
summed = vectors.unit(vectors.embed(["路灯", "坏了"], THREADS).sum(0, keepdims=True))[0]
with TemporaryDirectory() as folder:
    cache = Path(folder) / "v.npz"
    first = vectors.embed_remembering(texts[:2], THREADS, cache)
    cached = vectors.embed_remembering(texts[:2], THREADS, cache)
    cache.write_bytes(b"broken")
    again = vectors.embed_remembering(texts[:2], THREADS, cache)
print(json.dumps({
    "lamp": lamp, "fire": fire, "before": before, "after": after,
    "lines": float(two_lines @ summed),
    "cached": bool(np.allclose(first, cached) and np.allclose(first, again)),
    "blank": bool(np.isfinite(vectors.embed(["", " "], THREADS)).all()),
    "routes": len(ClosedChannel().blueprint(None).routes),
}))
"""


@pytest.fixture(scope="module")
def said() -> dict[str, object]:
    python = RASA_PROJECT / ".venv" / "bin" / "python"
    if not python.exists():
        pytest.skip("Rasa's environment is not installed; run: huiyin prepare --rasa")
    done = subprocess.run(
        [str(python), "-c", PROBE],
        cwd=RASA_PROJECT,
        env=rasa_process_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_class_and_its_evidence_come_with_a_message(said: dict) -> None:
    lamp = said["lamp"]
    assert lamp["categories"][0]["first"] == "城乡建设"
    assert all(0 <= one["confidence"] <= 1 for one in lamp["categories"])
    assert "路灯坏了" in lamp["evidence"]
    assert lamp["model"].startswith("rasa-")


def test_the_likeliest_intent_comes_first_and_the_chances_add_up(said: dict) -> None:
    assert said["fire"]["intents"][0]["name"] == "emergency"
    assert said["lamp"]["intents"][0]["name"] == "report"
    assert sum(one["confidence"] for one in said["lamp"]["intents"]) == pytest.approx(1, abs=1e-3)


def test_a_sample_of_first_level_labels_teaches_the_class_and_no_intent(said: dict) -> None:
    assert said["before"] != "教育文体"
    assert said["after"]["categories"][0]["first"] == "教育文体"
    assert {one["name"] for one in said["after"]["intents"]} == {"emergency", "report"}


def test_danger_is_told_from_a_fault(said: dict) -> None:
    assert said["fire"]["danger"] > said["lamp"]["danger"]


def test_the_lines_of_a_text_are_summed(said: dict) -> None:
    assert said["lines"] == pytest.approx(1.0, abs=1e-3)


def test_remembered_vectors_are_the_same_and_a_broken_file_does_no_harm(said: dict) -> None:
    assert said["cached"]
    assert said["blank"]


def test_the_closed_channel_opens_nothing(said: dict) -> None:
    assert said["routes"] == 0
