"""``huiyin eval …``: quality on real texts and messages, always with n."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from huiyin.bootstrap import TRAINING_DATA, Service
from huiyin.cli.messages import ExamplesFile, ParserName, read_examples
from huiyin.cli.opening import open_service, say
from huiyin.cli.progress import ProgressBar
from huiyin.cross_validation import FOLDS, Rows, overlap, understand_in_folds
from huiyin.engines import models_with_examples, running_parser
from huiyin.errors import HuiyinError
from huiyin.jsonl import read_rows
from huiyin.preparation import prepare_database
from huiyin.reports import read_reports
from huiyin.retraining import unseen_rows
from huiyin.settings import ROOT
from huiyin.workbench import open_workbench
from knowledge.evaluation import Share, evaluate_replies, evaluate_retrieval, read_policy_questions
from knowledge.importing import import_paths
from nlu.training_data import Example
from nlu.understanding import MessageParser
from petitions.hot_evaluation import PairScore, evaluate_hot_issues
from petitions.hot_issues import IssueTracker

app = typer.Typer(help="Measure quality on real data; prints small tables.", no_args_is_help=True)

DataFolder = Annotated[Path, typer.Option(help="Folder with policy/ and messages/.")]
OWN_SETS = ROOT / "benchmarks" / "data"
RETRIEVAL_SETS = {
    "shanghai": ("policy/shanghai-and-national", "policy/questions.jsonl"),
    "beijing": ("policy/beijing", None),
}


@app.command("retrieval")
def retrieval_command(data: DataFolder) -> None:
    """Right passage among the first; refusals; wrong answers."""
    with open_service() as service:
        prepare_database(service)
        for collection, (texts, questions) in RETRIEVAL_SETS.items():
            say(f"collection {collection}: importing what is missing")
            folder = _existing(data / texts)
            import_paths(service.open_session, service.embedder, [folder], collection)
            file = data / questions if questions else OWN_SETS / "beijing_questions.jsonl"
            figures = evaluate_retrieval(
                service.knowledge(collection), read_policy_questions(_existing(file))
            )
            typer.echo(f"{collection}: {file.name}")
            for rank, share in figures.top.items():
                _print_share(f"right passage in top {rank}", share)
            _print_share("answerable but refused", figures.refused)
            _print_share("answered though the texts do not", figures.wrongly_answered)


@app.command("replies")
def replies_command(data: DataFolder) -> None:
    """Title of a message → its own official reply among all replies."""
    rows = list(read_rows(_existing(data / "messages" / "replies.jsonl")))
    with open_service() as service:
        prepare_database(service)
        bar = ProgressBar()
        shares = evaluate_replies(service.open_session, service.embedder, rows, bar.show)
        bar.close()
        for rank, share in shares.items():
            _print_share(f"own reply in top {rank}", share)


@app.command("understanding")
def understanding_command(
    data: DataFolder,
    parser: Annotated[ParserName, typer.Option(help="The engine.")] = ParserName.LOCAL,
    examples: ExamplesFile = None,
) -> None:
    """Intent, category, urgency and entities on real and on written messages.

    Messages that stand in --examples are measured in five folds, each without its own; those
    that stand in the shipped examples («取消») are left out.
    """
    from nlu.evaluation import evaluate_understanding, report_lines
    from nlu.training_data import read_training_data

    labelled = read_examples(examples)
    sets = {
        "real messages": list(read_rows(_existing(data / "messages" / "labelled.jsonl"))),
        "written messages": list(read_rows(OWN_SETS / "understanding.jsonl")),
    }
    shipped = {example.text for example in read_training_data(TRAINING_DATA)}
    with open_service() as service:
        for name, every in sets.items():
            rows = unseen_rows(every, shipped, name=name, report=say)
            with _measured_parser(service, parser.value, labelled, rows) as (engine, how):
                typer.echo(f"{name}, parser {parser.value}{how}")
                for line in report_lines(evaluate_understanding(engine, rows)):
                    typer.echo(f"  {line}")


@contextmanager
def _measured_parser(
    service: Service, name: str, examples: Sequence[Example], rows: Rows
) -> Iterator[tuple[MessageParser, str]]:
    """A parser that has learnt none of ``rows``, and a word on what it has learnt."""
    shared = overlap(rows, examples)
    if not shared:
        how = f", with {len(examples)} examples" if examples else ""
        with running_parser(service, name, examples) as engine:
            yield engine, how
        return
    say(f"{shared} of {len(rows)} messages are among the examples: measured in {FOLDS} folds")
    with open_workbench(service, name, models_with_examples(service)) as bench:
        found = understand_in_folds(bench, rows, examples, name=name, report=say)
        yield found, f", {FOLDS}-fold with {len(examples)} examples"


@app.command("hot")
def hot_command(data: DataFolder) -> None:
    """Messages on the same event are put together: pairwise F1 against marked events."""
    reports = sorted(
        read_reports(_existing(data / "messages" / "stream.jsonl")),
        key=lambda report: (report.at, report.id),
    )
    tracker = IssueTracker()
    for report in reports:
        tracker.add(report)
    issues = tracker.issues(now=reports[-1].at, at_least=1)
    found = {message: issue.event_id for issue in issues for message in issue.ids}
    figures = evaluate_hot_issues(
        found, list(read_rows(_existing(data / "messages" / "events.jsonl")))
    )
    typer.echo(
        f"{figures.messages} messages, {figures.events} events, {figures.marked} marked messages"
    )
    _print_pairs("pairwise, marked messages", figures.pairs)
    _print_pairs("without the largest event", figures.without_largest)
    for number, half in enumerate(figures.halves, 1):
        _print_pairs(f"every other event, half {number}", half)
    _print_pairs("strict: unmarked are others", figures.strict)
    merged = ", ".join(figures.merged_hard_negatives) or "none"
    typer.echo(f"  hard negatives merged: {merged}  (of {figures.hard_negatives})")


def _print_pairs(label: str, score: PairScore) -> None:
    typer.echo(
        f"  {label:<30}F1 {score.f1:.3f}  precision {score.precision:.3f}  "
        f"recall {score.recall:.3f}  n {score.marked} pairs"
    )


def _existing(path: Path) -> Path:
    if not path.exists():
        raise HuiyinError(f"not found: {path}")
    return path


def _print_share(label: str, share: Share) -> None:
    if share.n:
        typer.echo(f"  {label:<36}{share.count:>6} of {share.n:<6}{share.value:.3f}")
