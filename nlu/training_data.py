"""Read the training data that both engines share: Rasa YAML with categories as metadata.

A block of examples may carry ``metadata: {category: 一级/二级}``; a sentence marks its entities
as ``[昨晚](time)`` or ``[昨晚]{"entity": "time"}``. Only the text, the labels and the marked
spans are kept; Rasa's synonyms, regular expressions and lookup tables are passed over.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.taxonomy import read_taxonomy
from nlu.text import head_segments
from nlu.understanding import EntityType, Intent, TrainingDataError

ANNOTATION = re.compile(r"\[(?P<text>[^\]]+)\](?:\((?P<short>\w+)\)|\{(?P<long>[^}]*)\})")
ENTITY_KEY = re.compile(r'"entity"\s*:\s*"(\w+)"')
CATEGORY_SEPARATOR = "/"
RASA_VERSION = "3.1"
UNKNOWN_INTENT = Intent.REPORT


@dataclass(frozen=True, kw_only=True)
class MarkedSpan:
    """An entity that the author of a sentence marked; offsets into the bare text."""

    type: EntityType
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Example:
    """One text with what it means; what was not said of it is None."""

    text: str
    intent: Intent | None = None
    first: str | None = None
    second: str | None = None
    entities: tuple[MarkedSpan, ...] = ()
    source: str = ""
    is_sample: bool = False
    """One of an operator's own sorted messages: together they show what it hears of."""


def read_training_data(folder: Path) -> tuple[Example, ...]:
    """All examples below ``folder``, in the order of their paths.

    Raises:
        TrainingDataError: there are none, a file is not YAML, or it names an unknown intent
            or entity type.
    """
    examples = [
        example
        for path in sorted(folder.rglob("*.yml"))
        for example in read_training_file(path, path.relative_to(folder).as_posix())
    ]
    if not examples:
        raise TrainingDataError(f"no training examples below {folder}")
    return tuple(examples)


def read_labelled_messages(path: Path) -> tuple[Example, ...]:
    """An operator's own messages with their category: JSON lines with ``category`` and
    ``text``, or ``title`` and ``body``; ``second`` and ``intent`` where they are known.

    Raises:
        TrainingDataError: a line is no such record, or its class is not in the taxonomy.
    """
    # Only "\n" ends a line: a message may hold signs that splitlines would cut at.
    lines = path.read_text(encoding="utf-8").split("\n")
    pairs = read_taxonomy().pairs
    return tuple(
        _labelled(line, f"{path.name}:{number}", pairs)
        for number, line in enumerate(lines, 1)
        if line.strip()
    )


def rasa_yaml(examples: Sequence[Example]) -> str:
    """``examples`` as a file of Rasa's, each cut to the head that is read of a message.

    Rasa wants an intent of each: where none is known it stands under UNKNOWN_INTENT, marked so
    that our component does not learn it. Brackets would read as marked entities.
    """
    blocks: dict[tuple[Intent | None, str | None, bool], list[dict[str, str]]] = {}
    for example in examples:
        label = (example.intent, _joined_category(example), example.is_sample)
        text = "\n".join(head_segments(example.text)).replace("[", "【").replace("]", "】")
        if text:
            blocks.setdefault(label, []).append({"text": text})
    content = {"version": RASA_VERSION, "nlu": [_block(*entry) for entry in blocks.items()]}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def _joined_category(example: Example) -> str | None:
    if example.first is None or example.second is None:
        return example.first
    return f"{example.first}{CATEGORY_SEPARATOR}{example.second}"


def _block(
    label: tuple[Intent | None, str | None, bool], examples: list[dict[str, str]]
) -> dict[str, Any]:
    intent, category, is_sample = label
    known = {"category": category, "sample": is_sample, "intent_unknown": intent is None}
    metadata = {name: value for name, value in known.items() if value}
    named = (intent or UNKNOWN_INTENT).value
    return {"intent": named, **({"metadata": metadata} if metadata else {}), "examples": examples}


def _labelled(line: str, source: str, pairs: Collection[tuple[str, str]]) -> Example:
    try:
        record = json.loads(line)
        text = record.get("text") or f"{record['title']}\n{record['body']}"
        if not text.strip():
            raise ValueError("a blank message")
        intent = _known_intent(record["intent"], source) if record.get("intent") else None
        example = Example(
            text=text,
            intent=intent,
            first=record["category"],
            second=record.get("second") or None,
            source=source,
            is_sample=True,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrainingDataError(f"{source} is not a labelled message") from error
    if not any(_fits(example, pair) for pair in pairs):
        raise TrainingDataError(f"{source}: the taxonomy has no class {_named(example)!r}")
    return example


def _fits(example: Example, pair: tuple[str, str]) -> bool:
    return example.first == pair[0] and example.second in {None, pair[1]}


def _named(example: Example) -> str:
    return _joined_category(example) or str(example.first)


def read_training_file(path: Path, name: str) -> Iterator[Example]:
    """The examples of one file; each has "``name``:line" as its source.

    Raises:
        TrainingDataError: as in :func:`read_training_data`; the sentence begins with the place.
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TrainingDataError(f"{name}:{line}: not readable YAML: {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TrainingDataError(f"{name}:1: not readable YAML: {error}") from error
    blocks = _entries(root).get("nlu")
    for block in blocks.value if isinstance(blocks, yaml.SequenceNode) else ():
        entries = _entries(block)
        if "intent" in entries:
            yield from _read_block(entries, name)


def _entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}


def _read_block(entries: Mapping[str, yaml.Node], name: str) -> Iterator[Example]:
    node = entries.get("examples")
    if not isinstance(node, yaml.ScalarNode):
        return
    intent = _known_intent(str(entries["intent"].value), _place(name, entries["intent"]))
    metadata = _entries(entries.get("metadata")).get("category")
    first, second = _split_category(str(metadata.value) if metadata else None)
    # The sentences of a literal block («|») begin in the line below it.
    for line, words in enumerate(node.value.split("\n"), node.start_mark.line + 2):
        sentence = words.strip().removeprefix("- ").strip()
        if sentence:
            source = f"{name}:{line}"
            text, entities = _strip_annotations(sentence, source)
            yield Example(
                text=text,
                intent=intent,
                first=first,
                second=second,
                entities=entities,
                source=source,
            )


def _place(name: str, node: yaml.Node) -> str:
    return f"{name}:{node.start_mark.line + 1}"


def _known_intent(name: str, source: str) -> Intent:
    try:
        return Intent(name)
    except ValueError as error:
        raise TrainingDataError(f"{source}: there is no intent {name!r}") from error


def _split_category(category: str | None) -> tuple[str | None, str | None]:
    if not category:
        return None, None
    first, _, second = category.partition(CATEGORY_SEPARATOR)
    return first, second or None


def _strip_annotations(sentence: str, source: str) -> tuple[str, tuple[MarkedSpan, ...]]:
    bare, spans, position = "", [], 0
    for match in ANNOTATION.finditer(sentence):
        bare += sentence[position : match.start()]
        start = len(bare)
        bare += match["text"]
        spans.append(MarkedSpan(type=_entity_type(match, source), start=start, end=len(bare)))
        position = match.end()
    return bare + sentence[position:], tuple(spans)


def _entity_type(match: re.Match[str], source: str) -> EntityType:
    name = match["short"] or "".join(ENTITY_KEY.findall(match["long"] or ""))
    try:
        return EntityType(name)
    except ValueError as error:
        raise TrainingDataError(f"{source}: there is no entity type {name!r}") from error
