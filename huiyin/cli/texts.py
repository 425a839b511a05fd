"""Commands about texts: import, ask, search."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from tqdm import tqdm

from huiyin.bootstrap import Service
from huiyin.cli.opening import open_service, say
from huiyin.cli.progress import ProgressBar
from huiyin.errors import HuiyinError
from huiyin.jsonl import BadInput, read_rows, write_rows
from huiyin.preparation import prepare_database
from knowledge.answering import Answer, Clarify
from knowledge.changes import OPERATOR
from knowledge.curation import publish_versions
from knowledge.documents import DEFAULT_COLLECTION, Hit
from knowledge.gate import GateRefused, publish_through_gate
from knowledge.importing import ImportReport, import_paths
from knowledge.retrieval import KnowledgeBase
from knowledge.trials import list_trials

Collection = Annotated[str, typer.Option(help="The body of texts.")]
InputFile = Annotated[Path, typer.Option("--input", help="JSON lines to read.")]
OutputFile = Annotated[Path, typer.Option("--output", help="JSON lines to write.")]


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("import")(import_command)
    app.command("ask")(ask_command)
    app.command("search")(search_command)


def import_command(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.")],
    collection: Collection = DEFAULT_COLLECTION,
    draft: Annotated[bool, typer.Option(help="Leave them as drafts.")] = False,
) -> None:
    """Read texts and publish them; repeating it changes nothing."""
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise HuiyinError(f"not found: {', '.join(missing)}")
    with open_service() as service:
        prepare_database(service)
        bar = ProgressBar()
        report = import_paths(
            service.open_session,
            service.embedder,
            paths,
            collection,
            bar.show,
            publish_at_once=False,
        )
        bar.close()
        problem = None if draft else _publish(service, collection, report)
    for refusal in report.refused:
        say(f"refused: {refusal.source}: {refusal.reason}")
    typer.echo(
        f"{len(report.imported)} imported, {len(report.unchanged)} unchanged, "
        f"{len(report.refused)} refused; {report.passages} passages in {report.seconds:.1f} s"
    )
    if not report.imported and not report.unchanged:
        raise HuiyinError("nothing could be imported")
    if problem:
        raise HuiyinError(problem)


def _publish(service: Service, collection: str, report: ImportReport) -> str | None:
    """Publish what came in; the sentence of the gate when it refuses."""
    if not report.version_ids:
        return None
    base = service.knowledge(collection)
    # Without questions there is nothing to ask, and two indexes would be built for it.
    if not list_trials(service.open_session, collection):
        publish_versions(service.open_session, report.version_ids)
        return None
    try:
        publish_through_gate(service.open_session, base, report.version_ids, OPERATOR)
    except GateRefused as refused:
        count = len(refused.report.blocking)
        return f"{count} questions of the gate would fail; the texts wait as drafts"
    return None


def ask_command(question: str, collection: Collection = DEFAULT_COLLECTION) -> None:
    """Answer one question as a resident would be answered."""
    with open_service() as service:
        reply = _texts(service, collection).answer(question)
    if isinstance(reply, Answer):
        typer.echo(reply.quote)
        typer.echo(f"—— {reply.hits[0].passage.citation.sentence()}")
    elif isinstance(reply, Clarify):
        typer.echo("您问的是：" + "，还是".join(reply.topics) + "？")
    else:
        typer.echo(f"没有查到（{reply.reason.value}）")


def search_command(
    input_file: InputFile,
    output_file: OutputFile,
    top: Annotated[int, typer.Option(min=1, max=200, help="Passages for each question.")] = 10,
    collection: Collection = DEFAULT_COLLECTION,
) -> None:
    """Find passages for each question: {"id", "question"} → {"id", "answered", "passages"}."""
    with open_service() as service:
        texts = _texts(service, collection)
        rows = tqdm(list(read_rows(input_file)), desc="search", unit="question")
        count = write_rows(output_file, _search_all(texts, rows, top))
    say(f"{count} questions")


def _search_all(
    texts: KnowledgeBase, rows: "tqdm[dict[str, Any]]", top: int
) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        question = _question_of(row)
        yield {
            "id": row["id"],
            "answered": isinstance(texts.answer(question), Answer),
            "passages": [_passage_row(hit) for hit in texts.search(question, top=top)],
        }


def _question_of(row: Mapping[str, Any]) -> str:
    if "id" not in row or not isinstance(row.get("question"), str):
        raise BadInput('every line needs "id" and "question"')
    return str(row["question"])


def _passage_row(hit: Hit) -> Mapping[str, Any]:
    citation = hit.passage.citation
    return {
        "source": citation.source,
        "title": citation.title,
        "article": citation.article,
        "text": hit.passage.text,
        "score": round(hit.score, 4),
    }


def _texts(service: Service, collection: str) -> KnowledgeBase:
    prepare_database(service)
    texts = service.knowledge(collection)
    if len(texts) == 0:
        raise HuiyinError(f"collection {collection!r} holds no texts; run huiyin import first")
    return texts
