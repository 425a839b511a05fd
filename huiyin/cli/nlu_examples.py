"""``huiyin nlu examples …``: decide which corrections by staff are learnt from."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import Session

from huiyin.cli.opening import open_service, say
from huiyin.errors import HuiyinError

app = typer.Typer(help="Review what staff put right.", no_args_is_help=True)

NumberArgument = Annotated[int, typer.Argument(help="The number that the list shows.")]
Reviewer = Annotated[str, typer.Option(help="Who decides.")]


@app.command("list")
def list_command(
    state: Annotated[str, typer.Option(help="proposed, accepted or refused.")] = "proposed",
) -> None:
    """Show corrections with what was understood and what staff made of it."""
    from nlu.corrections import ReviewState, examples_in

    if state not in set(ReviewState):
        raise HuiyinError(f"there is no state {state!r}: proposed, accepted or refused")
    with _reviewing() as (session, _):
        for row in examples_in(session, ReviewState(state)):
            changes = ", ".join(
                f"{name}: {row.old.get(name) or '-'} -> {value}" for name, value in row.new.items()
            )
            typer.echo(f"{row.id:>5}  {changes}  «{' '.join(row.text.split())[:80]}»")


@app.command("accept")
def accept_command(
    number: NumberArgument,
    category: Annotated[
        str | None, typer.Option(help="First/second class, where you know better.")
    ] = None,
    by: Reviewer = "",
) -> None:
    """Let the next training learn from a correction."""
    from nlu.corrections import accept_example

    with _reviewing() as (session, now):
        accept_example(session, number, by=by or getpass.getuser(), now=now, category=category)
    say(f"accepted: {number}")


@app.command("refuse")
def refuse_command(number: NumberArgument, by: Reviewer = "") -> None:
    """Keep a correction out of training."""
    from nlu.corrections import refuse_example

    with _reviewing() as (session, now):
        refuse_example(session, number, by=by or getpass.getuser(), now=now)
    say(f"refused: {number}")


@contextmanager
def _reviewing() -> Iterator[tuple[Session, datetime]]:
    from huiyin.preparation import prepare_database
    from nlu.understanding import NluError

    with open_service() as service:
        prepare_database(service)
        try:
            with service.open_session() as session:
                yield session, service.clock.now()
                session.commit()
        except NluError as error:
            raise HuiyinError(str(error)) from None
