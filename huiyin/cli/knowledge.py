"""Commands of curators: ``huiyin knowledge …``. Results are JSON lines on standard output."""

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from huiyin.bootstrap import Service
from huiyin.cli.opening import open_service
from huiyin.errors import HuiyinError
from huiyin.jsonl import read_rows
from huiyin.preparation import prepare_database
from huiyin.recalling import tell_residents
from knowledge import curation, gate
from knowledge.bank import BankDraft, add_to_bank, list_bank, remove_from_bank
from knowledge.changes import Author, list_changes, roll_back
from knowledge.clusters import cluster_questions
from knowledge.documents import DEFAULT_COLLECTION
from knowledge.editing import FactsEdit, edit_version
from knowledge.errors import KnowledgeError
from knowledge.faq import FaqDraft, draft_faq
from knowledge.passage_use import passages_by_use
from knowledge.recalling import recall_of
from knowledge.retrieval import today_in_shanghai
from knowledge.trials import TrialDraft, TrialKind, add_trials, list_trials, remove_trial

app = typer.Typer(help="Look after the texts.", no_args_is_help=True)

Collection = Annotated[str, typer.Option(help="The body of texts.")]
Versions = Annotated[list[int], typer.Argument(help="Ids of versions.")]
VersionId = Annotated[int, typer.Argument(help="Id of a version.")]
Name = Annotated[str, typer.Option(help="Who does it; kept with the step.")]
Reason = Annotated[str, typer.Option(help="Why; kept with the step.")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
OPERATOR = "operator"


@app.command("documents")
def documents_command(collection: Collection = DEFAULT_COLLECTION) -> None:
    """Every document with its versions."""
    with _texts() as service:
        _show(curation.list_documents(service.open_session, collection))


@app.command("passages")
def passages_command(version: VersionId) -> None:
    """The passages of a version, published or not."""
    with _texts() as service:
        _show(curation.passages_of(service.open_session, version))


@app.command("edit")
def edit_command(
    version: VersionId,
    facts: Annotated[list[str], typer.Argument(help="name=value; an empty value clears it.")],
    name: Name = OPERATOR,
) -> None:
    """State facts of a version: number, issuer, scope, effective_from, effective_to …"""
    edit = FactsEdit(facts=dict(_fact(one) for one in facts))
    with _texts() as service:
        edit_version(service.open_session, version, edit, Author(name=name))
        _show([curation.version_of(service.open_session, version)])


@app.command("submit")
def submit_command(version: VersionId) -> None:
    """Hand a draft in for review."""
    with _texts() as service:
        curation.submit_version(service.open_session, version)


@app.command("hand-back")
def hand_back_command(version: VersionId) -> None:
    """Make a draft of a version in review again."""
    with _texts() as service:
        curation.hand_back_version(service.open_session, version)


@app.command("gate")
def gate_command(versions: Versions, collection: Collection = DEFAULT_COLLECTION) -> None:
    """What publishing would change, and what of the gate would fail; nothing is changed."""
    with _texts() as service:
        base = service.knowledge(collection)
        _show_report(gate.preview_publication(service.open_session, base, versions))


@app.command("publish")
def publish_command(
    versions: Versions,
    collection: Collection = DEFAULT_COLLECTION,
    force: Annotated[str, typer.Option(help="Publish in spite of the gate, for this reason.")] = "",
    name: Name = OPERATOR,
) -> None:
    """Publish versions through the gate, all or none."""
    with _texts() as service:
        author = Author(name=name, reason=force or None)
        base = service.knowledge(collection)
        try:
            report = gate.publish_through_gate(
                service.open_session, base, versions, author, force=bool(force)
            )
        except gate.GateRefused as refused:
            _show_report(refused.report)
            raise
        _show_report(report)


@app.command("lapse")
def lapse_command(
    version: VersionId,
    last_day: Day,
    collection: Collection = DEFAULT_COLLECTION,
    name: Name = OPERATOR,
) -> None:
    """End a version after its last day."""
    with _texts() as service:
        base = service.knowledge(collection)
        author = Author(name=name)
        gate.lapse_with_record(service.open_session, base, version, last_day.date(), author)


@app.command("changes")
def changes_command(collection: Collection = DEFAULT_COLLECTION) -> None:
    """The last steps, newest first."""
    with _texts() as service:
        _show(list_changes(service.open_session, collection))


@app.command("rollback")
def rollback_command(
    reason: Reason,
    change: Annotated[int | None, typer.Option(help="The step meant; else the newest.")] = None,
    collection: Collection = DEFAULT_COLLECTION,
    name: Name = OPERATOR,
) -> None:
    """Undo the newest step."""
    with _texts() as service:
        author = Author(name=name, reason=reason)
        undone = roll_back(service.open_session, author, collection, change_id=change)
        _show([{"change": undone}])


@app.command("trials")
def trials_command(
    collection: Collection = DEFAULT_COLLECTION,
    add: Annotated[Path | None, typer.Option(help="JSON lines: question, kind, title …")] = None,
    remove: Annotated[int | None, typer.Option(help="Id of a question.")] = None,
    name: Name = OPERATOR,
) -> None:
    """The questions of the gate; add some from a file, or take one out."""
    with _texts() as service:
        if add is not None:
            drafts = [_trial(row) for row in read_rows(add)]
            add_trials(service.open_session, drafts, owner=name, collection=collection)
        if remove is not None:
            remove_trial(service.open_session, remove)
        _show(list_trials(service.open_session, collection))


@app.command("bank")
def bank_command(
    collection: Collection = DEFAULT_COLLECTION,
    question: Annotated[str, typer.Option(help="A residents' question to add.")] = "",
    passage: Annotated[int, typer.Option(help="Id of the passage that answers it.")] = 0,
    reply: Annotated[str, typer.Option(help="A reply to give as it stands.")] = "",
    remove: Annotated[int | None, typer.Option(help="Id of an entry.")] = None,
    name: Name = OPERATOR,
) -> None:
    """The question bank; add a question with its passage, or take an entry out."""
    with _texts() as service:
        if question:
            draft = BankDraft(question=question, passage_id=passage, reply=reply or None)
            add_to_bank(service.open_session, service.embedder, draft, owner=name)
        if remove is not None:
            remove_from_bank(service.open_session, remove)
        _show(list_bank(service.open_session, collection))


@app.command("clusters")
def clusters_command(collection: Collection = DEFAULT_COLLECTION) -> None:
    """What residents asked in vain, put together by meaning."""
    with _texts() as service:
        _show(cluster_questions(service.open_session, service.embedder, collection))


@app.command("faq")
def faq_command(
    question: Annotated[str, typer.Argument(help="The question to print.")],
    ids: Annotated[list[int], typer.Option("--id", help="Ids of recorded questions.")],
    answer: Annotated[str, typer.Option(help="The answer, as far as it is known.")] = "",
    collection: Collection = DEFAULT_COLLECTION,
    name: Name = OPERATOR,
) -> None:
    """Make a draft of an answer of questions in vain."""
    draft = FaqDraft(
        question=question,
        question_ids=tuple(ids),
        owner=name,
        day=today_in_shanghai(),
        answer=answer or None,
    )
    with _texts() as service:
        made = draft_faq(service.open_session, service.embedder, draft, collection)
        _show([curation.version_of(service.open_session, made)])


@app.command("uses")
def uses_command(
    collection: Collection = DEFAULT_COLLECTION,
    never: Annotated[bool, typer.Option(help="Only what was never quoted.")] = False,
) -> None:
    """The passages in force by how often they were quoted."""
    with _texts() as service:
        today = today_in_shanghai()
        _show(passages_by_use(service.open_session, collection, today=today, never=never))


@app.command("recall")
def recall_command(
    version: VersionId,
    tell: Annotated[bool, typer.Option(help="Tell the residents; nobody is told twice.")] = False,
) -> None:
    """Whom the answers of a version reached while it was in force."""
    with _texts() as service:
        if tell:
            now = service.clock.now()
            told = tell_residents(service.open_session, service.channels, version, now=now)
            _show([{"told": told}])
        else:
            _show([recall_of(service.open_session, version, today=today_in_shanghai())])


@contextmanager
def _texts() -> Iterator[Service]:
    """The service with its database; what the texts refuse becomes one clear line."""
    with open_service() as service:
        prepare_database(service)
        try:
            yield service
        except KnowledgeError as error:
            raise HuiyinError(str(error)) from error


def _show(rows: Iterable[Any]) -> None:
    for row in rows:
        typer.echo(json.dumps(_plain(row), ensure_ascii=False))


def _show_report(report: gate.GateReport) -> None:
    for kind, found in (
        ("blocks", report.blocking),
        ("still_failing", report.still_failing),
        ("changes", report.changes),
    ):
        _show([{kind: _plain(one)} for one in found])
    typer.echo(json.dumps({"asked": len(report.results), "passes": not report.blocking}))


def _plain(value: Any) -> Any:
    """A value as JSON takes it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def _fact(written: str) -> tuple[str, Any]:
    name, sign, value = written.partition("=")
    if not sign:
        raise HuiyinError(f"{written!r} is not name=value")
    read: Callable[[str], Any] = FACTS.get(name, str)
    try:
        return name, read(value) if value else None
    except ValueError as error:
        raise HuiyinError(f"{name}: {value!r} is no day (YYYY-MM-DD)") from error


FACTS: Mapping[str, Callable[[str], Any]] = {
    "commencement": date.fromisoformat,
    "effective_from": date.fromisoformat,
    "effective_to": date.fromisoformat,
    "topics": lambda words: words.split(","),
    "supersedes": lambda words: words.split(","),
}
"""Facts that are not plain words, and how they are read."""


def _trial(row: Mapping[str, Any]) -> TrialDraft:
    try:
        day = row.get("on_day")
        return TrialDraft(
            question=str(row["question"]),
            kind=TrialKind(row["kind"]),
            title=row.get("title"),
            article=row.get("article"),
            phrase=row.get("phrase"),
            on_day=date.fromisoformat(day) if day else None,
        )
    except (KeyError, ValueError) as error:
        raise HuiyinError(f"a line needs question and kind (answer, refuse): {error}") from error
