"""Confidence that can be believed, and an operator's sample that changes the first level."""

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from nlu.learning.first_level import FirstLevel, fit_adaptation, fit_sureness
from nlu.learning.store import load_models, save_models
from nlu.learning.training import train_models
from nlu.taxonomy import read_taxonomy
from nlu.training_data import Example, rasa_yaml, read_labelled_messages, read_training_data
from nlu.understanding import Intent
from tests.nlu_engines import HashingEmbedder, lay_out_small_data

FIRSTS = ("a", "b", "c")
OF_PAIR = np.asarray([0, 0, 1, 2])


def _chances(rows: list[list[float]]) -> np.ndarray:
    return np.asarray(rows, np.float32)


def test_the_too_sure_become_less_sure_and_the_class_stays() -> None:
    generator = np.random.default_rng(7)
    right = generator.integers(0, 3, 400)
    said = np.where(generator.random(400) < 0.8, right, (right + 1) % 3)
    left_out = np.full((400, 3), 0.01, np.float32)
    left_out[np.arange(400), said] = 0.98
    level = FirstLevel(firsts=FIRSTS, of_pair=OF_PAIR, sureness=fit_sureness(left_out, right))
    settled = level.settle(_chances([[0.6, 0.38, 0.01, 0.01]]), np.zeros((1, 2), np.float32))[0]
    assert settled.sum() == pytest.approx(1, abs=1e-4)
    assert settled[0] + settled[1] == pytest.approx(0.8, abs=0.03)
    assert settled[0] / settled[1] == pytest.approx(0.6 / 0.38, rel=1e-3)


def test_a_sample_lifts_what_is_heard_of_and_mends_what_was_wrong() -> None:
    sums = _chances([[0.6, 0.3, 0.1]] * 40)
    vectors = _chances([[1, 0]] * 20 + [[0, 1]] * 20)
    adaptation = fit_adaptation(sums, vectors, [0] * 20 + [1] * 20, softness=1.0)
    adapted = adaptation.adapted(sums[[0, 20]], vectors[[0, 20]], 1.0)
    assert adapted.argmax(axis=1).tolist() == [0, 1]
    assert adapted[:, 2].max() < 0.1


def test_a_few_messages_do_not_exclude_a_sure_class() -> None:
    sums = _chances([[0.9, 0.05, 0.05]] * 5)
    vectors = _chances([[1, 0]] * 5)
    adaptation = fit_adaptation(sums, vectors, [0] * 5, softness=1.0)
    other = adaptation.adapted(_chances([[0.02, 0.96, 0.02]]), _chances([[0, 1]]), 1.0)
    assert other.argmax() == 1


def test_first_level_labels_alone_teach_and_survive_the_file(tmp_path: Path) -> None:
    shipped = read_training_data(lay_out_small_data(tmp_path / "data"))
    file = tmp_path / "mine.jsonl"
    rows = [{"text": f"石狮子歪了第{n}次", "category": "教育文体"} for n in range(30)]
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    embedder, taxonomy = HashingEmbedder(), read_taxonomy()
    text = "石狮子歪了怎么办"
    vector = np.asarray(embedder.embed_queries([text]), np.float32)
    plain = train_models(embedder, shipped, taxonomy, "plain")
    taught = train_models(embedder, (*shipped, *read_labelled_messages(file)), taxonomy, "taught")
    save_models(taught, tmp_path / "taught.npz")
    loaded = load_models(tmp_path / "taught.npz")
    assert plain.read([text], vector)[0].categories[0].first != "教育文体"
    assert loaded is not None
    for models in (taught, loaded):
        assert models.read([text], vector)[0].categories[0].first == "教育文体"


def test_rasa_gets_the_head_of_a_message_and_what_is_known_of_it() -> None:
    message = Example(text=f"路灯坏了\n{'很' * 900}", first="城乡建设", is_sample=True)
    greeting = Example(text="[早]上好", intent=Intent.GREET)
    blocks = yaml.safe_load(rasa_yaml([message, greeting, Example(text="  ")]))["nlu"]
    assert blocks[0]["metadata"] == {
        "category": "城乡建设",
        "sample": True,
        "intent_unknown": True,
    }
    assert len(blocks[0]["examples"][0]["text"]) < 200
    assert blocks[0]["examples"][0]["text"].startswith("路灯坏了\n")
    assert blocks[1] == {"intent": "greet", "examples": [{"text": "【早】上好"}]}
    assert len(blocks) == 2
