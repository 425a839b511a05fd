"""Commands about the organisation: export, import, history."""

from pathlib import Path
from typing import Annotated

import typer

from huiyin.bootstrap import Service
from huiyin.cli.opening import open_service, say
from huiyin.errors import HuiyinError
from huiyin.organisation_workbook import read_workbook, workbook_of
from huiyin.preparation import prepare_database
from petitions.errors import InvalidOrganisation
from petitions.organisation import Organisation
from petitions.organisation_content import content_of
from petitions.organisation_files import load_organisation, write_organisation
from petitions.organisation_history import (
    adopt_organisation,
    changes_between,
    organisation_versions,
)

app = typer.Typer(help="Communities, grids, buildings, units, duties.", no_args_is_help=True)
WORKBOOK = ".xlsx"
Place = Annotated[Path, typer.Argument(help="A workbook (.xlsx) or a folder of YAML files.")]


@app.command("export")
def export_command(target: Place) -> None:
    """Write the organisation to a workbook, or to a folder as YAML."""
    with open_service() as service:
        organisation = service.organisation
    if target.suffix.lower() == WORKBOOK:
        target.write_bytes(workbook_of(organisation))
    else:
        write_organisation(organisation, target)
    say(f"{len(organisation.grids)} grids, {len(organisation.units)} units: {target}")


@app.command("import")
def import_command(
    source: Place,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and compare only.")] = False,
) -> None:
    """Take an organisation over; open cases of units and grids that are gone are routed anew."""
    new = _read(source)
    with open_service() as service:
        for change in changes_between(content_of(service.organisation), content_of(new)):
            typer.echo(f"{change['change']:<8} {change['kind']:<12} {change['id']}")
        if not dry_run:
            _take_over(service, new)


def _read(source: Path) -> Organisation:
    try:
        is_workbook = source.suffix.lower() == WORKBOOK
        return read_workbook(source) if is_workbook else load_organisation(source)
    except InvalidOrganisation as error:
        raise HuiyinError(str(error)) from None


def _take_over(service: Service, new: Organisation) -> None:
    prepare_database(service)
    now = service.clock.now()
    with service.open_work() as work:
        adopt_organisation(work, now=now)  # how it stood so far, if nobody kept it yet
        work.organisation = new
        adopted = adopt_organisation(work, now=now)
        work.commit()
    write_organisation(new, service.settings.community_dir)
    for number in adopted.rerouted:
        typer.echo(f"rerouted {number}")
    say(f"{len(adopted.changes)} changes, {len(adopted.rerouted)} cases")


@app.command("history")
def history_command() -> None:
    """Show when what was changed, newest first."""
    with open_service() as service:
        prepare_database(service)
        with service.open_work(read_only=True) as work:
            for version in organisation_versions(work):
                typer.echo(
                    f"{version.seen_at.isoformat(timespec='seconds')}  {version.digest[:12]}"
                )
                for change in version.changes:
                    typer.echo(f"  {change['change']:<8} {change['kind']:<12} {change['id']}")
