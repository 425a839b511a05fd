"""Commands about messages: understand."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from tqdm import tqdm

from huiyin.cli.opening import open_service, say
from huiyin.cli.texts import InputFile, OutputFile
from huiyin.engines import running_parser
from huiyin.errors import HuiyinError
from huiyin.jsonl import BadInput, read_rows, write_rows
from nlu.training_data import Example, read_labelled_messages
from nlu.understanding import MessageParser, ParserUnavailable, TrainingDataError, Understanding

BATCH = 32


class ParserName(StrEnum):
    """An engine."""

    LOCAL = "local"
    RASA = "rasa"


ExamplesFile = Annotated[
    Path | None,
    typer.Option(
        help='Labelled messages to learn from as well, JSON lines: "text", or "title" and "body", '
        'with "category" and where known "second" and "intent".'
    ),
]


def read_examples(path: Path | None) -> tuple[Example, ...]:
    """The operator's labelled messages; none without a file.

    Raises:
        HuiyinError: The file is missing, a line is no labelled message, or names no class.
    """
    if path is None:
        return ()
    try:
        return read_labelled_messages(path)
    except (OSError, UnicodeDecodeError, TrainingDataError) as error:
        raise HuiyinError(f"--examples {path}: {error}") from None


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("understand")(understand_command)


def understand_command(
    input_file: InputFile,
    output_file: OutputFile,
    parser: Annotated[ParserName, typer.Option(help="The engine.")] = ParserName.LOCAL,
    examples: ExamplesFile = None,
) -> None:
    """Tell what each message means: {"id", "text"} or {"id", "title", "body"}."""
    rows = list(read_rows(input_file))
    labelled = read_examples(examples)
    known = {example.text for example in labelled}
    if seen := sum(text_of(row) in known for row in rows):
        say(f"{seen} of the {len(rows)} messages stand among the examples: nothing is new there")
    with open_service() as service, running_parser(service, parser.value, labelled) as engine:
        count = write_rows(output_file, _understand_all(engine, rows))
    say(f"{count} messages")


def _understand_all(
    engine: MessageParser, rows: Sequence[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    with tqdm(total=len(rows), desc="understand", unit="message") as bar:
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            for row, found in zip(batch, _understand(engine, batch), strict=True):
                yield understanding_row(row["id"], found)
                bar.update()


def _understand(
    engine: MessageParser, batch: Sequence[Mapping[str, Any]]
) -> Sequence[Understanding]:
    try:
        return engine.parse_many([text_of(row) for row in batch])
    except ParserUnavailable as error:
        raise HuiyinError(f"the parser does not answer: {error}") from None


def text_of(row: Mapping[str, Any]) -> str:
    """The message of a row: its text, or title and body below each other.

    Raises:
        BadInput: The row has neither, or no id.
    """
    if "id" not in row:
        raise BadInput('every line needs "id"')
    if isinstance(row.get("text"), str):
        return str(row["text"])
    if isinstance(row.get("title"), str) or isinstance(row.get("body"), str):
        return f"{row.get('title') or ''}\n{row.get('body') or ''}"
    raise BadInput('every line needs "text", or "title" and "body"')


def understanding_row(row_id: Any, found: Understanding) -> Mapping[str, Any]:
    """One line of output."""
    return {
        "id": row_id,
        "intent": found.intent.value,
        "confidence": round(found.confidence, 4),
        "category": found.categories[0].first if found.categories else None,
        "categories": [
            {"first": one.first, "second": one.second, "confidence": round(one.confidence, 4)}
            for one in found.categories
        ],
        "urgency": found.urgency.value,
        "entities": [
            {"type": one.type.value, "text": one.text, "start": one.start, "end": one.end}
            for one in found.entities
        ],
        "parser": found.parser,
    }
