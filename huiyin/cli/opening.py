"""Makes the service for a command: settings checked, logs set up, progress on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from pydantic import ValidationError

from huiyin.bootstrap import Service
from huiyin.errors import HuiyinError
from huiyin.logs import configure_logs
from huiyin.settings import Settings


def say(line: str) -> None:
    """Tell the operator what is going on."""
    typer.echo(f"==> {line}", err=True)


@contextmanager
def open_service() -> Iterator[Service]:
    """The service by the environment's settings; closed at the end.

    Raises:
        HuiyinError: A setting is wrong.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = "HUIYIN_" + "_".join(str(part) for part in first["loc"]).upper()
        raise HuiyinError(f"{name}: {first['msg']}") from None
    configure_logs(settings.log_level, readable=sys.stderr.isatty())
    service = Service(settings=settings, report=say)
    try:
        yield service
    finally:
        service.close()
