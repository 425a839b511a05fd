"""``huiyin nlu …``: check the training data, train, compare and choose models."""

from pathlib import Path
from typing import Annotated

import typer

import huiyin.cli.nlu_examples as nlu_examples
from huiyin.cli.messages import ExamplesFile, ParserName, read_examples
from huiyin.cli.opening import open_service, say
from huiyin.errors import HuiyinError
from huiyin.settings import ROOT

app = typer.Typer(
    help="Train, compare and choose what understands residents.", no_args_is_help=True
)
app.add_typer(nlu_examples.app, name="examples")

EVALUATION = ROOT / "benchmarks" / "data" / "understanding.jsonl"


@app.command("check")
def check_command(
    rasa: Annotated[
        bool, typer.Option("--rasa", help="Also let Rasa validate the data (half a minute).")
    ] = False,
    training: Annotated[Path | None, typer.Option(help="Folder of Rasa YAML.")] = None,
    evaluation: Annotated[Path, typer.Option(help="Labelled messages.")] = EVALUATION,
) -> None:
    """Find duplicates, contradictions, leaks, thin classes and mistakes in the data."""
    # Commands load their rooms when they are called: --help stays instant.
    from huiyin.bootstrap import TRAINING_DATA
    from nlu.checking import Severity, check_data
    from nlu.taxonomy import read_taxonomy

    findings = check_data(training or TRAINING_DATA, [evaluation], read_taxonomy())
    for finding in sorted(findings, key=lambda finding: finding.severity is Severity.ERROR):
        place = f"{finding.place}: " if finding.place else ""
        typer.echo(f"{finding.severity.value:<8}{place}{finding.words}")
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    warnings = sum(finding.severity is Severity.WARNING for finding in findings)
    typer.echo(f"{errors} errors, {warnings} warnings")
    if rasa:
        with open_service() as service:
            service.rasa_environment().validate_data()
        typer.echo("rasa data validate: clean")
    if errors:
        raise typer.Exit(1)


@app.command("train")
def train_command(
    examples: ExamplesFile = None,
    parser: Annotated[
        list[ParserName] | None, typer.Option(help="One engine; both when it is left out.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder with messages/labelled.jsonl, to compare on as well."),
    ] = None,
) -> None:
    """Train anew, compare with the model in use, and switch unless anything got worse."""
    from huiyin.preparation import prepare_database
    from huiyin.retraining import retrain
    from nlu.comparing import comparison_lines, lost_ground

    labelled = read_examples(examples)
    worse = False
    with open_service() as service:
        prepare_database(service)
        for engine in [one.value for one in parser or ParserName]:
            result = retrain(service, engine, labelled, data)
            typer.echo(f"\n{engine}: {result.before or 'no model yet'} -> {result.after}")
            for line in comparison_lines(result.comparisons):
                typer.echo(f"  {line}")
            if result.before == result.after:
                say(f"{engine}: the model in use was trained from the same examples")
            elif lost_ground(result.comparisons):
                worse = True
                say(
                    f"{engine}: stays with {result.before}; to switch all the same: "
                    f"huiyin nlu use {result.after}"
                )
            else:
                say(f"{engine}: now in use: {result.after}")
    if worse:
        raise HuiyinError("not switched: something that matters got worse, see the table")


@app.command("models")
def models_command() -> None:
    """List the trained models, the newest first; * is in use, < was in use before."""
    with open_service() as service:
        for card in service.models.cards():
            mark = " "
            if card.name == service.models.chosen(card.engine):
                mark = "*"
            elif card.name == service.models.previous(card.engine):
                mark = "<"
            made = card.made_at.astimezone().strftime("%Y-%m-%d %H:%M")
            learnt = ", ".join(f"{count} {origin}" for origin, count in card.examples.items())
            typer.echo(f"{mark} {card.name:<24}{made}  {learnt or 'the shipped examples'}")


@app.command("use")
def use_command(name: str) -> None:
    """Switch to a model, or back to an earlier one; running processes follow in seconds."""
    from nlu.model_registry import UnknownModel

    with open_service() as service:
        try:
            service.models.choose(service.models.engine_of(name), name)
        except UnknownModel as error:
            raise HuiyinError(str(error)) from None
    say(f"in use: {name}")
