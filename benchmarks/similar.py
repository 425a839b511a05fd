"""The question «is it this one?»: how well the threshold of likeness tells same from not the same.

The pairs of ``data/similar_cases.jsonl`` were written for this. Odd lines are for choosing the
threshold, even lines report.

    python -m benchmarks.similar
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from petitions.similarity import SIMILAR_ENOUGH, Sketch, likeness

PAIRS = Path(__file__).parent / "data" / "similar_cases.jsonl"
THRESHOLDS = tuple(step / 100 for step in range(30, 75, 5))
AT = datetime(2026, 3, 2, tzinfo=UTC)


def main() -> None:
    """Measure and print."""
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    scored = [(likeness(_sketch(row["one"]), _sketch(row["other"])), row["same"]) for row in rows]
    print(f"{'threshold':<12}{'chosen on: F1  P     R':<26}{'reported: F1   P     R'}")
    for threshold in sorted({*THRESHOLDS, SIMILAR_ENOUGH}):
        mark = " *" if threshold == SIMILAR_ENOUGH else ""
        chosen, reported = (_figures(half, threshold) for half in (scored[::2], scored[1::2]))
        print(f"{threshold:<12}{chosen:<26}{reported}{mark}")
    print(f"n = {len(scored[::2])} and {len(scored[1::2])} pairs; * in use")


def _sketch(said: dict[str, Any]) -> Sketch:
    return Sketch(
        text=said["matter"],
        at=AT,
        category_first=said["first"],
        category_second=said["second"],
        estate_id=said["estate"],
        building=said["building"],
    )


def _figures(scored: Sequence[tuple[float, bool]], threshold: float) -> str:
    found = [same for score, same in scored if score >= threshold]
    wanted = sum(same for _, same in scored)
    precision = sum(found) / len(found) if found else 1.0
    recall = sum(found) / wanted
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"{f1:.2f}  {precision:.2f}  {recall:.2f}"


if __name__ == "__main__":
    main()
