"""Train an engine anew, compare it with the model in use, and switch if nothing got worse."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huiyin.bootstrap import Service
from huiyin.jsonl import read_rows
from huiyin.settings import ROOT
from huiyin.workbench import Workbench, open_workbench
from nlu.comparing import Comparison, compare, lost_ground
from nlu.corrections import accepted_examples
from nlu.evaluation import Figure, evaluate_understanding
from nlu.model_registry import ModelCard
from nlu.training_data import Example

WRITTEN = ROOT / "benchmarks" / "data" / "understanding.jsonl"
REAL = Path("messages") / "labelled.jsonl"
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Retraining:
    """What came of it; ``comparisons`` is empty where the model in use is the same."""

    before: str | None
    after: str
    comparisons: tuple[Comparison, ...]


def retrain(
    service: Service, engine: str, examples: Sequence[Example], data: Path | None
) -> Retraining:
    """Train ``engine`` from the shipped data, the accepted corrections and ``examples``.

    The new model is in use afterwards unless something that matters got worse.

    Args:
        service: where models and accepted corrections lie.
        engine: "local" or "rasa".
        examples: of the operator's file.
        data: folder with real messages to compare on too; those in training are left out.
    """
    with service.open_session() as session:
        accepted = accepted_examples(session)
    more = (*accepted, *examples)
    sets = _evaluation_sets(service, more, data)
    with open_workbench(service, engine, service.models) as bench:
        before = service.models.chosen(engine) or bench.train()
        after = bench.train(more)
        figures = {} if before == after else _measure(bench, after, sets)
        old = {} if before == after else _measure(bench, before, sets)
    comparisons = tuple(
        one for name in figures for one in compare(name, old.get(name), figures[name])
    )
    _write_card(service, engine, after, (len(accepted), len(examples)), comparisons)
    if not lost_ground(comparisons):
        service.models.choose(engine, after)
    return Retraining(before=before, after=after, comparisons=comparisons)


def _evaluation_sets(
    service: Service, examples: Sequence[Example], data: Path | None
) -> dict[str, Rows]:
    learnt = {example.text for example in examples}
    heard_of = {str(example.first) for example in examples if example.is_sample}
    files = {"written": WRITTEN} | ({"real": data / REAL} if data else {})
    sets: dict[str, Rows] = {}
    for name, file in files.items():
        unseen = unseen_rows(list(read_rows(file)), learnt, name=name, report=service.report)
        if unseen:
            sets[name] = [within_sample(row, heard_of) for row in unseen]
    return sets


def unseen_rows(
    rows: Rows, learnt: Collection[str], *, name: str, report: Callable[[str], None]
) -> Rows:
    """Those of ``rows`` whose message is not among the ``learnt``; says how many are left out."""
    unseen = [row for row in rows if message_text(row) not in learnt]
    if len(unseen) < len(rows):
        report(f"{name}: {len(rows) - len(unseen)} messages are in training: left out")
    return unseen


def within_sample(row: Mapping[str, Any], heard_of: Collection[str]) -> Mapping[str, Any]:
    """``row`` without its class where a sample says that the operator never hears of it.

    A model of the sample holds such a class for unlikely, as it should: that is no loss.
    """
    if not heard_of or {row.get("category"), *(row.get("category_also") or ())} & {*heard_of, None}:
        return row
    return {name: value for name, value in row.items() if not name.startswith("categor")}


def message_text(row: Mapping[str, Any]) -> str:
    """The message of an evaluation row, as the example of the same message has it."""
    return str(row["text"]) if "text" in row else f"{row['title']}\n{row['body']}"


def _measure(bench: Workbench, model: str, sets: Mapping[str, Rows]) -> dict[str, list[Figure]]:
    parser = bench.open(model)
    return {name: evaluate_understanding(parser, rows) for name, rows in sets.items()}


def _write_card(
    service: Service,
    engine: str,
    model: str,
    counts: tuple[int, int],
    comparisons: Sequence[Comparison],
) -> None:
    origins = ("accepted corrections", "examples of the operator")
    service.models.write_card(
        ModelCard(
            name=model,
            engine=engine,
            made_at=service.clock.now(),
            examples={name: count for name, count in zip(origins, counts, strict=True) if count},
            figures={one.figure: round(one.after, 4) for one in comparisons},
        )
    )
