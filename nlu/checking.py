"""Find what is wrong with training and evaluation data before a model learns it.

Errors make a model worse or its figures untrue: an unknown label, a broken annotation, the same
sentence under two labels, an evaluation message that was trained on. Warnings are worth a look:
a sentence twice, near duplicates under different labels, classes with few examples.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from nlu.near_duplicates import near_pairs
from nlu.taxonomy import Taxonomy
from nlu.text import normalise
from nlu.training_data import Example, read_training_file
from nlu.understanding import EntityType, Intent, TrainingDataError, Urgency

LEAST_OF_INTENT = 60
LEAST_OF_FIRST = 40
LEAST_OF_SECOND = 8
NEAR = 0.9
"""Cosine of character bigrams from which two sentences are hardly told apart."""

LEAK = 0.95
SHORT = 6
"""Characters of what everybody writes alike («好的», «转人工»): it may stand in both sets."""

BARE_BRACKET = re.compile(r"\[[^\]]*\](?!\s*[({])|\]\s+[({]|\[[^\]]*$")
LABELS: Mapping[str, frozenset[str]] = {
    "intent": frozenset(intent.value for intent in Intent),
    "urgency": frozenset(urgency.value for urgency in Urgency),
    "emergency_service": frozenset({"110", "119", "120", "122"}),
}


class Severity(StrEnum):
    """Whether a finding must be mended."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found; ``place`` is "file:line", or empty where it concerns the whole."""

    severity: Severity
    place: str
    words: str


@dataclass(frozen=True, kw_only=True)
class EvaluationRow:
    """A labelled message of an evaluation set."""

    text: str
    row: Mapping[str, Any]
    place: str


def check_data(training: Path, evaluation: Sequence[Path], taxonomy: Taxonomy) -> list[Finding]:
    """Everything found in the training data below ``training`` and in the evaluation files."""
    findings: list[Finding] = []
    examples: list[Example] = []
    for path in sorted(training.rglob("*.yml")):
        examples += _read(path, path.relative_to(training.parent).as_posix(), findings)
    rows = [row for path in evaluation for row in _read_rows(path, findings)]
    findings += _unknown_classes(examples, taxonomy)
    findings += _duplicates(examples)
    findings += _near_duplicates(examples)
    findings += _wrong_rows(rows, taxonomy)
    findings += _leaks(examples, rows)
    findings += _thin_classes(examples, taxonomy)
    return findings


def _read(path: Path, name: str, findings: list[Finding]) -> list[Example]:
    try:
        examples = list(read_training_file(path, name))
    except TrainingDataError as error:
        place, _, words = str(error).partition(": ")
        findings.append(Finding(severity=Severity.ERROR, place=place, words=words))
        return []
    findings += [
        Finding(severity=Severity.ERROR, place=example.source, words=f"broken annotation «{bad}»")
        for example in examples
        for bad in BARE_BRACKET.findall(example.text)
    ]
    return examples


def _unknown_classes(examples: Iterable[Example], taxonomy: Taxonomy) -> Iterator[Finding]:
    for example in examples:
        if example.first and (example.first, example.second) not in taxonomy.pairs:
            named = f"{example.first}/{example.second}"
            yield Finding(
                severity=Severity.ERROR,
                place=example.source,
                words=f"the taxonomy has no class {named}",
            )


def _label(example: Example) -> tuple[object, ...]:
    return example.intent, example.first, example.second


def _named(example: Example) -> str:
    parts = (example.intent, example.first, example.second)
    return "/".join(str(part) for part in parts if part)


def _duplicates(examples: Sequence[Example]) -> Iterator[Finding]:
    seen: dict[str, Example] = {}
    for example in examples:
        first = seen.setdefault(_key(example.text), example)
        if first is example:
            continue
        if _contradict(first, example):
            words = f"the same as {first.source}, but {_named(example)} is not {_named(first)}"
            yield Finding(severity=Severity.ERROR, place=example.source, words=words)
        else:
            words = f"the same as {first.source}"
            yield Finding(severity=Severity.WARNING, place=example.source, words=words)


def _key(text: str) -> str:
    # Nothing is left of emoji alone: they are compared as they are.
    return normalise(text) or text


def _contradict(one: Example, other: Example) -> bool:
    # A sentence without a class says nothing against one that has it.
    if one.intent != other.intent:
        return True
    return None not in {one.first, other.first} and _label(one) != _label(other)


def _near_duplicates(examples: Sequence[Example]) -> Iterator[Finding]:
    texts = [normalise(example.text) for example in examples]
    for left, right in near_pairs(texts, texts, NEAR):
        one, other = examples[left], examples[right]
        if left < right and texts[left] != texts[right] and _contradict(one, other):
            yield Finding(
                severity=Severity.WARNING,
                place=other.source,
                words=f"nearly the same as {one.source}, but {_named(other)} is not {_named(one)}: "
                f"«{other.text[:40]}»",
            )


def _leaks(examples: Sequence[Example], rows: Sequence[EvaluationRow]) -> Iterator[Finding]:
    trained = [normalise(example.text) for example in examples]
    tested = [normalise(row.text) for row in rows]
    for left, right in near_pairs(tested, trained, LEAK):
        same = tested[left] == trained[right]
        untrue = same and len(tested[left]) > SHORT
        yield Finding(
            severity=Severity.ERROR if untrue else Severity.WARNING,
            place=rows[left].place,
            words=f"{'stands' if same else 'nearly stands'} in the training data: "
            f"{examples[right].source}",
        )


def _thin_classes(examples: Sequence[Example], taxonomy: Taxonomy) -> Iterator[Finding]:
    intents = Counter(example.intent for example in examples)
    firsts = Counter(example.first for example in examples)
    pairs = Counter((example.first, example.second) for example in examples)
    yield from _thin(
        "intent", {intent.value: intents[intent] for intent in Intent}, LEAST_OF_INTENT
    )
    yield from _thin("class", {first: firsts[first] for first in taxonomy.firsts}, LEAST_OF_FIRST)
    used = {f"{a}/{b}": pairs[a, b] for a, b in taxonomy.pairs if pairs[a, b]}
    yield from _thin("class", used, LEAST_OF_SECOND)
    if left_out := [f"{a}/{b}" for a, b in taxonomy.pairs if not pairs[a, b]]:
        words = f"left out, no example ({len(left_out)}): {'、'.join(left_out)}"
        yield Finding(severity=Severity.NOTE, place="", words=words)


def _thin(kind: str, counts: Mapping[str, int], least: int) -> Iterator[Finding]:
    for name, count in counts.items():
        if count < least:
            words = f"{kind} {name} has {count} examples, fewer than {least}"
            yield Finding(severity=Severity.WARNING, place="", words=words)


def _read_rows(path: Path, findings: list[Finding]) -> Iterator[EvaluationRow]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        place = f"{path.name}:{number}"
        try:
            row = json.loads(line) if line.strip() else None
            if row is not None and isinstance(row.get("text"), str):
                yield EvaluationRow(text=row["text"], row=row, place=place)
        except (ValueError, AttributeError) as error:
            words = f"not a JSON object ({error})"
            findings.append(Finding(severity=Severity.ERROR, place=place, words=words))


def _wrong_rows(rows: Sequence[EvaluationRow], taxonomy: Taxonomy) -> Iterator[Finding]:
    places: dict[str, list[str]] = defaultdict(list)
    for each in rows:
        places[_key(each.text)].append(each.place)
        for words in (*_wrong_labels(each.row, taxonomy), *_wrong_spans(each)):
            yield Finding(severity=Severity.ERROR, place=each.place, words=words)
    for same in places.values():
        for place in same[1:]:
            yield Finding(severity=Severity.WARNING, place=place, words=f"the same as {same[0]}")


def _wrong_labels(row: Mapping[str, Any], taxonomy: Taxonomy) -> Iterator[str]:
    for label, known in LABELS.items():
        for value in (row.get(label), *(row.get(f"{label}_also") or ())):
            if value is not None and value not in known:
                yield f"unknown {label} {value!r}"
    first, second = row.get("category"), row.get("second")
    if first is not None and first not in taxonomy.firsts:
        yield f"the taxonomy has no class {first}"
    elif second is not None and (first, second) not in taxonomy.pairs:
        yield f"the taxonomy has no class {first}/{second}"


def _wrong_spans(each: EvaluationRow) -> Iterator[str]:
    known = {kind.value for kind in EntityType}
    for entity in each.row.get("entities") or ():
        if entity.get("type") not in known:
            yield f"unknown entity type {entity.get('type')!r}"
        if each.text[entity.get("start", 0) : entity.get("end", 0)] != entity.get("text"):
            yield f"the span of {entity.get('text')!r} holds other words"
