"""How well an engine understands, measured on labelled messages it has not learnt from."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sklearn.metrics import f1_score

from nlu.understanding import EntityType, MessageParser, Understanding, Urgency

Row = Mapping[str, Any]
Z_95 = 1.96
CALIBRATION_BINS = 10


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured share; ``interval`` is the half width at 95 %, None where it makes no sense."""

    name: str
    value: float
    n: int
    interval: float | None = None


def evaluate_understanding(parser: MessageParser, rows: Sequence[Row]) -> list[Figure]:
    """Every figure that the labels of ``rows`` allow.

    ``rows`` have "text" or "title" and "body", and any of "intent", "category", "urgency" and
    "entities"; "…_also" lists further right answers.
    """
    found = parser.parse_many([_text_of(row) for row in rows])
    pairs = list(zip(rows, found, strict=True))
    return [
        *_label_figures("intent", pairs, lambda one: one.intent.value),
        *_label_figures("category", pairs, _first_category),
        *_second_figures(pairs),
        *_emergency_figures(pairs),
        *_place_figures(pairs),
        *_matter_figures(pairs),
        *_calibration_figures(pairs),
    ]


def report_lines(figures: Sequence[Figure]) -> list[str]:
    """The figures as a small table."""
    return [
        f"{figure.name:<34}{figure.value:.3f}"
        + (f" ± {figure.interval:.3f}" if figure.interval is not None else " " * 8)
        + f"   n={figure.n}"
        for figure in figures
    ]


def _text_of(row: Row) -> str:
    return str(row["text"]) if "text" in row else f"{row['title']}\n{row['body']}"


def _first_category(found: Understanding) -> str:
    return found.categories[0].first if found.categories else ""


def _share(name: str, hits: Sequence[bool]) -> list[Figure]:
    if not hits:
        return []
    value, n = sum(hits) / len(hits), len(hits)
    interval = Z_95 * math.sqrt(value * (1 - value) / n)
    return [Figure(name=name, value=value, n=n, interval=interval)]


def _label_figures(
    label: str,
    pairs: Sequence[tuple[Row, Understanding]],
    read: Callable[[Understanding], str],
) -> list[Figure]:
    labelled = [(row, read(found)) for row, found in pairs if row.get(label)]
    if not labelled:
        return []
    right = [said in {row[label], *(row.get(f"{label}_also") or ())} for row, said in labelled]
    truth = [row[label] for row, _ in labelled]
    # An accepted second answer counts as the first in the F1 too.
    said = [t if ok else s for t, ok, (_, s) in zip(truth, right, labelled, strict=True)]
    macro = float(f1_score(truth, said, average="macro", labels=sorted(set(truth))))
    return [
        *_share(f"{label}, accuracy", right),
        Figure(name=f"{label}, macro-F1", value=macro, n=len(truth)),
    ]


def _second_figures(pairs: Sequence[tuple[Row, Understanding]]) -> list[Figure]:
    hits = [
        (row["category"], row["second"]) in [(c.first, c.second) for c in found.categories[:3]]
        for row, found in pairs
        if row.get("category") and row.get("second")
    ]
    return _share("second-level class, top 3", hits)


def _emergency_figures(pairs: Sequence[tuple[Row, Understanding]]) -> list[Figure]:
    labelled = [(row, found) for row, found in pairs if row.get("urgency")]
    emergency = Urgency.EMERGENCY
    recalled = [
        found.urgency is emergency for row, found in labelled if row["urgency"] == emergency.value
    ]
    claimed = [
        row["urgency"] == emergency.value for row, found in labelled if found.urgency is emergency
    ]
    return _share("emergency, recall", recalled) + _share("emergency, precision", claimed)


def _place_figures(pairs: Sequence[tuple[Row, Understanding]]) -> list[Figure]:
    labelled = [(row, found) for row, found in pairs if "entities" in row]
    true = [
        {(e["start"], e["end"]) for e in row["entities"] if e["type"] == "place"}
        for row, _ in labelled
    ]
    said = [
        {(e.start, e.end) for e in found.entities if e.type is EntityType.PLACE}
        for _, found in labelled
    ]
    total = sum(map(len, true)) + sum(map(len, said))
    if not total:
        return []
    both = sum(len(a & b) for a, b in zip(true, said, strict=True))
    return [Figure(name="place, F1 of exact spans", value=2 * both / total, n=sum(map(len, true)))]


def _matter_figures(pairs: Sequence[tuple[Row, Understanding]]) -> list[Figure]:
    """Found among all categories, found among those reported as matters of the message, and
    how many messages of one matter are reported as such."""
    matters = [(row, found) for row, found in pairs if row.get("category")]
    several = [(set(row["categories"]), found) for row, found in matters if _has_several(row)]
    single = [found for row, found in matters if not _has_several(row)]
    among = [true <= {c.first for c in found.categories} for true, found in several]
    named = [
        true <= {c.first for c in found.categories[: found.matters]} for true, found in several
    ]
    if not several:
        return []
    return [
        *_share("several matters, all found", among),
        *_share("several matters, all reported", named),
        *_share("one matter, reported as one", [found.matters <= 1 for found in single]),
    ]


def _has_several(row: Row) -> bool:
    return len(row.get("categories") or ()) > 1


def _calibration_figures(pairs: Sequence[tuple[Row, Understanding]]) -> list[Figure]:
    intents = [
        (found.confidence, found.intent.value in {row["intent"], *(row.get("intent_also") or ())})
        for row, found in pairs
        if row.get("intent")
    ]
    categories = [
        (
            found.categories[0].confidence,
            found.categories[0].first in {row["category"], *(row.get("category_also") or ())},
        )
        for row, found in pairs
        if row.get("category") and found.categories
    ]
    return _calibration("intent", intents) + _calibration("category", categories)


def _calibration(name: str, said: Sequence[tuple[float, bool]]) -> list[Figure]:
    """Expected calibration error: how far confidence lies from being right."""
    if not said:
        return []
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in said:
        place = min(int(confidence * CALIBRATION_BINS), CALIBRATION_BINS - 1)
        bins.setdefault(place, []).append((confidence, right))
    error = sum(
        abs(sum(confidence for confidence, _ in each) - sum(right for _, right in each))
        for each in bins.values()
    )
    return [Figure(name=f"{name}, calibration error", value=error / len(said), n=len(said))]
