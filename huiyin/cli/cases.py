"""Commands about cases: hot."""

from typing import Any

import typer

from huiyin.cli.opening import say
from huiyin.cli.texts import InputFile, OutputFile
from huiyin.jsonl import read_rows, write_rows
from huiyin.reports import issue_row, read_reports
from petitions.hot_issues import find_hot_issues


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("hot")(hot_command)


def hot_command(input_file: InputFile, output_file: OutputFile) -> None:
    """Group messages into events: {"id", "time", "title", "body", "likes"?} a line."""
    reports = list(read_reports(input_file))
    written: dict[str, Any] = {str(row["id"]): row["id"] for row in read_rows(input_file)}
    issues = find_hot_issues(reports)
    count = write_rows(output_file, (issue_row(issue, written) for issue in issues))
    say(f"{len(reports)} messages, {count} events")
