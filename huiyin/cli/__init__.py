"""The command line ``huiyin``: results go to standard output, progress to standard error."""

import sys

import typer

import huiyin.cli.cases as cases
import huiyin.cli.evaluation as evaluation
import huiyin.cli.knowledge as knowledge
import huiyin.cli.messages as messages
import huiyin.cli.nlu as nlu
import huiyin.cli.operations as operations
import huiyin.cli.organisation as organisation
import huiyin.cli.residents as residents
import huiyin.cli.service as service
import huiyin.cli.texts as texts
from huiyin.errors import HuiyinError

app = typer.Typer(
    name="huiyin",
    help="回音: consultation and petitions for a community.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for commands in (service, texts, messages, operations, residents, cases):
    commands.register(app)
app.add_typer(evaluation.app, name="eval")
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(nlu.app, name="nlu")
app.add_typer(organisation.app, name="organisation")


def main() -> None:
    """Run the command line; an expected error is one clear line and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        app()
    except HuiyinError as error:
        typer.echo(f"huiyin: {error}", err=True)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
