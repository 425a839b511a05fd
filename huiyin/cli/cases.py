"""Commands about cases: hot issues, import of past cases, check of a history, deadlines."""

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from huiyin.cli.opening import open_service, say
from huiyin.cli.texts import InputFile, OutputFile
from huiyin.errors import HuiyinError
from huiyin.jsonl import read_rows, write_rows
from huiyin.past_case_files import import_past_cases, read_mapping
from huiyin.preparation import prepare_database
from huiyin.reports import issue_row, read_reports, read_time
from petitions.errors import InvalidOrganisation, PetitionNotFound, WrongReceiptCode
from petitions.hot_issues import find_hot_issues
from petitions.organisation_files import load_organisation
from petitions.public_check import check_petition
from petitions.simulation import simulate_deadlines

cases_app = typer.Typer(help="Cases of other systems.", no_args_is_help=True)
deadlines_app = typer.Typer(help="The rules of deadlines.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("hot")(hot_command)
    app.command("verify")(verify_command)
    app.add_typer(cases_app, name="cases")
    app.add_typer(deadlines_app, name="deadlines")


def hot_command(input_file: InputFile, output_file: OutputFile) -> None:
    """Group messages into events: {"id", "time", "title", "body", "likes"?} a line."""
    reports = list(read_reports(input_file))
    written: dict[str, Any] = {str(row["id"]): row["id"] for row in read_rows(input_file)}
    issues = find_hot_issues(reports)
    count = write_rows(output_file, (issue_row(issue, written) for issue in issues))
    say(f"{len(reports)} messages, {count} events")


def verify_command(number: str, code: str) -> None:
    """Check that the history behind a petition is whole; exit code 1 when it is not."""
    with open_service() as service:
        prepare_database(service)
        with service.open_work(read_only=True) as work:
            try:
                check = check_petition(work, number, code, now=service.clock.now())
            except (PetitionNotFound, WrongReceiptCode):
                # One sentence for both: nobody learns which numbers there are.
                raise HuiyinError("number and code do not belong together") from None
    for step in check.steps:
        at = step.at.isoformat(timespec="seconds")
        typer.echo(f"{step.sequence:>4}  {at}  {step.action.value:<20}{step.hash}")
    if not check.intact:
        raise HuiyinError(f"{check.number}: the history does not fit from step {check.broken_at}")
    typer.echo(f"{check.number}: whole, {len(check.steps)} steps, last hash {check.head_hash}")


@cases_app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX export.")],
    mapping: Annotated[Path, typer.Option(help="YAML: which column fills which field.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only.")] = False,
    refused: Annotated[Path | None, typer.Option(help="JSON lines for refused rows.")] = None,
) -> None:
    """Take over finished cases of another system; a repeat takes nothing twice."""
    with open_service() as service:
        prepare_database(service)
        report = import_past_cases(service.open_work, file, read_mapping(mapping), dry_run=dry_run)
    rows = [asdict(one) for one in report.refused]
    if refused is not None:
        write_rows(refused, rows)
    for row in rows if refused is None else ():
        value = f" ({row['value']})" if row["value"] else ""
        typer.echo(f"row {row['row']}: {row['field']}: {row['problem']}{value}")
    done = "would be taken over" if dry_run else "taken over"
    typer.echo(f"{report.rows} rows: {report.taken} {done}, {len(rows)} refused")


@deadlines_app.command("simulate")
def simulate_command(
    community: Annotated[Path, typer.Option(help="Folder with the new deadlines.yaml.")],
    since: Annotated[str | None, typer.Option(help="First day; a year ago unless given.")] = None,
    until: Annotated[str | None, typer.Option(help="Day after the last; now.")] = None,
) -> None:
    """Measure past cases by other rules; nothing is changed."""
    with open_service() as service:
        prepare_database(service)
        now = service.clock.now()
        try:
            new = load_organisation(community)
        except InvalidOrganisation as error:
            raise HuiyinError(str(error)) from None
        with service.open_work(read_only=True) as work:
            found = simulate_deadlines(
                work,
                new.deadline_rules,
                since=_moment(since) or now - timedelta(days=365),
                until=_moment(until) or now,
                now=now,
                calendar=new.calendar,
            )
    typer.echo(f"{'clock':<14}{'n':>7}{'late':>8}{'late by new rules':>20}{'no rule':>10}")
    for row in found:
        typer.echo(
            f"{row.clock.value:<14}{row.measured:>7}{row.late_then:>8}{row.late_now:>20}"
            f"{row.no_longer:>10}"
        )
        if row.newly_late:
            typer.echo(f"  newly late: {', '.join(row.newly_late)}")


def _moment(words: str | None) -> datetime | None:
    try:
        return read_time(words) if words else None
    except ValueError:
        raise HuiyinError(f"not a day: {words}") from None
