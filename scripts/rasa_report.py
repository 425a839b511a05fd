"""Run ``rasa test nlu`` on the written messages and keep a short report in docs/.

Run: make rasa-report
"""

import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from huiyin.bootstrap import RASA_PROJECT, Service  # noqa: E402 - found by the line above
from huiyin.jsonl import read_rows  # noqa: E402
from huiyin.rasa_environment import rasa_process_environment  # noqa: E402
from huiyin.settings import Settings  # noqa: E402
from nlu.training_data import Example, rasa_yaml  # noqa: E402
from nlu.understanding import Intent  # noqa: E402

WRITTEN = ROOT / "benchmarks" / "data" / "understanding.jsonl"
REPORT = ROOT / "docs" / "rasa-report.md"


def main() -> None:
    """Train if needed, test, write the report."""
    service = Service(settings=Settings(), report=print)
    environment = service.rasa_environment()
    model = environment.train()
    with tempfile.TemporaryDirectory() as folder:
        test_data, out = Path(folder) / "test.yml", Path(folder) / "out"
        test_data.write_text(rasa_yaml(_examples()), encoding="utf-8")
        command = [str(environment.python), "-m", "rasa", "test", "nlu", "--no-plot"]
        paths = ["--nlu", str(test_data), "--model", str(model), "--out", str(out)]
        subprocess.run(  # noqa: S603 - the arguments are ours
            [*command, *paths], cwd=RASA_PROJECT, env=rasa_process_environment(), check=True
        )
        report = json.loads((out / "intent_report.json").read_text(encoding="utf-8"))
    REPORT.write_text(_page(report, model.name), encoding="utf-8")
    service.close()


def _examples() -> list[Example]:
    return [
        Example(text=row["text"], intent=Intent(row["intent"]))
        for row in read_rows(WRITTEN)
        if row.get("intent")
    ]


def _page(report: dict[str, dict[str, float]], model: str) -> str:
    total = report["macro avg"]
    lines = [
        "# What `rasa test nlu` says",
        "",
        f"Made by `make rasa-report` on {datetime.now(UTC).date().isoformat()}; model `{model}`, "
        f"{total['support']:.0f} written messages of `benchmarks/data/understanding.jsonl`.",
        "This is Rasa's intent classifier alone; the rules on danger and the parts of a message",
        "come after it (`nlu/composition.py`).",
        "",
        f"Accuracy {_accuracy(report):.3f}, macro-F1 {total['f1-score']:.3f}.",
        "",
        "| intent | precision | recall | F1 | n |",
        "|---|---|---|---|---|",
    ]
    known = {intent.value for intent in Intent}
    for name, row in sorted(report.items()):
        if name in known:
            figures = (row["precision"], row["recall"], row["f1-score"])
            cells = " | ".join(f"{figure:.2f}" for figure in figures)
            lines.append(f"| {name} | {cells} | {row['support']:.0f} |")
    return "\n".join(lines) + "\n"


def _accuracy(report: dict[str, dict[str, float]]) -> float:
    # Rasa gives a "micro avg" instead where a class was never predicted.
    accuracy = report.get("accuracy", report.get("micro avg", {}))
    return float(accuracy if isinstance(accuracy, float) else accuracy["f1-score"])


if __name__ == "__main__":
    main()
