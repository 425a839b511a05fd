"""Commands about one resident's data: forget, export."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.leaving import export_everything, forget_everything
from console.audit import AuditAction, Target, write_down
from huiyin.bootstrap import Service
from huiyin.cli.opening import open_service, say
from huiyin.cli.service import OPERATOR
from huiyin.errors import HuiyinError
from huiyin.forgetting import delete_files
from huiyin.preparation import prepare_database
from petitions.errors import PetitionNotFound
from petitions.forgetting import resident_behind
from petitions.ports import UnitOfWork

ResidentName = Annotated[
    str, typer.Argument(help="A pseudonym (r_…) or the number of one of the resident's petitions.")
]


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("forget")(forget_command)
    app.command("export-resident")(export_command)


def forget_command(
    resident: ResidentName,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before deleting.")] = False,
) -> None:
    """Delete one resident's words, contact and conversation; figures stay as they are."""
    if not yes:
        typer.confirm("This can't be undone. Go on?", abort=True, err=True)
    with open_service() as service:
        prepare_database(service)
        with service.open_work() as work:
            known = _find(work, resident)
            forgotten = forget_everything(work, known, now=service.clock.now())
            _write_down(service, work, AuditAction.FORGET_RESIDENT, known)
            work.commit()
        delete_files(lambda: service.attachments, forgotten)
        say(f"{forgotten.petitions} petitions and {len(forgotten.files)} files emptied")


def export_command(
    resident: ResidentName,
    output: Annotated[Path | None, typer.Option(help="A file; else standard output.")] = None,
) -> None:
    """Write everything that is known of one resident as JSON, contact in clear."""
    with open_service() as service:
        prepare_database(service)
        with service.open_work() as work:
            known = _find(work, resident)
            written = json.dumps(export_everything(work, known), ensure_ascii=False, indent=1)
            _write_down(service, work, AuditAction.EXPORT_RESIDENT, known)
            work.commit()
    if output is None:
        typer.echo(written)
        return
    output.touch(mode=0o600)
    output.write_text(written, encoding="utf-8")


def _find(work: UnitOfWork, named: str) -> str:
    if named.startswith("r_"):
        return named
    try:
        return resident_behind(work, named)
    except PetitionNotFound:
        raise HuiyinError(f"there is no petition {named!r}") from None


def _write_down(service: Service, work: UnitOfWork, action: AuditAction, resident: str) -> None:
    write_down(
        work.session,
        action,
        actor=OPERATOR.username,
        now=service.clock.now(),
        target=Target(kind="resident", id=resident),
    )
